package dev.octet.workflow.calibrate;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.SubgraphValues;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a graph are logits: all that anybody does with them ends in a Softmax. What lies
 * far below the largest of its row there has no part in the result, and neither has what was added
 * to make it so. Between a value and the Softmax stand operators alone that keep the order of what
 * they are given: movements, Where and Max, sums, and products with a constant above 0. Immutable.
 */
public final class LogitPaths {

  /** The first operator set in which a Softmax goes along one axis. */
  private static final long ONE_AXIS = 13;

  /** What hands on the elements of operand 0, or some of them, and nothing else. */
  private static final Set<String> MOVEMENTS =
      Set.of(
          "Dropout",
          "Expand",
          "Flatten",
          "Gather",
          "Identity",
          "Reshape",
          "Slice",
          "Squeeze",
          "Tile",
          "Transpose",
          "Unsqueeze");

  /** Those that leave neighbours along the innermost axis where they are, if its size stays. */
  private static final Set<String> KEEP_ROWS =
      Set.of("Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze");

  /**
   * How a value gets to its Softmax nodes.
   *
   * @param rowAxis the axis along which they compare its elements, from the innermost, -1; empty
   *     where it is not known, or what they compare is no longer the value itself
   */
  public record Path(OptionalInt rowAxis) {
    private static final Path UNKNOWN_ROWS = new Path(OptionalInt.empty());

    private Path and(Path other) {
      return rowAxis.equals(other.rowAxis) ? this : UNKNOWN_ROWS;
    }
  }

  private final Map<String, GraphValues.Value> byName = new HashMap<>();
  private final @Nullable Path[] byNumber;
  private final long opset;

  private LogitPaths(int values, long opset) {
    this.byNumber = new Path[values];
    this.opset = opset;
  }

  /** Returns the paths of a model without a Softmax. */
  static LogitPaths none() {
    return new LogitPaths(0, ONE_AXIS);
  }

  /** Finds the logits of a model, those of its subgraphs included. */
  public static LogitPaths of(Model model) {
    GraphValues values = GraphValues.of(model.graph());
    LogitPaths paths = new LogitPaths(values.count(), model.opset());
    IdentityHashMap<Graph, String> prefixes = new IdentityHashMap<>();
    SubgraphValues.graphs(model.graph()).forEach((prefix, graph) -> prefixes.put(graph, prefix));
    List<GraphValues.Value> all = values.values();
    // What a value is read for is known before the value.
    for (int i = all.size() - 1; i >= 0; i--) {
      GraphValues.Value value = all.get(i);
      paths
          .find(value)
          .ifPresent(
              path -> {
                paths.byNumber[value.number()] = path;
                String prefix = Objects.requireNonNull(prefixes.get(value.graph()));
                paths.byName.put(prefix + value.name(), value);
              });
    }
    return paths;
  }

  /** Returns how a value gets to its Softmax nodes; empty when it is no logits. */
  public Optional<Path> path(String value) {
    return value(value).flatMap(this::path);
  }

  /** Returns a value by its name, those of subgraphs by their paths; empty when it is no logits. */
  public Optional<GraphValues.Value> value(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  private Optional<Path> path(GraphValues.Value value) {
    return Optional.ofNullable(byNumber[value.number()]);
  }

  /**
   * Returns the uses of a value that read its elements; its sizes are the same wherever it ends.
   */
  public static List<GraphValues.Use> reads(GraphValues.Value value) {
    return value.uses().stream()
        .filter(use -> !use.reader().node().op().is("Shape"))
        .filter(use -> !use.reader().node().op().is("Size"))
        .toList();
  }

  /** Returns the constant above 0 that a use multiplies logits by; empty for every other use. */
  public static Optional<Float> factor(GraphValues.Use use) {
    Node node = use.reader().node();
    if (node.op().is("Mul")) {
      return positive(use.reader(), 1 - use.operand());
    }
    return node.op().is("Div") && use.operand() == 0
        ? positive(use.reader(), 1).map(divisor -> 1 / divisor)
        : Optional.empty();
  }

  private static Optional<Float> positive(GraphValues.Member reader, int operand) {
    return reader
        .operand(operand)
        .flatMap(GraphValues.Value::constant)
        .filter(constant -> constant.dataType() == DataType.FLOAT)
        .filter(constant -> constant.elementCount() == 1)
        .map(Tensor::floats)
        .map(floats -> floats[0])
        .filter(factor -> factor > 0 && Float.isFinite(factor));
  }

  private Optional<Path> find(GraphValues.Value value) {
    if (value.isOutput()) {
      return Optional.empty();
    }
    Path found = null;
    for (GraphValues.Use use : reads(value)) {
      Optional<Path> path = path(value, use);
      if (path.isEmpty()) {
        return Optional.empty();
      }
      found = found == null ? path.get() : found.and(path.get());
    }
    return Optional.ofNullable(found);
  }

  private Optional<Path> path(GraphValues.Value value, GraphValues.Use use) {
    Node node = use.reader().node();
    if (!node.op().domain().isEmpty() || !node.subgraphs().isEmpty()) {
      return Optional.empty();
    }
    String name = node.op().name();
    if (name.equals("Softmax")) {
      return Optional.of(new Path(softmaxRows(node, value)));
    }
    if (MOVEMENTS.contains(name)) {
      return use.operand() == 0 ? result(use).map(p -> moved(p, value, use)) : Optional.empty();
    }
    boolean ordered =
        name.equals("Add")
            || name.equals("Max")
            || (name.equals("Where") && use.operand() > 0)
            || factor(use).isPresent();
    return ordered ? result(use).map(path -> Path.UNKNOWN_ROWS) : Optional.empty();
  }

  private Optional<Path> result(GraphValues.Use use) {
    return use.reader().result(0).flatMap(this::path);
  }

  private OptionalInt softmaxRows(Node softmax, GraphValues.Value value) {
    long axis = softmax.intAttribute("axis", opset < ONE_AXIS ? 1 : -1);
    Optional<Integer> rank = value.shape().map(Shape::rank);
    if (axis >= 0 && rank.isEmpty()) {
      return OptionalInt.empty();
    }
    int fromInnermost = (int) (axis < 0 ? axis : axis - rank.orElseThrow());
    return opset < ONE_AXIS && fromInnermost != -1
        ? OptionalInt.empty()
        : OptionalInt.of(fromInnermost);
  }

  private static Path moved(Path path, GraphValues.Value value, GraphValues.Use use) {
    Node node = use.reader().node();
    if (path.rowAxis().isEmpty()) {
      return path;
    }
    if (node.op().is("Transpose")) {
      return new Path(before(node, path.rowAxis().getAsInt(), value.shape().map(Shape::rank)));
    }
    boolean stays =
        KEEP_ROWS.contains(node.op().name())
            && path.rowAxis().getAsInt() == -1
            && innermost(value).isPresent()
            && innermost(value).equals(use.reader().result(0).flatMap(LogitPaths::innermost));
    return stays || node.op().is("Identity") || node.op().is("Dropout") ? path : Path.UNKNOWN_ROWS;
  }

  /** Returns where an axis of the result of a Transpose lies in its operand. */
  private static OptionalInt before(Node transpose, int axis, Optional<Integer> rank) {
    if (rank.isEmpty()) {
      return OptionalInt.empty();
    }
    int size = rank.get();
    int place = size + axis;
    return OptionalInt.of(
        transpose
            .intsAttribute("perm")
            .map(perm -> (int) (perm.get(place) - size))
            .orElse(-1 - place));
  }

  private static Optional<Dimension> innermost(GraphValues.Value value) {
    return value
        .shape()
        .filter(shape -> shape.rank() > 0)
        .map(shape -> shape.dimensions().get(shape.rank() - 1));
  }
}
