package dev.octet.workflow.report;

/**
 * The width that text for people fits into.
 *
 * @param columns characters of a line, at least 1
 * @param cutsNames whether a name that has no room in a table is cut, as on a screen; otherwise the
 *     line is longer, as in a log or a file, where names are searched for
 * @param listsAll whether each of many nodes has its line; otherwise those of which the same is
 *     said share one
 */
public record Width(int columns, boolean cutsNames, boolean listsAll) {

  private static final int USUAL = 80;

  /** Returns the width of a screen. */
  public static Width screen(int columns) {
    return new Width(columns, true, false);
  }

  /** Returns the width of what is kept or handed on: sentences break at 80 columns. */
  public static Width log() {
    return new Width(USUAL, false, false);
  }

  /** Returns this width with a line for each node, however many there are. */
  public Width whole() {
    return new Width(columns, cutsNames, true);
  }
}
