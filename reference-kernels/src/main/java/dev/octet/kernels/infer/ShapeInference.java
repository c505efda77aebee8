package dev.octet.kernels.infer;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.shape.ContentRule;
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
 * the model states them; that is never an error here, and {@link #inferAndTell} tells which nodes
 * of the main graph those are. The bodies of If, Loop and Scan are inferred as their graph is: they
 * see what is known around them, and tell what is known of their outputs. What a body is given has
 * the type that the body states, since it may be another one each time the body runs; where it
 * states none, what {@link ControlFlow} can tell. Outputs keep the types that the model states,
 * unless {@link #inferThroughout} is asked.
 */
public final class ShapeInference {

  private final OperatorSet operators;
  private final Graph graph;

  /** Whether outputs get the types that were inferred. */
  private final boolean outputsToo;

  private final SortedMap<String, Long> opsets;

  /** What is known around a body; null for the main graph. */
  private final @Nullable ShapeInference outer;

  private final Map<String, Known> known;
  private final Map<String, ValueInfo> stated;

  /** What is told of the nodes whose rules fail. */
  private final List<Contradiction> contradictions = new ArrayList<>();

  /**
   * What was inferred of a model.
   *
   * @param graph its main graph with the type of every value that could be inferred
   * @param outputs what was inferred of its outputs, which keep the type that the model states
   * @param contradictions the nodes of the main graph whose operands or attributes contradict each
   *     other, in its order
   */
  public record Inferred(
      Graph graph, Map<String, TensorType> outputs, List<Contradiction> contradictions) {

    /** Copies the collections. */
    public Inferred {
      outputs = Map.copyOf(outputs);
      contradictions = List.copyOf(contradictions);
    }

    /** Returns the type of a value; empty when it could not be inferred. */
    public Optional<TensorType> type(String value) {
      TensorType output = outputs.get(value);
      return output != null ? Optional.of(output) : graph.type(value).flatMap(ValueType::tensor);
    }

    /** Returns how much there is of it, in one line. */
    @Override
    public String toString() {
      return graph.nodes().size() + " nodes, " + contradictions.size() + " contradictions";
    }
  }

  /**
   * A node for whose results there is no shape.
   *
   * @param node the node
   * @param operands what is known of its operands, by index
   * @param cause what its shape rule threw: a {@link ShapeMismatchException}, or an {@link
   *     ArithmeticException} where sizes cannot be counted
   */
  public record Contradiction(
      Node node, List<Optional<TensorType>> operands, RuntimeException cause) {

    /** Copies the list. */
    public Contradiction {
      operands = List.copyOf(operands);
    }

    /** Returns the node and what contradicts what. */
    @Override
    public String toString() {
      return node.name() + ": " + cause.getMessage();
    }
  }

  /** What is known of a value. */
  private record Known(Optional<TensorType> type, Contents contents) {
    private static final Known NOTHING = new Known(Optional.empty(), Contents.UNKNOWN);
  }

  private ShapeInference(
      Graph graph,
      SortedMap<String, Long> opsets,
      OperatorSet operators,
      boolean outputsToo,
      @Nullable ShapeInference outer) {
    this.operators = operators;
    this.graph = graph;
    this.outputsToo = outputsToo;
    this.opsets = opsets;
    this.outer = outer;
    this.known = new HashMap<>(2 * (graph.nodes().size() + graph.initializers().size()));
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
    return new ShapeInference(model.graph(), model.opsets(), operators, false, null).run();
  }

  /**
   * Returns the main graph of a model with the type of every value that could be inferred, the
   * outputs of the graph and of its bodies included.
   *
   * @param operators the operators that there are
   */
  public static Graph inferThroughout(Model model, OperatorSet operators) {
    return new ShapeInference(model.graph(), model.opsets(), operators, true, null).run();
  }

  /**
   * Returns a graph with the type of every value that could be inferred.
   *
   * @param opset the version of the default operator set; other domains count as version 1
   */
  public static Graph infer(Graph graph, long opset) {
    SortedMap<String, Long> opsets = new TreeMap<>(Map.of("", opset));
    return new ShapeInference(graph, opsets, OperatorSet.standard(), false, null).run();
  }

  /**
   * Returns the main graph of a model with the type of every value that could be inferred, and the
   * nodes for whose results there is no shape whatever the model states of its values.
   *
   * @param operators the operators that there are
   */
  public static Inferred inferAndTell(Model model, OperatorSet operators) {
    ShapeInference first =
        new ShapeInference(model.graph(), model.opsets(), operators, false, null);
    Graph typed = first.run();
    if (first.contradictions.isEmpty()) {
      return new Inferred(typed, first.outputTypes(), List.of());
    }
    // What a model states of its values may be wrong, and then it is no fault of the nodes.
    Graph bare = model.graph().withValues(Map.of());
    ShapeInference alone = new ShapeInference(bare, model.opsets(), operators, false, null);
    alone.run();
    return new Inferred(typed, first.outputTypes(), alone.contradictions);
  }

  private Map<String, TensorType> outputTypes() {
    Map<String, TensorType> types = new HashMap<>();
    for (ValueInfo output : graph.outputs()) {
      known(output.name()).type().ifPresent(type -> types.put(output.name(), type));
    }
    return types;
  }

  private Graph run() {
    for (ValueInfo input : graph.inputs()) {
      known.putIfAbsent(input.name(), new Known(input.tensorType(), Contents.UNKNOWN));
    }
    graph.initializers().forEach(this::constant);
    List<Node> nodes = new ArrayList<>(graph.nodes().size());
    graph.nodes().forEach(node -> nodes.add(node(node)));
    if (!outputsToo && graph.nodes().stream().allMatch(node -> node.subgraphs().isEmpty())) {
      return graph.withValues(stated);
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        outputsToo ? graph.outputs().stream().map(this::inferredOutput).toList() : graph.outputs(),
        graph.initializers(),
        nodes,
        stated,
        graph.origin());
  }

  private ValueInfo inferredOutput(ValueInfo output) {
    return known(output.name())
        .type()
        .map(type -> state(output, output.name(), type))
        .orElse(output);
  }

  private Known known(String value) {
    for (ShapeInference scope = this; scope != null; scope = scope.outer) {
      Known found = scope.known.get(value);
      if (found != null) {
        return found;
      }
    }
    return Known.NOTHING;
  }

  private void constant(String name, Tensor value) {
    known.put(name, new Known(Optional.of(value.type()), Contents.of(value)));
  }

  /** Infers the results of a node, and returns it with its bodies inferred. */
  private Node node(Node node) {
    Optional<OperatorDefinition> operator = operators.find(node.op());
    ShapeContext context = context(node);
    if (!node.subgraphs().isEmpty()) {
      return withBodies(node, context, operator.flatMap(OperatorDefinition::controlFlow));
    }
    List<Optional<TensorType>> results =
        operator.map(definition -> inferred(definition.shape(), context)).orElse(List.of());
    Contents contents =
        node.results().size() != 1
            ? Contents.UNKNOWN
            : operator
                .flatMap(OperatorDefinition::contents)
                .flatMap(rule -> contents(rule, context))
                .orElse(Contents.UNKNOWN);
    results(node, results, contents);
    return node;
  }

  private Node withBodies(Node node, ShapeContext context, Optional<ControlFlow> kind) {
    Optional<ControlFlow> fitting =
        kind.filter(each -> each.refusal(node, context.opset()).isEmpty());
    List<Optional<TensorType>> given =
        fitting.map(each -> each.given(node, context.operands())).orElse(List.of());
    List<List<Optional<TensorType>>> outputs = new ArrayList<>();
    List<Graph> bodies = new ArrayList<>();
    for (Graph body : node.subgraphs()) {
      ShapeInference inner = new ShapeInference(body, opsets, operators, outputsToo, this);
      inner.give(given);
      bodies.add(inner.run());
      outputs.add(body.outputs().stream().map(o -> inner.known(o.name()).type()).toList());
    }
    results(
        node,
        fitting.map(each -> each.results(node, context.operands(), outputs)).orElse(List.of()),
        Contents.UNKNOWN);
    return node.withSubgraphs(bodies);
  }

  /** Takes what a body is given, where it does not state a type itself. */
  private void give(List<Optional<TensorType>> given) {
    for (int i = 0; i < Math.min(given.size(), graph.inputs().size()); i++) {
      ValueInfo input = graph.inputs().get(i);
      if (input.tensorType().isEmpty()) {
        known.put(input.name(), new Known(given.get(i), Contents.UNKNOWN));
      }
    }
  }

  private void results(Node node, List<Optional<TensorType>> results, Contents contents) {
    for (int i = 0; i < node.results().size(); i++) {
      Optional<TensorType> inferred = i < results.size() ? results.get(i) : Optional.empty();
      if (!node.results().get(i).isEmpty()) {
        result(node.results().get(i), inferred, contents);
      }
    }
  }

  private ShapeContext context(Node node) {
    int count = node.operands().size();
    List<Optional<TensorType>> types = new ArrayList<>(count);
    List<Contents> contents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Known operand = known(node.operands().get(i));
      types.add(operand.type());
      contents.add(operand.contents());
    }
    return new ShapeContext(node, opsets.getOrDefault(node.op().domain(), 1L), types, contents);
  }

  /** No node may stop the inference of the others, so that every failure of a rule is told of. */
  private List<Optional<TensorType>> inferred(ShapeRule rule, ShapeContext context) {
    try {
      return rule.infer(context);
    } catch (RuntimeException e) {
      contradictions.add(new Contradiction(context.node(), context.operands(), e));
      return List.of();
    }
  }

  /** Sizes that cannot be counted are not known. */
  private static Optional<Contents> contents(ContentRule rule, ShapeContext context) {
    try {
      return rule.contents(context);
    } catch (RuntimeException e) {
      return Optional.empty();
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
