package dev.octet.api.spec;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the zero of a quantized range lies, the arithmetic that finds scales and integers, and
 * which scales there may be. Immutable; two are equal when everything that they say is equal.
 */
public final class Scheme {

  /** Where the zero lies. */
  public enum Symmetry {
    /** The range is symmetric about zero; the zero point is fixed by the type. */
    SYMMETRIC,
    /** The zero point is found from the data. */
    AFFINE
  }

  /** Which numbers zero points are. */
  public enum ZeroPoints {
    /** Integers of the stored type. */
    WHOLE,
    /**
     * Real numbers, of constants alone: the middle of the range of a symmetric scheme, {@code (qmin
     * + qmax) / 2}, as 1.5 for {@code uint2}, which then means -1.5, -0.5, 0.5 and 1.5 times the
     * scale; of an affine one {@code clamp(qmin - n / s, qmin, qmax)}, in the letters of {@link
     * NumericProfile}. Integers are {@code clamp(rne(x / s + z))} and mean {@code (q - z) * s},
     * every operation rounded once to float32; {@code x / s} as the profile says.
     */
    REAL
  }

  private record Fields(
      Symmetry symmetry,
      NumericProfile profile,
      ScaleGrid grid,
      ZeroPoints zeroPoints,
      Optional<ScaleLevels> levels) {
    private Fields {
      Objects.requireNonNull(symmetry, "symmetry");
      Objects.requireNonNull(profile, "profile");
      Objects.requireNonNull(grid, "grid");
      Objects.requireNonNull(zeroPoints, "zeroPoints");
      if (levels.isPresent() && !grid.isAny()) {
        throw new IllegalArgumentException(
            "scales of two levels, " + levels.get() + ", lie on no other grid: " + grid);
      }
    }
  }

  private final Fields fields;

  private Scheme(Fields fields) {
    this.fields = fields;
  }

  /** Returns a scheme with ONNX arithmetic, whose scales may be any. */
  public static Scheme of(Symmetry symmetry) {
    return new Scheme(
        new Fields(
            symmetry, NumericProfile.onnx(), ScaleGrid.any(), ZeroPoints.WHOLE, Optional.empty()));
  }

  /** Returns the symmetric scheme with ONNX arithmetic, whose scales may be any. */
  public static Scheme symmetric() {
    return of(Symmetry.SYMMETRIC);
  }

  /** Returns the affine scheme with ONNX arithmetic, whose scales may be any. */
  public static Scheme affine() {
    return of(Symmetry.AFFINE);
  }

  /** Returns this scheme with the zero elsewhere. */
  public Scheme withSymmetry(Symmetry symmetry) {
    return new Scheme(new Fields(symmetry, profile(), grid(), zeroPoints(), levels()));
  }

  /** Returns this scheme with another arithmetic. */
  public Scheme withProfile(NumericProfile profile) {
    return new Scheme(new Fields(symmetry(), profile, grid(), zeroPoints(), levels()));
  }

  /**
   * Returns this scheme with scales that lie on a grid.
   *
   * @throws IllegalArgumentException if scales have two levels
   */
  public Scheme withGrid(ScaleGrid grid) {
    return new Scheme(new Fields(symmetry(), profile(), grid, zeroPoints(), levels()));
  }

  /** Returns this scheme with other numbers as zero points. */
  public Scheme withZeroPoints(ZeroPoints zeroPoints) {
    return new Scheme(new Fields(symmetry(), profile(), grid(), zeroPoints, levels()));
  }

  /**
   * Returns this scheme with scales of two levels.
   *
   * @throws IllegalArgumentException if scales lie on a grid
   */
  public Scheme withLevels(ScaleLevels levels) {
    return new Scheme(new Fields(symmetry(), profile(), grid(), zeroPoints(), Optional.of(levels)));
  }

  /** Returns where the zero lies. */
  public Symmetry symmetry() {
    return fields.symmetry();
  }

  /** Returns the arithmetic. */
  public NumericProfile profile() {
    return fields.profile();
  }

  /** Returns which scales there may be. */
  public ScaleGrid grid() {
    return fields.grid();
  }

  /** Returns which numbers zero points are. */
  public ZeroPoints zeroPoints() {
    return fields.zeroPoints();
  }

  /** Returns the two levels of scales; empty when every scale stands on its own. */
  public Optional<ScaleLevels> levels() {
    return fields.levels();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scheme that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says beyond what is usual, for messages. */
  @Override
  public String toString() {
    return symmetry().name().toLowerCase(Locale.ROOT)
        + (profile().equals(NumericProfile.onnx()) ? "" : " of " + profile())
        + (grid().isAny() ? "" : ", scales on " + grid())
        + (zeroPoints() == ZeroPoints.WHOLE ? "" : ", zero points that are fractions")
        + levels().map(levels -> ", " + levels).orElse("");
  }
}
