package dev.octet.kernels.scatter;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of an element that an update meets: its attribute {@code reduction}. Each update is
 * one step in the order of the indices, rounded to the type; integers wrap around. A maximum or
 * minimum is NaN where one of both is.
 */
enum Merging {
  NONE,
  ADD,
  MUL,
  MAX,
  MIN;

  /** Returns why the reduction of a node is not run; empty when it is. */
  static Optional<String> refusal(Signature signature) {
    Merging merging = find(signature.node()).orElse(NONE);
    return signature
        .operandType(0)
        .filter(type -> merging != NONE && !isNumber(type))
        .map(type -> "a reduction of " + type + " is not supported");
  }

  private static boolean isNumber(DataType type) {
    return Elements.isReal(type) || type.isInteger();
  }

  /**
   * Requires the reduction of a node to be one that there is.
   *
   * @throws ShapeMismatchException if it is not
   */
  static void require(Node node) {
    if (find(node).isEmpty()) {
      throw new ShapeMismatchException("a reduction of which there is none: " + stated(node));
    }
  }

  private static String stated(Node node) {
    return node.stringAttribute("reduction", "none");
  }

  private static Optional<Merging> find(Node node) {
    String stated = stated(node);
    for (Merging each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(stated)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Returns the reduction of a node that was not refused. */
  static Merging of(Node node) {
    return find(node).orElseThrow();
  }

  /** Merges an element of the updates into one of the result. */
  void put(ArrayType type, Object updates, int from, Object target, int to) {
    DataType element = type.dataType();
    if (this == NONE) {
      Elements.copy(type.kind(), updates, from, target, to);
    } else if (Elements.isReal(element)) {
      double value = Elements.real(element, updates, from);
      Elements.putReal(element, target, to, merge(Elements.real(element, target, to), value));
    } else {
      long value = Elements.integer(element, updates, from);
      long old = Elements.integer(element, target, to);
      Elements.putInteger(element, target, to, merge(element, old, value));
    }
  }

  private double merge(double x, double y) {
    return switch (this) {
      case NONE -> y;
      case ADD -> x + y;
      case MUL -> x * y;
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
    };
  }

  private long merge(DataType type, long x, long y) {
    int order = type == DataType.UINT64 ? Long.compareUnsigned(x, y) : Long.compare(x, y);
    return switch (this) {
      case NONE -> y;
      case ADD -> x + y;
      case MUL -> x * y;
      case MAX -> order >= 0 ? x : y;
      case MIN -> order <= 0 ? x : y;
    };
  }
}
