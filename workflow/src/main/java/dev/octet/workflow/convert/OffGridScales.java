package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.kernels.quantize.ParameterRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects derived scales that are not of the grid that their derivation asks for. */
final class OffGridScales {

  private final List<OffGrid> all = new ArrayList<>();

  /**
   * The scales of one group.
   *
   * @param at the first point of the group
   * @param grid what is asked for
   * @param count how many scales are not of it
   * @param scales how many there are
   * @param worst the channel of the scale that is farthest below the next one of the grid
   * @param scale that scale
   * @param next the next one of the grid; plus infinity where there is none
   */
  private record OffGrid(
      Point at, ScaleGrid grid, int count, int scales, int worst, float scale, float next) {

    double factor() {
      return next / scale;
    }

    String words() {
      return at
          + ": "
          + count
          + " of "
          + Clipped.count(scales, "scale")
          + (scales == 1 ? " is" : " are")
          + " not of the grid '"
          + grid
          + "', most in channel "
          + worst
          + ", "
          + scale
          + ", where the next one is "
          + next;
    }
  }

  /**
   * Takes the scales of a group.
   *
   * @param refused whether there may be none off the grid
   * @throws OctetException {@code OCT-CONV-027} if there is one, and there may be none
   */
  void add(Point at, ScaleGrid grid, ParameterRule.Grid rounding, float[] scales, boolean refused) {
    int count = 0;
    int worst = 0;
    for (int i = 0; i < scales.length; i++) {
      boolean off = rounding.atLeast(scales[i]) != scales[i];
      count += off ? 1 : 0;
      worst = factor(rounding, scales[i]) > factor(rounding, scales[worst]) ? i : worst;
    }
    if (count == 0) {
      return;
    }
    float next = rounding.atLeast(scales[worst]);
    OffGrid found = new OffGrid(at, grid, count, scales.length, worst, scales[worst], next);
    if (refused) {
      throw ConversionErrors.REFUSED_SCALE.error(found.words()).at(at.toString()).build();
    }
    all.add(found);
  }

  private static double factor(ParameterRule.Grid rounding, float scale) {
    return rounding.atLeast(scale) / scale;
  }

  /** Returns a warning about all groups, the farthest first; empty when there are none. */
  Optional<Finding> finding() {
    List<OffGrid> worst =
        all.stream().sorted(Comparator.comparingDouble(each -> -each.factor())).toList();
    return worst.stream()
        .findFirst()
        .map(
            first ->
                ConversionErrors.OFF_GRID.aboutPoint(
                    first.at(),
                    "Derived scales are not those that their derivation asks for: "
                        + Clipped.named(worst.stream().map(OffGrid::words).toList())
                        + "."));
  }
}
