package dev.octet.workflow.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A table with a row for each of some nodes: the node's name first, what is said of it last. Where
 * the rows are more than a person reads, those that say the same of an operator are one row with
 * their count and the first of the names, the most frequent first, unless the width is to hold all
 * ({@link Width#whole}).
 */
public final class NodeTable {

  private static final int MOST_ROWS = 100;

  /** What is said of nodes may name each of them, or a tensor beside it. */
  private static final Pattern NAMES = Pattern.compile("'[^']*'");

  private static final String ANY_NAME = "'...'";

  private final String[] header;
  private final List<String[]> rows = new ArrayList<>();

  /** Makes a table without rows; what the first column names are nodes. */
  public NodeTable(String... header) {
    this.header = header.clone();
  }

  /** Adds a row with as many cells as the header. */
  public NodeTable row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    return this;
  }

  /** Tells whether there are no rows. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Returns the lines of the table, the header first. */
  public List<String> lines(Width width) {
    if (width.listsAll() || rows.size() <= MOST_ROWS) {
      Table table = new Table(header);
      rows.forEach(row -> table.row((Object[]) row));
      return table.lines(width);
    }
    List<String> lines = new ArrayList<>(grouped().lines(width));
    lines.add("  (" + rows.size() + " nodes; --all lists each)");
    return lines;
  }

  private Table grouped() {
    Map<List<String>, List<String[]>> groups = new LinkedHashMap<>();
    for (String[] row : rows) {
      groups.computeIfAbsent(key(row), key -> new ArrayList<>()).add(row);
    }
    Table table = new Table(columns("NODES", "FIRST", header));
    groups.values().stream()
        .sorted((a, b) -> Integer.compare(b.size(), a.size()))
        .forEach(group -> table.row((Object[]) line(group)));
    return table;
  }

  /** What rows of one group share: everything but the names. */
  private static List<String> key(String[] row) {
    List<String> key = new ArrayList<>(Arrays.asList(row).subList(1, row.length));
    key.replaceAll(cell -> NAMES.matcher(cell).replaceAll(ANY_NAME));
    return key;
  }

  private static String[] line(List<String[]> group) {
    String[] first = group.get(0);
    String[] line = columns(String.valueOf(group.size()), first[0], first);
    for (int column = 1; column < first.length; column++) {
      int at = column;
      boolean same = group.stream().allMatch(row -> row[at].equals(first[at]));
      line[column + 1] = same ? first[at] : NAMES.matcher(first[at]).replaceAll(ANY_NAME);
    }
    return line;
  }

  private static String[] columns(String count, String name, String[] rest) {
    String[] columns = new String[rest.length + 1];
    columns[0] = count;
    columns[1] = name;
    System.arraycopy(rest, 1, columns, 2, rest.length - 1);
    return columns;
  }
}
