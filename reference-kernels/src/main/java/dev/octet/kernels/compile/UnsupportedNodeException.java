package dev.octet.kernels.compile;

/**
 * Says that a node cannot be executed. The executor collects the reasons of all nodes and refuses
 * the model with one {@code OCT-GRAPH-001}.
 */
public final class UnsupportedNodeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param reason why, as the second half of a sentence that begins with the node
   */
  public UnsupportedNodeException(String reason) {
    super(reason);
  }

  /** Returns why the node cannot be executed. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
