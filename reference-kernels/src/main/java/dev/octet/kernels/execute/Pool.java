package dev.octet.kernels.execute;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Things that one run at a time uses; there are as many as runs were ever under way at once.
 * Thread-safe.
 *
 * @param <T> what they are
 */
final class Pool<T> {

  private final Supplier<T> maker;
  private final ConcurrentLinkedDeque<T> idle = new ConcurrentLinkedDeque<>();

  /** Makes an empty pool. */
  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns the one that was given back last, or a new one. */
  T take() {
    T last = idle.pollFirst();
    return last == null ? maker.get() : last;
  }

  /** Gives one back, for another run. */
  void giveBack(T used) {
    idle.addFirst(used);
  }
}
