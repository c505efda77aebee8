package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.AnnotationContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Backends that give no reasons, or reasons that are not true. */
final class WrongReasons {

  private WrongReasons() {}

  /** Gives reasons of its own. */
  private static final class Saying extends Tampered {
    private final Function<Node, String> reasons;

    Saying(Function<Node, String> reasons) {
      this.reasons = reasons;
    }

    @Override
    protected String reason(AnnotationContext context, Node node, String usual) {
      return reasons.apply(node);
    }
  }

  private static WrongBackend saying(
      String rule, String mistake, Function<Node, String> reasons, String says) {
    return new WrongBackend(rule, mistake, () -> new Saying(reasons), says);
  }

  private static String ofPadding(Node node) {
    return node.op().is("Conv") && !node.attributes().containsKey("auto_pad")
        ? "auto_pad is NOTSET, not VALID"
        : "it is not taken";
  }

  static List<WrongBackend> all() {
    Map<String, String> byOperator = new ConcurrentHashMap<>();
    return List.of(
        saying(
            "TCK-RSN-001",
            "gives the text of an object as a reason",
            node -> "no rule for " + new Object(),
            "is not for people: 'no rule for java.lang.Object@"),
        saying(
            "TCK-RSN-001",
            "leaves a note to itself as a reason",
            node -> "TODO: say why",
            "is not for people: 'TODO: say why'"),
        saying(
            "TCK-RSN-001",
            "rings a bell in a reason",
            node -> "not taken\u0007",
            "is not for people"),
        saying(
            "TCK-RSN-003",
            "says of every input that it is of another rank",
            node -> "rank of the input is 9, not 4",
            "and 'rank of the input is 9' is not so"),
        saying(
            "TCK-RSN-003",
            "says of every input that it is too long",
            node -> "the input has size 99 along axis 1, above 64",
            "and 'input has size 99 along axis 1' is not so"),
        saying(
            "TCK-RSN-003",
            "says of floats that they are none",
            node -> "weight is not a float",
            "and 'weight is not a float' is not so"),
        saying(
            "TCK-RSN-003",
            "says of every input that it is constant",
            node -> "input is constant",
            "and 'input is constant' is not so"),
        saying(
            "TCK-RSN-003",
            "lays everything on a policy that there is not",
            node -> "excluded by the policy",
            "and no policy excludes anything"),
        saying(
            "TCK-RSN-003",
            "has names of its own for operators",
            node -> "no rule matches Convolution2D",
            "and there is no Convolution2D near it"),
        saying("TCK-RSN-001", "gives a null as a reason", node -> "type null", "is not for people"),
        saying(
            "TCK-RSN-002",
            "denies a condition that holds",
            node -> "not: operand 1 is constant",
            "and the condition holds: operand 1 is constant"),
        saying(
            "TCK-RSN-003",
            "says of every weight that it is not constant",
            node -> "weight is not constant",
            "and 'weight is not constant' is not so"),
        saying(
            "TCK-RSN-003",
            "names an operand that nobody has",
            node -> "operand 7 is not float",
            "and it has no operand 7"),
        saying(
            "TCK-RSN-003",
            "says of every operator what is true of one",
            node -> "Gemm is not taken in this form",
            "and it is about Gemm, and the node is"),
        saying(
            "TCK-RSN-003",
            "speaks of an operator that is nowhere near",
            node -> "no QLinearConv reads its result",
            "and there is no QLinearConv near it"),
        saying(
            "TCK-RSN-003",
            "tells another value than the attribute has",
            node -> node.attributes().containsKey("alpha") ? "alpha is 3.0, not 1.0" : "so it is",
            "and alpha is 0.5"),
        saying(
            "TCK-RSN-003",
            "tells a size of another model",
            node -> "weight has size 3 along axis 0, which is odd",
            "and 'weight has size 3 along axis 0' is not so"),
        saying(
            "TCK-RSN-003",
            "names a node of another model",
            node -> "node 'conv_7' belongs to rule 'convolution'",
            "and there is no node 'conv_7'"),
        saying(
            "TCK-RSN-004",
            "says what is true and not the cause",
            WrongReasons::ofPadding,
            "it stays float all the same"),
        saying(
            "TCK-RSN-005",
            "keeps reasons by operator, names included",
            node ->
                byOperator.computeIfAbsent(
                    node.op().toString(), op -> node.name() + " is not taken"),
            "that nodes and values have other names"),
        saying(
            "TCK-RSN-006",
            "says of everything that it is not supported",
            node -> "it is not supported",
            "so that nobody knows which"));
  }
}
