package dev.octet.tck.run;

import dev.octet.api.error.OctetException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Calls code of a backend that may never return, in a thread of its own. */
public final class TimeLimit {

  private static final String GUARDS = "dev.octet.api.provider.Guarded";
  private static final String LAMBDA = "$$Lambda";

  private TimeLimit() {}

  /** That a call did not return in time. */
  static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1;

    private Exceeded(String message) {
      super(message);
    }

    /** Says where a thread is that did not return in time. */
    static Exceeded in(Thread thread, Duration limit) {
      return new Exceeded(
          "it did not end within " + seconds(limit) + place(thread.getStackTrace()));
    }
  }

  /**
   * Returns what a call returns; throws what it throws.
   *
   * @param limit how long it may take, where the machine has nothing else to do; longer where many
   *     others compute
   * @throws OctetException {@code OCT-TCK-016} if it does not return in time; it names the method,
   *     and the thread is interrupted and left behind
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static <T> T require(Duration limit, Supplier<T> call) throws InterruptedException {
    try (CaseThread thread = new CaseThread()) {
      return thread.within(limit, call::get);
    } catch (Exceeded e) {
      throw RunErrors.NO_ANSWER.error(String.valueOf(e.getMessage())).build();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() < 1000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
  }

  /** Which method of the backend was called, and where it is. */
  private static String place(StackTraceElement[] stack) {
    StringBuilder words = new StringBuilder();
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(GUARDS)
          && !frame.getClassName().contains(LAMBDA)
          && !frame.getMethodName().startsWith("lambda$")) {
        words.append(": ").append(frame.getMethodName()).append(" did not return");
        break;
      }
    }
    for (StackTraceElement frame : stack) {
      if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
        return words.append(" (at ").append(frame).append(')').toString();
      }
    }
    return words.toString();
  }
}
