package dev.octet.kernels.recurrent;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.shape.ShapeRule;
import java.util.List;
import java.util.Optional;

/**
 * The shapes of recurrent layers. X is {@code [seq, batch, input]}, W {@code [directions, gates *
 * hidden, input]}, R {@code [directions, gates * hidden, hidden]}, B {@code [directions, 2 * gates
 * * hidden]}, initial states {@code [directions, batch, hidden]}; the result is {@code [seq,
 * directions, batch, hidden]}, final states are as initial ones. With layout 1, batch comes first.
 */
final class RecurrentShape {

  private RecurrentShape() {}

  /**
   * Returns the rule of a layer.
   *
   * @param gates the gates of a cell
   * @param states the final states that are results, behind the result of each step
   */
  static ShapeRule of(int gates, int states) {
    return context -> infer(context, gates, states);
  }

  /** Returns 2 for a layer that runs both ways, else 1. */
  static int directions(String direction) {
    return switch (direction) {
      case "forward", "reverse" -> 1;
      case "bidirectional" -> 2;
      default -> throw new ShapeMismatchException("'" + direction + "' is no direction");
    };
  }

  private static List<Optional<TensorType>> infer(ShapeContext context, int gates, int states) {
    Dimension directions =
        Dimension.of(directions(context.node().stringAttribute("direction", "forward")));
    Dimension hidden =
        context
            .dimensions(2)
            .map(r -> r.isEmpty() ? Dimensions.unknown() : r.get(r.size() - 1))
            .orElse(Dimensions.unknown());
    context.requireRank(0, 3, 3);
    Optional<List<Dimension>> x = context.dimensions(0);
    boolean batchFirst = context.node().intAttribute("layout", 0) != 0;
    Dimension batch = x.map(d -> d.get(batchFirst ? 0 : 1)).orElse(Dimensions.unknown());
    Dimension steps = x.map(d -> d.get(batchFirst ? 1 : 0)).orElse(Dimensions.unknown());
    Dimension input = x.map(d -> d.get(2)).orElse(Dimensions.unknown());
    requireWeights(context, gates, directions, hidden, input);
    List<Dimension> state =
        batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
    requireStates(context, batch, state, states);
    Shape all =
        new Shape(
            batchFirst
                ? List.of(batch, steps, directions, hidden)
                : List.of(steps, directions, batch, hidden));
    Optional<DataType> type = context.dataType(0);
    Optional<TensorType> last = ShapeContext.type(type, Optional.of(new Shape(state)));
    Optional<TensorType> each = ShapeContext.type(type, Optional.of(all));
    return states == 1 ? List.of(each, last) : List.of(each, last, last);
  }

  private static void requireWeights(
      ShapeContext context, int gates, Dimension directions, Dimension hidden, Dimension input) {
    long stated = context.node().intAttribute("hidden_size", -1);
    if (stated >= 0) {
      Dimensions.same(hidden, Dimension.of(stated));
    }
    Dimension rows = Dimensions.map(hidden, n -> Math.multiplyExact(n, gates));
    context.requireSizes(1, directions, rows, input);
    context.requireSizes(2, directions, rows, hidden);
    context.requireSizes(3, directions, Dimensions.map(rows, n -> Math.multiplyExact(n, 2)));
  }

  private static void requireStates(
      ShapeContext context, Dimension batch, List<Dimension> state, int states) {
    context.requireSizes(4, batch);
    Dimension[] sizes = state.toArray(Dimension[]::new);
    context.requireSizes(5, sizes);
    if (states > 1) {
      context.requireSizes(6, sizes);
      boolean batchFirst = context.node().intAttribute("layout", 0) != 0;
      context.requireSizes(
          7,
          state.get(batchFirst ? 1 : 0),
          Dimensions.map(state.get(2), n -> Math.multiplyExact(n, 3)));
    }
  }
}
