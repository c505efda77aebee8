package dev.octet.api.runtime;

import dev.octet.api.error.OctetException;

/**
 * Tells work that takes long whether it is still wanted: {@code flag::get} of an {@code
 * AtomicBoolean}, {@code future::isCancelled}, or a comparison with a deadline.
 *
 * <p>It is asked between samples and between the nodes of a model, by every thread that works, so
 * it must be quick and safe for threads; what it throws ends the work. Once it has said yes it says
 * so for good.
 */
@FunctionalInterface
public interface Cancellation {

  /** Tells whether the work is no longer wanted. */
  boolean isCancelled();

  /** Returns the one that never cancels. */
  static Cancellation never() {
    return () -> false;
  }

  /**
   * Ends work that is no longer wanted.
   *
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled
   */
  default void throwIfCancelled() {
    if (isCancelled()) {
      throw RunErrors.CANCELLED.error("the work was cancelled").build();
    }
  }
}
