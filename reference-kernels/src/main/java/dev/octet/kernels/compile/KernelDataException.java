package dev.octet.kernels.compile;

/**
 * Says that a kernel met elements that its operator forbids, such as an index outside a dimension.
 * The executor ends the run with {@code OCT-RUN-005}, naming the node.
 */
public final class KernelDataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param fact what is wrong, with the offending value
   */
  public KernelDataException(String fact) {
    super(fact);
  }

  /** Returns what is wrong. */
  public String fact() {
    return String.valueOf(getMessage());
  }
}
