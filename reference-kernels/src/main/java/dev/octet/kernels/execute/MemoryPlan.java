package dev.octet.kernels.execute;

import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that values share because they are not alive at the same time. Values ask for a slot when
 * they are defined and release it after their last use; runs make their arrays when all sizes are
 * known. Thread-safe from then on.
 */
final class MemoryPlan {

  /** Lengths are multiples of this, so that slightly different values share a slot. */
  private static final int ROUNDING = 64;

  private final List<Slot> slots = new ArrayList<>();

  /** An array that each run has. */
  static final class Slot {
    private final int index;
    private final ArrayKind kind;
    private int length;
    private boolean free;

    private Slot(int index, ArrayKind kind) {
      this.index = index;
      this.kind = kind;
    }

    /** Returns where the array stands among those of a run. */
    int index() {
      return index;
    }
  }

  /** Returns a slot of the value's kind and at least its length that no living value holds. */
  Slot take(ArrayType type) {
    Slot slot = best(type.kind(), type.count());
    slot.free = false;
    slot.length = Math.max(slot.length, rounded(type.count()));
    return slot;
  }

  /** Gives a slot back. */
  void release(Slot slot) {
    slot.free = true;
  }

  /** Returns new arrays for one run, by the index of their slot. */
  Object[] allocate() {
    return slots.stream().map(slot -> slot.kind.allocate(slot.length)).toArray();
  }

  /** The smallest free slot that is long enough, else the longest free one, else a new one. */
  private Slot best(ArrayKind kind, int length) {
    Slot best = null;
    for (Slot slot : slots) {
      if (slot.free && slot.kind == kind && (best == null || fitsBetter(slot, best, length))) {
        best = slot;
      }
    }
    if (best == null) {
      best = new Slot(slots.size(), kind);
      slots.add(best);
    }
    return best;
  }

  private static boolean fitsBetter(Slot slot, Slot than, int length) {
    if (than.length >= length) {
      return slot.length >= length && slot.length < than.length;
    }
    return slot.length > than.length;
  }

  private static int rounded(int count) {
    return count > Integer.MAX_VALUE - ROUNDING
        ? count
        : (count + ROUNDING - 1) / ROUNDING * ROUNDING;
  }
}
