package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/** Arithmetic on dimensions that may be symbols or unknown. */
public final class Dimensions {

  private static final Dimension UNKNOWN = new Dimension.Unknown();

  private Dimensions() {}

  /** Returns a dimension of which nothing is known. */
  public static Dimension unknown() {
    return UNKNOWN;
  }

  /** Returns the size of a known dimension. */
  public static OptionalLong size(Dimension dimension) {
    return dimension instanceof Dimension.Known known
        ? OptionalLong.of(known.size())
        : OptionalLong.empty();
  }

  /** Tells whether a dimension is known to have a size. */
  public static boolean is(Dimension dimension, long size) {
    return dimension instanceof Dimension.Known known && known.size() == size;
  }

  /** Returns the dimension that a function makes of a known one, and unknown for others. */
  public static Dimension map(Dimension dimension, LongUnaryOperator function) {
    return dimension instanceof Dimension.Known known
        ? Dimension.of(function.applyAsLong(known.size()))
        : UNKNOWN;
  }

  /** Returns the product; unknown when a factor other than 0 and 1 meets one that is not known. */
  public static Dimension product(List<Dimension> factors) {
    long known = Shape.count(factors.stream().flatMapToLong(f -> f.known().stream()).toArray());
    Dimension symbol = null;
    boolean several = false;
    for (Dimension factor : factors) {
      if (!factor.isKnown()) {
        several |= symbol != null;
        symbol = factor;
      }
    }
    if (symbol == null || known == 0) {
      return Dimension.of(known);
    }
    return known == 1 && !several ? symbol : UNKNOWN;
  }

  /** Returns the sum; a symbol stays only when everything else is 0. */
  public static Dimension sum(List<Dimension> terms) {
    long known = 0;
    Dimension symbol = null;
    boolean several = false;
    for (Dimension term : terms) {
      if (term instanceof Dimension.Known k) {
        known = Math.addExact(known, k.size());
      } else {
        several |= symbol != null;
        symbol = term;
      }
    }
    if (symbol == null) {
      return Dimension.of(known);
    }
    return known == 0 && !several ? symbol : UNKNOWN;
  }

  /**
   * Returns one dimension for two that must be equal: a known size before a symbol before unknown.
   *
   * @throws ShapeMismatchException if two known sizes differ
   */
  public static Dimension same(Dimension a, Dimension b) {
    if (a instanceof Dimension.Known x && b instanceof Dimension.Known y && x.size() != y.size()) {
      throw new ShapeMismatchException("sizes " + a + " and " + b + " should be equal");
    }
    if (a instanceof Dimension.Known || b instanceof Dimension.Unknown) {
      return a;
    }
    return b instanceof Dimension.Known || a instanceof Dimension.Unknown ? b : a;
  }

  /**
   * Returns the shape that several shapes broadcast to, by the rules of NumPy.
   *
   * @throws ShapeMismatchException if two known sizes differ and neither is 1
   */
  public static List<Dimension> broadcast(List<List<Dimension>> shapes) {
    int rank = 0;
    for (List<Dimension> shape : shapes) {
      rank = Math.max(rank, shape.size());
    }
    List<Dimension> result = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Dimension size = Dimension.of(1);
      for (List<Dimension> shape : shapes) {
        int own = axis - rank + shape.size();
        size = own < 0 ? size : broadcast(size, shape.get(own), shapes);
      }
      result.add(size);
    }
    return result;
  }

  /**
   * Returns an axis between 0 and {@code rank - 1} for one that may count from the end.
   *
   * @throws ShapeMismatchException if it lies outside {@code [-rank, rank - 1]}
   */
  public static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new ShapeMismatchException("axis " + axis + " lies outside rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Returns axes of which each is as {@link #axis} gives it. */
  public static int[] axes(long[] axes, int rank) {
    int[] result = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      result[i] = axis(axes[i], rank);
    }
    return result;
  }

  /**
   * Returns axes as {@link #axes} does.
   *
   * @throws ShapeMismatchException if one lies outside, or is named twice
   */
  public static int[] distinctAxes(long[] axes, int rank) {
    int[] result = axes(axes, rank);
    if (Arrays.stream(result).distinct().count() != result.length) {
      throw new ShapeMismatchException("axes " + Arrays.toString(axes) + " name one axis twice");
    }
    return result;
  }

  /** Returns all sizes, when all are known. */
  public static Optional<long[]> sizes(List<Dimension> dimensions) {
    long[] sizes = new long[dimensions.size()];
    for (int i = 0; i < sizes.length; i++) {
      if (!(dimensions.get(i) instanceof Dimension.Known known)) {
        return Optional.empty();
      }
      sizes[i] = known.size();
    }
    return Optional.of(sizes);
  }

  private static Dimension broadcast(Dimension a, Dimension b, List<List<Dimension>> shapes) {
    if (is(a, 1) || a.equals(b)) {
      return b;
    }
    if (is(b, 1)) {
      return a;
    }
    if (a instanceof Dimension.Known && b instanceof Dimension.Known) {
      throw new ShapeMismatchException("shapes " + shapes + " do not broadcast");
    }
    // A symbol may be 1, so that only a known size decides.
    return a instanceof Dimension.Known ? a : b instanceof Dimension.Known ? b : UNKNOWN;
  }
}
