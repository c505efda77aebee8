package dev.octet.kernels.lower;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.array.ArrayKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Float nodes that together compute a function of one value: each element of what they give depends
 * on one element of one quantized tensor and on constants of one element, as a GELU does that is
 * spelt out in Div, Erf, Add and Mul. Nobody else reads what they hand to each other. Immutable.
 *
 * @param nodes the nodes in the order of the graph, at least two
 * @param source the integers of 8 bits that they all depend on
 * @param quantizers the QuantizeLinear nodes that read what the last node gives, at least one
 */
record OneValueRegion(List<Node> nodes, QuantizedValue source, List<Node> quantizers) {

  /** Operators of which each element of the result depends on one element of each operand. */
  private static final Set<String> OF_ELEMENTS =
      Set.of(
          "Abs",
          "Add",
          "Celu",
          "Clip",
          "Div",
          "Elu",
          "Erf",
          "Exp",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Log",
          "Max",
          "Min",
          "Mish",
          "Mul",
          "Neg",
          "Pow",
          "Reciprocal",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Sub",
          "Tanh",
          "ThresholdedRelu");

  OneValueRegion {
    nodes = List.copyOf(nodes);
    quantizers = List.copyOf(quantizers);
  }

  /** Returns the last node, whose result is quantized. */
  Node last() {
    return nodes.get(nodes.size() - 1);
  }

  /** Returns the regions of a graph by the names of their nodes. */
  static Map<String, OneValueRegion> of(Lowering lowering) {
    Map<String, OneValueRegion> regions = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (Node node : lowering.graph().graph().nodes()) {
      boolean ends = QdqGraph.isQuantize(node) && seen.add(node.operands().get(0));
      Optional<Node> last =
          ends ? lowering.graph().graph().producer(node.operands().get(0)) : Optional.empty();
      last.flatMap(end -> new Search(lowering).from(end))
          .ifPresent(region -> region.nodes.forEach(part -> regions.put(part.name(), region)));
    }
    return regions;
  }

  /** The way back from a node whose result is quantized to what it depends on. */
  private static final class Search {
    private final Lowering lowering;
    private final QdqGraph graph;
    private final Set<String> parts = new HashSet<>();
    private final List<QuantizedValue> sources = new ArrayList<>();
    private final Deque<Node> open = new ArrayDeque<>();

    Search(Lowering lowering) {
      this.lowering = lowering;
      this.graph = lowering.graph();
    }

    Optional<OneValueRegion> from(Node last) {
      open.add(last);
      while (!open.isEmpty()) {
        Node node = open.remove();
        if (parts.add(node.name()) && !take(node)) {
          return Optional.empty();
        }
      }
      List<Node> nodes =
          graph.graph().nodes().stream().filter(node -> parts.contains(node.name())).toList();
      List<Node> quantizers = graph.readers(last.results().get(0));
      boolean whole =
          !sources.isEmpty()
              && isMoreThanOneStep(nodes)
              && isQuantized(last, quantizers)
              && nodes.stream().filter(node -> !node.equals(last)).allMatch(this::staysInside)
              && constantsKeepTheShape(nodes);
      return whole
          ? Optional.of(new OneValueRegion(nodes, sources.get(0), quantizers))
          : Optional.empty();
    }

    private boolean take(Node node) {
      if (!node.op().domain().isEmpty() || !OF_ELEMENTS.contains(node.op().name())) {
        return false;
      }
      for (String operand : node.operands()) {
        if (!operand.isEmpty() && !takeOperand(operand)) {
          return false;
        }
      }
      return true;
    }

    private boolean takeOperand(String operand) {
      Optional<QdqValue> quantized = graph.dequantized(operand);
      if (quantized.isPresent()) {
        return takeSource(quantized.get());
      }
      if (graph.constant(operand).isPresent()) {
        return graph.constant(operand).filter(Search::isSingle).isPresent();
      }
      Optional<Node> producer = graph.graph().producer(operand);
      producer.ifPresent(open::add);
      return producer.isPresent();
    }

    private static boolean isSingle(Tensor constant) {
      return constant.elementCount() == 1 && ArrayKind.holds(constant.dataType());
    }

    private boolean takeSource(QdqValue value) {
      Optional<QuantizedValue> source =
          value.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty()));
      boolean fits =
          source
              .filter(x -> Lowering.isActivation(x, Byte.SIZE))
              .filter(x -> graph.constant(x.value()).isEmpty())
              .filter(x -> sources.isEmpty() || isSameAs(sources.get(0), x))
              .isPresent();
      source.filter(x -> fits).ifPresent(sources::add);
      return fits;
    }

    private static boolean isSameAs(QuantizedValue first, QuantizedValue other) {
      return first.value().equals(other.value()) && first.meansTheSameAs(other);
    }

    /** One node has an integer form of its own, with the bounds of those behind it. */
    private static boolean isMoreThanOneStep(List<Node> nodes) {
      int steps = nodes.size();
      while (steps > 0 && Activations.rule(nodes.get(steps - 1)).isPresent()) {
        steps--;
      }
      return steps > 1;
    }

    private boolean isQuantized(Node last, List<Node> quantizers) {
      String result = last.results().get(0);
      return !graph.isReadOutside(result)
          && quantizers.stream()
              .allMatch(
                  node ->
                      QdqGraph.isQuantize(node)
                          && node.operands().get(0).equals(result)
                          && becomesEightBits(node));
    }

    private boolean becomesEightBits(Node quantizer) {
      return graph
          .quantized(quantizer)
          .flatMap(y -> y.match(new QdqValue.Cases<>(Optional::of, dynamic -> Optional.empty())))
          .filter(y -> Lowering.isActivation(y, Byte.SIZE))
          .isPresent();
    }

    private boolean staysInside(Node node) {
      return node.results().stream()
          .allMatch(
              result ->
                  !graph.isReadOutside(result)
                      && graph.readers(result).stream()
                          .allMatch(reader -> parts.contains(reader.name())));
    }

    /** A constant of higher rank would broadcast the tensor. */
    private boolean constantsKeepTheShape(List<Node> nodes) {
      long highest =
          nodes.stream()
              .flatMap(node -> node.operands().stream())
              .flatMap(operand -> graph.constant(operand).stream())
              .mapToInt(Tensor::rank)
              .max()
              .orElse(0);
      return highest == 0
          || lowering.rank(sources.get(0).value()).filter(rank -> rank >= highest).isPresent();
    }
  }
}
