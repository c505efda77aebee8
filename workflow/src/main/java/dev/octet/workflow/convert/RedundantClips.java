package dev.octet.workflow.convert;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gives the bounds of the integers to a Clip between whose bounds and those nothing is told apart:
 * what a QuantizeLinear behind it makes of either is the least or the greatest integer.
 *
 * <p>Every integer stays the same. ONNX Runtime 1.29 fuses such a Clip into the Conv before it and
 * takes it for needless in the same pass, and then refuses the model ("two nodes with same node
 * name"); where the bounds are those of the integers it takes the Clip away at first.
 */
final class RedundantClips {

  /** From this operator set on the bounds are operands. */
  private static final long OPERANDS = 11;

  private final long opset;
  private final GraphValues values;
  private final GraphEditor editor;

  private RedundantClips(Graph graph, long opset) {
    this.opset = opset;
    this.values = GraphValues.of(graph);
    this.editor = new GraphEditor(graph);
  }

  /** Returns the graph of a converted model with the bounds widened. */
  static Graph widened(Graph graph, long opset) {
    RedundantClips clips = new RedundantClips(graph, opset);
    clips.values.members().stream()
        .filter(member -> member.node().op().is("Clip"))
        .forEach(clips::visit);
    return clips.editor.finish().graph();
  }

  /** The least and the greatest number that a Clip, or a type of integers, lets pass. */
  private record Bounds(float low, float high) {}

  private void visit(GraphValues.Member clip) {
    Optional<GraphValues.Member> quantize = onlyReader(clip);
    Optional<Bounds> bounds = bounds(clip);
    if (quantize.isEmpty() || bounds.isEmpty()) {
      return;
    }
    Optional<Float> scale = scalar(quantize.get(), 1);
    Optional<Tensor> zeroPoint = quantize.get().operand(2).flatMap(GraphValues.Value::constant);
    if (scale.isPresent() && zeroPoint.filter(z -> z.elementCount() == 1).isPresent()) {
      widen(clip, bounds.get(), scale.get(), zeroPoint.get());
    }
  }

  private static Optional<GraphValues.Member> onlyReader(GraphValues.Member clip) {
    return clip.result(0)
        .filter(GraphValues.Value::hasOneUse)
        .map(value -> value.uses().get(0))
        .filter(use -> use.operand() == 0 && use.reader().node().op().is("QuantizeLinear"))
        .map(GraphValues.Use::reader);
  }

  private Optional<Bounds> bounds(GraphValues.Member clip) {
    Node node = clip.node();
    if (opset < OPERANDS) {
      return Optional.of(
          new Bounds(
              node.floatAttribute("min", Float.NEGATIVE_INFINITY),
              node.floatAttribute("max", Float.POSITIVE_INFINITY)));
    }
    Optional<Float> low = bound(clip, 1, Float.NEGATIVE_INFINITY);
    Optional<Float> high = bound(clip, 2, Float.POSITIVE_INFINITY);
    return low.flatMap(l -> high.map(h -> new Bounds(l, h)));
  }

  private static Optional<Float> bound(GraphValues.Member clip, int operand, float otherwise) {
    return clip.node().operand(operand).isEmpty() ? Optional.of(otherwise) : scalar(clip, operand);
  }

  private static Optional<Float> scalar(GraphValues.Member node, int operand) {
    return node.operand(operand)
        .flatMap(GraphValues.Value::constant)
        .filter(c -> c.dataType() == DataType.FLOAT && c.elementCount() == 1)
        .map(c -> c.floats()[0]);
  }

  private void widen(GraphValues.Member clip, Bounds stated, float scale, Tensor zeroPoint) {
    Optional<Storage> storage =
        Arrays.stream(Storage.values())
            .filter(known -> known.dataType() == zeroPoint.dataType())
            .findFirst();
    if (storage.isEmpty()) {
      return;
    }
    QuantizedType type = QuantizedType.of(storage.get());
    long zero = zeroPoint.integers()[0];
    Bounds grid = new Bounds((type.min() - zero) * scale, (type.max() - zero) * scale);
    boolean redundant =
        Math.rint(stated.low / scale) + zero <= type.min()
            && Math.rint(stated.high / scale) + zero >= type.max();
    if (redundant && (stated.low > grid.low || stated.high < grid.high)) {
      state(clip, new Bounds(Math.min(stated.low, grid.low), Math.max(stated.high, grid.high)));
    }
  }

  private void state(GraphValues.Member member, Bounds bounds) {
    Node clip = member.node();
    if (opset < OPERANDS) {
      editor.update(
          clip.name(),
          clip.withAttribute(Attribute.of("min", bounds.low))
              .withAttribute(Attribute.of("max", bounds.high)));
      return;
    }
    List<String> operands = new ArrayList<>(List.of(clip.operands().get(0)));
    operands.add(constant(clip, "_least", bounds.low));
    operands.add(constant(clip, "_greatest", bounds.high));
    editor.update(clip.name(), clip.withOperands(operands));
    for (int i = 1; i <= 2; i++) {
      member
          .operand(i)
          .filter(GraphValues.Value::hasOneUse)
          .ifPresent(bound -> editor.removeInitializerBeside(clip.name(), bound.name()));
    }
  }

  private String constant(Node clip, String suffix, float bound) {
    String name = editor.freshValueName(clip.name() + suffix);
    editor.putInitializerBeside(clip.name(), name, Tensor.of(new float[] {bound}));
    return name;
  }
}
