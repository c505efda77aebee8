package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shape rules of operators that work element by element. */
public final class ElementwiseShapes {

  private ElementwiseShapes() {}

  /** The type of operand 0. */
  public static List<Optional<TensorType>> sameAsFirst(ShapeContext context) {
    return ShapeContext.result(context.dataType(0), context.shape(0));
  }

  /** The type of operand 0, where operand 1 is a number. */
  public static List<Optional<TensorType>> accumulated(ShapeContext context) {
    context
        .dimensions(1)
        .ifPresent(
            axis -> {
              if (axis.size() > 1 || (axis.size() == 1 && !Dimensions.is(axis.get(0), 1))) {
                throw new ShapeMismatchException("an axis of the shape " + axis);
              }
            });
    return sameAsFirst(context);
  }

  /** The type of operand 0 with truth values. */
  public static List<Optional<TensorType>> truthOfFirst(ShapeContext context) {
    return ShapeContext.result(Optional.of(DataType.BOOL), context.shape(0));
  }

  /** All operands broadcast; the element type is that of operand 0. */
  public static List<Optional<TensorType>> broadcast(ShapeContext context) {
    return ShapeContext.resultOf(context.dataType(0), broadcastAll(context));
  }

  /** The type of operand 0, to whose shape all other operands broadcast. */
  public static List<Optional<TensorType>> broadcastToFirst(ShapeContext context) {
    Optional<List<Dimension>> first = context.dimensions(0);
    Optional<List<Dimension>> all = broadcastAll(context);
    if (first.isPresent() && all.isPresent()) {
      context.withOperands(0).requireSizes(0, all.get().toArray(Dimension[]::new));
    }
    return sameAsFirst(context);
  }

  /** Clip: the type of operand 0, where operands 1 and 2 are numbers. */
  public static List<Optional<TensorType>> clip(ShapeContext context) {
    context.requireOne(1);
    context.requireOne(2);
    return sameAsFirst(context);
  }

  /** All operands broadcast to truth values. */
  public static List<Optional<TensorType>> comparison(ShapeContext context) {
    return ShapeContext.resultOf(Optional.of(DataType.BOOL), broadcastAll(context));
  }

  /** All operands broadcast; the element type is that of operand 1. */
  public static List<Optional<TensorType>> where(ShapeContext context) {
    return ShapeContext.resultOf(context.dataType(1), broadcastAll(context));
  }

  /** Returns the dimensions that all operands broadcast to; empty if a shape is unknown. */
  public static Optional<List<Dimension>> broadcastAll(ShapeContext context) {
    List<List<Dimension>> shapes = new ArrayList<>();
    for (int i = 0; i < context.node().operands().size(); i++) {
      Optional<List<Dimension>> shape = context.dimensions(i);
      if (shape.isEmpty()) {
        return Optional.empty();
      }
      shapes.add(shape.get());
    }
    return Optional.of(Dimensions.broadcast(shapes));
  }
}
