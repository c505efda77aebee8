package dev.octet.cli.conformance;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.cli.conformance.GoldenDecisions.TorchAnnotation;
import dev.octet.cli.conformance.GoldenDecisions.TorchInput;
import dev.octet.cli.conformance.GoldenDecisions.TorchNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the points of a graph that the marks of a golden file are about. A PyTorch node is found by
 * the ONNX tensor with the same numbers; a linear layer is the MatMul before the Add of its bias,
 * and a layer whose BatchNormalization was folded is the layer that took it in.
 */
final class GoldenPoints {

  /**
   * A mark of the golden file at a point of ours.
   *
   * @param point the point
   * @param group the group of the golden file; empty when the point is left in float
   */
  record MarkedPoint(Point point, OptionalInt group) {}

  /** Operators that some quantizers decompose, and what PyTorch calls them when they are whole. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "Div", "aten.div.Tensor",
          "Gather", "aten.embedding.default",
          "LayerNormalization", "aten.layer_norm.default",
          "ReduceMean", "aten.mean.dim",
          "Softmax", "aten.softmax.int");

  private final GoldenDecisions golden;
  private final Graph graph;
  private final Map<String, TorchNode> nodes = new HashMap<>();
  private final List<MarkedPoint> marked = new ArrayList<>();
  private final List<String> withoutTwin = new ArrayList<>();
  private final Set<String> readWithoutTwin = new HashSet<>();
  private final Set<String> decomposed = new HashSet<>();

  private GoldenPoints(GoldenDecisions golden, Graph graph) {
    this.golden = golden;
    this.graph = graph;
    nodes.putAll(golden.nodes());
  }

  static GoldenPoints of(GoldenDecisions golden, Graph graph) {
    GoldenPoints points = new GoldenPoints(golden, graph);
    points.nameNodesOfTraining();
    golden.annotations().forEach(points::add);
    return points;
  }

  List<MarkedPoint> marked() {
    return marked;
  }

  /** Returns the marks whose node, or whose operand's node, has no ONNX twin, by name. */
  List<String> withoutTwin() {
    return withoutTwin;
  }

  /**
   * Tells whether marks at a node that reads a value have no place in the file: a PyTorch node of
   * this operator reads the value and has no twin, or PyTorch has parts instead of the node.
   */
  boolean hasNoTwin(Node node, String value) {
    return decomposed.contains(node.name()) || readWithoutTwin.contains(node.op() + " " + value);
  }

  /** Returns the operands that edges of the file are, written as {@code producer->node}. */
  List<Point> edges(List<String> edges) {
    return edges.stream().flatMap(edge -> edge(edge).stream()).toList();
  }

  private Optional<Point> edge(String edge) {
    int arrow = edge.indexOf("->");
    String producer = edge.substring(0, arrow);
    String reader = edge.substring(arrow + 2);
    return golden.annotations().stream()
        .filter(annotation -> annotation.node().equals(reader))
        .flatMap(annotation -> annotation.inputs().stream())
        .filter(input -> input.producer().equals(producer))
        .findFirst()
        .flatMap(input -> place(nodes.get(reader), input.operands().get(0), producer));
  }

  private Optional<Point> place(TorchNode node, String path, String producer) {
    return core(node).flatMap(core -> operand(node, core, path, producer));
  }

  /** Returns the operand of ours that an operand of a PyTorch node is. */
  Optional<Point> operand(String torchNode, String path) {
    TorchNode node = nodes.get(torchNode);
    return Optional.ofNullable(node)
        .flatMap(this::core)
        .flatMap(c -> operand(node, c, path, node.sources().getOrDefault(path, "")));
  }

  /**
   * Training replaces each convolution and its BatchNormalization by other nodes, twice: those that
   * are marked are the first ones, in the order of the second ones that the file lists.
   */
  private void nameNodesOfTraining() {
    List<TorchNode> listed = new ArrayList<>();
    Set<String> annotated = new HashSet<>();
    golden.annotations().forEach(a -> annotated.add(a.node()));
    for (TorchNode node : golden.nodes().values()) {
      if (node.isLayer() && !annotated.contains(node.name())) {
        listed.add(node);
      }
    }
    int next = 0;
    TorchNode last = null;
    for (TorchAnnotation annotation : golden.annotations()) {
      if (!nodes.containsKey(annotation.node()) && golden.trained()) {
        boolean layer = annotation.op().startsWith("aten.conv");
        last = layer ? listed.get(next++) : last;
        nodes.put(annotation.node(), last);
      }
    }
  }

  private void add(TorchAnnotation annotation) {
    if (annotation.op().equals("placeholder")) {
      String input = graph.inputs().get(numberOf(annotation.node())).name();
      annotation.outputGroup().ifPresent(g -> mark(Point.input(input), OptionalInt.of(g)));
      return;
    }
    if (annotation.op().equals("output")) {
      for (TorchInput given : annotation.inputs()) {
        for (String path : given.operands()) {
          int place = Integer.parseInt(path.substring(path.indexOf('.') + 1));
          mark(Point.output(graph.outputs().get(place).name()), given.group());
        }
      }
      return;
    }
    TorchNode node = nodes.get(annotation.node());
    Optional<Node> core = Optional.ofNullable(node).flatMap(this::core);
    if (core.isEmpty() || isSameValueAsItsInput(node) || isPart(annotation, core.get())) {
      names(annotation, withoutTwin);
      for (TorchInput input : annotation.inputs()) {
        tensor(input.producer())
            .ifPresent(value -> readWithoutTwin.add(onnxName(annotation.op()) + " " + value));
      }
      return;
    }
    for (TorchInput input : annotation.inputs()) {
      for (String path : input.operands()) {
        Optional<Point> point = operand(node, core.get(), path, input.producer());
        point.ifPresent(p -> mark(p, input.group()));
        if (point.isEmpty() && input.group().isPresent()) {
          withoutTwin.add(input.producer() + "->" + annotation.node());
        }
      }
    }
    annotation.outputGroup().ifPresent(g -> mark(definition(node), OptionalInt.of(g)));
  }

  private void mark(Point point, OptionalInt group) {
    marked.add(new MarkedPoint(point, group));
  }

  /** PyTorch names the only input x or input_1, those of a program of many inputs_0, inputs_1. */
  private static int numberOf(String placeholder) {
    String list = "inputs_";
    return placeholder.startsWith(list)
        ? Integer.parseInt(placeholder.substring(list.length()))
        : 0;
  }

  private static void names(TorchAnnotation annotation, List<String> names) {
    for (TorchInput input : annotation.inputs()) {
      input.group().ifPresent(g -> names.add(input.producer() + "->" + annotation.node()));
    }
    annotation.outputGroup().ifPresent(g -> names.add(annotation.node()));
  }

  private static String onnxName(String torchOp) {
    return switch (torchOp) {
      case "aten.add.Tensor" -> "Add";
      case "aten.cat.default" -> "Concat";
      case "aten.slice.Tensor" -> "Slice";
      case "aten.split.Tensor" -> "Split";
      case "aten.dropout.default" -> "Dropout";
      default -> "no operator of ours";
    };
  }

  /** Tells whether PyTorch has computed a node of ours in parts, of which this is the last. */
  private boolean isPart(TorchAnnotation annotation, Node core) {
    String whole = WHOLE.get(core.op().toString());
    boolean part = whole != null && !annotation.op().equals(whole);
    if (part) {
      decomposed.add(core.name());
    }
    return part;
  }

  /** Dropout in inference, for one, has the numbers of its input. */
  private boolean isSameValueAsItsInput(TorchNode node) {
    return node.sources().values().stream()
        .anyMatch(source -> tensor(source).isPresent() && tensor(source).equals(node.tensor()));
  }

  private Optional<String> tensor(String torchNode) {
    return Optional.ofNullable(nodes.get(torchNode)).flatMap(TorchNode::tensor);
  }

  private Point definition(TorchNode node) {
    return graph.definition(node.tensor().orElseThrow()).orElseThrow();
  }

  /** Returns the node that does the work of a PyTorch node. */
  private Optional<Node> core(TorchNode node) {
    Optional<Node> at = node.tensor().flatMap(graph::producer);
    while (node.isLayer() && at.isPresent() && !isLayer(at.get())) {
      at =
          at.get().operands().stream()
              .flatMap(operand -> graph.producer(operand).stream())
              .findFirst();
    }
    return at;
  }

  private static boolean isLayer(Node node) {
    return Set.of("Conv", "ConvTranspose", "Gemm", "MatMul").contains(node.op().toString());
  }

  private Optional<Point> operand(TorchNode node, Node core, String path, String producer) {
    int place = Integer.parseInt(path.substring(path.indexOf('.') + 1));
    int index = node.op().equals(WHOLE.get("LayerNormalization")) && place > 1 ? place - 1 : place;
    List<String> operands = core.operands();
    if (node.isLayer() && index == 2 && core.op().is("MatMul")) {
      return addedVector(node);
    }
    if (node.isLayer() && index > 0) {
      return Optional.of(Point.operand(core.name(), index)).filter(p -> index < operands.size());
    }
    Optional<String> tensor = tensor(producer).filter(operands::contains);
    if (tensor.isPresent()) {
      boolean same = index < operands.size() && operands.get(index).equals(tensor.get());
      return Optional.of(Point.operand(core.name(), same ? index : operands.indexOf(tensor.get())));
    }
    boolean constant =
        index < operands.size() && graph.initializers().containsKey(operands.get(index));
    return constant ? Optional.of(Point.operand(core.name(), index)) : Optional.empty();
  }

  /** Returns the operand of the Add that reads the bias of a linear layer. */
  private Optional<Point> addedVector(TorchNode linear) {
    return linear
        .tensor()
        .flatMap(graph::producer)
        .filter(add -> add.op().is("Add"))
        .flatMap(
            add ->
                IntStream.range(0, 2)
                    .filter(i -> graph.initializers().containsKey(add.operands().get(i)))
                    .mapToObj(i -> Point.operand(add.name(), i))
                    .findFirst());
  }
}
