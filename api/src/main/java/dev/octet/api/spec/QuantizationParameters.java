package dev.octet.api.spec;

import dev.octet.api.text.Brief;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The scales and zero points of a tensor: one pair for a tensor as a whole, one for each channel,
 * group or block otherwise, in row-major order over the blocks that share one.
 *
 * <p>A value means {@code (q - zeroPoint) * scale}. Zero points are integers, or float32 fractions
 * where a scheme asks for them. Immutable and thread-safe; equal when all scales have the same bits
 * and all zero points are equal.
 */
public final class QuantizationParameters {

  /** Up to here every whole number is a float32. */
  private static final float MOST_EXACT = 0x1p24f;

  private final float[] scales;
  private final long[] zeroPoints;
  private final Optional<float[]> fractions;

  private QuantizationParameters(float[] scales, long[] zeroPoints, Optional<float[]> fractions) {
    this.scales = scales;
    this.zeroPoints = zeroPoints;
    this.fractions = fractions;
  }

  /**
   * Returns the parameters of a tensor as a whole.
   *
   * @throws IllegalArgumentException if the scale is not finite and above 0
   */
  public static QuantizationParameters of(float scale, long zeroPoint) {
    return of(new float[] {scale}, new long[] {zeroPoint});
  }

  /**
   * Returns parameters of several parts of a tensor; the arrays are copied.
   *
   * @throws IllegalArgumentException if the lengths differ, or a scale is not finite and above 0
   */
  public static QuantizationParameters of(float[] scales, long[] zeroPoints) {
    requireScales(scales, zeroPoints.length);
    return new QuantizationParameters(scales.clone(), zeroPoints.clone(), Optional.empty());
  }

  /**
   * Returns parameters whose zero points may be fractions, such as 1.5 for the four values of two
   * bits; the arrays are copied. Where all of them are whole they are integers.
   *
   * @param zeroPoints finite, of a magnitude of at most 2^24
   * @throws IllegalArgumentException if the lengths differ, a scale is not finite and above 0, or a
   *     zero point has not this range
   */
  public static QuantizationParameters ofFractions(float[] scales, float[] zeroPoints) {
    requireScales(scales, zeroPoints.length);
    long[] whole = new long[zeroPoints.length];
    boolean fractional = false;
    for (int i = 0; i < whole.length; i++) {
      if (!(Math.abs(zeroPoints[i]) <= MOST_EXACT)) {
        throw new IllegalArgumentException("zero point " + zeroPoints[i] + " leaves 2^24");
      }
      whole[i] = (long) zeroPoints[i];
      fractional |= whole[i] != zeroPoints[i];
    }
    return new QuantizationParameters(
        scales.clone(),
        fractional ? new long[whole.length] : whole,
        fractional ? Optional.of(zeroPoints.clone()) : Optional.empty());
  }

  private static void requireScales(float[] scales, int zeroPoints) {
    if (scales.length != zeroPoints) {
      throw new IllegalArgumentException(
          scales.length + " scales and " + zeroPoints + " zero points");
    }
    for (float scale : scales) {
      if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("scale " + scale + " is not finite and above 0");
      }
    }
  }

  /** Returns the pairs of several parameters, one after the other. */
  public static QuantizationParameters joined(List<QuantizationParameters> parts) {
    int count = parts.stream().mapToInt(QuantizationParameters::count).sum();
    boolean fractional = parts.stream().anyMatch(QuantizationParameters::isFractional);
    float[] scales = new float[count];
    long[] zeroPoints = new long[count];
    float[] fractions = new float[fractional ? count : 0];
    int at = 0;
    for (QuantizationParameters part : parts) {
      System.arraycopy(part.scales, 0, scales, at, part.count());
      System.arraycopy(part.zeroPoints, 0, zeroPoints, at, part.count());
      for (int i = 0; fractional && i < part.count(); i++) {
        fractions[at + i] = part.realZeroPoint(i);
      }
      at += part.count();
    }
    return fractional ? ofFractions(scales, fractions) : of(scales, zeroPoints);
  }

  /**
   * Returns these parameters with another scale of one part.
   *
   * @throws IllegalArgumentException if the scale is not finite and above 0
   */
  public QuantizationParameters withScale(int index, float scale) {
    float[] others = scales.clone();
    others[index] = scale;
    requireScales(others, zeroPoints.length);
    return new QuantizationParameters(others, zeroPoints, fractions);
  }

  /** Returns the number of pairs. */
  public int count() {
    return scales.length;
  }

  /** Returns the scale of one part. */
  public float scale(int index) {
    return scales[index];
  }

  /** Tells whether some zero point is a fraction. */
  public boolean isFractional() {
    return fractions.isPresent();
  }

  /**
   * Returns the zero point of one part.
   *
   * @throws IllegalStateException if some zero point {@linkplain #isFractional is a fraction}
   */
  public long zeroPoint(int index) {
    requireWhole();
    return zeroPoints[index];
  }

  /** Returns the zero point of one part, a fraction or not; exact up to 2^24. */
  public float realZeroPoint(int index) {
    return fractions.isPresent() ? fractions.get()[index] : (float) zeroPoints[index];
  }

  /** Returns the zero point of one part as it is written: an integer, or a Float. */
  public Number shownZeroPoint(int index) {
    if (isFractional()) {
      return realZeroPoint(index);
    }
    return zeroPoints[index];
  }

  private void requireWhole() {
    if (isFractional()) {
      throw new IllegalStateException("zero points are fractions: " + this);
    }
  }

  /** Returns a copy of the scales. */
  public float[] scales() {
    return scales.clone();
  }

  /**
   * Returns a copy of the zero points.
   *
   * @throws IllegalStateException if one {@linkplain #isFractional is a fraction}
   */
  public long[] zeroPoints() {
    requireWhole();
    return zeroPoints.clone();
  }

  /** Returns a copy of the zero points, fractions or not; see {@link #realZeroPoint}. */
  public float[] realZeroPoints() {
    float[] real = new float[count()];
    for (int i = 0; i < real.length; i++) {
      real[i] = realZeroPoint(i);
    }
    return real;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuantizationParameters that
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(zeroPoints, that.zeroPoints)
        && isFractional() == that.isFractional()
        && Arrays.equals(realZeroPoints(), that.realZeroPoints());
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(scales), Arrays.hashCode(realZeroPoints()));
  }

  /** Returns the pairs as text. */
  @Override
  public String toString() {
    return "scale "
        + brief(scales)
        + " zero point "
        + fractions.map(QuantizationParameters::brief).orElseGet(() -> brief(zeroPoints));
  }

  private static String brief(float[] numbers) {
    return Brief.list(IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList());
  }

  private static String brief(long[] numbers) {
    return Brief.list(Arrays.stream(numbers).boxed().toList());
  }
}
