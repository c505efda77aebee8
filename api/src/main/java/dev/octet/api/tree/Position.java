package dev.octet.api.tree;

import java.util.Objects;

/**
 * Where a tree value stands.
 *
 * @param source the file or other source; empty when the tree was made in memory
 * @param path the way from the root, as a JSON path such as {@code $.nodes[3].operands[0].spec}
 * @param line line in the source, from 1; 0 when unknown
 * @param column column in the line, from 1; 0 when unknown
 */
public record Position(String source, String path, int line, int column) {

  /** The root of a tree that was made in memory. */
  public static final Position ROOT = new Position("", "$", 0, 0);

  /** Checks that no component is null. */
  public Position {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(path, "path");
  }

  /** Returns the same source with another place in it. */
  public Position child(String childPath, int childLine, int childColumn) {
    return new Position(source, childPath, childLine, childColumn);
  }

  /**
   * Returns the position as an error names it, for example {@code plan.json:12:7 $.nodes[3].op}.
   */
  @Override
  public String toString() {
    String place = line > 0 ? source + ":" + line + ":" + column : source;
    return place.isEmpty() ? path : place + " " + path;
  }
}
