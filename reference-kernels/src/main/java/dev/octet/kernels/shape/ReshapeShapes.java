package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Shape rules of operators that keep the elements and their order. */
public final class ReshapeShapes {

  private ReshapeShapes() {}

  /** Reshape: 0 copies a size of the operand unless allowzero is set, -1 takes what is left. */
  public static List<Optional<TensorType>> reshape(ShapeContext context) {
    return ShapeContext.resultOf(context.dataType(0), reshaped(context));
  }

  private static Optional<List<Dimension>> reshaped(ShapeContext context) {
    Optional<long[]> wanted = context.integers("shape", 1);
    if (wanted.isPresent()) {
      boolean copyZero = context.node().intAttribute("allowzero", 0) == 0;
      return context
          .dimensions(0)
          .map(from -> reshape(from, wanted.get(), copyZero))
          .or(() -> unknownSource(wanted.get()));
    }
    return context.sizes(1);
  }

  private static Optional<List<Dimension>> unknownSource(long[] wanted) {
    List<Dimension> result = new ArrayList<>();
    for (long size : wanted) {
      result.add(size > 0 ? Dimension.of(size) : Dimensions.unknown());
    }
    return Optional.of(result);
  }

  private static List<Dimension> reshape(List<Dimension> from, long[] wanted, boolean copyZero) {
    List<Dimension> result = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] < -1 || (wanted[i] == -1 && open >= 0)) {
        throw new ShapeMismatchException("a shape of " + Arrays.toString(wanted));
      }
      if (wanted[i] == -1) {
        open = i;
        result.add(Dimension.of(1));
      } else if (wanted[i] == 0 && copyZero) {
        result.add(copied(from, i));
      } else {
        result.add(Dimension.of(wanted[i]));
      }
    }
    if (open >= 0) {
      result.set(open, quotient(from, result));
    }
    requireSameCount(from, result);
    return result;
  }

  private static Dimension copied(List<Dimension> from, int axis) {
    if (axis >= from.size()) {
      throw new ShapeMismatchException("dimension " + axis + " to copy is not in " + from);
    }
    return from.get(axis);
  }

  /** Divides the elements of one shape by those of another; symbols on both sides cancel out. */
  private static Dimension quotient(List<Dimension> from, List<Dimension> by) {
    List<Dimension> above = new ArrayList<>(from);
    List<Dimension> below = new ArrayList<>(by);
    for (Dimension factor : by) {
      if (!(factor instanceof Dimension.Unknown) && above.remove(factor)) {
        below.remove(factor);
      }
    }
    Dimension dividend = Dimensions.product(above);
    Dimension divisor = Dimensions.product(below);
    if (Dimensions.is(divisor, 1)) {
      return dividend;
    }
    if (!(divisor instanceof Dimension.Known d) || !(dividend instanceof Dimension.Known n)) {
      return symbolWithEqualFactors(above, below);
    }
    if (d.size() == 0) {
      return Dimension.of(0);
    }
    if (n.size() % d.size() != 0) {
      throw new ShapeMismatchException(from + " does not divide into " + by);
    }
    return Dimension.of(n.size() / d.size());
  }

  /** {@code N * 4 * 6} elements over {@code 24} are {@code N}. */
  private static Dimension symbolWithEqualFactors(List<Dimension> above, List<Dimension> below) {
    List<Dimension> symbols = new ArrayList<>(above);
    symbols.removeIf(d -> d instanceof Dimension.Known);
    List<Dimension> numbers = new ArrayList<>(above);
    numbers.removeIf(d -> !(d instanceof Dimension.Known));
    boolean equal = Dimensions.product(numbers).equals(Dimensions.product(below));
    return equal && symbols.size() == 1 ? symbols.get(0) : Dimensions.unknown();
  }

  private static void requireSameCount(List<Dimension> from, List<Dimension> to) {
    Dimension before = Dimensions.product(from);
    Dimension after = Dimensions.product(to);
    if (before instanceof Dimension.Known && after instanceof Dimension.Known) {
      if (!before.equals(after)) {
        throw new ShapeMismatchException(
            from + " has " + before + " elements, " + to + " has " + after);
      }
    }
  }

  /** Flatten: the dimensions before and from the axis become one each. */
  public static List<Optional<TensorType>> flatten(ShapeContext context) {
    long stated = context.node().intAttribute("axis", 1);
    return ShapeContext.resultOf(
        context.dataType(0), context.dimensions(0).map(from -> flatten(from, stated)));
  }

  private static List<Dimension> flatten(List<Dimension> from, long stated) {
    int axis = stated == from.size() ? from.size() : Dimensions.axis(stated, from.size());
    return List.of(
        Dimensions.product(from.subList(0, axis)),
        Dimensions.product(from.subList(axis, from.size())));
  }

  /** Squeeze: drops the dimensions of size 1, or those that axes names. */
  public static List<Optional<TensorType>> squeeze(ShapeContext context) {
    boolean all = context.node().intsAttribute("axes").isEmpty() && !context.has(1);
    Optional<long[]> axes = context.integers("axes", 1);
    Optional<List<Dimension>> from = context.dimensions(0);
    if (from.isEmpty() || (!all && axes.isEmpty())) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    boolean open = all && from.get().stream().anyMatch(d -> !(d instanceof Dimension.Known));
    return ShapeContext.resultOf(
        context.dataType(0), open ? Optional.empty() : Optional.of(squeezed(from.get(), axes)));
  }

  private static List<Dimension> squeezed(List<Dimension> from, Optional<long[]> axes) {
    Optional<int[]> drop = axes.map(a -> Dimensions.axes(a, from.size()));
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      int axis = i;
      boolean named = drop.isPresent() && IntStream.of(drop.get()).anyMatch(a -> a == axis);
      if (named && Dimensions.size(from.get(i)).orElse(1) != 1) {
        throw new ShapeMismatchException("axis " + i + " of " + from + " is not 1");
      }
      if (!named && (drop.isPresent() || !Dimensions.is(from.get(i), 1))) {
        result.add(from.get(i));
      }
    }
    return result;
  }

  /** Unsqueeze: inserts dimensions of size 1 at the positions of the result that axes names. */
  public static List<Optional<TensorType>> unsqueeze(ShapeContext context) {
    Optional<long[]> axes = context.oneOrSeveralIntegers("axes", 1);
    Optional<List<Dimension>> shape =
        context.dimensions(0).flatMap(from -> axes.map(a -> unsqueezed(from, a)));
    return ShapeContext.resultOf(context.dataType(0), shape);
  }

  private static List<Dimension> unsqueezed(List<Dimension> from, long[] axes) {
    int rank = from.size() + axes.length;
    int[] inserted = Dimensions.axes(axes, rank);
    List<Dimension> result = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      int axis = i;
      boolean one = IntStream.of(inserted).anyMatch(a -> a == axis);
      if (!one && next == from.size()) {
        throw new ShapeMismatchException("an axis is named twice");
      }
      result.add(one ? Dimension.of(1) : from.get(next++));
    }
    return result;
  }
}
