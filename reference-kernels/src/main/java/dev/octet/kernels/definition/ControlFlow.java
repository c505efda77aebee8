package dev.octet.kernels.definition;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.shape.ShapeMerge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The operators that run by running their subgraphs, and which of their nodes do not. */
public enum ControlFlow {
  /** One of two branches. */
  IF("If", 1, 2) {
    @Override
    Optional<String> misfit(Node node) {
      boolean both =
          fits(node, "then_branch", 0, node.results().size())
              && fits(node, "else_branch", 0, node.results().size());
      return unless(both && node.operands().size() == 1);
    }

    @Override
    public List<Optional<TensorType>> given(Node node, List<Optional<TensorType>> operands) {
      return List.of();
    }

    @Override
    public List<Optional<TensorType>> results(
        Node node, List<Optional<TensorType>> operands, List<List<Optional<TensorType>>> outputs) {
      List<Optional<TensorType>> results = new ArrayList<>();
      for (int i = 0; i < node.results().size(); i++) {
        results.add(either(outputs.get(0).get(i), outputs.get(1).get(i)));
      }
      return results;
    }
  },

  /** A body that runs while a condition holds, or a number of times. */
  LOOP("Loop", 1, 1) {
    @Override
    Optional<String> misfit(Node node) {
      int carried = node.operands().size() - 2;
      return unless(
          carried >= 0
              && carried <= node.results().size()
              && fits(node, "body", carried + 2, node.results().size() + 1));
    }

    @Override
    public List<Optional<TensorType>> given(Node node, List<Optional<TensorType>> operands) {
      List<Optional<TensorType>> given = new ArrayList<>();
      given.add(Optional.of(TensorType.of(DataType.INT64, Shape.of())));
      given.add(Optional.of(TensorType.of(DataType.BOOL, Shape.of())));
      operands.stream().skip(2).map(ControlFlow::ofAnyShape).forEach(given::add);
      return given;
    }

    @Override
    public List<Optional<TensorType>> results(
        Node node, List<Optional<TensorType>> operands, List<List<Optional<TensorType>>> outputs) {
      List<Optional<TensorType>> made = outputs.get(0).subList(1, outputs.get(0).size());
      List<Optional<TensorType>> carried = operands.subList(2, operands.size());
      return carriedAndStacked(carried, made, new Dimension.Unknown());
    }
  },

  /** A body that runs once for each slice of its operands. */
  SCAN("Scan", 9, 1) {
    @Override
    Optional<String> unsupported(Node node) {
      return SCAN_ORDERS.stream()
          .filter(
              order -> node.intsAttribute(order).orElse(List.of()).stream().anyMatch(i -> i != 0))
          .findFirst()
          .map(order -> "a Scan with " + order + " other than 0 is not run");
    }

    @Override
    Optional<String> misfit(Node node) {
      int scanned = (int) node.intAttribute("num_scan_inputs", 0);
      return unless(
          scanned >= 1
              && scanned <= node.operands().size()
              && node.operands().size() - scanned <= node.results().size()
              && fits(node, "body", node.operands().size(), node.results().size()));
    }

    @Override
    public List<Optional<TensorType>> given(Node node, List<Optional<TensorType>> operands) {
      int carried = carried(node);
      List<Optional<TensorType>> given = new ArrayList<>();
      operands.stream().limit(carried).map(ControlFlow::ofAnyShape).forEach(given::add);
      operands.stream().skip(carried).map(type -> type.map(ControlFlow::slice)).forEach(given::add);
      return given;
    }

    @Override
    public List<Optional<TensorType>> results(
        Node node, List<Optional<TensorType>> operands, List<List<Optional<TensorType>>> outputs) {
      int carried = carried(node);
      Dimension length =
          operands
              .get(carried)
              .flatMap(TensorType::shape)
              .filter(shape -> shape.rank() > 0)
              .map(shape -> shape.dimensions().get(0))
              .orElseGet(Dimension.Unknown::new);
      return carriedAndStacked(operands.subList(0, carried), outputs.get(0), length);
    }

    private int carried(Node node) {
      return node.operands().size() - (int) node.intAttribute("num_scan_inputs", 0);
    }
  };

  private static final List<String> SCAN_ORDERS =
      List.of(
          "scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions");

  private final String onnxName;
  private final long since;
  private final int bodies;

  ControlFlow(String onnxName, long since, int bodies) {
    this.onnxName = onnxName;
    this.since = since;
    this.bodies = bodies;
  }

  /** Returns the operator. */
  public OpType op() {
    return OpType.onnx(onnxName);
  }

  /** Returns the oldest operator set whose nodes are run as far as this operator decides. */
  public long since() {
    return since;
  }

  /** Returns why a node cannot be run, leaving its subgraphs' nodes aside; empty when it can. */
  public Optional<String> refusal(Node node, long opset) {
    if (opset < since) {
      return Optional.of("a " + onnxName + " of an operator set before " + since + " is not run");
    }
    return misuse(node, opset).or(() -> unsupported(node));
  }

  /**
   * Returns why a node is none of this operator, as the second half of a sentence: its subgraphs
   * are missing, are too many, or have other inputs or outputs than the node. Empty when nothing
   * speaks against it, and for nodes of operator sets before {@link #since}.
   */
  public Optional<String> misuse(Node node, long opset) {
    if (opset < since) {
      return Optional.empty();
    }
    return node.subgraphs().size() > bodies
        ? Optional.of("it has " + node.subgraphs().size() + " subgraphs, and not " + bodies)
        : misfit(node);
  }

  /**
   * Returns the types of what the bodies of a node are given, by input of the body, as far as they
   * are the same each time a body runs: of what is carried from one time to the next, only the
   * element type is.
   *
   * @param node a node that {@link #refusal} does not refuse
   * @param operands what is known of its operands
   */
  public abstract List<Optional<TensorType>> given(Node node, List<Optional<TensorType>> operands);

  /**
   * Returns the types of the results of a node, as far as they are the same whichever body runs and
   * however often.
   *
   * @param node a node that {@link #refusal} does not refuse
   * @param operands what is known of its operands
   * @param outputs what is known of the outputs of its bodies, in the order of its attributes
   */
  public abstract List<Optional<TensorType>> results(
      Node node, List<Optional<TensorType>> operands, List<List<Optional<TensorType>>> outputs);

  abstract Optional<String> misfit(Node node);

  Optional<String> unsupported(Node node) {
    return Optional.empty();
  }

  /** What a body hands on is what it made, or what it began with; the rest is stacked. */
  private static List<Optional<TensorType>> carriedAndStacked(
      List<Optional<TensorType>> carried, List<Optional<TensorType>> made, Dimension length) {
    List<Optional<TensorType>> results = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      Optional<TensorType> each = made.get(i);
      results.add(
          i < carried.size()
              ? either(carried.get(i), each)
              : each.map(type -> stacked(type, length)));
    }
    return results;
  }

  private static Optional<TensorType> either(
      Optional<TensorType> first, Optional<TensorType> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    TensorType a = first.get();
    TensorType b = second.get();
    return a.dataType() != b.dataType()
        ? Optional.empty()
        : Optional.of(
            new TensorType(
                a.dataType(),
                a.shape().flatMap(s -> b.shape().flatMap(t -> ShapeMerge.either(s, t)))));
  }

  private static Optional<TensorType> ofAnyShape(Optional<TensorType> type) {
    return type.map(known -> new TensorType(known.dataType(), Optional.empty()));
  }

  private static TensorType slice(TensorType type) {
    return new TensorType(
        type.dataType(),
        type.shape()
            .map(Shape::dimensions)
            .filter(dimensions -> !dimensions.isEmpty())
            .map(dimensions -> new Shape(dimensions.subList(1, dimensions.size()))));
  }

  private static TensorType stacked(TensorType type, Dimension length) {
    return new TensorType(
        type.dataType(),
        type.shape()
            .map(
                shape ->
                    new Shape(
                        Stream.concat(Stream.of(length), shape.dimensions().stream()).toList())));
  }

  private static boolean fits(Node node, String attribute, int inputs, int outputs) {
    return node.graphAttribute(attribute)
        .filter(graph -> takes(graph, inputs, outputs))
        .isPresent();
  }

  private static boolean takes(Graph graph, int inputs, int outputs) {
    return graph.inputs().size() == inputs && graph.outputs().size() == outputs;
  }

  private static Optional<String> unless(boolean fits) {
    return fits
        ? Optional.empty()
        : Optional.of("its subgraphs have other inputs or outputs than the node");
  }
}
