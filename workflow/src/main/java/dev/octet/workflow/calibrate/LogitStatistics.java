package dev.octet.workflow.calibrate;

import java.util.List;
import java.util.Optional;

/**
 * What was seen of logits, values that lead to a Softmax alone, beside what their observer keeps.
 * Immutable; statistics of parts add up exactly.
 *
 * @param rows whether the rows that the Softmax compares are rows of the value itself, or of a
 *     value that has all of its elements that matter
 * @param kept the lower end of what the Softmax can tell from nothing: the smallest, over all rows,
 *     of the row's smallest element or of {@link #cut} below its largest, whichever is higher; plus
 *     infinity without rows
 * @param cut the number of elements that lie lower in their row
 * @param masked the number of minus infinities
 */
public record LogitStatistics(boolean rows, float kept, long cut, long masked) {

  /** Nothing seen, of a value that has rows or has none. */
  static LogitStatistics none(boolean rows) {
    return new LogitStatistics(rows, Float.POSITIVE_INFINITY, 0, 0);
  }

  /** Checks the counts. */
  public LogitStatistics {
    if (cut < 0 || masked < 0 || Float.isNaN(kept)) {
      throw new IllegalArgumentException("cut " + cut + ", masked " + masked + ", kept " + kept);
    }
  }

  /**
   * Returns how far below the largest of its row an element leaves no trace: {@code max(ln(length)
   * + 5, 7)}, in float64 by StrictMath, rounded to float32. All elements of a row together have
   * there less than {@code e^-5} of the weight of the largest, each less than 1/1000.
   *
   * <p>Source: with logits and probabilities of 8 bits, causal attention over 16 to 1024 keys is
   * within 1 dB of an ideal mask; steps finer than these are worth more than weights smaller than
   * these.
   *
   * @param length the number of elements of a row, at least 1
   */
  public static float cut(int length) {
    return (float) Math.max(StrictMath.log(length) + 5, 7);
  }

  LogitStatistics plus(LogitStatistics other) {
    return new LogitStatistics(
        rows && other.rows,
        Math.min(kept, other.kept),
        Math.addExact(cut, other.cut),
        Math.addExact(masked, other.masked));
  }

  LogitStatistics repeated(long times) {
    return new LogitStatistics(
        rows, kept, Math.multiplyExact(cut, times), Math.multiplyExact(masked, times));
  }

  /**
   * Returns what was seen of a group of values; empty unless all of them are logits. What has no
   * rows is kept whole.
   */
  static Optional<LogitStatistics> together(List<TensorStatistics> parts) {
    LogitStatistics sum = null;
    boolean rows = false;
    for (TensorStatistics part : parts) {
      if (part.logits().isEmpty()) {
        return Optional.empty();
      }
      LogitStatistics own = part.logits().get();
      rows |= own.rows;
      float kept = own.rows ? own.kept : part.min();
      LogitStatistics whole = new LogitStatistics(true, kept, own.cut, own.masked);
      sum = sum == null ? whole : sum.plus(whole);
    }
    boolean known = rows;
    return Optional.ofNullable(sum).map(s -> new LogitStatistics(known, s.kept, s.cut, s.masked));
  }
}
