package dev.octet.api.spec;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scales of two levels: each scale is a small factor, with a type of its own, times one float32
 * that many of them share. For constants; a hardware stores the factors beside the integers.
 * Immutable; two are equal when everything that they say is equal.
 *
 * <p>Of the scales {@code n_i} that the ranges of its parts ask for, floor included, the shared
 * scale is {@code S = max(n_i) / F}, where {@code F} is the largest factor; where {@code F * S}
 * came out below {@code max(n_i)}, the next float32. The factor of a part is {@code n_i / S},
 * rounded to a factor that there is and clamped to the smallest and largest; the scale of the part
 * is {@code factor * S}. Every operation is rounded once to float32, to nearest with ties to even.
 *
 * <ul>
 *   <li>integers: the factors are 1 to {@code F}. With 16 and rounding to nearest the blocks of
 *       Qualcomm's QNN (low power block quantization).
 *   <li>float8: the factors are the values above 0 of FLOAT8E4M3FN, 2^-9 to 448.
 * </ul>
 */
public final class ScaleLevels {

  /** Who shares the float32. */
  public enum Over {
    /**
     * The groups of one row along the axis that is cut into them; every index of the other axes is
     * a row. Of a weight whose input channels are cut, an output channel.
     */
    ROW,
    /** All parts of the tensor. */
    TENSOR
  }

  /** How a factor is rounded. */
  public enum Rounding {
    /** Up, to the smallest factor whose scale is not below the one asked for: the range fits. */
    UP,
    /** To the nearest factor, of two to the even one: a range may be cut. */
    NEAREST
  }

  /** The type of a factor. */
  public enum Factors {
    /** Integers from 1 up. */
    INTEGERS,
    /** The positive values of FLOAT8E4M3FN. */
    FLOAT8_E4M3
  }

  private static final int MOST = 1 << 24;
  private static final int LARGEST_FLOAT8 = 448;

  private record Fields(Factors factors, int largest, Over over, Rounding rounding) {
    private Fields {
      Objects.requireNonNull(factors, "factors");
      Objects.requireNonNull(over, "over");
      Objects.requireNonNull(rounding, "rounding");
      if (largest < 1 || largest > MOST) {
        throw new IllegalArgumentException("largest factor " + largest + " is not in 1..2^24");
      }
    }
  }

  private final Fields fields;

  private ScaleLevels(Fields fields) {
    this.fields = fields;
  }

  /**
   * Returns scales that are whole multiples of a shared one, rounded up.
   *
   * @param largest the largest multiple, 1 to 2^24; 16 for a factor of four bits that begins at 1
   * @param over who shares
   * @throws IllegalArgumentException if the largest has not this range
   */
  public static ScaleLevels integers(int largest, Over over) {
    return new ScaleLevels(new Fields(Factors.INTEGERS, largest, over, Rounding.UP));
  }

  /** Returns scales that are values of FLOAT8E4M3FN times a shared one, rounded up. */
  public static ScaleLevels float8(Over over) {
    return new ScaleLevels(new Fields(Factors.FLOAT8_E4M3, LARGEST_FLOAT8, over, Rounding.UP));
  }

  /** Returns these levels with factors that are rounded in another way. */
  public ScaleLevels rounded(Rounding rounding) {
    return new ScaleLevels(new Fields(factors(), largest(), over(), rounding));
  }

  /** Returns the type of a factor. */
  public Factors factors() {
    return fields.factors();
  }

  /** Returns the largest factor. */
  public int largest() {
    return fields.largest();
  }

  /** Returns who shares a scale. */
  public Over over() {
    return fields.over();
  }

  /** Returns how a factor is rounded. */
  public Rounding rounding() {
    return fields.rounding();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScaleLevels that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the levels say, for messages. */
  @Override
  public String toString() {
    return "two levels, the lower up to "
        + largest()
        + " times a scale for each "
        + over().name().toLowerCase(Locale.ROOT);
  }
}
