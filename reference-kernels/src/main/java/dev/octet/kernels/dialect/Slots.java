package dev.octet.kernels.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The operands of an operator by name, in their order: the one place that says where each stands.
 * Immutable and thread-safe.
 *
 * @param names the names as the operator's standard writes them; none where nobody asks
 * @param repeated the names of operands that follow, any number of times; none for most operators
 */
public record Slots(List<String> names, List<String> repeated) {

  private static final String SCALE = "_scale";
  private static final String ZERO_POINT = "_zero_point";

  /** Copies the lists. */
  public Slots {
    names = List.copyOf(names);
    repeated = List.copyOf(repeated);
    List<String> all = new ArrayList<>(names);
    all.addAll(repeated);
    if (all.size() != new HashSet<>(all).size()) {
      throw new IllegalArgumentException("two operands share a name: " + all);
    }
  }

  /** Returns slots by their names. */
  public static Slots of(String... names) {
    return new Slots(List.of(names), List.of());
  }

  /** Returns these slots, followed by more that stand there once for each part of a node. */
  public Slots repeating(String... more) {
    return new Slots(names, List.of(more));
  }

  /**
   * Returns the position of an operand; of a repeated one, in the first part.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int index(String name) {
    return position(name, true);
  }

  /**
   * Returns the position of a quantized operand, of its scale ({@code NAME_scale}) and of its zero
   * point ({@code NAME_zero_point}), whose names may differ in case; of a repeated one, in the
   * first part.
   *
   * @throws IllegalArgumentException if one of them is missing
   */
  public QuantizedSlot quantized(String name) {
    return new QuantizedSlot(
        index(name), position(name + SCALE, false), position(name + ZERO_POINT, false));
  }

  /**
   * Returns the positions of the scale and zero point of a result, which is no operand itself; see
   * {@link #quantized}.
   */
  public ParameterSlot parameters(String name) {
    return new ParameterSlot(position(name + SCALE, false), position(name + ZERO_POINT, false));
  }

  /**
   * Returns the positions of a repeated quantized operand in one part, counted from 0; see {@link
   * #quantized}.
   *
   * @throws IllegalArgumentException if the operand is not a repeated one
   */
  public QuantizedSlot quantized(String name, int part) {
    if (!repeated.contains(name)) {
      throw new IllegalArgumentException("operand " + name + " is not repeated in " + this);
    }
    QuantizedSlot first = quantized(name);
    int by = part * repeated.size();
    return new QuantizedSlot(first.value() + by, first.scale() + by, first.zeroPoint() + by);
  }

  /**
   * Returns the positions of a repeated quantized operand in every part of a node; see {@link
   * #quantized(String, int)}.
   *
   * @param name the operand
   * @param operands how many operands the node has
   */
  public List<QuantizedSlot> quantizedParts(String name, int operands) {
    List<QuantizedSlot> all = new ArrayList<>();
    for (int part = 0; names.size() + (part + 1) * repeated.size() <= operands; part++) {
      all.add(quantized(name, part));
    }
    return all;
  }

  private int position(String name, boolean exactCase) {
    for (int i = 0; i < names.size() + repeated.size(); i++) {
      String other = i < names.size() ? names.get(i) : repeated.get(i - names.size());
      if (exactCase ? other.equals(name) : other.equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no operand " + name + " among " + this);
  }

  /** Returns the names, with those that are repeated in parentheses. */
  @Override
  public String toString() {
    String plain = String.join(", ", names);
    return repeated.isEmpty() ? plain : plain + ", (" + String.join(", ", repeated) + ")...";
  }
}
