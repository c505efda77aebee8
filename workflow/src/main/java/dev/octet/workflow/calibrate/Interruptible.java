package dev.octet.workflow.calibrate;

import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Steps of a calibration that say that they were interrupted, where they were. */
final class Interruptible {

  private Interruptible() {}

  /**
   * Takes a step. An interrupt also ends what is being read or run, which then fails in its own
   * words.
   *
   * @param done how many samples are done
   * @param total how many there are
   */
  static <T> T run(IntSupplier done, int total, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException | Error e) {
      if (Thread.currentThread().isInterrupted()) {
        throw CalibrationErrors.INTERRUPTED
            .error(
                "The calibration was interrupted after %s of %s samples"
                    .formatted(done.getAsInt(), total))
            .cause(e)
            .build();
      }
      throw e;
    }
  }
}
