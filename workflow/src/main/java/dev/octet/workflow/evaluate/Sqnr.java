package dev.octet.workflow.evaluate;

import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.Locale;
import java.util.Optional;

/**
 * How far numbers are from those of a reference: {@code 10 log10(signal / noise)} decibels.
 *
 * @param signal the sum of the squares of the reference, finite and not negative unless there is no
 *     number
 * @param noise the sum of the squares of the differences
 */
public record Sqnr(double signal, double noise) {

  /** The decibels that equal numbers count as: float32 tells no more. */
  public static final double MOST_DECIBELS = 150;

  /** Where nothing differs. */
  public static final Sqnr EQUAL = new Sqnr(0, 0);

  /** Tells whether nothing differs. */
  public boolean isEqual() {
    return noise == 0;
  }

  /**
   * Tells whether the decibels are a finite number: something differs, nothing of it is NaN or
   * infinite, and the reference is not zero everywhere.
   */
  public boolean isFinite() {
    return Double.isFinite(decibels());
  }

  /** Returns the decibels; infinite when nothing differs. */
  public double decibels() {
    return isEqual() ? Double.POSITIVE_INFINITY : 10 * StrictMath.log10(signal / noise);
  }

  /** Returns the decibels in the order of what is better: what is no number is worst. */
  public double rank() {
    return isEqual() || isFinite() ? decibels() : Double.NEGATIVE_INFINITY;
  }

  /** Returns the noise for a signal of one, in which errors add up. */
  public double noisePart() {
    return isEqual() ? 0 : noise / signal;
  }

  /** Returns the decibels for programs: null when nothing differs, nothing when it is no number. */
  public Optional<Tree> tree() {
    if (isEqual()) {
      return Optional.of(new Tree.Null(Position.ROOT));
    }
    return isFinite() ? Optional.of(Tree.of(decibels())) : Optional.empty();
  }

  /**
   * Returns the decibels for people, such as {@code 23.7 dB}, {@code equal} or {@code no number}.
   */
  public String words() {
    if (isEqual()) {
      return "equal";
    }
    return isFinite() ? String.format(Locale.ROOT, "%.1f dB", decibels()) : "no number";
  }
}
