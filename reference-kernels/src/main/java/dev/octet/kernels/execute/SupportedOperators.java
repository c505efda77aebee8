package dev.octet.kernels.execute;

import dev.octet.api.format.FormatOrigin;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.sequence.PlainSequences;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Answers from the definitions of operators whether nodes can be executed, before anything is
 * loaded.
 *
 * <p>Sequences of tensors that are known beforehand are written as operators on the tensors first,
 * see {@link PlainSequences}. The answer rests on operator, attributes, operator set and element
 * types. What depends on sizes is found when a model is loaded or run.
 */
public final class SupportedOperators {

  private SupportedOperators() {}

  /** Tells whether there is a kernel for an operator, whatever the node. */
  public static boolean knows(OpType op) {
    return controlFlow(op).isPresent() || Operators.kernelOf(op).isPresent();
  }

  /**
   * Returns why nodes of the main graph cannot be executed, by node name in the order of the graph;
   * empty when all can.
   */
  public static Map<String, String> refusals(Model model) {
    return refusals(model, OperatorSet.standard());
  }

  /**
   * Returns why nodes of the main graph cannot be executed; see {@link #refusals(Model)}.
   *
   * @param operators the operators that there are
   */
  public static Map<String, String> refusals(Model model, OperatorSet operators) {
    Model plain = PlainSequences.without(model, operators);
    return Collections.unmodifiableMap(
        refusals(ShapeInference.infer(plain, operators), plain, operators));
  }

  /**
   * Returns why nodes cannot be executed as {@link #refusals(Model, OperatorSet)}, and also why
   * those of subgraphs cannot; a node of the main graph is refused for those in its subgraphs.
   */
  public static Map<String, String> refusalsWithSubgraphs(Model given, OperatorSet operators) {
    Model model = PlainSequences.without(given, operators);
    Graph typed = ShapeInference.infer(model, operators);
    Map<String, String> reasons = refusals(typed, model, operators);
    addInner(typed, model, operators, reasons);
    return Collections.unmodifiableMap(reasons);
  }

  static Map<String, String> refusals(Graph typed, Model model, OperatorSet operators) {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Node node : typed.nodes()) {
      undefinedOperand(node, typed)
          .or(() -> refusal(node, typed, model, operators))
          .ifPresent(reason -> reasons.put(node.name(), reason));
    }
    return reasons;
  }

  /**
   * Returns why a node of a model cannot be executed, as the second half of a sentence; empty when
   * it can. Calls of the model's own functions are called that.
   *
   * @param node a node of the graph or of its subgraphs
   * @param typed the graph, with the types that {@link ShapeInference} gives
   * @param model the model, for its operator sets and functions
   * @param operators the operators that there are
   */
  public static Optional<String> refusal(
      Node node, Graph typed, Model model, OperatorSet operators) {
    return refusal(node, typed, model.opsets(), operators)
        .map(
            reason ->
                Optional.ofNullable(FormatOrigin.functionsOf(model).get(node.op()))
                    .map(why -> "it is a function of the model, whose nodes are not run: " + why)
                    .orElse(reason));
  }

  private static void addInner(
      Graph graph, Model model, OperatorSet operators, Map<String, String> reasons) {
    for (Node node : graph.nodes()) {
      for (Graph subgraph : node.subgraphs()) {
        for (Node inner : subgraph.nodes()) {
          refusal(inner, subgraph, model, operators)
              .ifPresent(reason -> reasons.put(inner.name(), reason));
        }
        addInner(subgraph, model, operators, reasons);
      }
    }
  }

  /**
   * Returns why a node cannot be executed, as the second half of a sentence; empty when it can.
   *
   * @param node a node of the graph
   * @param typed the graph, with the types that {@link ShapeInference} gives
   * @param opsets the model's operator sets
   * @param operators the operators that there are
   */
  public static Optional<String> refusal(
      Node node, Graph typed, SortedMap<String, Long> opsets, OperatorSet operators) {
    Signature signature = signature(node, typed, opsets);
    return unheldValue(signature, typed)
        .or(() -> refusal(signature, operators))
        .or(() -> innerRefusal(node, opsets, operators));
  }

  /** The types of subgraphs are those that the model states; what is missing is found in a run. */
  private static Optional<String> innerRefusal(
      Node node, SortedMap<String, Long> opsets, OperatorSet operators) {
    List<String> reasons = new ArrayList<>();
    for (Graph subgraph : node.subgraphs()) {
      for (Node inner : subgraph.nodes()) {
        refusal(inner, subgraph, opsets, operators)
            .ifPresent(
                reason ->
                    reasons.add(
                        "node '"
                            + inner.name()
                            + "' ("
                            + inner.op()
                            + ") of its subgraph: "
                            + reason));
      }
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** A file defines everything that it reads; a model that was put together may not. */
  private static Optional<String> undefinedOperand(Node node, Graph graph) {
    return node.operands().stream()
        .filter(operand -> !operand.isEmpty() && !isDefined(operand, graph))
        .findFirst()
        .map(operand -> "operand '" + operand + "' is defined nowhere");
  }

  private static boolean isDefined(String value, Graph graph) {
    return graph.definition(value).isPresent()
        || graph.initializers().containsKey(value)
        || graph.inputs().stream().anyMatch(input -> input.name().equals(value));
  }

  /** Sequences, maps and their kin have no element type, and are refused before types are asked. */
  private static Optional<String> unheldValue(Signature signature, Graph typed) {
    for (int i = 0; i < signature.operandTypes().size(); i++) {
      if (signature.operandType(i).isEmpty()) {
        String operand = signature.node().operands().get(i);
        Optional<ValueType> type = typed.type(operand);
        if (type.isPresent() && type.get().tensor().isEmpty()) {
          return Optional.of(
              "operand '" + operand + "' of type " + type.get() + " is not supported");
        }
      }
    }
    return Optional.empty();
  }

  static Optional<String> refusal(Signature signature, OperatorSet operators) {
    Node node = signature.node();
    if (!node.subgraphs().isEmpty()) {
      return controlFlow(node.op())
          .map(kind -> kind.refusal(node, signature.opset()))
          .orElse(Optional.of("operators with subgraphs other than If, Loop and Scan are not run"));
    }
    Optional<OperatorKernel> kernel = operators.kernelOf(node.op());
    if (kernel.isEmpty()) {
      return Optional.of(
          PlainSequences.isOne(node.op())
              ? "which tensors its sequence has, or at which position, is known in a run alone"
              : "there is no kernel for the operator");
    }
    if (node.op().domain().isEmpty() && signature.opset() < OperatorDefinition.OLDEST_OPSET) {
      return Optional.of(
          "operator set "
              + signature.opset()
              + " is older than "
              + OperatorDefinition.OLDEST_OPSET);
    }
    return unheldOperand(signature).or(() -> kernel.get().refusal(signature));
  }

  private static Optional<ControlFlow> controlFlow(OpType op) {
    return Operators.find(op).flatMap(OperatorDefinition::controlFlow);
  }

  static Signature signature(Node node, Graph typed, SortedMap<String, Long> opsets) {
    List<Optional<DataType>> types = new ArrayList<>(node.operands().size());
    for (int i = 0; i < node.operands().size(); i++) {
      Optional<ValueType> type = typed.type(node.operands().get(i));
      types.add(type.flatMap(ValueType::tensor).map(TensorType::dataType));
    }
    return new Signature(node, opsets.getOrDefault(node.op().domain(), 1L), types);
  }

  private static Optional<String> unheldOperand(Signature signature) {
    for (int i = 0; i < signature.operandTypes().size(); i++) {
      Optional<DataType> type = signature.operandType(i);
      if (type.isPresent() && !ArrayKind.holds(type.get())) {
        return Optional.of("operand " + i + " of type " + type.get() + " is not supported");
      }
    }
    return Optional.empty();
  }
}
