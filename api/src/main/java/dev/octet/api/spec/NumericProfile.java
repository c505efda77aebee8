package dev.octet.api.spec;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic by which a float becomes an integer, step by step in float32.
 *
 * <p>Scale {@code s} and zero point {@code z} come from an observed range that is widened to hold
 * zero: {@code n = min(min, 0)}, {@code p = max(max, 0)}:
 *
 * <ul>
 *   <li>affine: {@code s = max((p - n) / (qmax - qmin), scaleFloor)}, {@code z = clamp(qmin - rne(n
 *       / s), qmin, qmax)};
 *   <li>symmetric: {@code s = max(max(-n, p) / ((qmax - qmin) / 2), scaleFloor)}, {@code z} the
 *       middle of the range: 0 for signed storage, {@code floor((qmin + qmax + 1) / 2)} for
 *       unsigned.
 * </ul>
 *
 * <p>Every operation is rounded once to float32, to nearest with ties to even; {@code rne} is that
 * rounding to an integer. Where the scheme has a {@link ScaleGrid}, {@code s} moves up to the next
 * scale of the grid before {@code z} is computed. Integers are clamped to {@code [qmin, qmax]}
 * last. Source: PyTorch's observers for scale and zero point; ONNX QuantizeLinear and PyTorch's
 * quantized_decomposed operators for the integers.
 *
 * <p>Immutable; two are equal when everything that they say is equal.
 */
public final class NumericProfile {

  /** How {@code x / s} is computed. */
  public enum Division {
    /** One division: ONNX, ONNX Runtime, LiteRT. */
    DIVIDE,
    /** A multiplication by {@code 1 / s}, which is rounded first: PyTorch, ExecuTorch. */
    MULTIPLY_BY_RECIPROCAL
  }

  /** When the zero point is added. */
  public enum ZeroPointOrder {
    /** {@code rne(x / s) + z}. */
    AFTER_ROUNDING,
    /** {@code rne(x / s + z)}; differs at ties when {@code z} is odd. */
    BEFORE_ROUNDING
  }

  /** The distance from 1 to the next float32, 2^-23: the scale floor of PyTorch's observers. */
  public static final float FLOAT32_EPSILON = 0x1p-23f;

  private record Fields(Division division, ZeroPointOrder zeroPointOrder, float scaleFloor) {
    private Fields {
      Objects.requireNonNull(division, "division");
      Objects.requireNonNull(zeroPointOrder, "zeroPointOrder");
      if (!(scaleFloor > 0 && scaleFloor < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "scale floor " + scaleFloor + " is not finite and above 0");
      }
    }
  }

  private final Fields fields;

  private NumericProfile(Fields fields) {
    this.fields = fields;
  }

  /**
   * Returns {@code q = clamp(rne(x / s) + z)} with the float32 epsilon as scale floor: ONNX
   * QuantizeLinear.
   */
  public static NumericProfile onnx() {
    return new NumericProfile(
        new Fields(Division.DIVIDE, ZeroPointOrder.AFTER_ROUNDING, FLOAT32_EPSILON));
  }

  /**
   * Returns {@code q = clamp(rne(x * (1 / s)) + z)} with the float32 epsilon as scale floor:
   * PyTorch quantized_decomposed.
   */
  public static NumericProfile torch() {
    return onnx().withDivision(Division.MULTIPLY_BY_RECIPROCAL);
  }

  /** Returns this arithmetic with another way to compute {@code x / s}. */
  public NumericProfile withDivision(Division division) {
    return new NumericProfile(new Fields(division, zeroPointOrder(), scaleFloor()));
  }

  /** Returns this arithmetic with the zero point added at another moment. */
  public NumericProfile withZeroPointOrder(ZeroPointOrder order) {
    return new NumericProfile(new Fields(division(), order, scaleFloor()));
  }

  /**
   * Returns this arithmetic with another scale floor.
   *
   * @throws IllegalArgumentException if the floor is not finite and above 0
   */
  public NumericProfile withScaleFloor(float floor) {
    return new NumericProfile(new Fields(division(), zeroPointOrder(), floor));
  }

  /** Returns how {@code x / s} is computed. */
  public Division division() {
    return fields.division();
  }

  /** Returns when the zero point is added. */
  public ZeroPointOrder zeroPointOrder() {
    return fields.zeroPointOrder();
  }

  /** Returns the smallest scale, finite and above 0. */
  public float scaleFloor() {
    return fields.scaleFloor();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NumericProfile that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the profile says, for messages. */
  @Override
  public String toString() {
    return word(division()) + ", " + word(zeroPointOrder()) + ", scales from " + shownFloor();
  }

  private String shownFloor() {
    int exponent = Math.getExponent(scaleFloor());
    boolean powerOfTwo = scaleFloor() == Math.scalb(1f, exponent);
    return powerOfTwo ? "2^" + exponent : Float.toString(scaleFloor());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
