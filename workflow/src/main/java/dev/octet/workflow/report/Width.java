package dev.octet.workflow.report;

/**
 * The width that text for people fits into.
 *
 * @param columns characters of a line, at least 1
 * @param cutsNames whether a name that has no room in a table is cut, as on a screen; otherwise the
 *     line is longer, as in a log or a file, where names are searched for
 */
public record Width(int columns, boolean cutsNames) {

  private static final int USUAL = 80;

  /** Returns the width of a screen. */
  public static Width screen(int columns) {
    return new Width(columns, true);
  }

  /** Returns the width of what is kept or handed on: sentences break at 80 columns. */
  public static Width log() {
    return new Width(USUAL, false);
  }
}
