package dev.octet.kernels.quantize;

import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;
import java.util.Optional;

/** Octet's own scale grids; {@link ScaleGrid} has their definitions. */
public final class ScaleGrids {

  /** Up to here every whole number is a float32. */
  private static final int MOST = 1 << 24;

  private static final float SMALLEST_E8M0 = 0x1p-127f;
  private static final int FIRST_NORMAL = 0x00800000;
  private static final int EXPONENT = 0x7F800000;

  private ScaleGrids() {}

  /** Returns what a grid does, where it is one of Octet's own; empty for one of a backend. */
  public static Optional<ScaleGridKind> own(ScaleGrid grid) {
    return switch (grid.name()) {
      case "any" -> kind(grid, "Every float32 above 0.", scale -> scale);
      case "power-of-two" -> kind(grid, "The powers of two.", ScaleGrids::powerOfTwo);
      case "float8-e8m0" ->
          kind(grid, "The powers of two from 2^-127 to 2^127.", ScaleGrids::float8E8m0);
      case "float8-e4m3" ->
          kind(grid, "The values above 0 of FLOAT8E4M3FN, 2^-9 to 448.", Float8::atLeast);
      case "one-over-integer" ->
          kind(grid, "1 / n for integers n from 1 to 2^24.", ScaleGrids::oneOverInteger);
      case "integer-reciprocal" ->
          kind(
              grid,
              "1 / n for integers n from 1 to 2^24 that 1 / (1 / n) is again.",
              ScaleGrids::integerReciprocal);
      case "multiple-of" -> {
        float step = grid.step().orElseThrow();
        yield kind(
            grid, "k * step for integers k from 1 to 2^24.", scale -> multipleOf(step, scale));
      }
      default -> Optional.empty();
    };
  }

  private interface Rounding {
    float atLeast(float scale);
  }

  private record Own(String name, String documentation, Rounding rounding)
      implements ScaleGridKind {
    @Override
    public float atLeast(float scale) {
      return rounding.atLeast(scale);
    }
  }

  private static Optional<ScaleGridKind> kind(
      ScaleGrid grid, String documentation, Rounding rounding) {
    return Optional.of(new Own(grid.name(), documentation, rounding));
  }

  /** The bits of a float32 above 0 are its order; those of a subnormal are its whole number. */
  private static float powerOfTwo(float scale) {
    int bits = Float.floatToIntBits(scale);
    int power = bits < FIRST_NORMAL ? Integer.highestOneBit(bits) : bits & EXPONENT;
    int next = bits < FIRST_NORMAL ? power << 1 : power + FIRST_NORMAL;
    return Float.intBitsToFloat(bits == power ? power : next);
  }

  private static float float8E8m0(float scale) {
    return powerOfTwo(Math.max(scale, SMALLEST_E8M0));
  }

  private static float oneOverInteger(float scale) {
    return scale > 1 ? Float.POSITIVE_INFINITY : 1f / largestInteger(scale);
  }

  private static float integerReciprocal(float scale) {
    if (scale > 1) {
      return Float.POSITIVE_INFINITY;
    }
    int n = largestInteger(scale);
    // Both divisions round; 1 comes back.
    while (1f / (1f / n) != n) {
      n--;
    }
    return 1f / n;
  }

  /** Returns the largest n with {@code 1 / n} not below a scale of at most 1. */
  private static int largestInteger(float scale) {
    int n = (int) Math.min(MOST, Math.floor(1 / (double) scale));
    // Both divisions round, so that the neighbours decide.
    while (n < MOST && 1f / (n + 1) >= scale) {
      n++;
    }
    while (1f / n < scale) {
      n--;
    }
    return n;
  }

  private static float multipleOf(float step, float scale) {
    double quotient = Math.ceil((double) scale / step);
    if (quotient > MOST + 1) {
      return Float.POSITIVE_INFINITY;
    }
    int k = (int) Math.max(1, quotient);
    while (k > 1 && (k - 1) * step >= scale) {
      k--;
    }
    while (k <= MOST && k * step < scale) {
      k++;
    }
    return k > MOST ? Float.POSITIVE_INFINITY : k * step;
  }
}
