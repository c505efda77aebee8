package dev.octet.api.graph;

import java.util.Comparator;
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

  private static final Comparator<Point> ORDER =
      Comparator.comparing(Point::node).thenComparing(Point::side).thenComparingInt(Point::index);

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
    return ORDER.compare(this, other);
  }

  /** Returns the point as messages name it, such as {@code operand 1 of 'conv1'}. */
  @Override
  public String toString() {
    return (side == Side.OPERAND ? "operand " : "result ") + index + " of '" + node + "'";
  }
}
