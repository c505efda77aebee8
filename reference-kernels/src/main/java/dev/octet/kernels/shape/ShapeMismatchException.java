package dev.octet.kernels.shape;

/**
 * Says that the shapes or attributes of a node contradict each other. The inference leaves the
 * results of the node unstated; the executor refuses the model with {@code OCT-GRAPH-002}.
 */
public final class ShapeMismatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param fact what contradicts what, with the shapes
   */
  public ShapeMismatchException(String fact) {
    super(fact);
  }

  /** Returns what contradicts what. */
  public String fact() {
    return String.valueOf(getMessage());
  }
}
