package dev.octet.workflow;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.Directive;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The nodes of a model that are quantized before anything is planned, as source quantization and
 * dynamic modes leave them: layers that read a stored weight through a DequantizeLinear, and layers
 * whose input becomes integers while the model runs, with the nodes that make these. A backend that
 * took them for floats would quantize the finding of scales itself.
 *
 * <p>What makes the integers of a DequantizeLinear begins behind the one value that scale, zero
 * point and integers are all computed from.
 */
final class AlreadyQuantized {

  private static final String LAYER = "the model itself, in which it computes on integers already";
  private static final String ON_THE_WAY =
      "the model itself, in which it belongs to integers that a layer reads already";

  /** A rounding to a narrower float stands between a DequantizeLinear and its layer. */
  private static final Set<String> BEHIND_COMPUTED = Set.of("Cast");

  /** A stored weight may also be turned round, or float zero points be added to its groups. */
  private static final Set<String> BEHIND_STORED = Set.of("Cast", "Transpose", "Reshape", "Add");

  private final GraphValues values;
  private final Map<String, Directive> found = new LinkedHashMap<>();

  private AlreadyQuantized(Graph graph) {
    this.values = GraphValues.of(graph);
  }

  /** Returns that such nodes stay as they are, by name. */
  static Map<String, Directive> directives(Graph graph) {
    AlreadyQuantized run = new AlreadyQuantized(graph);
    for (GraphValues.Member member : run.values.members()) {
      if (member.node().op().is("DequantizeLinear")) {
        run.consider(member);
      }
    }
    return run.found;
  }

  private void consider(GraphValues.Member dequantize) {
    boolean stored = constant(dequantize, 0) && constant(dequantize, 1) && isMatrix(dequantize);
    Optional<Set<GraphValues.Member>> way =
        stored || constant(dequantize, 1) ? Optional.empty() : way(dequantize);
    if (stored || way.isPresent()) {
      leave(dequantize.node(), ON_THE_WAY);
      way.ifPresent(nodes -> nodes.forEach(node -> leave(node.node(), ON_THE_WAY)));
      Set<String> between = stored ? BEHIND_STORED : BEHIND_COMPUTED;
      dequantize.result(0).ifPresent(value -> leaveReaders(value, between));
    }
  }

  private static boolean constant(GraphValues.Member member, int operand) {
    return member.operand(operand).flatMap(GraphValues.Value::constant).isPresent();
  }

  private static boolean isMatrix(GraphValues.Member dequantize) {
    return dequantize
        .operand(0)
        .flatMap(GraphValues.Value::constant)
        .filter(integers -> integers.rank() > 1)
        .isPresent();
  }

  private void leave(Node node, String why) {
    found.putIfAbsent(node.name(), new Directive.Excluded(why));
  }

  private void leaveReaders(GraphValues.Value value, Set<String> between) {
    for (GraphValues.Use use : value.uses()) {
      Node reader = use.reader().node();
      boolean passes = between.contains(reader.op().toString()) && readsNothingElse(use);
      leave(reader, passes ? ON_THE_WAY : LAYER);
      if (passes) {
        use.reader().result(0).ifPresent(result -> leaveReaders(result, between));
      }
    }
  }

  private static boolean readsNothingElse(GraphValues.Use use) {
    return IntStream.range(0, use.reader().node().operands().size())
        .allMatch(operand -> operand == use.operand() || constant(use.reader(), operand));
  }

  /**
   * Returns the nodes between a DequantizeLinear with a computed scale and the value that all it
   * reads is computed from; empty where there is no such value, or somebody else reads what these
   * nodes give.
   */
  private static Optional<Set<GraphValues.Member>> way(GraphValues.Member dequantize) {
    Set<GraphValues.Member> nodes = new LinkedHashSet<>();
    TreeSet<GraphValues.Value> open =
        new TreeSet<>(
            Comparator.<GraphValues.Value>comparingInt(AlreadyQuantized::place)
                .thenComparingInt(GraphValues.Value::number));
    addOperands(dequantize, open);
    while (open.size() > 1) {
      Optional<GraphValues.Member> last = open.pollLast().producer();
      if (last.isEmpty()) {
        return Optional.empty();
      }
      if (nodes.add(last.get())) {
        addOperands(last.get(), open);
      }
    }
    return nodes.stream().allMatch(node -> isInner(node, nodes, dequantize))
        ? Optional.of(nodes)
        : Optional.empty();
  }

  private static int place(GraphValues.Value value) {
    return value.producer().map(GraphValues.Member::number).orElse(-1);
  }

  private static void addOperands(GraphValues.Member member, Set<GraphValues.Value> open) {
    for (int i = 0; i < member.node().operands().size(); i++) {
      member.operand(i).filter(value -> value.constant().isEmpty()).ifPresent(open::add);
    }
  }

  private static boolean isInner(
      GraphValues.Member node, Set<GraphValues.Member> nodes, GraphValues.Member dequantize) {
    for (int i = 0; i < node.node().results().size(); i++) {
      Optional<GraphValues.Value> result = node.result(i);
      boolean outside =
          result.isPresent()
              && (result.get().isOutput()
                  || result.get().uses().stream()
                      .map(GraphValues.Use::reader)
                      .anyMatch(reader -> reader != dequantize && !nodes.contains(reader)));
      if (outside) {
        return false;
      }
    }
    return true;
  }
}
