package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.StaysFloatException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the rules of one lowering share: the graph as it was, and the edits so far. */
final class Lowering {

  private final QdqGraph graph;
  private final long opset;
  private final GraphEditor editor;
  private final Map<String, String> constants = new HashMap<>();

  Lowering(QdqGraph graph, long opset) {
    this.graph = graph;
    this.opset = opset;
    this.editor = new GraphEditor(graph.graph());
  }

  QdqGraph graph() {
    return graph;
  }

  /**
   * Returns what a definition is told of a node.
   *
   * @param operands its quantized operands
   * @param y what its integer result means
   */
  FloatNode facts(Node node, List<QuantizedValue> operands, QuantizedValue y) {
    int mostBits =
        Stream.concat(operands.stream(), Stream.of(y))
            .mapToInt(value -> value.type().bits())
            .max()
            .orElseThrow();
    return new FloatNode(node, opset, mostBits, y.firstScale(), this::constant);
  }

  /** Returns the version of the default operator set. */
  long opset() {
    return opset;
  }

  GraphEditor editor() {
    return editor;
  }

  /** Returns the contents of an initializer or the result of a Constant node. */
  private Optional<Tensor> constant(String value) {
    return graph.constant(value);
  }

  /** Returns the rank of a value, where it is known. */
  Optional<Integer> rank(String value) {
    return graph
        .graph()
        .type(value)
        .filter(TensorType.class::isInstance)
        .flatMap(t -> ((TensorType) t).shape())
        .map(s -> s.rank());
  }

  /**
   * Returns the integers behind an operand, with one scale or one for each index of an axis.
   *
   * @throws StaysFloatException if there are none
   */
  QuantizedValue operand(Node node, int index) {
    String name =
        node.operand(index)
            .orElseThrow(() -> new StaysFloatException("operand " + index + " is left out"));
    String what = "operand " + index;
    QdqValue value =
        graph
            .dequantized(name)
            .orElseThrow(
                () ->
                    new StaysFloatException(
                        what + " '" + name + "' is not dequantized from integers"));
    return requireNoBlocks(requireConstant(value, what), what);
  }

  /** Returns a value whose scales and zero points are constants. */
  static QuantizedValue requireConstant(QdqValue value, String what) {
    return value.match(
        new QdqValue.Cases<>(
            constant -> constant,
            dynamic -> {
              throw new StaysFloatException("scale or zero point of " + what + " is no constant");
            }));
  }

  private static QuantizedValue requireNoBlocks(QuantizedValue value, String what) {
    return value
        .layout()
        .match(
            new QdqLayout.Cases<>(
                whole -> value,
                channels -> value,
                blocks -> {
                  throw new StaysFloatException(
                      what + " has a scale for each block of " + blocks.size() + " elements");
                }));
  }

  /**
   * Returns the integers behind an operand, with one scale.
   *
   * @param mostBits 8, or 16 where those will do as well
   * @throws StaysFloatException if there are none
   */
  QuantizedValue activation(Node node, int index, int mostBits) {
    QuantizedValue value = operand(node, index);
    requireActivation(value, mostBits, "operand " + index);
    return value;
  }

  /** Requires integers of 8 bits, or of 16 where those will do as well, with one scale. */
  static void requireActivation(QuantizedValue value, int mostBits, String what) {
    if (!isWhole(value, mostBits)) {
      throw new StaysFloatException(
          what
              + " is "
              + value.type()
              + ", and this integer kernel takes INT8 and UINT8"
              + (mostBits > Byte.SIZE ? ", INT16 and UINT16" : ""));
    }
    if (!value.isPerTensor()) {
      throw new StaysFloatException(what + " has more than one scale");
    }
  }

  /** Tells whether a value has integers of 8 bits, or of 16 where those will do, and one scale. */
  static boolean isActivation(QuantizedValue value, int mostBits) {
    return isWhole(value, mostBits) && value.isPerTensor();
  }

  private static boolean isWhole(QuantizedValue value, int mostBits) {
    int bits = value.type().bits();
    return value.type().isInteger() && bits % Byte.SIZE == 0 && bits <= mostBits;
  }

  /** Returns the name of the scales of a value as an initializer. */
  String scale(QuantizedValue value) {
    return initializer(value.scaleName(), value.scale());
  }

  /** Returns the name of the zero points of a value as an initializer; absent ones are 0. */
  String zero(QuantizedValue value) {
    return value.zero().isEmpty()
        ? integer(value.type(), 0)
        : initializer(value.zeroName(), value.zero().get());
  }

  /** Returns the name of a matrix of one column that holds the elements of a constant. */
  String column(String name, Tensor constant) {
    return added(name + "_column", constant.reshaped(constant.elementCount(), 1));
  }

  /** Adds the table of what a value becomes, and returns its name. */
  String table(String value, Tensor entries) {
    String name = editor.freshValueName(value + "_table");
    editor.putInitializer(name, entries);
    return name;
  }

  /** Returns the name of a constant scalar. */
  String integer(DataType type, long value) {
    String name = "constant_" + type.name().toLowerCase(Locale.ROOT) + "_" + value;
    return added(name, Tensor.ofIntegers(type, new long[] {value}));
  }

  /** A Constant node may stand behind the place where its value is read now. */
  private String initializer(String name, Tensor constant) {
    return graph.graph().initializers().containsKey(name) ? name : added(name, constant);
  }

  private String added(String base, Tensor constant) {
    String known = constants.get(base);
    if (known != null) {
      return known;
    }
    String name = editor.freshValueName(base);
    editor.putInitializer(name, constant);
    constants.put(base, name);
    return name;
  }
}
