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
import dev.octet.workflow.plan.ValueNodes;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Lets layers read their weights as integers, and their inputs quantized while the model runs. */
final class SourceRewriting {

  private final LinearLayers layers;
  private final LayerRule rule;
  private final GraphEditor editor;
  private final Map<InputKey, String> inputs = new HashMap<>();
  private final Map<LinearLayers.Weight, Weight> weights = new HashMap<>();
  private final Set<Point> replaced = new HashSet<>();

  SourceRewriting(Graph graph, LinearLayers layers, LayerRule rule) {
    this.layers = layers;
    this.rule = rule;
    this.editor = new GraphEditor(graph);
  }

  /** Layers that read one value along one axis read one quantized value. */
  private record InputKey(String path, int tokenAxis) {}

  /** A weight as it is stored, and the name of what a layer reads. */
  private record Weight(StoredWeight stored, String read) {}

  /**
   * Rewrites a layer whose groups fit it; returns how its weight is stored.
   *
   * @param fit makes integers of the weight; asked once for layers that share it
   */
  StoredWeight rewrite(LinearLayer layer, Supplier<StoredWeight> fit) {
    Weight weight = weights.computeIfAbsent(layers.weight(layer), k -> store(layer, fit.get()));
    replace(layer.weight(), layers.isTied(layer) ? turned(layer, weight.read) : weight.read);
    if (!layer.isTable()) {
      quantizeInput(layer);
    }
    roundResult(layer.node());
    return weight.stored;
  }

  private void quantizeInput(LinearLayer layer) {
    GraphValue input = layers.read(layer.input());
    String read =
        inputs.computeIfAbsent(
            new InputKey(input.path(), layer.form().tokenAxis()),
            k -> InputNodes.insert(editor, input, layer.form(), rule));
    replace(layer.input(), read);
  }

  /** A layer that shares the table of a Gather reads it with rows and columns exchanged. */
  private String turned(LinearLayer layer, String table) {
    String turned = editor.freshValueName(table + "_turned");
    Attribute order = Attribute.of("perm", List.of(1L, 0L));
    editor.insertBefore(
        layer.node(),
        Node.of(
            editor.freshNodeName(layer.node() + "_Transpose"),
            OpType.onnx("Transpose"),
            List.of(table),
            List.of(turned),
            order));
    return turned;
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

  private Weight store(LinearLayer layer, StoredWeight stored) {
    GraphValue constant = layers.constant(layer);
    ValueNodes nodes = new ValueNodes(editor, constant);
    List<String> operands = new ArrayList<>();
    operands.add(nodes.constant("quantized", stored.integers()));
    operands.add(scales(nodes, "scale", stored.scales()));
    stored.zeroPoints().ifPresent(z -> operands.add(nodes.constant("zero_point", z)));
    String dequantized = nodes.fresh("dequantized");
    nodes.add("DequantizeLinear", operands, List.of(dequantized), stored.attributes());
    String read = rounded(nodes, dequantized, "rounded");
    if (stored.floatZeros().isPresent()) {
      read = shifted(nodes, read, stored, layer.form());
    }
    return new Weight(stored, read);
  }

  /** The integers of some bits times a scale may have more bits than the precision has. */
  private String rounded(ValueNodes nodes, String value, String result) {
    return rule.precision() == FloatPrecision.FLOAT32
        ? value
        : nodes.rounded(value, rule.precision().dataType(), result);
  }

  /** Adds its float zero point to each group: DequantizeLinear has no word for them. */
  private String shifted(ValueNodes nodes, String value, StoredWeight stored, Form form) {
    long[] sizes = stored.integers().sizes();
    Tensor zeros = stored.floatZeros().orElseThrow();
    long[] grouped = grouped(sizes, form, zeros.elementCount() / form.outputs());
    long[] one = grouped.clone();
    one[form.inputAxis() + 1] = 1;
    String addend = scales(nodes, "zero", zeros.reshaped(one));
    String groups =
        nodes.add("Reshape", "groups", value, nodes.constant("groups_shape", shape(grouped)));
    String sums = rounded(nodes, nodes.add("Add", "sums", groups, addend), "sums_rounded");
    return nodes.add("Reshape", "shifted", sums, nodes.constant("shape", shape(sizes)));
  }

  /** Returns sizes with the axis of the inputs cut into groups. */
  private static long[] grouped(long[] sizes, Form form, long groups) {
    long[] grouped = new long[sizes.length + 1];
    System.arraycopy(sizes, 0, grouped, 0, form.inputAxis());
    grouped[form.inputAxis()] = groups;
    grouped[form.inputAxis() + 1] = form.inputs() / groups;
    int behind = form.inputAxis() + 1;
    System.arraycopy(sizes, behind, grouped, behind + 1, sizes.length - behind);
    return grouped;
  }

  private static Tensor shape(long[] sizes) {
    return Tensor.of(sizes, sizes.length);
  }

  /** Scales and float zero points are stored in their own type. */
  private static String scales(ValueNodes nodes, String name, Tensor scales) {
    String stored = nodes.constant(name, scales);
    return scales.dataType() == DataType.FLOAT
        ? stored
        : nodes.cast(name + "_float", stored, DataType.FLOAT);
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
