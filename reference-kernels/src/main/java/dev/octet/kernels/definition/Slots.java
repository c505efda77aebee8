package dev.octet.kernels.definition;

import java.util.List;

/**
 * The operands of an operator by name, in their order. Immutable and thread-safe.
 *
 * @param names the names as the operator's standard writes them; none where nobody asks
 */
public record Slots(List<String> names) {

  /** Copies the list. */
  public Slots {
    names = List.copyOf(names);
    if (names.size() != names.stream().distinct().count()) {
      throw new IllegalArgumentException("two operands share a name: " + names);
    }
  }

  /** Returns slots by their names. */
  public static Slots of(String... names) {
    return new Slots(List.of(names));
  }

  /**
   * Returns the position of an operand.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("there is no operand " + name + " among " + names);
    }
    return index;
  }
}
