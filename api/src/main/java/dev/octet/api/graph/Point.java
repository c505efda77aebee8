package dev.octet.api.graph;

import java.util.Objects;

/**
 * A place that can be quantized: an operand or a result of a node.
 *
 * <p>An operand is named by its index, not by its producer: both operands of {@code x + x} are
 * points of their own.
 *
 * @param node the node's name
 * @param side operand or result
 * @param index operand or result index, from 0
 */
public record Point(String node, Side side, int index) implements Comparable<Point> {

  /** Which list of a node the index counts in. */
  public enum Side {
    /** The values that the node reads. */
    OPERAND,
    /** The values that the node defines. */
    RESULT
  }

  /** Checks that the index is not negative. */
  public Point {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(side, "side");
    if (index < 0) {
      throw new IllegalArgumentException("index " + index + " is negative");
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

  /** Orders by node name, operands before results, then by index. */
  @Override
  public int compareTo(Point other) {
    int byNode = node.compareTo(other.node);
    if (byNode != 0) {
      return byNode;
    }
    int bySide = side.compareTo(other.side);
    return bySide != 0 ? bySide : Integer.compare(index, other.index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Point that
        && index == that.index
        && side == that.side
        && node.equals(that.node);
  }

  /** The same on every machine, unlike that of an enum's constant. */
  @Override
  public int hashCode() {
    return 31 * (2 * node.hashCode() + (side == Side.OPERAND ? 0 : 1)) + index;
  }

  /** Returns the point as messages name it, such as {@code operand 1 of 'conv1'}. */
  @Override
  public String toString() {
    return (side == Side.OPERAND ? "operand " : "result ") + index + " of '" + node + "'";
  }
}
