package dev.octet.cli;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.execution.Progress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long a command took, and the work on samples in it. The one thing that it tells of a run that
 * is another one when nothing else is. Thread-safe.
 */
final class Stopwatch {

  private static final int NANO_DIGITS = 9;
  private static final int DIGITS = 3;

  private final LongSupplier nanoTime;
  private final long start;
  private final Map<String, Long> works = new LinkedHashMap<>();

  /**
   * Starts the clock.
   *
   * @param nanoTime a clock in nanoseconds
   */
  Stopwatch(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /**
   * Returns a listener that hands on how far some work is, and lets it last from now to its last
   * call.
   *
   * @param work what is done; what is done twice lasts as long as both together
   */
  Progress timed(String work, Progress heard) {
    long begun = nanoTime.getAsLong();
    long before = lasted(work);
    return (done, total) -> {
      keep(work, before + nanoTime.getAsLong() - begun);
      heard.samples(done, total);
    };
  }

  private synchronized long lasted(String work) {
    return works.getOrDefault(work, 0L);
  }

  private synchronized void keep(String work, long nanos) {
    works.put(work, nanos);
  }

  /** Returns the seconds of each work, and as {@code total} those since the start. */
  synchronized Tree seconds() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    works.forEach((work, nanos) -> fields.put(work, seconds(nanos)));
    fields.put("total", seconds(nanoTime.getAsLong() - start));
    return Tree.of(fields);
  }

  private static Tree seconds(long nanos) {
    return Tree.of(
        BigDecimal.valueOf(nanos, NANO_DIGITS)
            .setScale(DIGITS, RoundingMode.HALF_EVEN)
            .doubleValue());
  }
}
