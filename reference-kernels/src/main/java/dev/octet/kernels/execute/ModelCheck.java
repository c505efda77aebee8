package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.infer.ShapeInference.Contradiction;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.operators.Operators;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Finds what no run could make of a model, before anything is computed. Operators that the kernels
 * do not know are left aside, and so are the shapes of subgraphs, which may be of a branch that
 * never runs.
 */
public final class ModelCheck {

  private ModelCheck() {}

  /**
   * Requires a model that {@link #typed} takes.
   *
   * @throws OctetException as {@link #typed}
   */
  public static void require(Model model, OperatorSet operators) {
    typed(model, operators);
  }

  /**
   * Returns the main graph of a model with the type of every value that could be inferred, where
   * nodes have the operands and attributes of their operators, and shapes follow from them.
   *
   * @param operators the operators that there are
   * @throws OctetException {@code OCT-GRAPH-005} if a node has operands, results or attributes that
   *     its operator does not have, or an operator set that is not stated or has no such operator,
   *     {@code OCT-GRAPH-002} if shapes or attributes contradict each other, {@code OCT-GRAPH-008}
   *     if an output is of another element type than the model states, {@code OCT-GRAPH-007} if a
   *     constant that nodes compute is larger than an array; it names the first such node
   */
  public static Graph typed(Model model, OperatorSet operators) {
    ShapeInference.Inferred inferred = ShapeInference.inferAndTell(model, operators);
    Graph typed = inferred.graph();
    requireOperatorSets(typed, model.opsets());
    requireSignatures(
        typed,
        model.opsets(),
        node ->
            misuse(node, (one, type) -> isNoInteger(type))
                .or(() -> contributed(node.node(), node.opset()))
                .or(() -> refusedTypes(node, operators)));
    requireCountableConstants(inferred);
    for (Contradiction contradiction : inferred.contradictions()) {
      if (SupportedOperators.refusal(contradiction.node(), typed, model, operators).isEmpty()) {
        throw error(contradiction);
      }
    }
    StatedOutputs.requireTypes(inferred);
    return typed;
  }

  /**
   * Requires nodes that have the operands, results and attributes of their operators, whatever
   * their types and shapes: what is needed to look at a model.
   *
   * @param typed the main graph, with the types that {@link ShapeInference} gives
   * @param opsets the model's operator sets
   * @throws OctetException {@code OCT-GRAPH-005} for the first node that has not
   */
  public static void requireForm(Graph typed, SortedMap<String, Long> opsets) {
    requireOperatorSets(typed, opsets);
    requireSignatures(
        typed,
        opsets,
        node ->
            misuse(node, (one, type) -> false).or(() -> contributed(node.node(), node.opset())));
  }

  /** The arithmetic of sizes is exact. */
  private static OctetException error(Contradiction contradiction) {
    NodeErrors errors = new NodeErrors(contradiction.node(), contradiction.operands());
    return contradiction.cause() instanceof ArithmeticException
        ? errors.uncountable()
        : errors.error(contradiction.cause());
  }

  /**
   * Requires nodes that have the operands and attributes of their operators. Element types that the
   * standard does not know and a kernel takes are integers of at most 16 bits, which lowering
   * makes. Kernels on quantized integers say themselves which types they take: more than the
   * standard has, such as biases of INT64.
   *
   * @param typed the graph, with the types that {@link ShapeInference} gives
   * @throws OctetException {@code OCT-GRAPH-005} for the first node that has not
   */
  static void requireSignatures(
      Graph typed, SortedMap<String, Long> opsets, OperatorSet operators) {
    requireSignatures(
        typed,
        opsets,
        node ->
            misuse(
                node,
                (one, type) ->
                    isOfIntegers(one)
                        ? isNoInteger(type)
                        : !isFewBits(type)
                            || SupportedOperators.refusal(one, operators).isPresent()));
  }

  private static void requireSignatures(
      Graph typed, SortedMap<String, Long> opsets, Function<Signature, Optional<String>> misuse) {
    for (Node node : typed.nodes()) {
      misuse
          .apply(SupportedOperators.signature(node, typed, opsets))
          .ifPresent(
              reason -> {
                throw new NodeErrors(node, operands(node, typed)).otherSignature(reason);
              });
      node.subgraphs().forEach(body -> requireSignatures(body, opsets, misuse));
    }
  }

  /**
   * Returns why a node is none of its operator.
   *
   * @param asked tells which types of operands have to be of the standard
   */
  private static Optional<String> misuse(Signature node, BiPredicate<Signature, DataType> asked) {
    List<Optional<DataType>> types = node.operandTypes();
    List<Optional<DataType>> checked =
        types.stream().map(type -> type.filter(each -> asked.test(node, each))).toList();
    return OperatorSignature.of(node.node().op())
        .flatMap(
            stated ->
                stated
                    .misuse(node.node(), node.opset(), types)
                    .or(() -> stated.foreignType(node.node(), node.opset(), checked)))
        .or(
            () ->
                Operators.find(node.node().op())
                    .flatMap(OperatorDefinition::controlFlow)
                    .flatMap(kind -> kind.misuse(node.node(), node.opset())))
        .or(() -> noResult(node.node()))
        .or(() -> otherInput(node));
  }

  private static Optional<String> noResult(Node node) {
    return node.results().stream().allMatch(String::isEmpty)
        ? Optional.of("it has no result")
        : Optional.empty();
  }

  /** Compares what bodies say of their inputs with what they are given. */
  private static Optional<String> otherInput(Signature node) {
    List<Optional<TensorType>> operands =
        node.operandTypes().stream()
            .map(type -> type.map(known -> new TensorType(known, Optional.empty())))
            .toList();
    return Operators.find(node.node().op())
        .flatMap(OperatorDefinition::controlFlow)
        .filter(kind -> kind.refusal(node.node(), node.opset()).isEmpty())
        .map(kind -> kind.given(node.node(), operands))
        .flatMap(given -> otherInput(node.node(), given));
  }

  private static Optional<String> otherInput(Node node, List<Optional<TensorType>> given) {
    for (Graph body : node.subgraphs()) {
      for (int i = 0; i < Math.min(given.size(), body.inputs().size()); i++) {
        ValueInfo input = body.inputs().get(i);
        Optional<DataType> stated = input.tensorType().map(TensorType::dataType);
        Optional<DataType> type = given.get(i).map(TensorType::dataType);
        if (stated.isPresent() && type.isPresent() && !stated.equals(type)) {
          return Optional.of(
              "input '"
                  + input.name()
                  + "' of its subgraph is "
                  + stated.get()
                  + ", and it is given "
                  + type.get());
        }
      }
    }
    return Optional.empty();
  }

  /** Returns why a node is none of an operator that ONNX Runtime contributes, but for types. */
  private static Optional<String> contributed(Node node, long opset) {
    return OperatorSignature.contributed(node.op())
        .flatMap(stated -> stated.misuse(node, opset, List.of()));
  }

  /**
   * Returns why a kernel on integers or of an operator that ONNX Runtime contributes refuses types
   * that are none of the operator either. Kernels take more, such as integers of 16 bits.
   */
  private static Optional<String> refusedTypes(Signature node, OperatorSet operators) {
    OpType op = node.node().op();
    return OperatorSignature.contributed(op)
        .or(() -> OperatorSignature.of(op).filter(stated -> isOfIntegers(node)))
        .filter(stated -> operators.kernelOf(op).isPresent())
        .filter(stated -> isOfOtherTypes(node, stated))
        .flatMap(stated -> SupportedOperators.refusal(node, operators));
  }

  private static boolean isOfOtherTypes(Signature node, OperatorSignature stated) {
    List<Optional<DataType>> types = node.operandTypes();
    return stated.misuse(node.node(), node.opset(), types).isPresent()
        || stated.foreignType(node.node(), node.opset(), types).isPresent();
  }

  private static void requireOperatorSets(Graph typed, SortedMap<String, Long> opsets) {
    requireSignatures(
        typed,
        opsets,
        node ->
            node.node().op().domain().isEmpty()
                ? otherOperatorSet(node, opsets.containsKey(""))
                : Optional.empty());
  }

  /**
   * What newer operator sets have is taken in older ones, too, but for those that kernels do not
   * know.
   */
  private static Optional<String> otherOperatorSet(Signature node, boolean stated) {
    if (!stated) {
      return Optional.of("the model states no operator set of ai.onnx");
    }
    return OperatorSignature.of(node.node().op())
        .filter(one -> node.opset() < OperatorDefinition.OLDEST_OPSET)
        .filter(one -> one.since(node.opset()).isEmpty())
        .map(one -> "operator set " + node.opset() + " has no " + one.name());
  }

  private static boolean isOfIntegers(Signature node) {
    return Operators.find(node.node().op())
        .filter(OperatorDefinition::computesIntegers)
        .isPresent();
  }

  private static boolean isFewBits(DataType type) {
    return type.isInteger() && type.bits() <= Short.SIZE;
  }

  /** A network of whole numbers can be planned, in which nothing is quantized, and not be run. */
  private static boolean isNoInteger(DataType type) {
    return !type.isInteger();
  }

  private static List<Optional<TensorType>> operands(Node node, Graph typed) {
    return node.operands().stream()
        .map(operand -> typed.type(operand).flatMap(type -> type.tensor()))
        .toList();
  }

  /** What is computed of constants alone has one size, and is computed before anything else. */
  private static void requireCountableConstants(ShapeInference.Inferred inferred) {
    Graph typed = inferred.graph();
    Set<String> constants = new HashSet<>(typed.initializers().keySet());
    for (ValueInfo input : typed.inputs()) {
      constants.remove(input.name());
    }
    for (Node node : typed.nodes()) {
      if (node.operands().stream().allMatch(name -> name.isEmpty() || constants.contains(name))) {
        constants.addAll(node.results());
        for (String result : node.results()) {
          NodeErrors errors = new NodeErrors(node, operands(node, typed));
          inferred.type(result).ifPresent(type -> requireCountable(errors, type));
        }
      }
    }
  }

  private static void requireCountable(NodeErrors errors, TensorType type) {
    type.shape()
        .filter(Shape::isKnown)
        .ifPresent(shape -> errors.countable(type.dataType(), shape.sizes()));
  }
}
