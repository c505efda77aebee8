package dev.octet.workflow.plan;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Inserts nodes that compute something of one value: one after the other behind its definition, or
 * before all nodes that could read it where a caller or a constant supplies it. Their names, and
 * those of their results and constants, begin with the value's. Not thread-safe.
 */
public final class ValueNodes {

  private final GraphEditor editor;
  private final GraphValue value;
  private Optional<String> last;

  /** Begins directly behind what defines a value. */
  public ValueNodes(GraphEditor editor, GraphValue value) {
    this.editor = Objects.requireNonNull(editor, "editor");
    this.value = Objects.requireNonNull(value, "value");
    this.last = value.definition().map(Point::node);
  }

  /** Inserts a node behind those that were inserted before. */
  public void insert(Node node) {
    if (last.isPresent()) {
      editor.insertAfter(last.get(), node);
      last = Optional.of(node.name());
    } else {
      editor.insertBefore(value.firstNode(), node);
    }
  }

  /** Inserts a node of one result without attributes; returns the result's name. */
  public String add(String op, String result, String... operands) {
    String name = fresh(result);
    add(op, List.of(operands), List.of(name), List.of());
    return name;
  }

  /**
   * Inserts a node.
   *
   * @param op an operator of ONNX
   * @param results the names of its results as they are
   */
  public void add(
      String op, List<String> operands, List<String> results, List<Attribute> attributes) {
    insert(
        Node.of(
            editor.freshNodeName(value.name() + "_" + op),
            OpType.onnx(op),
            operands,
            results,
            attributes.toArray(Attribute[]::new)));
  }

  /**
   * Inserts the smallest or largest element of a tensor, a single number, or of each run along an
   * axis, which then has size 1.
   *
   * @param op ReduceMin or ReduceMax
   * @param result the name of what it gives
   * @param axis the axis; empty for the whole tensor
   * @return the result's name
   */
  public String reduced(String op, String result, String source, Optional<Long> axis) {
    String name = fresh(result);
    if (axis.isEmpty()) {
      add(op, List.of(source), List.of(name), List.of(Attribute.of("keepdims", 0L)));
      return name;
    }
    String axes = constant("axes", Tensor.of(new long[] {axis.get()}, 1));
    add(op, List.of(source, axes), List.of(name), List.of(Attribute.of("keepdims", 1L)));
    return name;
  }

  /** Inserts a Cast; returns the result's name. */
  public String cast(String result, String source, DataType type) {
    String name = fresh(result);
    castInto(source, name, type);
    return name;
  }

  /**
   * Inserts a Cast to a narrower float and one back, which round a value; returns what they give.
   */
  public String rounded(String source, DataType type, String result) {
    String name = fresh(result);
    roundInto(source, type, name);
    return name;
  }

  /** Inserts a Cast to a narrower float and one back, which round a value and give it a name. */
  public void roundInto(String source, DataType type, String result) {
    castInto(cast(type.name().toLowerCase(Locale.ROOT), source, type), result, DataType.FLOAT);
  }

  /** Inserts a Cast that gives its result a name. */
  public void castInto(String source, String result, DataType type) {
    Attribute to = Attribute.of("to", type.onnxNumber());
    add("Cast", List.of(source), List.of(result), List.of(to));
  }

  /**
   * Lets the node that defines a result give it under another name.
   *
   * @return that name
   */
  public String computeInstead(Point definition, String name) {
    String computed = fresh(name);
    Node producer = editor.node(definition.node());
    String[] results = producer.results().toArray(String[]::new);
    results[definition.index()] = computed;
    editor.update(producer.name(), producer.withResults(Arrays.asList(results)));
    return computed;
  }

  /** Returns the node that was inserted last, or that defines the value; empty where none does. */
  public Optional<String> last() {
    return last;
  }

  /** Stores one number, [1]; returns its name. */
  public String constant(String name, float content) {
    return constant(name, Tensor.of(new float[] {content}));
  }

  /** Stores a constant beside those who could read the value; returns its name. */
  public String constant(String name, Tensor content) {
    String fresh = fresh(name);
    editor.putInitializerBeside(value.firstNode(), fresh, content);
    return fresh;
  }

  /** Returns a name that no value has yet. */
  public String fresh(String name) {
    return editor.freshValueName(value.name() + "_" + name);
  }

  /**
   * Returns the attributes {@code axis} and {@code block_size} of QuantizeLinear and
   * DequantizeLinear.
   *
   * @param granularity which elements share a scale: the whole, a channel, or a group along an axis
   * @throws IllegalStateException for any other, which has another form
   */
  public static List<Attribute> layout(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<List<Attribute>>(
            whole -> List.of(),
            channel -> List.of(Attribute.of("axis", (long) channel.axis())),
            runs ->
                List.of(
                    Attribute.of("axis", (long) runs.axis()),
                    Attribute.of("block_size", runs.size())),
            block -> {
              throw noLayout(block);
            },
            token -> {
              throw noLayout(token);
            }));
  }

  private static IllegalStateException noLayout(Granularity granularity) {
    return new IllegalStateException(granularity + " has no attributes of DequantizeLinear");
  }
}
