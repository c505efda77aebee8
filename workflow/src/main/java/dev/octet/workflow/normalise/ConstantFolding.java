package dev.octet.workflow.normalise;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces nodes of the main graph that read only constants by their results, which the reference
 * executor computes.
 *
 * <p>A node stays when one of its results is an output of the graph, when it has subgraphs, draws
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
  private final Map<String, Tensor> computed = new LinkedHashMap<>();
  private final List<FoldedNode> folded = new ArrayList<>();

  private ConstantFolding(Model model, Cancellation cancellation) {
    this.model = model;
    this.cancellation = cancellation;
  }

  /**
   * Folds the constants of a model.
   *
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled
   */
  static Outcome fold(Model model, Cancellation cancellation) {
    ConstantFolding folding = new ConstantFolding(model, cancellation);
    model.graph().nodes().forEach(folding::visit);
    return folding.folded.isEmpty() ? Outcome.unchanged(model.graph()) : folding.outcome();
  }

  private void visit(Node node) {
    cancellation.throwIfCancelled();
    if (isCandidate(node)) {
      results(node).ifPresent(results -> replace(node, results));
    }
  }

  private boolean isCandidate(Node node) {
    for (int i = 0; i < node.operands().size(); i++) {
      String operand = node.operands().get(i);
      if (!operand.isEmpty() && constant(operand) == null) {
        return false;
      }
    }
    return node.op().domain().isEmpty()
        && !NEVER.contains(node.op().name())
        && node.subgraphs().isEmpty()
        && node.results().stream().noneMatch(model.graph()::isOutput);
  }

  private @Nullable Tensor constant(String value) {
    Tensor stored = model.graph().initializers().get(value);
    return stored != null ? stored : computed.get(value);
  }

  private Optional<Map<String, Tensor>> results(Node node) {
    Optional<Tensor> stated = node.tensorAttribute("value");
    if (node.op().is("Constant") && stated.isPresent()) {
      return Optional.of(Map.of(node.results().get(0), stated.get()));
    }
    Graph alone = alone(node);
    if (!isSmall(node, alone)) {
      return Optional.empty();
    }
    try (GraphExecutor executor = GraphExecutor.of(model.withGraph(alone), 1)) {
      return Optional.of(executor.run(Map.of()));
    } catch (OctetException refusal) {
      // What the executor does not run stays in the graph, where it is reported with its reason.
      return Optional.empty();
    }
  }

  /** Returns a graph of this node alone, whose operands are constants. */
  private Graph alone(Node node) {
    Map<String, Tensor> operands = new LinkedHashMap<>();
    for (String operand : node.operands()) {
      Tensor constant = constant(operand);
      if (constant != null) {
        operands.put(operand, constant);
      }
    }
    List<ValueInfo> outputs =
        node.results().stream()
            .filter(v -> !v.isEmpty())
            .map(v -> ValueInfo.of(v, type(v)))
            .toList();
    return new Graph("", List.of(), outputs, operands, List.of(node), Map.of(), Optional.empty());
  }

  private ValueType type(String value) {
    return model.graph().type(value).orElseGet(() -> new ValueType.Other("not stated"));
  }

  private boolean isSmall(Node node, Graph alone) {
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

  private static Optional<Long> bytes(ValueType.TensorType type) {
    return type.shape()
        .filter(shape -> shape.isKnown())
        .map(
            shape -> {
              long elements = 1;
              for (long size : shape.sizes()) {
                elements = Math.multiplyExact(elements, size);
              }
              return type.dataType().packedBytes(elements);
            });
  }

  private void replace(Node node, Map<String, Tensor> results) {
    computed.putAll(results);
    String names = String.join("', '", results.keySet());
    folded.add(
        new FoldedNode(
            node.name(), node.op(), List.of(), "computed beforehand: constant '" + names + "'"));
  }

  private Outcome outcome() {
    Graph graph = model.graph();
    GraphEditor editor = new GraphEditor(graph);
    ValueUses uses = new ValueUses(graph);
    ValueUses before = new ValueUses(graph);
    computed.forEach(
        (name, tensor) -> {
          editor.putInitializer(name, tensor);
          editor.removeValue(name);
        });
    for (FoldedNode node : folded) {
      uses.remove(editor.node(node.name()).operands());
      editor.remove(node.name());
    }
    computed.keySet().stream().filter(v -> uses.count(v) == 0).forEach(editor::removeInitializer);
    for (String name : graph.initializers().keySet()) {
      if (before.count(name) > 0 && uses.count(name) == 0) {
        editor.removeInitializer(name);
      }
    }
    return new Outcome(editor.finish(), folded, Map.of());
  }
}
