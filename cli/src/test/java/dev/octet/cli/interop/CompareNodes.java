package dev.octet.cli.interop;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.operators.Operators;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the integer nodes of a quantized model with the integers of another runtime, node by
 * node.
 *
 * <p>Each node gets the other runtime's own integers as operands. An element of its result that
 * differs is a tie when float32 arithmetic may have given the other integer, by the bound of the
 * exact value; all else is "other".
 */
public final class CompareNodes {

  private final Model model;
  private final Graph graph;
  private final Map<String, StoredIntegers> stored;
  private final Map<String, Long> differing = new LinkedHashMap<>();
  private final Set<String> compared = new LinkedHashSet<>();
  private final Set<String> left = new LinkedHashSet<>();
  private long elements;
  private long ties;
  private long other;

  private CompareNodes(Model model, Map<String, StoredIntegers> stored) {
    this.model = model;
    this.graph = model.graph();
    this.stored = stored;
  }

  /**
   * Prints counts as JSON.
   *
   * @param arguments the model, and a folder with the other runtime's integers: {@code index.json}
   *     maps value names to .npy files
   */
  public static void main(String[] arguments) throws IOException {
    Model lowered = QdqLowering.lower(new OnnxFormat().read(Path.of(arguments[0]))).model();
    Path folder = Path.of(arguments[1]);
    Map<String, StoredIntegers> stored = new LinkedHashMap<>();
    for (Map.Entry<String, Tree> entry :
        JsonText.read(folder.resolve("index.json")).asMapping().entries().entrySet()) {
      stored.put(entry.getKey(), StoredIntegers.read(folder.resolve(entry.getValue().asText())));
    }
    CompareNodes comparison = new CompareNodes(lowered, stored);
    lowered.graph().nodes().forEach(comparison::compare);
    System.out.print(JsonText.write(comparison.report()));
  }

  private void compare(Node node) {
    boolean integers = node.results().size() == 1 && stored.containsKey(node.results().get(0));
    if (!integers || node.op().is("QuantizeLinear")) {
      return;
    }
    for (String operand : node.operands()) {
      if (!operand.isEmpty()
          && !stored.containsKey(operand)
          && !graph.initializers().containsKey(operand)) {
        left.add(node.name());
        return;
      }
    }
    compared.add(node.name());
    StoredIntegers expected = of(node.results().get(0));
    for (int sample = 0; sample < expected.samples(); sample++) {
      compare(node, sample, expected.sample(sample));
    }
  }

  private void compare(Node node, int sample, Tensor expected) {
    Map<String, Tensor> operands = new LinkedHashMap<>();
    for (String operand : node.operands()) {
      Tensor constant = graph.initializers().get(operand);
      if (constant != null) {
        operands.put(operand, constant);
      } else if (!operand.isEmpty()) {
        operands.put(operand, of(operand).sample(sample));
      }
    }
    Tensor result = run(node, operands);
    Optional<ExactResult> exact = exact(node, operands, result);
    long[] ours = result.integers();
    long[] theirs = expected.integers();
    if (ours.length != theirs.length) {
      throw new IllegalStateException(node.name() + " gives " + result + ", not " + expected);
    }
    elements += ours.length;
    for (int i = 0; i < ours.length; i++) {
      if (ours[i] != theirs[i]) {
        differing.merge(
            node.op() + (explains(exact, i, theirs[i]) ? " tie" : " other"), 1L, Long::sum);
      }
    }
  }

  private Tensor run(Node node, Map<String, Tensor> operands) {
    List<ValueInfo> outputs =
        List.of(ValueInfo.of(node.results().get(0), new ValueType.Other("computed")));
    Graph one =
        new Graph(
            node.name(), List.of(), outputs, operands, List.of(node), Map.of(), Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(model.withGraph(one), 1)) {
      return executor.run(Map.of()).values().iterator().next();
    }
  }

  private Optional<ExactResult> exact(Node node, Map<String, Tensor> operands, Tensor result) {
    long opset = model.opsets().getOrDefault(node.op().domain(), 1L);
    return Operators.find(node.op())
        .flatMap(OperatorDefinition::exact)
        .map(
            rule ->
                ExactResult.of(rule, new ExactOperands(node, opset, operands, 0, result.type())));
  }

  private boolean explains(Optional<ExactResult> exact, int index, long integer) {
    boolean tie = exact.isPresent() && exact.get().explains(index, integer);
    ties += tie ? 1 : 0;
    other += tie ? 0 : 1;
    return tie;
  }

  private StoredIntegers of(String value) {
    StoredIntegers found = stored.get(value);
    if (found == null) {
      throw new IllegalStateException("there are no integers of '" + value + "'");
    }
    return found;
  }

  private Tree report() {
    Map<String, Tree> report = new LinkedHashMap<>();
    report.put("nodes", Tree.of(compared.size()));
    report.put("elements", Tree.of(elements));
    report.put("equal", Tree.of(elements - ties - other));
    report.put("ties", Tree.of(ties));
    report.put("other", Tree.of(other));
    report.put("notCompared", Tree.of(left.stream().map(Tree::of).toList()));
    Map<String, Tree> byOperator = new LinkedHashMap<>();
    differing.forEach((operator, count) -> byOperator.put(operator, Tree.of(count)));
    report.put("differing", Tree.of(byOperator));
    return Tree.of(report);
  }
}
