package dev.octet.tck.graphs;

import java.util.List;

/**
 * A size of a chain that can be another: of the value in front, or of what a form states.
 * Immutable.
 *
 * @param place the place of the form; {@link #FRONT} for the value in front
 * @param slots the axes that have the size; axes of operand 0 for the value in front
 */
record Handle(int place, List<NodeForm.Slot> slots) {

  /** The place of the value in front. */
  static final int FRONT = -1;

  Handle {
    slots = List.copyOf(slots);
  }

  /** Returns the handle of an axis of the value in front. */
  static Handle ofFront(int axis) {
    return new Handle(FRONT, List.of(new NodeForm.Slot(0, axis)));
  }

  boolean isFront() {
    return place == FRONT;
  }

  /** Tells whether a form states sizes along all of the axes. */
  boolean isIn(NodeForm form) {
    return slots.stream()
        .allMatch(
            slot ->
                slot.operand() < form.operands().size()
                    && form.operands()
                        .get(slot.operand())
                        .own()
                        .filter(own -> slot.axis() < own.rank())
                        .isPresent());
  }

  /** Returns the axis of the first operand that has the size. */
  int axis() {
    return slots.get(0).axis();
  }
}
