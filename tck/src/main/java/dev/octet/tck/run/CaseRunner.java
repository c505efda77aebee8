package dev.octet.tck.run;

import dev.octet.api.error.OctetException;
import dev.octet.tck.check.TckCase;
import dev.octet.tck.check.Violation;
import dev.octet.tck.verdict.Outcome;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Runs cases on a thread that is given up when a case does not end in time. */
final class CaseRunner {

  private final CaseThread thread;
  private final Duration limit;

  /** Makes a runner that gives each case so much time. */
  CaseRunner(CaseThread thread, Duration limit) {
    this.thread = thread;
    this.limit = limit;
  }

  /** Adds to what came of a case that failed the smallest case of its kind that fails, too. */
  Outcome shrunk(TckCase failed, Outcome outcome) throws InterruptedException {
    for (TckCase smaller : failed.smaller().get()) {
      if (run(smaller).kind() == Outcome.Kind.FAILED) {
        return outcome.smallest(smaller.name());
      }
    }
    return outcome;
  }

  Outcome run(TckCase tried) throws InterruptedException {
    try {
      return thread.within(limit, () -> outcome(tried));
    } catch (TimeLimit.Exceeded e) {
      return Outcome.errored(String.valueOf(e.getMessage()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a case threw past its outcome", e.getCause());
    }
  }

  private static Outcome outcome(TckCase tried) {
    try {
      tried.body().run();
      return Outcome.passed();
    } catch (Violation e) {
      return Outcome.failed(String.valueOf(e.getMessage()));
    } catch (Throwable e) { // whatever a backend throws is what came of the case
      return Outcome.errored(words(e));
    }
  }

  /**
   * Returns what was thrown, in words: the message of an error of Octet, else the exception with
   * the first place outside of the JDK that it came through.
   */
  static String words(Throwable thrown) {
    if (thrown instanceof OctetException known) {
      return String.valueOf(known.getMessage());
    }
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
        return thrown + " at " + frame;
      }
    }
    return thrown.toString();
  }
}
