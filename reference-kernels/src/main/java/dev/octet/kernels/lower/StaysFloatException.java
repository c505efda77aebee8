package dev.octet.kernels.lower;

/** Says why a node stays in float; never leaves this package. */
final class StaysFloatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StaysFloatException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
