package dev.octet.api.error;

/** Whose move it is after an error; each kind has the exit code that the command line ends with. */
public enum ErrorKind {
  /** The command line or a call's arguments are wrong. */
  USAGE(2),
  /** A file that was given cannot be read, or does not say what it must. */
  INPUT(3),
  /** The model or the plan cannot be quantized as asked. */
  QUANTIZATION(4),
  /** The backend or the runtime refused, or is not available here. */
  BACKEND(5),
  /** Octet itself failed. */
  DEFECT(70);

  private final int exitCode;

  ErrorKind(int exitCode) {
    this.exitCode = exitCode;
  }

  /** Returns the exit code of the {@code octet} command for this kind of error. */
  public int exitCode() {
    return exitCode;
  }
}
