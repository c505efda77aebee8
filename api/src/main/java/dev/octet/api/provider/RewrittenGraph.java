package dev.octet.api.provider;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.guard.Guard;
import dev.octet.api.operator.OperatorSignature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds what a rewriting made of a graph against that graph. Takes time linear in both. */
final class RewrittenGraph {

  private static final String METHOD = "transformForAnnotation";

  /** The words of {@link OperatorSignature#kinds}. */
  private static final Attribute.Value.Cases<String> KIND =
      new Attribute.Value.Cases<>(
          integer -> "int",
          number -> "float",
          string -> "string",
          integers -> "ints",
          numbers -> "floats",
          strings -> "strings",
          tensor -> "tensor",
          graph -> "graph",
          graphs -> "graphs",
          Attribute.OpaqueValue::kind);

  private final Guard guard;
  private final Graph before;
  private final GraphEditor.Edited after;

  private RewrittenGraph(Guard guard, Graph before, GraphEditor.Edited after) {
    this.guard = guard;
    this.before = before;
    this.after = after;
  }

  /**
   * Returns the rewritten graph, if every value that it reads is defined, every operator and
   * attribute that it brings exists, of the type that it has there, inputs and outputs keep their
   * types, and its mapping names nodes that there are and every node that is gone.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-REG-006} if it does not
   */
  static GraphEditor.Edited require(Guard guard, Graph before, GraphEditor.Edited after) {
    if (after.graph() != before || !after.mapping().replaced().isEmpty()) {
      RewrittenGraph rewritten = new RewrittenGraph(guard, before, after);
      rewritten.requireTypes(before.inputs(), after.graph().inputs());
      rewritten.requireTypes(before.outputs(), after.graph().outputs());
      rewritten.requireDefined(after.graph(), List.of());
      rewritten.requireNames();
      rewritten.requireAttributes();
    }
    return after;
  }

  private void requireTypes(List<ValueInfo> was, List<ValueInfo> is) {
    Map<String, ValueInfo> named = new HashMap<>();
    was.forEach(value -> named.put(value.name(), value));
    for (ValueInfo now : is) {
      ValueInfo then = named.get(now.name());
      if (then != null && haveOtherTypes(then, now)) {
        throw breach("'" + now.name() + "' is " + now.type() + " and was " + then.type());
      }
    }
  }

  private static boolean haveOtherTypes(ValueInfo then, ValueInfo now) {
    return then.tensorType()
        .flatMap(type -> now.tensorType().map(other -> other.dataType() != type.dataType()))
        .orElse(false);
  }

  /** Looks for what a graph reads in it and in the graphs around it, the innermost last. */
  private void requireDefined(Graph graph, List<Set<String>> around) {
    Set<String> defined = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> defined.add(input.name()));
    graph.nodes().forEach(node -> defined.addAll(node.results()));
    List<Set<String>> visible = new ArrayList<>(around);
    visible.add(defined);
    for (Node node : graph.nodes()) {
      for (String operand : node.operands()) {
        if (!operand.isEmpty() && visible.stream().noneMatch(names -> names.contains(operand))) {
          throw at(node).breach(METHOD, "nobody defines '" + operand + "', which a node reads");
        }
      }
      node.subgraphs().forEach(inner -> requireDefined(inner, visible));
    }
    for (ValueInfo output : graph.outputs()) {
      if (visible.stream().noneMatch(names -> names.contains(output.name()))) {
        throw breach("nobody defines output '" + output.name() + "'");
      }
    }
  }

  private void requireNames() {
    Map<String, OpType> were = operators(before);
    Map<String, OpType> are = operators(after.graph());
    Map<String, List<String>> replaced = after.mapping().replaced();
    replaced.forEach(
        (name, now) -> {
          requireKnown(name, were.keySet(), "the graph had");
          now.forEach(successor -> requireKnown(successor, are.keySet(), "the graph has"));
        });
    requireMapped(before, are.keySet(), replaced.keySet());
    for (Node node : after.graph().nodesWithSubgraphs()) {
      if (!node.op().equals(were.get(node.name()))
          && node.op().domain().isEmpty()
          && OperatorSignature.of(node.op()).isEmpty()) {
        throw at(node)
            .breach(METHOD, "it brings operator '" + node.op() + "', which ONNX does not have");
      }
    }
  }

  /** Of what the graph had already, its file answers for. */
  private void requireAttributes() {
    Map<String, Node> were = new HashMap<>();
    before.nodesWithSubgraphs().forEach(node -> were.put(node.name(), node));
    for (Node node : after.graph().nodesWithSubgraphs()) {
      Node was = were.get(node.name());
      for (Attribute attribute : node.attributes().values()) {
        boolean kept =
            was != null
                && was.op().equals(node.op())
                && attribute.equals(was.attributes().get(attribute.name()));
        if (!kept && node.op().domain().isEmpty()) {
          OperatorSignature.of(node.op()).ifPresent(op -> requireFit(node, op, attribute));
        }
      }
    }
  }

  private void requireFit(Node node, OperatorSignature op, Attribute attribute) {
    Set<String> kinds = op.kinds(attribute.name());
    String name = "attribute '" + attribute.name() + "' of " + node.op();
    if (kinds.isEmpty()) {
      String near = String.join(", ", NearMisses.of(attribute.name(), op.attributes()));
      throw at(node)
          .breach(METHOD, "it brings " + name + ", which ONNX does not have; there is " + near);
    }
    String kind = attribute.value().match(KIND);
    if (!kinds.contains(kind)) {
      throw at(node)
          .breach(
              METHOD, "it makes " + name + " " + kind + ", which is " + String.join(" or ", kinds));
    }
  }

  private void requireKnown(String name, Set<String> known, String who) {
    if (!known.contains(name)) {
      throw breach(
          "its mapping names node '"
              + name
              + "', and of that name "
              + who
              + " none; there is "
              + String.join(", ", NearMisses.of(name, known)));
    }
  }

  /** What stands inside of a node goes with it. */
  private void requireMapped(Graph graph, Set<String> present, Set<String> mapped) {
    for (Node node : graph.nodes()) {
      if (present.contains(node.name())) {
        node.subgraphs().forEach(inner -> requireMapped(inner, present, mapped));
      } else if (!mapped.contains(node.name())) {
        throw at(node)
            .breach(METHOD, "a node is gone, and its mapping does not say what it became");
      }
    }
  }

  private static Map<String, OpType> operators(Graph graph) {
    Map<String, OpType> operators = new HashMap<>();
    graph.nodesWithSubgraphs().forEach(node -> operators.put(node.name(), node.op()));
    return operators;
  }

  private Guard at(Node node) {
    return guard.at(() -> Optional.of(node.name()));
  }

  private RuntimeException breach(String why) {
    return guard.breach(METHOD, why);
  }
}
