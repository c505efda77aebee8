package dev.octet.tck.cli;

import dev.octet.tck.run.CaseWatcher;
import dev.octet.workflow.text.ShownText;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows which case runs, once a run has gone on for two seconds: on a screen in one line that is
 * drawn over, elsewhere in a line every five seconds. Not thread-safe.
 */
final class ProgressLine implements CaseWatcher {

  private static final double QUIET_SECONDS = 2;
  private static final double SCREEN_SECONDS = 0.2;
  private static final double LINE_SECONDS = 5;
  private static final double NANOS = 1e9;
  private static final int COLUMNS = 79;

  private final PrintWriter err;
  private final boolean redraws;
  private final LongSupplier nanoTime;
  private final long start;
  private double nextSeconds = QUIET_SECONDS;

  /**
   * Starts the clock.
   *
   * @param redraws whether a line can be drawn over
   * @param nanoTime a clock in nanoseconds
   */
  ProgressLine(PrintWriter err, boolean redraws, LongSupplier nanoTime) {
    this.err = err;
    this.redraws = redraws;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Starts the clock of this process. */
  static ProgressLine start(PrintWriter err) {
    return new ProgressLine(err, isScreen(), System::nanoTime);
  }

  /** Wipes the line of a process that ended, where it was drawn on a screen. */
  static void wipe(PrintWriter err) {
    if (isScreen()) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  /** The script of the distribution looks whether standard error is a screen. */
  private static boolean isScreen() {
    return Boolean.getBoolean("octet.screen");
  }

  @Override
  public void begins(String rule, String name, long before) {
    double seconds = (nanoTime.getAsLong() - start) / NANOS;
    if (seconds < nextSeconds) {
      return;
    }
    nextSeconds = seconds + (redraws ? SCREEN_SECONDS : LINE_SECONDS);
    String text =
        String.format(
            Locale.ROOT,
            "octet-tck: %.0f s, %d cases, now %s %s",
            seconds,
            before,
            rule,
            ShownText.line(name));
    if (redraws) {
      err.print("\r" + text.substring(0, Math.min(text.length(), COLUMNS)) + "\u001b[K");
      err.flush();
    } else {
      err.println(text);
    }
  }
}
