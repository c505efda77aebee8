package dev.octet.kernels.lower;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The integer forms of operators that compute. */
final class ComputeRules {

  /** Gives the integer form of a node whose result has the meaning of {@code y}. */
  @FunctionalInterface
  interface Rule {
    /**
     * Returns the form.
     *
     * @throws StaysFloatException if there is none
     */
    IntegerForm form(Node node, QuantizedValue y, Lowering lowering);
  }

  /** What is more than the operands in the order of the definition, by integer operator. */
  private static final Map<String, Rule> SPECIAL =
      Map.ofEntries(
          Map.entry("QLinearConv", ComputeRules::conv),
          Map.entry("QGemm", ComputeRules::gemm),
          Map.entry("QLinearMatMul", ComputeRules::matMul),
          Map.entry("QLinearAdd", (n, y, l) -> binary("QLinearAdd", n, y, l)),
          Map.entry("QLinearMul", (n, y, l) -> binary("QLinearMul", n, y, l)),
          Map.entry("QLinearAveragePool", ComputeRules::averagePool),
          Map.entry("QLinearReduceMean", ComputeRules::reduceMean),
          Map.entry("Requantize", ComputeRules::requantize),
          Map.entry("QLinearSoftmax", ComputeRules::softmax),
          Map.entry("QLinearConcat", ComputeRules::concat));

  private ComputeRules() {}

  /** Returns the rule of an operator on floats, by the definition of its integer form. */
  static Optional<Rule> find(OpType op) {
    return Operators.integerFormOf(op).map(ComputeRules::rule);
  }

  private static Rule rule(OperatorDefinition form) {
    Rule special = SPECIAL.get(form.op().name());
    return special != null ? special : (node, y, lowering) -> unary(form.op(), node, y, lowering);
  }

  /** Tells whether a node is itself a bound on its operand. */
  static boolean clamps(Node node) {
    return node.op().is("Relu") || node.op().is("Clip");
  }

  private static IntegerForm conv(Node node, QuantizedValue y, Lowering lowering) {
    QuantizedValue x = lowering.activation(node, 0);
    QuantizedValue w = weight(node, 1, 0, lowering);
    List<String> operands = product(x, w, y, lowering);
    bias(node, x, w, lowering).ifPresent(operands::add);
    return new IntegerForm(OpType.onnx("QLinearConv"), operands, attributes(node));
  }

  private static IntegerForm gemm(Node node, QuantizedValue y, Lowering lowering) {
    if (node.floatAttribute("alpha", 1f) != 1f
        || (node.operand(2).isPresent() && node.floatAttribute("beta", 1f) != 1f)) {
      throw new StaysFloatException("its alpha or beta is not 1");
    }
    QuantizedValue a = lowering.activation(node, 0);
    boolean transposed = node.intAttribute("transB", 0) != 0;
    QuantizedValue b = weight(node, 1, transposed ? 0 : 1, lowering);
    List<String> operands = new ArrayList<>(product(a, b, y, lowering));
    operands.add(6, bias(node, a, b, lowering).orElse(""));
    List<Attribute> kept = new ArrayList<>(attributes(node));
    kept.removeIf(attribute -> attribute.name().equals("beta"));
    return new IntegerForm(microsoft("QGemm"), operands, kept);
  }

  private static IntegerForm matMul(Node node, QuantizedValue y, Lowering lowering) {
    QuantizedValue a = lowering.activation(node, 0);
    int rank = rank(node, 1, lowering);
    QuantizedValue b = weight(node, 1, rank - 1, lowering);
    if (!b.isPerTensor() && rank < 2) {
      throw new StaysFloatException("operand 1 is a vector with more than one scale");
    }
    return new IntegerForm(
        OpType.onnx("QLinearMatMul"), product(a, b, y, lowering), attributes(node));
  }

  private static IntegerForm binary(String name, Node node, QuantizedValue y, Lowering lowering) {
    QuantizedValue a = lowering.activation(node, 0);
    QuantizedValue b = lowering.activation(node, 1);
    return new IntegerForm(microsoft(name), product(a, b, y, lowering), attributes(node));
  }

  private static IntegerForm unary(OpType op, Node node, QuantizedValue y, Lowering lowering) {
    return new IntegerForm(op, one(lowering.activation(node, 0), y, lowering), attributes(node));
  }

  private static IntegerForm averagePool(Node node, QuantizedValue y, Lowering lowering) {
    return unary(microsoft("QLinearAveragePool"), node, y, lowering)
        .with(List.of(Attribute.of(IntegerDialect.ROUND_FIRST, 1)));
  }

  private static IntegerForm requantize(Node node, QuantizedValue y, Lowering lowering) {
    return requantize(lowering.activation(node, 0), y, lowering);
  }

  /** The change from one scale and zero point to others. */
  static IntegerForm requantize(QuantizedValue x, QuantizedValue y, Lowering lowering) {
    return new IntegerForm(IntegerDialect.REQUANTIZE, one(x, y, lowering), List.of());
  }

  private static IntegerForm reduceMean(Node node, QuantizedValue y, Lowering lowering) {
    QuantizedValue x = lowering.activation(node, 0);
    Optional<List<Long>> axes = node.intsAttribute("axes");
    if (node.operand(1).isPresent()) {
      Optional<Tensor> constant = lowering.constant(node.operands().get(1));
      axes = constant.map(t -> Arrays.stream(t.integers()).boxed().toList());
      if (axes.isEmpty()) {
        throw new StaysFloatException("its axes are no constant");
      }
    }
    boolean none = axes.isEmpty() || axes.get().isEmpty();
    if (none && node.intAttribute("noop_with_empty_axes", 0) != 0) {
      throw new StaysFloatException("it reduces no axis");
    }
    List<Attribute> kept = new ArrayList<>();
    if (!none) {
      kept.add(Attribute.of("axes", axes.orElseThrow()));
    }
    kept.add(Attribute.of("keepdims", node.intAttribute("keepdims", 1)));
    return new IntegerForm(microsoft("QLinearReduceMean"), one(x, y, lowering), kept);
  }

  /** The integer form scales by floor(1 / s_y), which must be 1 / s_y. */
  private static IntegerForm softmax(Node node, QuantizedValue y, Lowering lowering) {
    QuantizedValue x = lowering.activation(node, 0);
    float steps = 1f / y.firstScale();
    if (steps != (float) Math.floor((double) steps)) {
      throw new StaysFloatException("1 / " + y.firstScale() + " is no integer");
    }
    long opset = lowering.opset();
    List<Attribute> attributes = new ArrayList<>(attributes(node));
    if (!node.attributes().containsKey("axis")) {
      attributes.add(Attribute.of("axis", opset < 13 ? 1L : -1L));
    }
    attributes.add(Attribute.of("opset", opset));
    return new IntegerForm(microsoft("QLinearSoftmax"), one(x, y, lowering), attributes);
  }

  private static IntegerForm concat(Node node, QuantizedValue y, Lowering lowering) {
    List<String> operands = new ArrayList<>(List.of(lowering.scale(y), lowering.zero(y)));
    for (int i = 0; i < node.operands().size(); i++) {
      QuantizedValue x = lowering.activation(node, i);
      operands.addAll(List.of(x.value(), lowering.scale(x), lowering.zero(x)));
    }
    return new IntegerForm(microsoft("QLinearConcat"), operands, attributes(node));
  }

  /** x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero. */
  private static List<String> product(
      QuantizedValue x, QuantizedValue w, QuantizedValue y, Lowering lowering) {
    return new ArrayList<>(
        List.of(
            x.value(),
            lowering.scale(x),
            lowering.zero(x),
            w.value(),
            lowering.scale(w),
            lowering.zero(w),
            lowering.scale(y),
            lowering.zero(y)));
  }

  /** x, x_scale, x_zero, y_scale, y_zero. */
  private static List<String> one(QuantizedValue x, QuantizedValue y, Lowering lowering) {
    return List.of(
        x.value(), lowering.scale(x), lowering.zero(x), lowering.scale(y), lowering.zero(y));
  }

  /** Integers of at most 8 bits with one scale, or one for each index of an axis. */
  private static QuantizedValue weight(Node node, int operand, int axis, Lowering lowering) {
    QuantizedValue w = lowering.operand(node, operand);
    if (!w.isAtMostEightBits()) {
      throw new StaysFloatException("operand " + operand + " is " + w.type());
    }
    long stated =
        w.layout()
            .match(whole -> (long) axis, channels -> channels.axis(), QdqLayout.Blocked::axis);
    long along = stated < 0 ? stated + rank(node, operand, lowering) : stated;
    if (along != axis) {
      throw new StaysFloatException(
          "operand " + operand + " has scales along axis " + along + ", not " + axis);
    }
    return w;
  }

  /** The int32 bias; its scale must be that of the sums, but for rounding. */
  private static Optional<String> bias(
      Node node, QuantizedValue x, QuantizedValue w, Lowering lowering) {
    if (node.operand(2).isEmpty()) {
      return Optional.empty();
    }
    QuantizedValue bias = lowering.operand(node, 2);
    boolean zero =
        bias.zero().isEmpty() || Arrays.stream(bias.zero().get().integers()).allMatch(z -> z == 0);
    if (bias.type() != DataType.INT32 || !zero) {
      throw new StaysFloatException("its bias is no INT32 with zero point 0");
    }
    requireProduct(bias.scale().floats(), x.firstScale(), w.scale().floats());
    return Optional.of(bias.value());
  }

  private static void requireProduct(float[] bias, float x, float[] w) {
    for (int c = 0; c < Math.max(bias.length, w.length); c++) {
      double product = (double) x * w[w.length == 1 ? 0 : c];
      double scale = bias[bias.length == 1 ? 0 : c];
      // Makers round the product in float32 or float64 and in either order: a few units of 2^-24.
      if (!(Math.abs(scale - product) <= 0x1p-21 * product)) {
        throw new StaysFloatException(
            "its bias has scale " + scale + " where the sums have " + product);
      }
    }
  }

  private static int rank(Node node, int operand, Lowering lowering) {
    return node.operand(operand)
        .flatMap(lowering::rank)
        .orElseThrow(
            () -> new StaysFloatException("the rank of operand " + operand + " is unknown"));
  }

  private static List<Attribute> attributes(Node node) {
    return List.copyOf(node.attributes().values());
  }
}
