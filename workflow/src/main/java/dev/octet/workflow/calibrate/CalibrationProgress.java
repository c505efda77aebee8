package dev.octet.workflow.calibrate;

/** Hears how far a calibration is. */
@FunctionalInterface
public interface CalibrationProgress {

  /**
   * Some samples are done. Calls come one at a time, with rising numbers, from any of the threads
   * that calibrate; what is thrown ends the calibration.
   *
   * @param done number of samples done so far
   * @param total number of all samples
   */
  void samples(int done, int total);

  /** Returns a listener that does nothing. */
  static CalibrationProgress none() {
    return (done, total) -> {};
  }
}
