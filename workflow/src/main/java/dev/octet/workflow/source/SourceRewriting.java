package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.workflow.plan.GraphValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets layers read their weights as integers, and their inputs quantized while the model runs. */
final class SourceRewriting {

  private final LinearLayers layers;
  private final LayerRule rule;
  private final GraphEditor editor;
  private final Map<InputKey, String> inputs = new HashMap<>();
  private final Map<WeightKey, Weight> weights = new HashMap<>();
  private final Set<Point> replaced = new HashSet<>();

  SourceRewriting(Graph graph, LinearLayers layers, LayerRule rule) {
    this.layers = layers;
    this.rule = rule;
    this.editor = new GraphEditor(graph);
  }

  /** Layers that read one value along one axis read one quantized value. */
  private record InputKey(String path, int tokenAxis) {}

  /** Layers that read one constant along one axis read one constant of integers. */
  private record WeightKey(String path, int inputAxis) {}

  /** A weight as it is stored, and the name of what a layer reads. */
  private record Weight(StoredWeight stored, String read) {}

  /** Rewrites a layer whose groups fit it; returns how its weight is stored. */
  StoredWeight rewrite(LinearLayer layer) {
    GraphValue constant = layers.read(layer.weight());
    Weight weight =
        weights.computeIfAbsent(
            new WeightKey(constant.path(), layer.form().inputAxis()), k -> store(layer, constant));
    replace(layer.weight(), weight.read);
    GraphValue input = layers.read(layer.input());
    String read =
        inputs.computeIfAbsent(
            new InputKey(input.path(), layer.form().tokenAxis()),
            k -> InputNodes.insert(editor, input, layer.form(), rule));
    replace(layer.input(), read);
    roundResult(layer.node());
    return weight.stored;
  }

  /** Returns the graph; constants that nobody reads as floats any more are gone. */
  Graph finish() {
    for (GraphValue value : layers.values()) {
      boolean unread = !value.isOutput() && replaced.containsAll(value.uses());
      if (value.constant().isPresent() && !value.uses().isEmpty() && unread) {
        editor.removeInitializerBeside(value.firstNode(), value.name());
      }
    }
    return editor.finish().graph();
  }

  private void replace(Point operand, String read) {
    editor.setOperand(operand.node(), operand.index(), read);
    replaced.add(operand);
  }

  private Weight store(LinearLayer layer, GraphValue constant) {
    StoredWeight stored =
        StoredWeight.of(layer.node(), constant.constant().orElseThrow(), layer.form(), rule);
    List<String> operands = new ArrayList<>();
    operands.add(initializer(constant, "quantized", stored.integers()));
    operands.add(initializer(constant, "scale", stored.scales()));
    stored.zeroPoints().ifPresent(z -> operands.add(initializer(constant, "zero_point", z)));
    String dequantized = editor.freshValueName(constant.name() + "_dequantized");
    add(constant, "DequantizeLinear", operands, dequantized, stored.attributes());
    return new Weight(stored, rounded(constant, dequantized));
  }

  private String initializer(GraphValue constant, String name, Tensor content) {
    String fresh = editor.freshValueName(constant.name() + "_" + name);
    editor.putInitializerBeside(constant.firstNode(), fresh, content);
    return fresh;
  }

  /** The integers of some bits times a scale may have more than the precision has. */
  private String rounded(GraphValue constant, String value) {
    if (rule.precision() == FloatPrecision.FLOAT32) {
      return value;
    }
    String narrow = editor.freshValueName(constant.name() + "_narrow");
    add(constant, "Cast", List.of(value), narrow, to(rule.precision().dataType()));
    String back = editor.freshValueName(constant.name() + "_rounded");
    add(constant, "Cast", List.of(narrow), back, to(DataType.FLOAT));
    return back;
  }

  private void roundResult(String name) {
    if (rule.precision() == FloatPrecision.FLOAT32) {
      return;
    }
    Node node = editor.node(name);
    String result = node.results().get(0);
    String computed = editor.freshValueName(result + "_computed");
    String narrow = editor.freshValueName(result + "_narrow");
    editor.update(name, node.withResults(List.of(computed)));
    Node down = cast(result, computed, narrow, rule.precision().dataType());
    editor.insertAfter(name, down);
    editor.insertAfter(down.name(), cast(result, narrow, result, DataType.FLOAT));
  }

  private Node cast(String base, String from, String into, DataType type) {
    Attribute number = Attribute.of("to", type.onnxNumber());
    return Node.of(
        editor.freshNodeName(base + "_Cast"),
        OpType.onnx("Cast"),
        List.of(from),
        List.of(into),
        number);
  }

  private static List<Attribute> to(DataType type) {
    return List.of(Attribute.of("to", type.onnxNumber()));
  }

  private void add(
      GraphValue constant,
      String op,
      List<String> operands,
      String result,
      List<Attribute> attributes) {
    editor.insertBefore(
        constant.firstNode(),
        Node.of(
            editor.freshNodeName(constant.name() + "_" + op),
            OpType.onnx(op),
            operands,
            List.of(result),
            attributes.toArray(Attribute[]::new)));
  }
}
