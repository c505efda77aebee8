package dev.octet.testkit;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * A small float model of a test, written node by node. A node's result has the node's name; weights
 * are random, and the same for the same seed and name on every machine. Its methods return the
 * builder itself; not thread-safe.
 *
 * <pre>{@code
 * Model model =
 *     ModelBuilder.seeded(7)
 *         .input("x", 1, 3, 8, 8)
 *         .conv("conv1", "x", 16, 3)
 *         .node("relu1", "Relu", "conv1")
 *         .build("relu1");
 * }</pre>
 */
public final class ModelBuilder {

  /** The operator set of ONNX, unless {@link #opset} says otherwise: the first with int4. */
  public static final long OPSET = 21;

  private final long seed;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private long opset = OPSET;

  private ModelBuilder(long seed) {
    this.seed = seed;
  }

  /** Begins an empty model whose random weights depend on a seed. */
  public static ModelBuilder seeded(long seed) {
    return new ModelBuilder(seed);
  }

  /** Sets the version of ONNX's operator set. */
  public ModelBuilder opset(long version) {
    opset = version;
    return this;
  }

  /** Adds a float input of known sizes. */
  public ModelBuilder input(String name, long... sizes) {
    return input(name, Shape.of(sizes));
  }

  /** Adds a float input, whose sizes need not be known. */
  public ModelBuilder input(String name, Shape shape) {
    inputs.add(ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape)));
    return this;
  }

  /** Adds a constant; a later one of the same name takes its place. */
  public ModelBuilder constant(String name, Tensor content) {
    constants.put(name, content);
    return this;
  }

  /** Adds a constant of random floats in [-1, 1). */
  public ModelBuilder weights(String name, long... sizes) {
    SplittableRandom random = new SplittableRandom(31 * seed + name.hashCode());
    float[] values =
        new float[Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return constant(name, Tensor.of(values, sizes));
  }

  /** Adds a node of ONNX without attributes and with one result; see the class. */
  public ModelBuilder node(String name, String op, String... operands) {
    return node(name, OpType.onnx(op), List.of(operands));
  }

  /**
   * Adds a node with one result, which has the node's name.
   *
   * @param operands the names of values; an empty one leaves the operand out
   */
  public ModelBuilder node(String name, OpType op, List<String> operands, Attribute... attributes) {
    return node(Node.of(name, op, operands, List.of(name), attributes));
  }

  /** Adds a node. */
  public ModelBuilder node(Node node) {
    nodes.add(node);
    return this;
  }

  /**
   * Adds a Conv with the random constants {@code name.weight} and {@code name.bias}.
   *
   * @param x the value that it reads; its channels must be known
   * @param channels how many channels it gives; with {@code group}, a multiple of that
   * @param kernel the size of the kernel along every spatial axis
   * @param attributes those that are not ONNX's defaults, such as {@code pads}
   * @throws IllegalArgumentException if there is no such value, or its shape is not known
   */
  public ModelBuilder conv(
      String name, String x, long channels, long kernel, Attribute... attributes) {
    long[] sizes = shape(x, 3).sizes();
    Node node =
        Node.of(
            name,
            OpType.onnx("Conv"),
            List.of(x, name + ".weight", name + ".bias"),
            List.of(name),
            attributes);
    long[] weight = new long[sizes.length];
    Arrays.fill(weight, kernel);
    weight[0] = channels;
    weight[1] = sizes[1] / node.intAttribute("group", 1);
    return weights(name + ".weight", weight).weights(name + ".bias", channels).node(node);
  }

  /**
   * Adds a MatMul by the random matrix {@code name.weight}.
   *
   * @param x the value that it reads; its sizes must be known
   * @param columns how many columns the matrix has
   * @throws IllegalArgumentException if there is no such value, or its shape is not known
   */
  public ModelBuilder matMul(String name, String x, long columns) {
    return weights(name + ".weight", last(x), columns).node(name, "MatMul", x, name + ".weight");
  }

  /**
   * Adds a Gemm by the random matrix {@code name.weight}, not transposed, with {@code name.bias}.
   *
   * @param x the value that it reads; its sizes must be known
   * @param columns how many columns the matrix has
   * @throws IllegalArgumentException if there is no such value, or its shape is not known
   */
  public ModelBuilder gemm(String name, String x, long columns) {
    return weights(name + ".weight", last(x), columns)
        .weights(name + ".bias", columns)
        .node(name, "Gemm", x, name + ".weight", name + ".bias");
  }

  private long last(String value) {
    long[] sizes = shape(value, 1).sizes();
    return sizes[sizes.length - 1];
  }

  private Shape shape(String value, int leastRank) {
    Map<String, ValueInfo> known = inferred();
    if (!known.containsKey(value)) {
      throw new IllegalArgumentException(
          "there is no value '%s'; the nearest: %s"
              .formatted(value, NearMisses.of(value, known.keySet())));
    }
    return Optional.ofNullable(known.get(value))
        .flatMap(ValueInfo::tensorType)
        .flatMap(TensorType::shape)
        .filter(shape -> shape.isKnown() && shape.rank() >= leastRank)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the shape of '%s' is not known, or has less than %s dimensions"
                        .formatted(value, leastRank)));
  }

  /** The type of every input and result, as far as it can be told. */
  private Map<String, ValueInfo> inferred() {
    Graph open = new Graph("", inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
    Map<String, ValueInfo> types = new LinkedHashMap<>();
    inputs.forEach(input -> types.put(input.name(), input));
    for (Node node : nodes) {
      for (String result : node.results()) {
        types.put(result, ValueInfo.of(result, new TensorType(DataType.FLOAT, Optional.empty())));
      }
    }
    types.putAll(ShapeInference.infer(open, opset).values());
    return types;
  }

  /**
   * Returns the model, with the types of its values inferred. A result whose type cannot be told,
   * as that of an operator of a vendor's own, is taken for float.
   *
   * @param outputs the names of its outputs, in order; at least one
   * @throws IllegalArgumentException if there is no such value, a name is taken twice, or a node
   *     reads a value before it is defined
   */
  public Model build(String... outputs) {
    Map<String, ValueInfo> values = new LinkedHashMap<>(inferred());
    List<ValueInfo> ends = new ArrayList<>();
    for (String output : outputs) {
      ValueInfo end = values.get(output);
      if (end == null) {
        throw new IllegalArgumentException(
            "there is no value '%s'; the nearest: %s"
                .formatted(output, NearMisses.of(output, values.keySet())));
      }
      ends.add(end);
    }
    inputs.forEach(input -> values.remove(input.name()));
    ends.forEach(end -> values.remove(end.name()));
    Graph graph = new Graph("small", inputs, ends, constants, nodes, values, Optional.empty());
    Model model = Model.of(graph, opset);
    for (Node node : nodes) {
      String domain = node.op().domain();
      model = domain.isEmpty() ? model : model.withOpset(domain, 1);
    }
    return model;
  }
}
