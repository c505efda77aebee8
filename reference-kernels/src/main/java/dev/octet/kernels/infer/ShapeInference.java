package dev.octet.kernels.infer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.shape.Contents;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMerge;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.shape.ShapeRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Infers types and shapes of the values of a graph from its inputs and constants. Symbols such as a
 * batch size {@code N} stay symbols where an operator keeps the dimension.
 *
 * <p>Operators without a rule, and nodes whose shapes contradict each other, leave their results as
 * the model states them; that is never an error here. Subgraphs are left as they are.
 */
public final class ShapeInference {

  private final Graph graph;
  private final SortedMap<String, Long> opsets;
  private final Map<String, TensorType> types;
  private final Map<String, Contents> contents = new HashMap<>();

  private ShapeInference(Graph graph, SortedMap<String, Long> opsets) {
    this.graph = graph;
    this.opsets = opsets;
    this.types = new HashMap<>(2 * (graph.nodes().size() + graph.initializers().size()));
  }

  /** Returns the main graph of a model with the type of every value that could be inferred. */
  public static Graph infer(Model model) {
    return new ShapeInference(model.graph(), model.opsets()).run();
  }

  /**
   * Returns a graph with the type of every value that could be inferred.
   *
   * @param opset the version of the default operator set; other domains count as version 1
   */
  public static Graph infer(Graph graph, long opset) {
    return new ShapeInference(graph, new TreeMap<>(Map.of("", opset))).run();
  }

  private Graph run() {
    for (ValueInfo input : graph.inputs()) {
      input.tensorType().ifPresent(t -> types.put(input.name(), t));
    }
    graph.initializers().forEach(this::constant);
    graph.nodes().forEach(this::node);
    return graph.withValues(statedValues());
  }

  private void constant(String name, Tensor value) {
    types.put(name, value.type());
    contents.put(name, Contents.of(value));
  }

  private void node(Node node) {
    List<Optional<TensorType>> operands = new ArrayList<>(node.operands().size());
    List<Contents> known = new ArrayList<>(node.operands().size());
    for (String operand : node.operands()) {
      operands.add(Optional.ofNullable(types.get(operand)));
      known.add(contents.getOrDefault(operand, Contents.UNKNOWN));
    }
    long opset = opsets.getOrDefault(node.op().domain(), 1L);
    ShapeContext context = new ShapeContext(node, opset, operands, known);
    List<Optional<TensorType>> results = inferred(context);
    for (int i = 0; i < node.results().size(); i++) {
      String name = node.results().get(i);
      Optional<TensorType> inferred = i < results.size() ? results.get(i) : Optional.empty();
      Optional<TensorType> type = merged(inferred, stated(name));
      type.ifPresent(t -> types.put(name, t));
    }
    if (node.results().size() == 1) {
      Operators.find(node.op())
          .flatMap(OperatorDefinition::contents)
          .flatMap(rule -> rule.contents(context))
          .ifPresent(c -> contents.put(node.results().get(0), c));
    }
  }

  private List<Optional<TensorType>> inferred(ShapeContext context) {
    Optional<ShapeRule> rule = Operators.shapeRuleOf(context.node().op());
    if (rule.isEmpty()) {
      return List.of();
    }
    try {
      return rule.get().infer(context);
    } catch (ShapeMismatchException | ArithmeticException contradiction) {
      return List.of();
    }
  }

  private Optional<TensorType> stated(String name) {
    return graph.type(name).filter(TensorType.class::isInstance).map(TensorType.class::cast);
  }

  /** What was inferred stands before what the model states, unless only the latter has a shape. */
  private static Optional<TensorType> merged(
      Optional<TensorType> inferred, Optional<TensorType> stated) {
    if (inferred.isEmpty() || stated.isEmpty()) {
      return inferred.or(() -> stated);
    }
    TensorType a = inferred.get();
    TensorType b = stated.get();
    if (a.shape().isEmpty()) {
      return Optional.of(new TensorType(a.dataType(), b.shape()));
    }
    return Optional.of(
        new TensorType(
            a.dataType(),
            b.shape().flatMap(s -> ShapeMerge.merge(a.shape().get(), s)).or(a::shape)));
  }

  private Map<String, ValueInfo> statedValues() {
    Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
    for (Node node : graph.nodes()) {
      for (String result : node.results()) {
        TensorType type = types.get(result);
        if (type != null && !graph.isOutput(result)) {
          values.put(result, state(values.get(result), result, type));
        }
      }
    }
    return values;
  }

  private static ValueInfo state(@Nullable ValueInfo old, String name, ValueType type) {
    return old == null ? ValueInfo.of(name, type) : new ValueInfo(name, type, old.origin());
  }
}
