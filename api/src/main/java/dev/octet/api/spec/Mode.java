package dev.octet.api.spec;

/** When scale and zero point are found. */
public enum Mode {
  /** Before the model is converted: from calibration data, or from the constant itself. */
  STATIC,
  /** While the model runs, from each input. */
  DYNAMIC,
  /** From the constant itself; the operator computes in float with the dequantized constant. */
  WEIGHT_ONLY,
  /**
   * While the model is trained: the training program observes and rounds where the plan says, in
   * float. Plans and decisions hold such points; converting them is refused.
   */
  QUANTIZATION_AWARE
}
