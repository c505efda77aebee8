package dev.octet.api.guard;

import dev.octet.api.error.OctetException;
import org.jspecify.annotations.Nullable;

/**
 * How long a service may change what it is given for one call: until the call is over, and on the
 * thread of the call alone. Who changes it later or elsewhere would change nothing, or at random.
 * Thread-safe.
 */
public final class CallSpan {

  private final String given;
  private final Thread thread = Thread.currentThread();
  private volatile boolean over;
  private volatile @Nullable OctetException misuse;

  /**
   * Begins a span on this thread.
   *
   * @param given what the service is given, in words such as {@code the context of annotate}
   */
  public CallSpan(String given) {
    this.given = given;
  }

  /**
   * Checks that a change comes in time.
   *
   * @throws OctetException {@code OCT-REG-009} if it does not
   */
  public void require() {
    boolean elsewhere = Thread.currentThread() != thread;
    if (over || elsewhere) {
      OctetException error =
          GuardErrors.OUT_OF_SPAN
              .error(
                  "a backend changes "
                      + given
                      + (elsewhere
                          ? " on thread '" + Thread.currentThread().getName() + "', not its own"
                          : " when that call is over"))
              .build();
      misuse = error;
      throw error;
    }
  }

  /**
   * Ends the span.
   *
   * @throws OctetException {@code OCT-REG-009} if a change did not come in time, which is lost on
   *     another thread
   */
  public void end() {
    over = true;
    OctetException found = misuse;
    if (found != null) {
      throw found;
    }
  }
}
