package dev.octet.kernels.infer;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.OperatorSet;
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
 * the model states them; that is never an error here. Subgraphs are left as they are, unless {@link
 * #inferThroughout} is asked.
 */
public final class ShapeInference {

  private final OperatorSet operators;
  private final Graph graph;
  private final SortedMap<String, Long> opsets;
  private final Map<String, Known> known;
  private final Map<String, ValueInfo> stated;

  /** What is known of a value. */
  private record Known(Optional<TensorType> type, Contents contents) {
    private static final Known NOTHING = new Known(Optional.empty(), Contents.UNKNOWN);
  }

  private ShapeInference(Graph graph, SortedMap<String, Long> opsets, OperatorSet operators) {
    this(graph, opsets, operators, Map.of());
  }

  private ShapeInference(
      Graph graph,
      SortedMap<String, Long> opsets,
      OperatorSet operators,
      Map<String, Known> around) {
    this.operators = operators;
    this.graph = graph;
    this.opsets = opsets;
    this.known = new HashMap<>(2 * (graph.nodes().size() + graph.initializers().size()));
    this.known.putAll(around);
    this.stated = new LinkedHashMap<>(2 * Math.max(graph.nodes().size(), graph.values().size()));
    graph.values().forEach(stated::put);
  }

  /** Returns the main graph of a model with the type of every value that could be inferred. */
  public static Graph infer(Model model) {
    return infer(model, OperatorSet.standard());
  }

  /**
   * Returns the main graph of a model with the type of every value that could be inferred.
   *
   * @param operators the operators that there are
   */
  public static Graph infer(Model model, OperatorSet operators) {
    return new ShapeInference(model.graph(), model.opsets(), operators).run();
  }

  /**
   * Returns the main graph of a model with the type of every value that could be inferred, those of
   * subgraphs and all outputs included. What a subgraph is given has the type that the subgraph
   * states, since it may be another one each time the subgraph runs.
   *
   * @param operators the operators that there are
   */
  public static Graph inferThroughout(Model model, OperatorSet operators) {
    return new ShapeInference(model.graph(), model.opsets(), operators).runThroughout();
  }

  /**
   * Returns a graph with the type of every value that could be inferred.
   *
   * @param opset the version of the default operator set; other domains count as version 1
   */
  public static Graph infer(Graph graph, long opset) {
    return new ShapeInference(graph, new TreeMap<>(Map.of("", opset)), OperatorSet.standard())
        .run();
  }

  private Graph run() {
    for (ValueInfo input : graph.inputs()) {
      known.put(input.name(), new Known(input.tensorType(), Contents.UNKNOWN));
    }
    graph.initializers().forEach(this::constant);
    graph.nodes().forEach(this::node);
    return graph.withValues(stated);
  }

  private Graph runThroughout() {
    Graph typed = run();
    List<Node> nodes = new ArrayList<>();
    for (Node node : typed.nodes()) {
      Node inner = node;
      for (Attribute attribute : node.attributes().values()) {
        inner = inner.withAttribute(throughout(attribute));
      }
      nodes.add(inner);
    }
    return new Graph(
        typed.name(),
        typed.inputs(),
        typed.outputs().stream().map(this::inferredOutput).toList(),
        typed.initializers(),
        nodes,
        typed.values(),
        typed.origin());
  }

  private ValueInfo inferredOutput(ValueInfo output) {
    return known
        .getOrDefault(output.name(), Known.NOTHING)
        .type()
        .map(type -> state(output, output.name(), type))
        .orElse(output);
  }

  private Attribute throughout(Attribute attribute) {
    List<Graph> typed = new ArrayList<>();
    for (Graph body : attribute.value().graphs()) {
      typed.add(new ShapeInference(body, opsets, operators, known).runThroughout());
    }
    return new Attribute(attribute.name(), attribute.value().withGraphs(typed), attribute.origin());
  }

  private void constant(String name, Tensor value) {
    known.put(name, new Known(Optional.of(value.type()), Contents.of(value)));
  }

  private void node(Node node) {
    Optional<OperatorDefinition> operator = operators.find(node.op());
    ShapeContext context = context(node);
    List<Optional<TensorType>> results =
        operator.map(definition -> inferred(definition.shape(), context)).orElse(List.of());
    Contents contents =
        node.results().size() != 1
            ? Contents.UNKNOWN
            : operator
                .flatMap(OperatorDefinition::contents)
                .flatMap(rule -> rule.contents(context))
                .orElse(Contents.UNKNOWN);
    for (int i = 0; i < node.results().size(); i++) {
      Optional<TensorType> inferred = i < results.size() ? results.get(i) : Optional.empty();
      result(node.results().get(i), inferred, contents);
    }
  }

  private ShapeContext context(Node node) {
    int count = node.operands().size();
    List<Optional<TensorType>> types = new ArrayList<>(count);
    List<Contents> contents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Known operand = known.getOrDefault(node.operands().get(i), Known.NOTHING);
      types.add(operand.type());
      contents.add(operand.contents());
    }
    return new ShapeContext(node, opsets.getOrDefault(node.op().domain(), 1L), types, contents);
  }

  private static List<Optional<TensorType>> inferred(ShapeRule rule, ShapeContext context) {
    try {
      return rule.infer(context);
    } catch (ShapeMismatchException | ArithmeticException contradiction) {
      return List.of();
    }
  }

  private void result(String name, Optional<TensorType> inferred, Contents contents) {
    ValueInfo old = stated.get(name);
    Optional<TensorType> type = merged(inferred, stated(name, old));
    known.put(name, new Known(type, contents));
    if (type.isPresent() && !graph.isOutput(name)) {
      stated.put(name, state(old, name, type.get()));
    }
  }

  private Optional<TensorType> stated(String name, @Nullable ValueInfo old) {
    if (old != null) {
      return old.tensorType();
    }
    return graph.isOutput(name) ? graph.type(name).flatMap(ValueType::tensor) : Optional.empty();
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

  private static ValueInfo state(@Nullable ValueInfo old, String name, ValueType type) {
    return old == null ? ValueInfo.of(name, type) : new ValueInfo(name, type, old.origin());
  }
}
