package dev.octet.cli;

import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.text.ShownText;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far some work is and how long it will go on, once it has gone on for two seconds: on a
 * screen in one line that is drawn over, elsewhere in a line every five seconds. Not thread-safe.
 */
final class ProgressLine implements Progress {

  private static final double QUIET_SECONDS = 2;
  private static final double SCREEN_SECONDS = 0.2;
  private static final double LINE_SECONDS = 5;
  private static final double NANOS = 1e9;

  private final Terminal terminal;
  private final String work;
  private final LongSupplier nanoTime;
  private final long start;
  private double nextSeconds = QUIET_SECONDS;
  private boolean shown;

  /**
   * Starts the clock.
   *
   * @param nanoTime a clock in nanoseconds
   */
  ProgressLine(Terminal terminal, String work, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.work = work;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  @Override
  public void samples(int done, int total) {
    double seconds = (nanoTime.getAsLong() - start) / NANOS;
    boolean last = done >= total;
    if (seconds < nextSeconds && !(last && shown)) {
      return;
    }
    nextSeconds = seconds + (terminal.redraws() ? SCREEN_SECONDS : LINE_SECONDS);
    shown = true;
    String text =
        String.format(
            Locale.ROOT,
            "%s: %d of %d samples, %.0f %%, %s",
            ShownText.line(work),
            done,
            total,
            100.0 * done / total,
            last
                ? "took " + time(seconds)
                : "about " + time(seconds / done * (total - done)) + " left");
    if (terminal.redraws()) {
      terminal.err().print("\r" + text + "\u001b[K" + (last ? "\n" : ""));
      terminal.err().flush();
    } else {
      terminal.err().println("octet: " + text);
    }
  }

  static String time(double seconds) {
    long whole = (long) Math.ceil(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
}
