package dev.octet.api.spec;

import java.util.Objects;
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

  private record Fields(Symmetry symmetry, NumericProfile profile, ScaleGrid grid) {
    private Fields {
      Objects.requireNonNull(symmetry, "symmetry");
      Objects.requireNonNull(profile, "profile");
      Objects.requireNonNull(grid, "grid");
    }
  }

  private final Fields fields;

  private Scheme(Fields fields) {
    this.fields = fields;
  }

  /** Returns a scheme with ONNX arithmetic, whose scales may be any. */
  public static Scheme of(Symmetry symmetry) {
    return new Scheme(new Fields(symmetry, NumericProfile.onnx(), ScaleGrid.any()));
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
    return new Scheme(new Fields(symmetry, profile(), grid()));
  }

  /** Returns this scheme with another arithmetic. */
  public Scheme withProfile(NumericProfile profile) {
    return new Scheme(new Fields(symmetry(), profile, grid()));
  }

  /** Returns this scheme with scales that lie on a grid. */
  public Scheme withGrid(ScaleGrid grid) {
    return new Scheme(new Fields(symmetry(), profile(), grid));
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scheme that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** Returns everything that the scheme says, for messages. */
  @Override
  public String toString() {
    return "Scheme" + fields.toString().substring(Fields.class.getSimpleName().length());
  }
}
