package dev.octet.annotation.resolve;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Graphs of random structure: operators of one and of several results, operands that are left out,
 * constants of one reader and of several, values that one node reads twice, and subgraphs that read
 * values of the graphs around them. Every value is stated to be FLOAT; shapes mean nothing.
 */
public final class GeneratedGraph {

  private static final List<String> OPERATORS =
      List.of(
          "Conv", "Relu", "Add", "Mul", "MatMul", "MaxPool", "Concat", "Split", "Sigmoid", "Clip",
          "TopK", "If");
  private static final int MOST_SUBGRAPH_NODES = 4;

  private final Random random;
  private int nodeCount;
  private int valueCount;

  private GeneratedGraph(Random random) {
    this.random = random;
  }

  /**
   * Returns a graph.
   *
   * @param random decides on everything
   * @param size number of nodes of the main graph, at least 1
   */
  public static Graph of(Random random, int size) {
    return new GeneratedGraph(random).graph(List.of(), size, 1 + random.nextInt(2), true);
  }

  /** Returns the operands and results that there are, of the nodes of all subgraphs too. */
  public static List<Point> points(Graph graph) {
    List<Point> points = new ArrayList<>();
    for (Node node : graph.nodesWithSubgraphs()) {
      for (int i = 0; i < node.operands().size(); i++) {
        if (!node.operands().get(i).isEmpty()) {
          points.add(Point.operand(node.name(), i));
        }
      }
      for (int i = 0; i < node.results().size(); i++) {
        if (!node.results().get(i).isEmpty()) {
          points.add(Point.result(node.name(), i));
        }
      }
    }
    return points;
  }

  /**
   * Returns the same graph with its nodes in another order in which every value is defined before
   * it is read, subgraphs and the order of constants included.
   */
  public static Graph reordered(Graph graph, Random random) {
    List<String> names = new ArrayList<>(graph.initializers().keySet());
    Collections.shuffle(names, random);
    Map<String, Tensor> constants = new LinkedHashMap<>();
    names.forEach(name -> constants.put(name, graph.initializers().get(name)));
    List<Node> waiting = new ArrayList<>(graph.nodes());
    Collections.shuffle(waiting, random);
    Set<String> undefined = new HashSet<>();
    waiting.forEach(node -> undefined.addAll(node.results()));
    undefined.remove("");
    List<Node> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Node next =
          waiting.stream()
              .filter(node -> Collections.disjoint(reads(node), undefined))
              .findFirst()
              .orElseThrow();
      waiting.remove(next);
      undefined.removeAll(next.results());
      ordered.add(reordered(next, random));
    }
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        constants,
        ordered,
        graph.values(),
        Optional.empty());
  }

  private static Node reordered(Node node, Random random) {
    List<Attribute> attributes = new ArrayList<>();
    node.subgraphs()
        .forEach(
            inner ->
                attributes.add(
                    branch(
                        attributes.isEmpty() ? "then_branch" : "else_branch",
                        reordered(inner, random))));
    return Node.of(
        node.name(),
        node.op(),
        node.operands(),
        node.results(),
        attributes.toArray(Attribute[]::new));
  }

  private static Set<String> reads(Node node) {
    Set<String> reads = new LinkedHashSet<>(node.operands());
    for (Graph inner : node.subgraphs()) {
      inner.nodes().forEach(n -> reads.addAll(reads(n)));
    }
    return reads;
  }

  private static Attribute branch(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private Graph graph(List<String> outer, int size, int inputs, boolean subgraphs) {
    List<String> known = new ArrayList<>(outer);
    List<String> inputNames = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      inputNames.add(value());
    }
    known.addAll(inputNames);
    Map<String, Tensor> constants = new LinkedHashMap<>();
    Map<String, Node> nodes = new LinkedHashMap<>();
    while (nodes.size() < size) {
      Node node = node(known, constants, subgraphs);
      nodes.put(node.name(), node);
      node.results().stream().filter(r -> !r.isEmpty()).forEach(known::add);
    }
    String last =
        List.copyOf(nodes.values()).get(size - 1).results().stream()
            .filter(r -> !r.isEmpty())
            .findFirst()
            .orElseThrow();
    return new Graph(
        "g" + valueCount++,
        infos(inputNames),
        infos(List.of(last)),
        constants,
        List.copyOf(nodes.values()),
        stated(nodes.values(), last),
        Optional.empty());
  }

  private static Map<String, ValueInfo> stated(Collection<Node> nodes, String output) {
    List<String> names = new ArrayList<>();
    nodes.forEach(node -> names.addAll(node.results()));
    names.removeAll(List.of("", output));
    Map<String, ValueInfo> stated = new LinkedHashMap<>();
    infos(names).forEach(info -> stated.put(info.name(), info));
    return stated;
  }

  private Node node(List<String> known, Map<String, Tensor> constants, boolean subgraphs) {
    String op = OPERATORS.get(random.nextInt(OPERATORS.size() - (subgraphs ? 0 : 1)));
    // Names in another order than the graph's, so that sorting cannot stand in for it.
    String name = (char) ('a' + random.nextInt(26)) + "_" + op + "_" + nodeCount++;
    return switch (op) {
      case "Conv" ->
          node(
              name,
              op,
              random.nextBoolean()
                  ? List.of(any(known), constant(constants), constant(constants))
                  : List.of(any(known), constant(constants)),
              value());
      case "Add", "Mul" -> {
        String first = any(known);
        String second = random.nextInt(4) == 0 ? first : any(known);
        yield node(name, op, List.of(first, second), value());
      }
      case "MatMul" ->
          node(
              name,
              op,
              List.of(any(known), random.nextBoolean() ? any(known) : constant(constants)),
              value());
      case "Concat" -> {
        List<String> operands = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          operands.add(random.nextInt(6) == 0 ? constant(constants) : any(known));
        }
        yield node(name, op, operands, value());
      }
      case "Split" -> node(name, op, List.of(any(known)), value(), value(), value());
      case "Clip" -> node(name, op, List.of(any(known), "", constant(constants)), value());
      case "TopK" ->
          random.nextBoolean()
              ? node(name, op, List.of(any(known), constant(constants)), value(), value())
              : node(name, op, List.of(any(known), constant(constants)), "", value());
      case "If" ->
          Node.of(
              name,
              OpType.onnx(op),
              List.of(any(known)),
              List.of(value()),
              branch("then_branch", inner(known)),
              branch("else_branch", inner(known)));
      default -> node(name, op, List.of(any(known)), value());
    };
  }

  private Graph inner(List<String> known) {
    return graph(known, 1 + random.nextInt(MOST_SUBGRAPH_NODES), 0, random.nextInt(5) == 0);
  }

  private static Node node(String name, String op, List<String> operands, String... results) {
    return Node.of(name, OpType.onnx(op), operands, List.of(results));
  }

  private String value() {
    return "v" + valueCount++;
  }

  private String any(List<String> known) {
    int newest = Math.min(known.size(), 6);
    return random.nextInt(3) == 0
        ? known.get(random.nextInt(known.size()))
        : known.get(known.size() - 1 - random.nextInt(newest));
  }

  private String constant(Map<String, Tensor> constants) {
    if (!constants.isEmpty() && random.nextInt(3) == 0) {
      return List.copyOf(constants.keySet()).get(random.nextInt(constants.size()));
    }
    String name = "c" + valueCount++;
    constants.put(name, Tensor.of(new float[] {1f}, 1));
    return name;
  }

  private static List<ValueInfo> infos(List<String> names) {
    ValueType type = ValueType.TensorType.of(DataType.FLOAT, Shape.of(1));
    return names.stream().map(name -> ValueInfo.of(name, type)).toList();
  }
}
