package dev.octet.workflow.normalise;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Keeps channels the second axis of a Resize that ONNX Runtime would move to where it cannot run.
 *
 * <p>Beside integer convolutions its optimizer moves Transposes past a Resize of four axes, and
 * takes scales and sizes for those of all axes. Where some axes are named, the file does not load;
 * nor where a cubic Resize without antialias makes something smaller, for which there is no kernel
 * with the channels last. Such a Resize reads through a DepthToSpace of blocks of one element, the
 * identity, past which nothing is moved. Sources: {@code ort_transpose_optimization.cc}, {@code
 * upsamplebase.h}.
 */
final class HeldResizes {

  private static final OpType IDENTITY = OpType.onnx("DepthToSpace");

  private static final int SCALES = 2;
  private static final int SIZES = 3;

  /** Samples, channels, rows and columns. */
  private static final int RANK = 4;

  private static final int ROWS = 2;

  private final boolean convolves;
  private final GraphEditor editor;

  private HeldResizes(Graph graph, GraphEditor editor) {
    this.convolves = graph.nodesWithSubgraphs().stream().anyMatch(node -> node.op().is("Conv"));
    this.editor = editor;
  }

  /** Returns what holds the Resizes of a graph in an editor of it. */
  static HeldResizes of(Graph graph, GraphEditor editor) {
    return new HeldResizes(graph, editor);
  }

  /**
   * Lets a Resize read through an identity where that is needed.
   *
   * @param member the Resize in the graph
   * @param written how it is written now
   * @return how it is to be written; the same node where it can be moved
   */
  Node hold(GraphValues.Member member, Node written) {
    boolean movable = written.intsAttribute("axes").isEmpty() && !isCubicDownwards(member);
    if (!convolves || movable || !isImage(member) || isHeld(member)) {
      return written;
    }
    String read = written.operands().get(0);
    String held = editor.freshValueName(read + "_held");
    editor.insertBefore(
        written.name(),
        Node.of(
            editor.freshNodeName(written.name() + "_held"),
            IDENTITY,
            List.of(read),
            List.of(held),
            Attribute.of("blocksize", 1)));
    List<String> operands = new ArrayList<>(written.operands());
    operands.set(0, held);
    return written.withOperands(operands);
  }

  private static boolean isImage(GraphValues.Member resize) {
    return resize
        .operand(0)
        .flatMap(GraphValues.Value::tensorType)
        .filter(type -> type.dataType() == DataType.FLOAT)
        .flatMap(TensorType::shape)
        .filter(shape -> shape.rank() == RANK)
        .isPresent();
  }

  /** Tells whether an identity stands before a Resize, also where integers lie between. */
  private static boolean isHeld(GraphValues.Member member) {
    Optional<GraphValues.Member> before = member.operand(0).flatMap(GraphValues.Value::producer);
    Optional<Node> node = before.map(GraphValues.Member::node);
    return node.filter(HeldResizes::isIdentity).isPresent()
        || (node.filter(HeldResizes::isBetween).isPresent() && isHeld(before.get()));
  }

  private static boolean isIdentity(Node node) {
    return node.op().equals(IDENTITY) && node.intAttribute("blocksize", 0) == 1;
  }

  private static boolean isBetween(Node node) {
    return node.op().is("QuantizeLinear") || node.op().is("DequantizeLinear");
  }

  private static boolean isCubicDownwards(GraphValues.Member resize) {
    Node node = resize.node();
    return node.stringAttribute("mode", "nearest").equals("cubic")
        && node.intAttribute("antialias", 0) == 0
        && !isUpwards(resize);
  }

  /** Tells whether rows and columns are known not to become fewer. */
  private static boolean isUpwards(GraphValues.Member resize) {
    Optional<float[]> scales = constant(resize, SCALES).map(Tensor::floats);
    if (scales.filter(numbers -> numbers.length > 0).isPresent()) {
      return IntStream.range(0, scales.get().length).allMatch(i -> scales.get()[i] >= 1);
    }
    Optional<long[]> sizes = constant(resize, SIZES).map(Tensor::integers);
    Optional<List<Long>> axes = resize.node().intsAttribute("axes");
    Optional<Shape> shape = resize.operand(0).flatMap(GraphValues.Value::shape);
    return sizes.isPresent()
        && shape.filter(known -> known.rank() == RANK).isPresent()
        && IntStream.range(0, sizes.get().length)
            .filter(i -> axis(axes, i) >= ROWS)
            .allMatch(i -> isAtMost(shape.get().dimensions().get(axis(axes, i)), sizes.get()[i]));
  }

  private static int axis(Optional<List<Long>> axes, int index) {
    return axes.map(named -> (int) Math.floorMod(named.get(index), (long) RANK)).orElse(index);
  }

  private static boolean isAtMost(Dimension dimension, long size) {
    OptionalLong known = dimension.known();
    return known.isPresent() && known.getAsLong() <= size;
  }

  private static Optional<Tensor> constant(GraphValues.Member resize, int operand) {
    return resize.operand(operand).flatMap(GraphValues.Value::constant);
  }
}
