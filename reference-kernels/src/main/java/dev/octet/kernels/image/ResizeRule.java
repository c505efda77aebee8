package dev.octet.kernels.image;

import dev.octet.api.graph.Node;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Locale;

/**
 * How a Resize or Upsample finds input positions and weighs elements: its attributes, with the
 * meaning that the node's operator set gives them. Immutable and thread-safe.
 *
 * @param mode how elements are chosen or weighed
 * @param place where an output position lies in the input
 * @param nearest which neighbour of a position between two elements is the nearest
 * @param cubicA the coefficient a of the cubic
 * @param antialias whether the window grows where the image shrinks
 * @param excludeOutside whether elements outside the input have no weight
 * @param extrapolation what stands where a position lies outside of the input
 */
record ResizeRule(
    Mode mode,
    Place place,
    Nearest nearest,
    double cubicA,
    boolean antialias,
    boolean excludeOutside,
    float extrapolation) {

  /** The operator set of which Resize takes modes of coordinates. */
  static final int WITH_COORDINATES = 11;

  enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  enum Place {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    TF_HALF_PIXEL_FOR_NN,
    ALIGN_CORNERS,
    ASYMMETRIC,
    TF_CROP_AND_RESIZE
  }

  /** Ways to round a position between two elements. */
  enum Nearest {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL;

    double round(double x) {
      return switch (this) {
        case ROUND_PREFER_FLOOR -> Math.ceil(x - 0.5);
        case ROUND_PREFER_CEIL -> Math.floor(x + 0.5);
        case FLOOR -> Math.floor(x);
        case CEIL -> Math.ceil(x);
      };
    }
  }

  /**
   * Reads the attributes of a node.
   *
   * @throws ShapeMismatchException if one has a value that the operator does not know
   */
  static ResizeRule of(Node node, long opset) {
    Mode mode = named(Mode.class, node.stringAttribute("mode", "nearest"));
    if (opset < WITH_COORDINATES || node.op().name().equals("Upsample")) {
      return new ResizeRule(mode, Place.ASYMMETRIC, Nearest.FLOOR, 0, false, false, 0);
    }
    return new ResizeRule(
        mode,
        named(Place.class, node.stringAttribute("coordinate_transformation_mode", "half_pixel")),
        named(Nearest.class, node.stringAttribute("nearest_mode", "round_prefer_floor")),
        node.floatAttribute("cubic_coeff_a", -0.75f),
        node.intAttribute("antialias", 0) != 0,
        node.intAttribute("exclude_outside", 0) != 0,
        node.floatAttribute("extrapolation_value", 0f));
  }

  /** "bilinear" is what operator sets before 9 also call linear. */
  private static <E extends Enum<E>> E named(Class<E> kind, String stated) {
    String name = stated.equals("bilinear") ? "linear" : stated;
    for (E each : kind.getEnumConstants()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new ShapeMismatchException("'" + stated + "' is not known as a mode of a Resize");
  }

  /**
   * Returns this rule as nodes before operator set 11 follow it along an axis: their nearest
   * element lies behind where the image shrinks.
   */
  ResizeRule shrinking(boolean oldNearest) {
    return oldNearest
        ? new ResizeRule(
            mode, place, Nearest.CEIL, cubicA, antialias, excludeOutside, extrapolation)
        : this;
  }
}
