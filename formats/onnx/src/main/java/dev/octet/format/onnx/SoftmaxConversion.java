package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Optional;

/**
 * Softmax, LogSoftmax and Hardmax used to work on all axes from a given one on, flattened into one,
 * and work on the given axis alone from operator set 13 on. Both are the same for the last axis;
 * for another one the operand is flattened before and takes its shape back after.
 */
final class SoftmaxConversion {

  private static final long FORMER_DEFAULT = 1;

  private SoftmaxConversion() {}

  static void convert(Node node, RaisingContext context) {
    long axis = node.intAttribute("axis", FORMER_DEFAULT);
    Optional<Integer> rank =
        node.operand(0)
            .flatMap(context.known()::rank)
            .or(() -> node.results().stream().findFirst().flatMap(context.known()::rank));
    boolean last = axis == -1 || rank.filter(r -> r - 1 == axis).isPresent();
    if (last && !node.attributes().containsKey("axis")) {
      context.change(
          node.withAttribute(Attribute.of("axis", -1)), "axis states the former default, the last");
    } else if (!last) {
      flatten(node, axis, context);
    }
  }

  private static void flatten(Node node, long axis, RaisingContext context) {
    GraphEditor editor = context.editor();
    String shape = editor.freshValueName(node.name() + "_shape");
    String flat = editor.freshValueName(node.name() + "_flat");
    String result = editor.freshValueName(node.name() + "_flat_result");
    insertBefore(node, "Shape", shape, context);
    insertBefore(node, "Flatten", flat, context, Attribute.of("axis", axis));
    Node changed =
        node.withOperands(List.of(flat))
            .withResults(List.of(result))
            .withAttribute(Attribute.of("axis", -1));
    context.change(changed, "it works on one axis now, so Flatten and Reshape stand around it");
    editor.insertAfter(
        node.name(),
        Node.of(
            editor.freshNodeName(node.name() + "_Reshape"),
            OpType.onnx("Reshape"),
            List.of(result, shape),
            node.results()));
  }

  private static void insertBefore(
      Node node, String operator, String result, RaisingContext context, Attribute... attributes) {
    String name = context.editor().freshNodeName(node.name() + "_" + operator);
    List<String> operands = List.of(node.operands().get(0));
    context
        .editor()
        .insertBefore(
            node.name(),
            Node.of(name, OpType.onnx(operator), operands, List.of(result), attributes));
  }
}
