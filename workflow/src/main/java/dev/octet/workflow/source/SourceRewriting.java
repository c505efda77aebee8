package dev.octet.workflow.source;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Point;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.ValueNodes;
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
    ValueNodes nodes = new ValueNodes(editor, constant);
    List<String> operands = new ArrayList<>();
    operands.add(nodes.constant("quantized", stored.integers()));
    operands.add(nodes.constant("scale", stored.scales()));
    stored.zeroPoints().ifPresent(z -> operands.add(nodes.constant("zero_point", z)));
    String dequantized = nodes.fresh("dequantized");
    nodes.add("DequantizeLinear", operands, List.of(dequantized), stored.attributes());
    // The integers of some bits times a scale may have more bits than the precision has.
    String read =
        rule.precision() == FloatPrecision.FLOAT32
            ? dequantized
            : nodes.rounded(dequantized, rule.precision().dataType(), "rounded");
    return new Weight(stored, read);
  }

  private void roundResult(String name) {
    if (rule.precision() == FloatPrecision.FLOAT32) {
      return;
    }
    GraphValue result = layers.result(name);
    ValueNodes nodes = new ValueNodes(editor, result);
    String computed = nodes.computeInstead(result.definition().orElseThrow(), "computed");
    nodes.roundInto(computed, rule.precision().dataType(), result.name());
  }
}
