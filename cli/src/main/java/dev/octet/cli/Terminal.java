package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out standard output: results
 * @param err standard error: progress, messages, errors
 * @param columns the width that tables and help fit into
 * @param redraws whether a line on standard error can be drawn over, as on a screen
 */
record Terminal(PrintStream out, PrintStream err, int columns, boolean redraws) {

  private static final int USUAL_COLUMNS = 80;
  private static final int LEAST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 500;

  /**
   * Returns the streams of this process in UTF-8. The launcher says in the system property {@code
   * octet.screen} whether standard error is a screen; the width is the environment variable {@code
   * COLUMNS}, or else 80.
   */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        columns(System.getenv().getOrDefault("COLUMNS", "")),
        Boolean.getBoolean("octet.screen"));
  }

  static int columns(String text) {
    if (!text.matches("[0-9]{1,6}")) {
      return USUAL_COLUMNS;
    }
    return Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, Integer.parseInt(text)));
  }
}
