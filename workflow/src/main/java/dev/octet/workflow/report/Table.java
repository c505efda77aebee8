package dev.octet.workflow.report;

import dev.octet.workflow.text.ShownText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table for people: columns under a header. The last column is broken into lines; when that is
 * not enough, the widest of the others are cut in the middle, or the lines are longer ({@link
 * Width#cutsNames}).
 */
public final class Table {

  private static final String GAP = "  ";
  private static final String CUT = "...";

  /** The last column holds sentences: it is not narrower than this share of the whole. */
  private static final double LEAST_LAST = 0.4;

  private static final int LEAST_OTHER = 6;

  /** Where names are not cut, a longer one makes its own line longer, and no other. */
  private static final int MOST_ALIGNED = 200;

  private final List<List<String>> rows = new ArrayList<>();

  /** Makes a table without rows. */
  public Table(String... header) {
    rows.add(List.of(header));
  }

  /** Adds a row with as many cells as the header, each of one line. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(ShownText.line(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  /** Tells whether there are no rows. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Returns the lines of the table, the header first. */
  public List<String> lines(Width width) {
    int[] widths = widths(width);
    List<String> lines = new ArrayList<>(rows.size());
    StringBuilder line = new StringBuilder();
    for (List<String> row : rows) {
      int last = row.size() - 1;
      List<String> pieces = wrap(row.get(last), widths[last]);
      for (int i = 0; i < pieces.size(); i++) {
        line.setLength(0);
        for (int c = 0; c < last; c++) {
          line.append(GAP);
          String cell = width.cutsNames() ? cut(row.get(c), widths[c]) : row.get(c);
          pad(line, i == 0 ? cell : "", widths[c]);
        }
        lines.add(line.append(GAP).append(pieces.get(i)).toString().stripTrailing());
      }
    }
    return lines;
  }

  private int[] widths(Width width) {
    int count = rows.get(0).size();
    int[] widths = new int[count];
    for (List<String> row : rows) {
      for (int c = 0; c < count; c++) {
        int length = row.get(c).length();
        boolean whole = width.cutsNames() || c == count - 1;
        widths[c] = Math.max(widths[c], whole ? length : Math.min(length, MOST_ALIGNED));
      }
    }
    int room = width.columns() - GAP.length() * count;
    int last = count - 1;
    int others = Arrays.stream(widths, 0, last).sum();
    int leastLast = Math.min(widths[last], (int) (LEAST_LAST * width.columns()));
    widths[last] = Math.max(leastLast, Math.min(widths[last], room - others));
    while (width.cutsNames() && Arrays.stream(widths).sum() > room) {
      int widest = 0;
      for (int c = 1; c < last; c++) {
        widest = widths[c] > widths[widest] ? c : widest;
      }
      if (last == 0 || widths[widest] <= LEAST_OTHER) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  /** Cuts in the middle: names of nodes and tensors differ at their ends. */
  private static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int kept = width - CUT.length();
    int end = text.length() - kept / 2;
    return text.substring(0, kept - kept / 2) + CUT + text.substring(end);
  }

  private static void pad(StringBuilder line, String text, int width) {
    line.append(text);
    for (int i = text.length(); i < width; i++) {
      line.append(' ');
    }
  }

  /** Breaks at blanks, and inside a word only when it is longer than a line. */
  static List<String> wrap(String text, int width) {
    if (text.length() <= width) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int blank = rest.lastIndexOf(' ', width);
      int end = blank > 0 ? blank : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
