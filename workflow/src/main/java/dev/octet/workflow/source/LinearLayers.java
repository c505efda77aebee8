package dev.octet.workflow.source;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the linear layers of a graph and of its subgraphs. */
final class LinearLayers {

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<Point, GraphValue> read = new HashMap<>();
  private final Map<Point, GraphValue> defined = new HashMap<>();
  private final List<GraphValue> values;
  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<Weight, List<LinearLayer>> byWeight = new LinkedHashMap<>();
  private final Map<Point, GraphValue> tied = new HashMap<>();

  private LinearLayers(Graph graph, Tables tables) {
    graph.nodesWithSubgraphs().forEach(node -> nodes.put(node.name(), node));
    this.values = GraphValue.of(graph);
    for (GraphValue value : values) {
      value.uses().forEach(use -> read.put(use, value));
      value.definition().ifPresent(point -> defined.put(point, value));
    }
    for (GraphValues.Member member : GraphValues.of(graph).members()) {
      if (tables != Tables.FLOAT) {
        considerTable(member.node());
      }
      consider(member.node());
    }
    if (tables == Tables.TIED) {
      tie();
    }
    linear()
        .forEach(
            layer -> byWeight.computeIfAbsent(weight(layer), key -> new ArrayList<>()).add(layer));
  }

  /** What becomes of the tables that Gather nodes read. */
  enum Tables {
    /** They stay float. */
    FLOAT,
    /** They are weights as those of layers; one that a layer reads too is stored once. */
    QUANTIZED,
    /** A matrix that is a table turned round, element by element, is stored with it, too. */
    TIED
  }

  /**
   * A weight.
   *
   * @param path the path of the constant
   * @param inputAxis the axis of the constant along which K runs
   */
  record Weight(String path, int inputAxis) {}

  /**
   * A MatMul, Gemm or Conv.
   *
   * @param node the node
   * @param layer the layer that it is; empty when it is none
   * @param reason why it is none, as a clause about the node; empty when it is one
   */
  record Candidate(Node node, Optional<LinearLayer> layer, String reason) {}

  static LinearLayers of(Graph graph, Tables tables) {
    return new LinearLayers(graph, tables);
  }

  /**
   * Returns every MatMul, Gemm and Conv, and every Gather that counts, in the order of the graph.
   */
  List<Candidate> candidates() {
    return candidates;
  }

  /** Returns the first layer of each weight, in the order of the graph. */
  List<LinearLayer> distinct() {
    return byWeight.values().stream().map(sharing -> sharing.get(0)).toList();
  }

  /** Returns the layers that read the weight of a layer along its axis, itself among them. */
  List<LinearLayer> sharing(LinearLayer layer) {
    return Objects.requireNonNull(byWeight.get(weight(layer)), () -> "not of this graph: " + layer);
  }

  /** Returns what weight a layer has: layers with equal ones share it. */
  Weight weight(LinearLayer layer) {
    return new Weight(constant(layer).path(), layer.form().inputAxis());
  }

  /** Returns the constant that holds the weight of a layer; where it is tied, that of the table. */
  GraphValue constant(LinearLayer layer) {
    return tied.getOrDefault(layer.weight(), read(layer.weight()));
  }

  /** Tells whether a layer reads its weight turned round. */
  boolean isTied(LinearLayer layer) {
    return tied.containsKey(layer.weight());
  }

  /** Returns all values of the graph. */
  List<GraphValue> values() {
    return values;
  }

  /** Returns the value that is read at an operand. */
  GraphValue read(Point operand) {
    return Objects.requireNonNull(read.get(operand), () -> "nobody reads " + operand);
  }

  /** Returns the value that a layer gives. */
  GraphValue result(String layer) {
    Point point = Point.result(layer, 0);
    return Objects.requireNonNull(defined.get(point), () -> "nothing is defined at " + point);
  }

  /** A table of embeddings: rows that are chosen by index. */
  private void considerTable(Node node) {
    boolean chooses = node.op().is("Gather") && node.intAttribute("axis", 0) == 0;
    Optional<Tensor> table = chooses ? constant(node, 0) : Optional.empty();
    boolean isTable =
        table.isPresent()
            && table.get().dataType() == DataType.FLOAT
            && table.get().rank() == 2
            && table.get().elementCount() > 0;
    if (isTable) {
      long[] sizes = table.orElseThrow().sizes();
      Form form = new Form(sizes[1], sizes[0], 1, 0, -1);
      Point weight = Point.operand(node.name(), 0);
      Point index = Point.operand(node.name(), 1);
      LinearLayer layer = new LinearLayer(node.name(), node.op(), weight, index, form);
      candidates.add(new Candidate(node, Optional.of(layer), ""));
    }
  }

  private Stream<LinearLayer> linear() {
    return candidates.stream().flatMap(candidate -> candidate.layer().stream());
  }

  private void tie() {
    List<LinearLayer> all = linear().toList();
    for (LinearLayer table : all) {
      for (LinearLayer product : all) {
        if (table.isTable() && product.op().is("MatMul") && isTurned(table, product)) {
          tied.put(product.weight(), read(table.weight()));
        }
      }
    }
    candidates.replaceAll(
        candidate ->
            new Candidate(
                candidate.node(), candidate.layer().map(this::turned), candidate.reason()));
  }

  private LinearLayer turned(LinearLayer layer) {
    if (!isTied(layer)) {
      return layer;
    }
    Form form = layer.form();
    return new LinearLayer(
        layer.node(),
        layer.op(),
        layer.weight(),
        layer.input(),
        new Form(
            form.inputs(), form.outputs(), form.outputAxis(), form.inputAxis(), form.tokenAxis()));
  }

  private boolean isTurned(LinearLayer table, LinearLayer product) {
    boolean sizes =
        table.form().inputs() == product.form().inputs()
            && table.form().outputs() == product.form().outputs();
    return sizes
        && Arrays.equals(
            read(table.weight()).constant().orElseThrow().floats(),
            TurnedMatrix.of(read(product.weight()).constant().orElseThrow()).floats());
  }

  private void consider(Node node) {
    boolean multiplies = node.op().is("MatMul") || node.op().is("Gemm") || node.op().is("Conv");
    if (multiplies) {
      Optional<String> reason = refusal(node);
      candidates.add(
          new Candidate(
              node,
              reason.isPresent() ? Optional.empty() : Optional.of(layer(node)),
              reason.orElse("")));
    }
  }

  private Optional<Tensor> constant(Node node, int index) {
    GraphValue value = read.get(Point.operand(node.name(), index));
    return value == null ? Optional.empty() : value.constant();
  }

  private Optional<String> refusal(Node node) {
    Optional<Tensor> weight = constant(node, 1);
    if (weight.isEmpty()) {
      boolean first = constant(node, 0).isPresent();
      return Optional.of(first ? "its constant stands on the left" : "its weight is not constant");
    }
    if (constant(node, 0).isPresent()) {
      return Optional.of("both of its operands are constant");
    }
    if (weight.get().dataType() != DataType.FLOAT) {
      return Optional.of("its weight is " + weight.get().dataType() + ", not FLOAT");
    }
    if (weight.get().elementCount() == 0) {
      return Optional.of("its weight is empty");
    }
    return node.op().is("Conv") ? ofConv(node, weight.get()) : ofMatrix(node, weight.get());
  }

  private static Optional<String> ofMatrix(Node node, Tensor weight) {
    if (weight.rank() != 2) {
      return Optional.of("its weight has " + weight.rank() + " dimensions, not 2");
    }
    return node.intAttribute("transA", 0) != 0
        ? Optional.of("its input is transposed, so that a token is no row")
        : Optional.empty();
  }

  /** A convolution is a matrix product where each result is made of one point. */
  private static Optional<String> ofConv(Node node, Tensor weight) {
    long[] sizes = weight.sizes();
    for (int axis = 2; axis < sizes.length; axis++) {
      if (sizes[axis] != 1) {
        return Optional.of("its kernel is larger than one point");
      }
    }
    if (node.intAttribute("group", 1) != 1) {
      return Optional.of("it has groups of channels");
    }
    boolean padded =
        node.intsAttribute("pads").orElse(List.of()).stream().anyMatch(pad -> pad != 0L);
    return padded ? Optional.of("it pads its input") : Optional.empty();
  }

  private LinearLayer layer(Node node) {
    Form form = form(node, constant(node, 1).orElseThrow().sizes());
    return new LinearLayer(
        node.name(), node.op(), Point.operand(node.name(), 1), Point.operand(node.name(), 0), form);
  }

  /**
   * Returns how the matrix of a MatMul, Gemm or Conv is stored.
   *
   * @param sizes the sizes of its second operand, at least two
   */
  static Form form(Node node, long[] sizes) {
    boolean conv = node.op().is("Conv");
    boolean rows = conv || node.intAttribute("transB", 0) != 0;
    int inputAxis = rows ? 1 : 0;
    int outputAxis = 1 - inputAxis;
    return new Form(sizes[inputAxis], sizes[outputAxis], inputAxis, outputAxis, conv ? 1 : -1);
  }
}
