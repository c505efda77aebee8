package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.operators.OperatorSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all plans of one graph of a loaded model share: its constants, what is computed from
 * constants alone, and its compiled nodes, each made when a plan first needs it. Thread-safe.
 */
final class CompiledGraph {

  private final OperatorSet operators;
  private final Function<OpType, Optional<OperatorKernel>> kernels;
  private final SortedMap<String, Long> opsets;
  private final Map<String, Constant> initializers = new HashMap<>();
  private final Map<String, CompiledNode> nodes = new ConcurrentHashMap<>();
  private final Map<String, List<Constant>> computed = new ConcurrentHashMap<>();
  private final Map<String, CompiledGraph> subgraphs = new ConcurrentHashMap<>();

  /**
   * Starts with nothing but the constants of the graph itself.
   *
   * @param operators the operators that there are
   * @param kernels gives the kernel of an operator
   */
  CompiledGraph(
      OperatorSet operators,
      Function<OpType, Optional<OperatorKernel>> kernels,
      SortedMap<String, Long> opsets,
      Map<String, Tensor> initializers) {
    this.operators = operators;
    this.kernels = kernels;
    this.opsets = opsets;
    initializers.forEach(
        (name, tensor) -> {
          if (ArrayKind.holds(tensor.dataType())) {
            this.initializers.put(name, Constant.of(tensor));
          }
        });
  }

  /** Returns the operators that there are. */
  OperatorSet operators() {
    return operators;
  }

  /** Returns how the nodes of an operator that has a kernel are executed. */
  OperatorKernel operator(Node node) {
    return kernels.apply(node.op()).orElseThrow();
  }

  /** Returns the version of the operator set that a node's domain has in the model. */
  long opset(Node node) {
    return opsets.getOrDefault(node.op().domain(), 1L);
  }

  /** Returns the constants of the graph by name. */
  Map<String, Constant> initializers() {
    return initializers;
  }

  /** Returns a node of the graph, compiled at the first call. */
  CompiledNode node(Compilation compilation) {
    Node node = compilation.node();
    return nodes.computeIfAbsent(node.name(), name -> operator(node).compile(compilation));
  }

  /**
   * Returns the results of a node that reads nothing but constants of the model, by result index.
   *
   * @param compute called at the first call
   */
  List<Constant> computed(Node node, Supplier<List<Constant>> compute) {
    return computed.computeIfAbsent(node.name(), name -> compute.get());
  }

  /**
   * Returns what the plans of a subgraph share.
   *
   * @param prefix what stands before the names of its values
   */
  CompiledGraph subgraph(String prefix, Graph graph) {
    return subgraphs.computeIfAbsent(
        prefix, key -> new CompiledGraph(operators, kernels, opsets, graph.initializers()));
  }
}
