package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.operators.OperatorSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all plans of one graph of a loaded model share: its constants, what is computed from
 * constants alone, and its compiled nodes, each made when a plan first needs it. Once there is a
 * plan, every node has what it needs, and the contents that no plan reads again are released.
 * Thread-safe.
 */
final class CompiledGraph {

  private final OperatorSet operators;
  private final Function<OpType, Optional<OperatorKernel>> kernels;
  private final SortedMap<String, Long> opsets;
  private final boolean observable;
  private final Map<String, Constant> initializers = new HashMap<>();
  private final Map<String, CompiledNode> nodes = new ConcurrentHashMap<>();
  private final Map<String, List<Constant>> computed = new ConcurrentHashMap<>();
  private final Map<String, CompiledGraph> subgraphs = new HashMap<>();

  /** The constants whose contents plans read, among those of this graph and the ones around it. */
  private final Set<Constant> read = ConcurrentHashMap.newKeySet();

  /**
   * Starts with nothing but the constants of the graph and its subgraphs.
   *
   * @param operators the operators that there are
   * @param kernels gives the kernel of an operator
   * @param observable whether what is computed from constants may be asked for by name
   * @param heap decides which constants pass
   */
  CompiledGraph(
      OperatorSet operators,
      Function<OpType, Optional<OperatorKernel>> kernels,
      SortedMap<String, Long> opsets,
      boolean observable,
      HeapShare heap,
      Graph graph) {
    this.operators = operators;
    this.kernels = kernels;
    this.opsets = opsets;
    this.observable = observable;
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (ArrayKind.holds(tensor.dataType())) {
                this.initializers.put(name, heap.constant(tensor));
              }
            });
    for (Node node : graph.nodes()) {
      SubgraphValues.of(node)
          .forEach(
              (prefix, body) ->
                  subgraphs.put(
                      prefix,
                      new CompiledGraph(operators, kernels, opsets, observable, heap, body)));
    }
  }

  /** Tells whether what is computed from constants may be asked for by name. */
  boolean observable() {
    return observable;
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
    return nodes.computeIfAbsent(
        node.name(), name -> PassingNode.compiled(operator(node), compilation));
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
  CompiledGraph subgraph(String prefix) {
    return Objects.requireNonNull(subgraphs.get(prefix), prefix);
  }

  /** Notes that plans of the graph read the contents of a constant, in runs or when they begin. */
  void keep(Constant constant) {
    read.add(constant);
  }

  /** Notes that plans to come may read every constant of the graph and of its subgraphs. */
  void keepAll() {
    initializers.values().forEach(this::keep);
    subgraphs.values().forEach(CompiledGraph::keepAll);
  }

  /**
   * Releases the contents of constants that no plan has noted, in this graph and its subgraphs.
   * Which ones a plan notes does not depend on the shapes that it is made for.
   */
  void releaseUnread() {
    Set<Constant> all = new HashSet<>();
    Set<Constant> kept = new HashSet<>();
    collect(all, kept);
    for (Constant constant : all) {
      if (kept.contains(constant)) {
        constant.releaseStoredTwice();
      } else {
        constant.release();
      }
    }
  }

  private void collect(Set<Constant> all, Set<Constant> kept) {
    all.addAll(initializers.values());
    if (!observable) {
      computed.values().forEach(all::addAll);
    }
    kept.addAll(read);
    subgraphs.values().forEach(subgraph -> subgraph.collect(all, kept));
  }
}
