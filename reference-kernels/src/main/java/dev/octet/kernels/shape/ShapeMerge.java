package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Combines two shapes that are said of one value, each of which it has or may have. */
public final class ShapeMerge {

  private ShapeMerge() {}

  /** Returns the more precise dimension of each axis; empty when the shapes contradict. */
  public static Optional<Shape> merge(Shape first, Shape second) {
    if (first.rank() != second.rank()) {
      return Optional.empty();
    }
    List<Dimension> merged = new ArrayList<>();
    for (int i = 0; i < first.rank(); i++) {
      Dimension a = first.dimensions().get(i);
      Dimension b = second.dimensions().get(i);
      if (a instanceof Dimension.Known && b instanceof Dimension.Known && !a.equals(b)) {
        return Optional.empty();
      }
      merged.add(Dimensions.same(a, b));
    }
    return Optional.of(new Shape(merged));
  }

  /**
   * Returns the shape of a value that has one of two shapes: an axis in which they differ is not
   * known; empty when their ranks differ.
   */
  public static Optional<Shape> either(Shape first, Shape second) {
    if (first.rank() != second.rank()) {
      return Optional.empty();
    }
    List<Dimension> common = new ArrayList<>();
    for (int i = 0; i < first.rank(); i++) {
      Dimension dimension = first.dimensions().get(i);
      common.add(
          dimension.equals(second.dimensions().get(i)) ? dimension : new Dimension.Unknown());
    }
    return Optional.of(new Shape(common));
  }
}
