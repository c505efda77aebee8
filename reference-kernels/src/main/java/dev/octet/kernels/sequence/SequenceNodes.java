package dev.octet.kernels.sequence;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The nodes that do with tensors what others did with sequences. */
final class SequenceNodes {

  /** From here on, numbers of axes and sizes are operands. */
  private static final long NUMBERS_ARE_OPERANDS = 13;

  private final GraphEditor editor;
  private final long opset;

  SequenceNodes(GraphEditor editor, long opset) {
    this.editor = editor;
    this.opset = opset;
  }

  /** Returns names of values that nobody uses. */
  List<String> freshNames(String base, int count) {
    return IntStream.range(0, count).mapToObj(i -> editor.freshValueName(base + "_" + i)).toList();
  }

  /** Puts a Split in the place of a SplitToSequence, and a Squeeze behind each part if need be. */
  void split(Node node, SplitSizes sizes, List<String> parts) {
    if (parts.isEmpty()) {
      editor.remove(node.name());
      return;
    }
    List<String> results =
        sizes.squeezed() ? freshNames(node.results().get(0) + "_whole", parts.size()) : parts;
    Attribute axis = Attribute.of("axis", sizes.axis());
    Node split =
        withNumbers(
            Node.of(
                node.name(), OpType.onnx("Split"), List.of(node.operands().get(0)), results, axis),
            "split",
            sizes.sizes().stream().mapToLong(Long::longValue).toArray());
    editor.update(node.name(), split);
    if (sizes.squeezed()) {
      squeeze(node.name(), sizes.axis(), results, parts);
    }
  }

  private void squeeze(String split, long axis, List<String> whole, List<String> parts) {
    String last = split;
    for (int i = 0; i < parts.size(); i++) {
      String name = editor.freshNodeName(split + "_Squeeze_" + i);
      editor.insertAfter(last, alongAxis(name, "Squeeze", whole.get(i), parts.get(i)));
      editor.update(name, withNumbers(editor.node(name), "axes", axis));
      last = name;
    }
  }

  /** Puts a Concat in the place of a ConcatFromSequence, behind an Unsqueeze for a new axis. */
  void concat(Node node, List<String> tensors) {
    long axis = node.intAttribute("axis", 0);
    List<String> operands = tensors;
    if (node.intAttribute("new_axis", 0) != 0) {
      operands = new ArrayList<>();
      for (String tensor : tensors) {
        operands.add(unsqueezed(node, tensor, axis));
      }
    }
    editor.update(
        node.name(),
        Node.of(
            node.name(),
            OpType.onnx("Concat"),
            operands,
            node.results(),
            Attribute.of("axis", axis)));
  }

  private String unsqueezed(Node node, String tensor, long axis) {
    String result = editor.freshValueName(tensor + "_unsqueezed");
    String name = editor.freshNodeName(node.name() + "_Unsqueeze");
    editor.insertBefore(node.name(), alongAxis(name, "Unsqueeze", tensor, result));
    editor.update(name, withNumbers(editor.node(name), "axes", axis));
    return result;
  }

  private static Node alongAxis(String name, String op, String operand, String result) {
    return Node.of(name, OpType.onnx(op), List.of(operand), List.of(result));
  }

  /** States numbers as the operator set wants them: in a second operand, or as an attribute. */
  private Node withNumbers(Node node, String what, long... numbers) {
    if (opset < NUMBERS_ARE_OPERANDS) {
      return node.withAttribute(Attribute.of(what, Arrays.stream(numbers).boxed().toList()));
    }
    String stored = editor.freshValueName(node.name() + "_" + what);
    editor.putInitializerBeside(node.name(), stored, Tensor.of(numbers, numbers.length));
    List<String> operands = new ArrayList<>(node.operands());
    operands.add(stored);
    return node.withOperands(operands);
  }
}
