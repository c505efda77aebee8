package dev.octet.api.spec;

import java.util.Objects;

/**
 * Where the zero of a quantized range lies, and the arithmetic that finds scales and integers.
 *
 * @param symmetry symmetric about zero, or affine
 * @param profile the arithmetic
 */
public record Scheme(Symmetry symmetry, NumericProfile profile) {

  /** Where the zero lies. */
  public enum Symmetry {
    /** The range is symmetric about zero; the zero point is fixed by the type. */
    SYMMETRIC,
    /** The zero point is found from the data. */
    AFFINE
  }

  /** Checks that no component is null. */
  public Scheme {
    Objects.requireNonNull(symmetry, "symmetry");
    Objects.requireNonNull(profile, "profile");
  }

  /** Returns the symmetric scheme with ONNX arithmetic. */
  public static Scheme symmetric() {
    return new Scheme(Symmetry.SYMMETRIC, NumericProfile.onnx());
  }

  /** Returns the affine scheme with ONNX arithmetic. */
  public static Scheme affine() {
    return new Scheme(Symmetry.AFFINE, NumericProfile.onnx());
  }
}
