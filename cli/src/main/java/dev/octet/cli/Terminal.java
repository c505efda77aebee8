package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.workflow.report.Width;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out standard output: results
 * @param err standard error: progress, messages, errors
 * @param width what tables and help fit into
 * @param redraws whether a line on standard error can be drawn over, as on a screen
 */
record Terminal(PrintStream out, PrintStream err, Width width, boolean redraws) {

  private static final int LEAST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 500;

  /**
   * Returns the streams of this process in UTF-8. The launcher says in the system property {@code
   * octet.screen} whether standard error is a screen, and sets the environment variable {@code
   * COLUMNS} when standard output is one.
   */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        width(System.getenv().getOrDefault("COLUMNS", "")),
        Boolean.getBoolean("octet.screen"));
  }

  /** Returns the width that {@code COLUMNS} says, or that of a log where it says none. */
  static Width width(String columns) {
    return columns.matches("[0-9]{1,6}")
        ? Width.screen(Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, Integer.parseInt(columns))))
        : Width.log();
  }
}
