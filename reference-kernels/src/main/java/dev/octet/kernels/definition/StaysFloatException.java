package dev.octet.kernels.definition;

/** Says why a node stays in float; never leaves the lowering. */
public final class StaysFloatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param reason the second half of a sentence, such as {@code "its alpha or beta is not 1"}
   */
  public StaysFloatException(String reason) {
    super(reason, null, false, false);
  }

  /** Returns the reason. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
