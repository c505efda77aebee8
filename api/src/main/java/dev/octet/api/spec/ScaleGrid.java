package dev.octet.api.spec;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which float32 values may be scales. Immutable; two are equal when name and step are.
 *
 * <p>The scale that a range asks for, floor included, moves up to the smallest scale of the grid
 * that is not below it, so that the range still fits. Whatever makes a scale larger afterwards, as
 * making room for a bias does, moves to the next scale of the grid.
 *
 * <ul>
 *   <li>{@code any}: every float32 above 0. Scales stay as they are.
 *   <li>{@code power-of-two}: {@code 2^k} for integers {@code k} from -149 to 127. All of them are
 *       exact float32 values, those below 2^-126 as subnormals; products of them are exact until
 *       they leave float32.
 *   <li>{@code one-over-integer}: {@code 1 / n} for integers {@code n} from 1 to 2^24, one float32
 *       division: {@code n} is exact in float32 up to there. The scales lie between 2^-24 and 1.
 *   <li>{@code integer-reciprocal}: those {@code s = 1 / n} whose reciprocal, one float32 division,
 *       is {@code n} again: what a kernel needs that computes with {@code floor(1 / s)}. About one
 *       {@code n} of six is left out, 7 and 1000 among them.
 *   <li>{@code multiple-of} a step: {@code k * step} for integers {@code k} from 1 to 2^24, one
 *       float32 multiplication. The smallest scale is the step.
 *   <li>{@code float8-e8m0}: the powers of two that FLOAT8E8M0 has, 2^-127 to 2^127: what it stores
 *       as one byte.
 *   <li>{@code float8-e4m3}: the values above 0 of FLOAT8E4M3FN, 2^-9 to 448.
 *   <li>any other name: a grid that a backend brings, see {@link ScaleGridKind}.
 * </ul>
 *
 * <p>A range that needs a larger scale than the grid has is refused with {@code OCT-QUANT-002}.
 */
public final class ScaleGrid {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final String MULTIPLE_OF = "multiple-of";

  private record Fields(String name, Optional<Float> step) {}

  private static final ScaleGrid ANY = new ScaleGrid(new Fields("any", Optional.empty()));
  private static final ScaleGrid POWER_OF_TWO =
      new ScaleGrid(new Fields("power-of-two", Optional.empty()));
  private static final ScaleGrid ONE_OVER_INTEGER =
      new ScaleGrid(new Fields("one-over-integer", Optional.empty()));

  private static final ScaleGrid INTEGER_RECIPROCAL =
      new ScaleGrid(new Fields("integer-reciprocal", Optional.empty()));

  private static final ScaleGrid FLOAT8_E8M0 =
      new ScaleGrid(new Fields("float8-e8m0", Optional.empty()));
  private static final ScaleGrid FLOAT8_E4M3 =
      new ScaleGrid(new Fields("float8-e4m3", Optional.empty()));

  private final Fields fields;

  private ScaleGrid(Fields fields) {
    this.fields = fields;
  }

  /** Returns the grid of all float32 values above 0. */
  public static ScaleGrid any() {
    return ANY;
  }

  /** Returns the grid of the powers of two. */
  public static ScaleGrid powersOfTwo() {
    return POWER_OF_TWO;
  }

  /** Returns the grid of the reciprocals of integers. */
  public static ScaleGrid onesOverIntegers() {
    return ONE_OVER_INTEGER;
  }

  /** Returns the grid of the scales whose float32 reciprocals are integers. */
  public static ScaleGrid integerReciprocals() {
    return INTEGER_RECIPROCAL;
  }

  /** Returns the grid of the scales that are stored as FLOAT8E8M0. */
  public static ScaleGrid float8E8m0() {
    return FLOAT8_E8M0;
  }

  /** Returns the grid of the scales that are stored as FLOAT8E4M3FN. */
  public static ScaleGrid float8E4m3() {
    return FLOAT8_E4M3;
  }

  /**
   * Returns the grid of the multiples of a step.
   *
   * @param step the step, finite and above 0
   * @throws IllegalArgumentException if it is not
   */
  public static ScaleGrid multiplesOf(float step) {
    if (!(step > 0 && step < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("step " + step + " is not finite and above 0");
    }
    return new ScaleGrid(new Fields(MULTIPLE_OF, Optional.of(step)));
  }

  /**
   * Returns a grid by name: one that a backend brings, or one of Octet's that has no step.
   *
   * @param name the name, {@code [a-z][a-z0-9-]{0,63}}
   * @throws IllegalArgumentException if it is not of that form, or is {@code multiple-of}
   */
  public static ScaleGrid named(String name) {
    if (!NAME.matcher(name).matches() || name.equals(MULTIPLE_OF)) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a scale grid without a step");
    }
    return new ScaleGrid(new Fields(name, Optional.empty()));
  }

  /** Returns the name, by which a grid that a backend brings is found. */
  public String name() {
    return fields.name();
  }

  /** Returns the step of {@code multiple-of}; empty for every other grid. */
  public Optional<Float> step() {
    return fields.step();
  }

  /** Tells whether every float32 above 0 may be a scale. */
  public boolean isAny() {
    return equals(ANY);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScaleGrid that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(fields);
  }

  /** Returns the grid in words, such as {@code power-of-two} or {@code multiple-of 0.25}. */
  @Override
  public String toString() {
    return name() + step().map(step -> " " + step).orElse("");
  }
}
