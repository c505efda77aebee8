package dev.octet.workflow.normalise;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.NameMapping;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.workflow.normalise.Normaliser.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replaces nodes of a graph and of its bodies that read only constants by their results, which the
 * reference executor computes. What a node of a body computes becomes a constant of that body.
 *
 * <p>A node stays when one of its results is an output of its graph, when it has subgraphs, draws
 * random numbers, quantizes or dequantizes, when the executor does not run it, or when its results
 * are not known beforehand to be small: at most {@value #LARGEST_RESULT} bytes, or as many as its
 * operands. Constants that only folded nodes read are removed with them.
 */
final class ConstantFolding {

  /** Bytes that a result may have however small the operands are. */
  static final long LARGEST_RESULT = 1L << 22;

  private static final Set<String> NEVER =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "RandomNormal",
          "RandomUniform",
          "RandomNormalLike",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli",
          "Dropout");

  private final Model model;
  private final Cancellation cancellation;
  private final List<FoldedNode> folded = new ArrayList<>();

  private ConstantFolding(Model model, Cancellation cancellation) {
    this.model = model;
    this.cancellation = cancellation;
  }

  /** A graph that is being folded, and those around it. */
  private record Scope(Graph graph, Map<String, Tensor> computed, Optional<Scope> outer) {

    private Scope(Graph graph, Optional<Scope> outer) {
      this(graph, new LinkedHashMap<>(), outer);
    }

    /** Returns the constant that a name means here; null when it is no constant's. */
    private @Nullable Tensor constant(String value) {
      Tensor stored = graph.initializers().get(value);
      Tensor found = stored != null ? stored : computed.get(value);
      if (found != null || isDefined(value)) {
        return found;
      }
      return outer.map(scope -> scope.constant(value)).orElse(null);
    }

    private boolean isDefined(String value) {
      return graph.producer(value).isPresent()
          || graph.inputs().stream().anyMatch(input -> input.name().equals(value));
    }
  }

  /**
   * Folds the constants of a model.
   *
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled
   */
  static Outcome fold(Model model, Cancellation cancellation) {
    ConstantFolding folding = new ConstantFolding(model, cancellation);
    Graph graph = folding.fold(new Scope(model.graph(), Optional.empty()));
    if (folding.folded.isEmpty()) {
      return Outcome.unchanged(model.graph());
    }
    SortedMap<String, List<String>> gone = new TreeMap<>();
    folding.folded.forEach(node -> gone.put(node.name(), List.of()));
    NameMapping mapping = new NameMapping(gone);
    return new Outcome(new GraphEditor.Edited(graph, mapping), folding.folded, Map.of());
  }

  private Graph fold(Scope scope) {
    int before = folded.size();
    List<Node> kept = new ArrayList<>();
    for (Node node : scope.graph().nodes()) {
      cancellation.throwIfCancelled();
      Optional<Map<String, Tensor>> results =
          isCandidate(node, scope) ? results(node, scope) : Optional.empty();
      if (results.isPresent()) {
        replace(node, results.get(), scope);
      } else {
        kept.add(withFoldedBodies(node, scope));
      }
    }
    return folded.size() == before ? scope.graph() : rebuilt(scope, kept);
  }

  private Node withFoldedBodies(Node node, Scope scope) {
    List<Graph> bodies = node.subgraphs();
    return bodies.isEmpty()
        ? node
        : node.withSubgraphs(
            bodies.stream().map(body -> fold(new Scope(body, Optional.of(scope)))).toList());
  }

  private static boolean isCandidate(Node node, Scope scope) {
    for (int i = 0; i < node.operands().size(); i++) {
      String operand = node.operands().get(i);
      if (!operand.isEmpty() && scope.constant(operand) == null) {
        return false;
      }
    }
    return node.op().domain().isEmpty()
        && !NEVER.contains(node.op().name())
        && node.subgraphs().isEmpty()
        && node.results().stream().noneMatch(scope.graph()::isOutput);
  }

  private Optional<Map<String, Tensor>> results(Node node, Scope scope) {
    Optional<Tensor> stated = node.tensorAttribute("value");
    if (node.op().is("Constant") && stated.isPresent()) {
      return Optional.of(Map.of(node.results().get(0), stated.get()));
    }
    Graph alone = alone(node, scope);
    if (!isSmall(node, alone)) {
      return Optional.empty();
    }
    try {
      Map<String, Tensor> results = new LinkedHashMap<>(run(alone));
      for (Tensor operand : alone.initializers().values()) {
        results.replaceAll((name, result) -> result.remadeFrom(operand, () -> run(alone, name)));
      }
      return Optional.of(results);
    } catch (OctetException refusal) {
      // What the executor does not run stays in the graph, where it is reported with its reason.
      return Optional.empty();
    }
  }

  private Map<String, Tensor> run(Graph alone) {
    try (GraphExecutor executor = GraphExecutor.of(model.withGraph(alone), 1)) {
      return executor.run(Map.of());
    }
  }

  private Tensor run(Graph alone, String result) {
    return Objects.requireNonNull(run(alone).get(result), result);
  }

  /** Returns a graph of this node alone, whose operands are constants. */
  private static Graph alone(Node node, Scope scope) {
    Map<String, Tensor> operands = new LinkedHashMap<>();
    for (String operand : node.operands()) {
      Tensor constant = scope.constant(operand);
      if (constant != null) {
        operands.put(operand, constant);
      }
    }
    List<ValueInfo> outputs =
        node.results().stream()
            .filter(v -> !v.isEmpty())
            .map(v -> ValueInfo.of(v, type(v, scope.graph())))
            .toList();
    return new Graph("", List.of(), outputs, operands, List.of(node), Map.of(), Optional.empty());
  }

  private static ValueType type(String value, Graph graph) {
    return graph.type(value).orElseGet(() -> new ValueType.Other("not stated"));
  }

  private static boolean isSmall(Node node, Graph alone) {
    long limit = LARGEST_RESULT;
    long operandBytes = alone.initializers().values().stream().mapToLong(Tensor::byteCount).sum();
    for (ValueInfo output : alone.outputs()) {
      Optional<Long> bytes = output.tensorType().flatMap(ConstantFolding::bytes);
      if (bytes.isEmpty() || bytes.get() > Math.max(limit, operandBytes)) {
        return node.op().is("Constant");
      }
    }
    return true;
  }

  /** Returns the bytes of a tensor of a known shape; empty where they cannot be counted. */
  private static Optional<Long> bytes(ValueType.TensorType type) {
    return type.shape()
        .filter(Shape::isKnown)
        .flatMap(
            shape -> {
              try {
                long elements = Shape.count(shape.sizes());
                return Optional.of(type.dataType().packedBytes(elements));
              } catch (ArithmeticException e) {
                return Optional.empty();
              }
            });
  }

  private void replace(Node node, Map<String, Tensor> results, Scope scope) {
    scope.computed().putAll(results);
    String names = String.join("', '", results.keySet());
    folded.add(
        new FoldedNode(
            node.name(), node.op(), List.of(), "computed beforehand: constant '" + names + "'"));
  }

  private static Graph rebuilt(Scope scope, List<Node> kept) {
    Graph graph = scope.graph();
    Map<String, ValueInfo> values = new LinkedHashMap<>(graph.values());
    values.keySet().removeAll(scope.computed().keySet());
    Graph folded = withConstants(graph, graph.initializers(), kept, values);
    ValueUses before = new ValueUses(graph);
    ValueUses now = new ValueUses(folded);
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.keySet().removeIf(name -> before.count(name) > 0 && now.count(name) == 0);
    scope
        .computed()
        .forEach(
            (name, tensor) -> {
              if (now.count(name) > 0) {
                constants.put(name, tensor);
              }
            });
    return withConstants(graph, constants, kept, values);
  }

  private static Graph withConstants(
      Graph graph, Map<String, Tensor> constants, List<Node> nodes, Map<String, ValueInfo> values) {
    return new Graph(
        graph.name(), graph.inputs(), graph.outputs(), constants, nodes, values, graph.origin());
  }
}
