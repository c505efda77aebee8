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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a graph are logits: all that anybody does with them ends in a Softmax, be it one
 * node or spelt out ({@link RowComparisons}). What lies far below the largest of its row there has
 * no part in the result, and neither has what was added to make it so. Between a value and the
 * Softmax stand operators alone that keep the order of what they are given: movements, Concat,
 * Where, Max and Clip, sums, differences, and products with a constant above 0. Immutable.
 */
public final class LogitPaths {

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
          "Split",
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
   * @param handedOn whether every element that matters is one of another value of logits, too, so
   *     that nothing is known of its rows, and nothing need be
   */
  public record Path(OptionalInt rowAxis, boolean handedOn) {
    private static final Path UNKNOWN_ROWS = new Path(OptionalInt.empty(), false);
    private static final Path HANDED_ON = new Path(OptionalInt.empty(), true);

    static Path along(OptionalInt rowAxis) {
      return new Path(rowAxis, false);
    }

    private Path and(Path other) {
      if (handedOn || other.handedOn) {
        return handedOn ? other : this;
      }
      return rowAxis.equals(other.rowAxis) ? this : UNKNOWN_ROWS;
    }
  }

  private final Map<String, GraphValues.Value> byName = new HashMap<>();
  private final @Nullable Path[] byNumber;
  private final RowComparisons comparisons;

  private LogitPaths(int values, long opset) {
    this.byNumber = new Path[values];
    this.comparisons = new RowComparisons(opset);
  }

  /** Returns the paths of a model without a Softmax. */
  static LogitPaths none() {
    return new LogitPaths(0, RowComparisons.ONE_AXIS);
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
    if (compares(use)) {
      return comparisons.rows(use).map(Path::along);
    }
    String name = node.op().name();
    if (MOVEMENTS.contains(name)) {
      return use.operand() == 0 ? result(use).map(p -> moved(p, value, use)) : Optional.empty();
    }
    if (takesAway(use)) {
      boolean largest = comparisons.rows(new GraphValues.Use(use.reader(), 0)).isPresent();
      return largest ? Optional.of(Path.HANDED_ON) : Optional.empty();
    }
    if (chooses(name, use.operand())) {
      return result(use).map(path -> Path.HANDED_ON);
    }
    boolean ordered =
        name.equals("Add") || (name.equals("Sub") && use.operand() == 0) || factor(use).isPresent();
    return ordered ? result(use).map(path -> Path.UNKNOWN_ROWS) : Optional.empty();
  }

  /** Tells whether the elements of a result are those of an operand or of others. */
  private static boolean chooses(String op, int operand) {
    return op.equals("Max")
        || op.equals("Concat")
        || (op.equals("Clip") && operand == 0)
        || (op.equals("Where") && operand > 0);
  }

  private static boolean takesAway(GraphValues.Use use) {
    return use.operand() == 1 && use.reader().node().op().is("Sub");
  }

  /** Tells whether a use compares elements with the largest of their row, and ends their way. */
  public boolean compares(GraphValues.Use use) {
    return comparisons.rows(use).isPresent()
        && (!RowComparisons.isUnfinished(use) || result(use).isPresent());
  }

  /**
   * Returns the results to which a use hands the elements of logits; none of it is left of what is
   * taken away.
   */
  public static List<GraphValues.Value> results(GraphValues.Use use) {
    if (takesAway(use)) {
      return List.of();
    }
    GraphValues.Member reader = use.reader();
    int count = reader.node().op().is("Split") ? reader.node().results().size() : 1;
    return IntStream.range(0, count)
        .mapToObj(reader::result)
        .flatMap(Optional::stream)
        .filter(result -> count == 1 || result.isOutput() || !result.uses().isEmpty())
        .toList();
  }

  /** Returns how the results get to their Softmax nodes; empty unless all of them do. */
  private Optional<Path> result(GraphValues.Use use) {
    Path found = null;
    for (GraphValues.Value result : results(use)) {
      Path path = byNumber[result.number()];
      if (path == null) {
        return Optional.empty();
      }
      found = found == null ? path : found.and(path);
    }
    return Optional.ofNullable(found);
  }

  private static Path moved(Path path, GraphValues.Value value, GraphValues.Use use) {
    Node node = use.reader().node();
    if (path.rowAxis().isEmpty()) {
      return Path.HANDED_ON;
    }
    if (node.op().is("Transpose")) {
      return Path.along(before(node, path.rowAxis().getAsInt(), value.shape().map(Shape::rank)));
    }
    boolean stays =
        KEEP_ROWS.contains(node.op().name())
            && path.rowAxis().getAsInt() == -1
            && innermost(value).isPresent()
            && innermost(value).equals(use.reader().result(0).flatMap(LogitPaths::innermost));
    return stays || node.op().is("Identity") || node.op().is("Dropout") ? path : Path.HANDED_ON;
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
