package dev.octet.api.runtime;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime rounds to the integers of an output, by name: Octet's, or a vendor's own.
 * Incubating.
 *
 * <p>Words of the formulas: {@code acc} is the exact sum of products, {@code M = s_x * s_w / s_y},
 * {@code z} the zero point of the output, {@code rne} rounds to the nearest integer with ties to
 * even, {@code f32} once to float32; clamping precedes narrowing. Immutable; two are equal when
 * name and formula are.
 */
public final class RequantizationProfile {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private static final RequantizationProfile FLOAT_HALF_EVEN =
      new RequantizationProfile("float-half-even", "rne(clamp(f32(acc) * f32(M))) + z");
  private static final RequantizationProfile FLOAT_HALF_EVEN_WITH_ZERO_POINT =
      new RequantizationProfile(
          "float-half-even-with-zero-point",
          "clamp(rne(f32(v / s_y + z))): the zero point is added in float32, before rounding");
  private static final RequantizationProfile FIXED_POINT_SINGLE_ROUNDING =
      new RequantizationProfile(
          "fixed-point-single-rounding",
          "clamp(((acc * m + 2^(shift - 1)) >> shift) + z), m of 31 bits: ties towards plus"
              + " infinity");
  private static final RequantizationProfile FIXED_POINT_DOUBLE_ROUNDING =
      new RequantizationProfile(
          "fixed-point-double-rounding",
          "m of 31 bits; the product is rounded when its high half is taken, ties towards plus"
              + " infinity, and again when it is shifted, ties away from zero; clamp(.. + z)");
  private static final RequantizationProfile SIMULATED =
      new RequantizationProfile(
          "simulated", "clamp(rne(f32(v / s_y)) + z), where v is computed in float32");

  private static final List<RequantizationProfile> OCTETS =
      List.of(
          FLOAT_HALF_EVEN,
          FLOAT_HALF_EVEN_WITH_ZERO_POINT,
          FIXED_POINT_SINGLE_ROUNDING,
          FIXED_POINT_DOUBLE_ROUNDING,
          SIMULATED);

  private final String name;
  private final String formula;

  private RequantizationProfile(String name, String formula) {
    this.name = name;
    this.formula = formula;
  }

  /** Returns {@code rne(clamp(f32(acc) * f32(M))) + z}: ONNX Runtime and XNNPACK, of products. */
  public static RequantizationProfile floatHalfEven() {
    return FLOAT_HALF_EVEN;
  }

  /**
   * Returns {@code clamp(rne(f32(v / s_y + z)))}: the zero point is added in float32 before
   * rounding, so ties go the other way where it is odd; ONNX Runtime's QLinearAdd and QLinearMul.
   */
  public static RequantizationProfile floatHalfEvenWithZeroPoint() {
    return FLOAT_HALF_EVEN_WITH_ZERO_POINT;
  }

  /**
   * Returns a 31-bit fixed-point multiplier with one rounding, ties towards plus infinity: the
   * single rounding of TOSA.
   */
  public static RequantizationProfile fixedPointSingleRounding() {
    return FIXED_POINT_SINGLE_ROUNDING;
  }

  /**
   * Returns a 31-bit fixed-point multiplier, rounded when the product is halved and again when it
   * is shifted: TFLite, gemmlowp, CMSIS-NN.
   */
  public static RequantizationProfile fixedPointDoubleRounding() {
    return FIXED_POINT_DOUBLE_ROUNDING;
  }

  /** Returns the profile of what dequantizes, computes in float32 and quantizes again. */
  public static RequantizationProfile simulated() {
    return SIMULATED;
  }

  /**
   * Returns a profile of the vendor's own.
   *
   * @param name {@code [a-z][a-z0-9-]{0,63}}, and none of Octet's
   * @param formula what is computed, with operand precision, rounding and the order of clamping
   * @throws IllegalArgumentException if the name has another form or is one of Octet's
   */
  public static RequantizationProfile named(String name, String formula) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "profile name '" + name + "' is not of the form " + NAME.pattern());
    }
    if (OCTETS.stream().anyMatch(profile -> profile.name.equals(name))) {
      throw new IllegalArgumentException("profile '" + name + "' is one of Octet's");
    }
    return new RequantizationProfile(name, Objects.requireNonNull(formula, "formula"));
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns what is computed. */
  public String formula() {
    return formula;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequantizationProfile that
        && name.equals(that.name)
        && formula.equals(that.formula);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, formula);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
