package dev.octet.cli.interop;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.exact.IntegerNodeProbe;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
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

  private final Graph graph;
  private final Map<String, StoredIntegers> stored;
  private final Map<String, Long> differing = new LinkedHashMap<>();
  private final Set<String> compared = new LinkedHashSet<>();
  private final Set<String> left = new LinkedHashSet<>();
  private long elements;
  private long ties;
  private long other;

  private CompareNodes(Graph graph, Map<String, StoredIntegers> stored) {
    this.graph = graph;
    this.stored = stored;
  }

  /**
   * Prints counts as JSON.
   *
   * @param arguments the model, and a folder with the other runtime's integers: {@code index.json}
   *     maps value names to .npy files
   */
  public static void main(String[] arguments) throws IOException {
    Graph lowered = QdqLowering.lower(OnnxFormat.read(Path.of(arguments[0]))).model().graph();
    Path folder = Path.of(arguments[1]);
    Map<String, StoredIntegers> stored = new LinkedHashMap<>();
    for (Map.Entry<String, Tree> entry :
        JsonText.read(folder.resolve("index.json")).asMapping().entries().entrySet()) {
      stored.put(entry.getKey(), StoredIntegers.read(folder.resolve(entry.getValue().asText())));
    }
    CompareNodes comparison = new CompareNodes(lowered, stored);
    lowered.nodes().forEach(comparison::compare);
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
    IntegerNodeProbe probe = IntegerNodeProbe.run(node, operands);
    long[] ours = probe.result().integers();
    long[] theirs = expected.integers();
    if (ours.length != theirs.length) {
      throw new IllegalStateException(
          node.name() + " gives " + probe.result() + ", not " + expected);
    }
    elements += ours.length;
    for (int i = 0; i < ours.length; i++) {
      if (ours[i] != theirs[i]) {
        differing.merge(
            node.op() + (explains(probe, i, theirs[i]) ? " tie" : " other"), 1L, Long::sum);
      }
    }
  }

  private boolean explains(IntegerNodeProbe probe, int index, long integer) {
    boolean tie = probe.hasExact() && probe.explains(index, integer);
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
