package dev.octet.tck.integers;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model of integers while it is composed. Not thread-safe. */
public final class IntegerDraft {

  /** The operator set of every model: the first with 4-bit integers. */
  public static final long OPSET = 21;

  private final String name;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final Map<String, Tensor> data = new LinkedHashMap<>();
  private final Map<String, Tensor> stored = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, String> dequantized = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final boolean anyBatch;

  private IntegerDraft(String name, boolean anyBatch) {
    this.name = name;
    this.anyBatch = anyBatch;
  }

  /** Begins a model of known sizes. */
  public static IntegerDraft of(String name) {
    return new IntegerDraft(name, false);
  }

  /** Begins a model whose inputs have any size along their first axis, the same for all. */
  public static IntegerDraft ofAnyBatch(String name) {
    return new IntegerDraft(name, true);
  }

  /** Adds an input with what it is given. */
  public Operand.Stored input(Meaning meaning, Tensor given) {
    String input = "x" + inputs.size();
    List<Dimension> sizes = new ArrayList<>(given.shape().dimensions());
    if (anyBatch) {
      sizes.set(0, new Dimension.Symbolic("batch"));
    }
    inputs.add(
        ValueInfo.of(input, new TensorType(given.dataType(), Optional.of(new Shape(sizes)))));
    data.put(input, given);
    return new Operand.Stored(input, meaning);
  }

  /** Adds a constant. */
  public Operand.Stored constant(Meaning meaning, Tensor content) {
    String constant = "c" + constants.size();
    constants.put(constant, content);
    stored.put(constant, content);
    return new Operand.Stored(constant, meaning);
  }

  /** Adds a node between conversions and returns its quantized result. */
  public Operand.Stored node(
      OpType op, List<Attribute> attributes, List<Operand> operands, int results, Meaning meaning) {
    String node = "n" + steps.size();
    List<String> read = new ArrayList<>();
    for (Operand operand : operands) {
      read.add(name(operand));
    }
    List<String> made = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      made.add(node + "_f" + i);
    }
    nodes.add(Node.of(node, op, read, made, attributes.toArray(Attribute[]::new)));
    String result = "y" + steps.size();
    nodes.add(conversion("QuantizeLinear", node + "_q", made.get(0), meaning, result));
    steps.add(new Step(node, op, attributes, operands, result, meaning));
    return new Operand.Stored(result, meaning);
  }

  private String name(Operand operand) {
    return operand
        .stored()
        .map(
            integers ->
                dequantized.computeIfAbsent(integers.value(), value -> dequantize(integers)))
        .or(() -> operand.plain().map(this::constant))
        .orElse("");
  }

  private String constant(Tensor content) {
    String constant = "p" + constants.size();
    constants.put(constant, content);
    return constant;
  }

  private String dequantize(Operand.Stored integers) {
    String result = integers.value() + "_f";
    nodes.add(
        conversion(
            "DequantizeLinear",
            integers.value() + "_dq",
            integers.value(),
            integers.meaning(),
            result));
    return result;
  }

  private Node conversion(String op, String node, String of, Meaning meaning, String result) {
    List<String> operands = new ArrayList<>(List.of(of, node + "_scale"));
    constants.put(node + "_scale", meaning.scaleTensor());
    if (meaning.type() != DataType.INT32) {
      constants.put(node + "_zero", meaning.zeroPointTensor());
      operands.add(node + "_zero");
    }
    Node made = Node.of(node, OpType.onnx(op), operands, List.of(result));
    return meaning.axis().isPresent()
        ? made.withAttribute(Attribute.of("axis", meaning.axis().getAsInt()))
        : made;
  }

  /**
   * Returns the model.
   *
   * @return empty when the sizes do not fit each other
   */
  public Optional<IntegerModel> model() {
    return model(steps.stream().map(Step::result).toList());
  }

  /** Returns the model with some of its integers as outputs; see {@link #model()}. */
  public Optional<IntegerModel> model(List<String> outputs) {
    Graph open = new Graph(name, inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
    Map<String, ValueInfo> values = new LinkedHashMap<>(ShapeInference.infer(open, OPSET).values());
    List<ValueInfo> ends = new ArrayList<>();
    for (String output : outputs) {
      ValueInfo end = values.remove(output);
      if (end == null || end.tensorType().flatMap(TensorType::shape).isEmpty()) {
        return Optional.empty();
      }
      ends.add(end);
    }
    Graph graph = new Graph(name, inputs, ends, constants, nodes, values, Optional.empty());
    return Optional.of(new IntegerModel(name, Model.of(graph, OPSET), data, stored, steps));
  }
}
