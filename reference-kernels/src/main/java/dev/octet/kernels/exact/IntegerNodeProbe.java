package dev.octet.kernels.exact;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.integer.IntegerKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node of an integer graph on given operands: what the kernels give, and for operators on one
 * quantized result the exact value of each element (of sigmoid and softmax in float64).
 *
 * <p>For a comparison with another runtime, give each node that runtime's own integers: where the
 * results differ, {@link ExactElement#explains} tells whether rounding alone may be the cause.
 * Immutable and thread-safe.
 */
public final class IntegerNodeProbe {

  /** The operator set of the one-node model; the operators here mean the same in all since 13. */
  private static final long OPSET = 21;

  private final Node node;
  private final Map<String, Tensor> results;
  private final Optional<ExactRule> exact;
  private final long zeroPoint;
  private final long min;
  private final long max;

  private IntegerNodeProbe(
      Node node, Map<String, Tensor> results, Optional<ExactRule> exact, long zeroPoint) {
    this.node = node;
    this.results = results;
    this.exact = exact;
    this.zeroPoint = zeroPoint;
    DataType type = results.values().iterator().next().dataType();
    long typeMin = type.isSignedInteger() ? -(1L << (type.bits() - 1)) : 0;
    this.min = Math.max(typeMin, node.intAttribute(IntegerKernels.OUTPUT_MIN, typeMin));
    long typeMax = typeMin + (1L << type.bits()) - 1;
    this.max = Math.min(typeMax, node.intAttribute(IntegerKernels.OUTPUT_MAX, typeMax));
  }

  /**
   * Runs a node.
   *
   * @param node a node of a lowered or QLinear graph
   * @param operands its operands by name: activations, and the graph's initializers or more
   * @throws dev.octet.api.error.OctetException {@code OCT-GRAPH-001} if there is no kernel for it
   * @throws IllegalArgumentException if an operand is missing
   */
  public static IntegerNodeProbe run(Node node, Map<String, Tensor> operands) {
    Operands own = new Operands(node, operands);
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (int i = 0; i < node.operands().size(); i++) {
      String name = node.operands().get(i);
      own.find(i).ifPresent(tensor -> constants.put(name, tensor));
    }
    Map<String, Tensor> results;
    try (GraphExecutor executor = GraphExecutor.of(model(node, constants), 1)) {
      results = executor.run(Map.of());
    }
    Tensor first = results.values().iterator().next();
    int[] sizes = Arrays.stream(first.sizes()).mapToInt(Math::toIntExact).toArray();
    return new IntegerNodeProbe(node, results, rule(own, sizes), own.zeroPoint(zeroIndex(node)));
  }

  private static Model model(Node node, Map<String, Tensor> constants) {
    List<ValueInfo> outputs = new ArrayList<>();
    for (String result : node.results()) {
      if (!result.isEmpty()) {
        outputs.add(ValueInfo.of(result, new ValueType.Other("computed")));
      }
    }
    Graph graph =
        new Graph(
            node.name(), List.of(), outputs, constants, List.of(node), Map.of(), Optional.empty());
    return Model.of(graph, OPSET)
        .withOpset(IntegerKernels.MICROSOFT, 1)
        .withOpset(IntegerKernels.OCTET, 1);
  }

  /** Returns the node. */
  public Node node() {
    return node;
  }

  /** Returns what the kernels give, by result name. */
  public Map<String, Tensor> results() {
    return Collections.unmodifiableMap(results);
  }

  /** Returns what the kernels give as result 0. */
  public Tensor result() {
    return results.values().iterator().next();
  }

  /** Tells whether {@link #exact} knows the operator. */
  public boolean hasExact() {
    return exact.isPresent();
  }

  /**
   * Returns the exact element of result 0 at an index in row-major order; each call computes it
   * anew.
   *
   * @throws IllegalStateException if the operator has no exact rule, as one that moves elements
   */
  public ExactElement exact(int index) {
    return exact
        .orElseThrow(() -> new IllegalStateException("no exact rule for " + node.op()))
        .element(index);
  }

  /** Returns the integer that exact arithmetic gives at an index; see {@link #exact}. */
  public long exactInteger(int index) {
    return exact(index).rounded(zeroPoint, min, max);
  }

  /**
   * Tells whether float32 arithmetic may give an integer at an index; see {@link
   * ExactElement#explains} and {@link #exact}.
   */
  public boolean explains(int index, long integer) {
    return exact(index).explains(integer, zeroPoint, min, max);
  }

  /** Returns the zero point of the result. */
  public long zeroPoint() {
    return zeroPoint;
  }

  /** Returns the smallest integer that the result may hold. */
  public long min() {
    return min;
  }

  /** Returns the largest integer that the result may hold. */
  public long max() {
    return max;
  }

  private static int zeroIndex(Node node) {
    return switch (node.op().name()) {
      case "QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul" -> 7;
      case "QGemm" -> 8;
      case "QLinearConcat" -> 1;
      default -> 4;
    };
  }

  private static Optional<ExactRule> rule(Operands operands, int[] result) {
    return Optional.ofNullable(
        switch (operands.node().op().name()) {
          case "QLinearConv" -> ExactProducts.conv(operands, result);
          case "QLinearMatMul" -> ExactProducts.matMul(operands, result);
          case "QGemm" ->
              operands.find(7).isPresent() ? ExactProducts.gemm(operands, result) : null;
          case "QLinearAdd" -> ExactElementwise.add(operands, result);
          case "QLinearMul" -> ExactElementwise.mul(operands, result);
          case "QLinearAveragePool" -> ExactElementwise.averagePool(operands, result);
          case "QLinearGlobalAveragePool" -> ExactElementwise.mean(operands, globalAxes(operands));
          case "QLinearReduceMean" -> ExactElementwise.mean(operands, statedAxes(operands));
          case "QLinearConcat" -> ExactElementwise.concat(operands, result);
          case "QLinearLeakyRelu" -> ExactElementwise.leakyRelu(operands);
          case "QLinearSigmoid" -> ExactExponentials.sigmoid(operands);
          case "QLinearSoftmax" -> ExactExponentials.softmax(operands, result);
          case "Requantize" -> ExactElementwise.requantize(operands);
          default -> null;
        });
  }

  private static boolean[] globalAxes(Operands operands) {
    boolean[] reduced = new boolean[operands.get(0).rank()];
    Arrays.fill(reduced, true);
    reduced[0] = false;
    boolean last = operands.node().intAttribute("channels_last", 0) != 0;
    reduced[last ? reduced.length - 1 : 1] = false;
    return reduced;
  }

  private static boolean[] statedAxes(Operands operands) {
    boolean[] reduced = new boolean[operands.get(0).rank()];
    Optional<List<Long>> axes = operands.node().intsAttribute("axes");
    Arrays.fill(reduced, axes.isEmpty());
    for (long axis : axes.orElse(List.of())) {
      reduced[(int) (axis < 0 ? axis + reduced.length : axis)] = true;
    }
    return reduced;
  }
}
