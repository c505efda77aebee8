package dev.octet.workflow.normalise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Writes nodes in the plainest form that means the same, which runtimes that fuse or reorder
 * quantized operators understand; in subgraphs as well.
 *
 * <ul>
 *   <li>A Pad, Resize or CenterCropPad of some axes, with constant numbers, names those of every
 *       axis: ONNX Runtime's transpose optimizer takes the numbers for those of all axes. A Resize
 *       that it moves to where it cannot run reads through an identity; see {@link HeldResizes}.
 *   <li>An AveragePool does not state dilations of 1, which ONNX Runtime's integer form has no
 *       attribute for; nor {@code ceil_mode} where every window lies in the padded input; nor
 *       {@code count_include_pad} where there is no padding. The integer form divides a window that
 *       counts padding by the size of the whole kernel, also where the window leaves the padded
 *       input. Where that matters, what it makes passes an identity; see {@link HeldAverages}.
 * </ul>
 */
final class PlainForms {

  private static final int PADS = 1;
  private static final int AXES = 3;

  /** The axis at which positions begin, behind samples and channels. */
  private static final int SPATIAL = 2;

  private static final Set<DataType> INDICES = Set.of(DataType.INT32, DataType.INT64);

  private final Graph graph;
  private final GraphValues values;
  private final GraphEditor editor;
  private final HeldResizes held;
  private final Set<String> left = new LinkedHashSet<>();
  private boolean changed;

  private PlainForms(Graph graph) {
    this.graph = graph;
    this.values = GraphValues.of(graph);
    this.editor = new GraphEditor(graph);
    this.held = HeldResizes.of(graph, editor);
  }

  /**
   * Rewrites the nodes of a graph whose values have types; no node goes, and none is new but those
   * that hold a Resize or an AveragePool.
   *
   * @return the edited graph; the same one when there is nothing to do
   */
  static GraphEditor.Edited write(Graph graph) {
    PlainForms forms = new PlainForms(graph);
    forms.values.members().forEach(forms::visit);
    if (!forms.changed) {
      return new GraphEditor.Edited(graph, NameMapping.identity());
    }
    GraphEditor.Edited edited = forms.editor.finish();
    return forms.left.isEmpty() ? edited : forms.withoutUnread(edited);
  }

  private void visit(GraphValues.Member member) {
    if (member.node().op().is("Pad")) {
      ofAllAxes(member);
    } else if (member.node().op().is("CenterCropPad")) {
      SizesOfAllAxes.of(member).ifPresent(form -> change(stated(form)));
    } else if (member.node().op().is("Resize")) {
      Node written = SizesOfAllAxes.of(member).map(this::stated).orElse(member.node());
      update(member, held.hold(member, written));
    } else if (member.node().op().is("AveragePool")) {
      update(member, HeldAverages.hold(member, plain(member), editor));
    }
  }

  private void update(GraphValues.Member member, Node written) {
    if (!written.equals(member.node())) {
      change(written);
    }
  }

  /** Returns a node without axes that reads a constant which names the numbers of all. */
  private Node stated(SizesOfAllAxes.Form form) {
    Node node = form.node();
    List<String> operands = new ArrayList<>(node.operands());
    form.constants()
        .forEach(
            (operand, tensor) -> {
              String stored = editor.freshValueName(node.name() + "_all_" + operand);
              editor.putInitializerBeside(node.name(), stored, tensor);
              left.add(operands.set(operand, stored));
            });
    return node.withOperands(operands);
  }

  private void change(Node node) {
    editor.update(node.name(), node);
    changed = true;
  }

  private void ofAllAxes(GraphValues.Member pad) {
    Optional<long[]> pads = integers(pad, PADS);
    Optional<long[]> axes = integers(pad, AXES);
    Optional<Shape> shape = pad.operand(0).flatMap(GraphValues.Value::shape);
    if (pads.isPresent() && axes.isPresent() && shape.isPresent()) {
      int rank = shape.get().rank();
      if (fit(pads.get(), axes.get(), rank)) {
        replacePads(pad.node(), padsOfAll(pads.get(), axes.get(), rank));
      }
    }
  }

  /** What does not fit stays as it is, and is refused where the node is checked. */
  private static boolean fit(long[] pads, long[] axes, int rank) {
    return pads.length == 2 * axes.length
        && Arrays.stream(axes).allMatch(axis -> axis >= -rank && axis < rank);
  }

  private static long[] padsOfAll(long[] pads, long[] axes, int rank) {
    long[] all = new long[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = Math.toIntExact(Math.floorMod(axes[i], (long) rank));
      all[axis] = pads[i];
      all[rank + axis] = pads[axes.length + i];
    }
    return all;
  }

  private void replacePads(Node node, long[] all) {
    String stored = editor.freshValueName(node.name() + "_pads");
    editor.putInitializerBeside(node.name(), stored, Tensor.of(all, all.length));
    List<String> operands = new ArrayList<>(node.operands().subList(0, AXES));
    left.add(operands.set(PADS, stored));
    left.add(node.operands().get(AXES));
    change(node.withOperands(operands));
  }

  private static Optional<long[]> integers(GraphValues.Member node, int operand) {
    return node.operand(operand)
        .flatMap(GraphValues.Value::constant)
        .filter(constant -> INDICES.contains(constant.dataType()))
        .map(Tensor::integers);
  }

  /** Takes away the constants of the main graph that only rewritten nodes read. */
  private GraphEditor.Edited withoutUnread(GraphEditor.Edited edited) {
    ValueUses uses = new ValueUses(edited.graph());
    GraphEditor again = new GraphEditor(edited.graph());
    left.stream()
        .filter(name -> graph.initializers().containsKey(name) && uses.count(name) == 0)
        .forEach(again::removeInitializer);
    return again.finish();
  }

  private static Node plain(GraphValues.Member pool) {
    Node node = pool.node();
    if (node.intsAttribute("dilations").filter(PlainForms::areOnes).isPresent()) {
      node = node.withoutAttribute("dilations");
    }
    if (isGiven(node, "count_include_pad") && hasNoPads(node)) {
      node = node.withoutAttribute("count_include_pad");
    }
    if (isGiven(node, "ceil_mode") && windowsFit(pool)) {
      node = node.withoutAttribute("ceil_mode");
    }
    return node;
  }

  private static boolean isGiven(Node node, String attribute) {
    return node.intAttribute(attribute, 0) != 0;
  }

  private static boolean areOnes(List<Long> numbers) {
    return numbers.stream().allMatch(n -> n == 1);
  }

  private static boolean hasNoPads(Node pool) {
    String auto = pool.stringAttribute("auto_pad", "NOTSET");
    boolean stated =
        pool.intsAttribute("pads").stream().flatMap(List::stream).anyMatch(p -> p != 0);
    return auto.equals("VALID") || (auto.equals("NOTSET") && !stated);
  }

  /** Tells whether no window of any axis leaves the padded input, so that it is as without ceil. */
  private static boolean windowsFit(GraphValues.Member pool) {
    Node node = pool.node();
    Optional<List<Long>> kernel = node.intsAttribute("kernel_shape");
    Optional<Shape> shape = pool.operand(0).flatMap(GraphValues.Value::shape);
    String auto = node.stringAttribute("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      return true;
    }
    if (!auto.equals("NOTSET") || kernel.isEmpty() || shape.isEmpty()) {
      return false;
    }
    int axes = kernel.get().size();
    List<Dimension> sizes = shape.get().dimensions();
    return axes == sizes.size() - SPATIAL
        && IntStream.range(0, axes)
            .allMatch(i -> windowsFit(node, kernel.get(), i, sizes.get(SPATIAL + i).known()));
  }

  private static boolean windowsFit(Node node, List<Long> kernel, int axis, OptionalLong size) {
    long stride = at(node, "strides", axis, 1);
    if (size.isEmpty() || stride <= 0) {
      return false;
    }
    long reach = (kernel.get(axis) - 1) * at(node, "dilations", axis, 1) + 1;
    long begin = size.getAsLong() + at(node, "pads", axis, 0);
    long room = begin + at(node, "pads", kernel.size() + axis, 0) - reach;
    // A last window that would begin behind the input is dropped.
    return room % stride == 0 || (room / stride + 1) * stride >= begin;
  }

  private static long at(Node node, String attribute, int index, long otherwise) {
    return node.intsAttribute(attribute)
        .filter(numbers -> index < numbers.size())
        .map(numbers -> numbers.get(index))
        .orElse(otherwise);
  }
}
