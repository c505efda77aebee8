package dev.octet.api.graph;

import java.util.Objects;

/**
 * A place that can be quantized: an operand or a result of a node, or an input or an output of the
 * whole graph. Subgraphs have no inputs and outputs that are points.
 *
 * <p>An operand is named by its index, not by its producer: both operands of {@code x + x} are
 * points of their own. An input of the graph and the operands that read it are points of their own
 * as well: what the caller supplies may be integers, and what a node reads may be others.
 *
 * @param name the node's name; for an input or an output that of the value
 * @param side operand or result of a node, input or output of the graph
 * @param index operand or result index, from 0; 0 for an input and an output
 */
public record Point(String name, Side side, int index) implements Comparable<Point> {

  /** Which list the point is an element of. */
  public enum Side {
    /** The values that a node reads. */
    OPERAND,
    /** The values that a node defines. */
    RESULT,
    /** The values that a caller supplies. */
    INPUT,
    /** The values that a caller gets. */
    OUTPUT;

    /** Tells whether it is a list of the whole graph, not of a node. */
    public boolean isBoundary() {
      return this == INPUT || this == OUTPUT;
    }

    /** The same on every machine, unlike the hash code of an enum's constant. */
    private int number() {
      return switch (this) {
        case OPERAND -> 0;
        case RESULT -> 1;
        case INPUT -> 2;
        case OUTPUT -> 3;
      };
    }

    private String word() {
      return switch (this) {
        case OPERAND -> "operand";
        case RESULT -> "result";
        case INPUT -> "input";
        case OUTPUT -> "output";
      };
    }
  }

  /** Checks that the index is not negative, and 0 for an input and an output. */
  public Point {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(side, "side");
    if (index < 0) {
      throw new IllegalArgumentException("index " + index + " is negative");
    }
    if (side.isBoundary() && index != 0) {
      throw new IllegalArgumentException("an " + side.word() + " has a name and no index");
    }
  }

  /** Returns an operand of a node. */
  public static Point operand(String node, int index) {
    return new Point(node, Side.OPERAND, index);
  }

  /** Returns a result of a node. */
  public static Point result(String node, int index) {
    return new Point(node, Side.RESULT, index);
  }

  /** Returns an input of the graph: the value of that name as the caller supplies it. */
  public static Point input(String name) {
    return new Point(name, Side.INPUT, 0);
  }

  /** Returns an output of the graph: the value of that name as the caller gets it. */
  public static Point output(String name) {
    return new Point(name, Side.OUTPUT, 0);
  }

  /** Tells whether it is an input or an output of the graph, and so of no node. */
  public boolean isBoundary() {
    return side.isBoundary();
  }

  /**
   * Returns the name of the node whose operand or result it is.
   *
   * @throws IllegalStateException for an input or an output of the graph
   */
  public String node() {
    if (isBoundary()) {
      throw new IllegalStateException(this + " is of no node");
    }
    return name;
  }

  /** Orders by name, operands before results before inputs before outputs, then by index. */
  @Override
  public int compareTo(Point other) {
    int byName = name.compareTo(other.name);
    if (byName != 0) {
      return byName;
    }
    int bySide = side.compareTo(other.side);
    return bySide != 0 ? bySide : Integer.compare(index, other.index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Point that
        && index == that.index
        && side == that.side
        && name.equals(that.name);
  }

  /** The same on every machine, unlike that of an enum's constant. */
  @Override
  public int hashCode() {
    return 31 * (4 * name.hashCode() + side.number()) + index;
  }

  /**
   * Returns the point as messages name it, such as {@code operand 1 of 'conv1'} or {@code input
   * 'image'}.
   */
  @Override
  public String toString() {
    return isBoundary()
        ? side.word() + " '" + name + "'"
        : side.word() + " " + index + " of '" + name + "'";
  }
}
