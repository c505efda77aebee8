package dev.octet.tck.cli;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;

/** The exit codes of the command, beside those of a report. */
final class ExitCode {

  private static final int USAGE = 2;
  private static final int NO_BACKEND = 3;
  private static final int KIT_FAILED = 5;

  private ExitCode() {}

  /** Returns the exit code of what stopped a command. */
  static int of(OctetException error) {
    if (error.id().startsWith("OCT-REG-") || error.kind() == ErrorKind.BACKEND) {
      return NO_BACKEND;
    }
    return error.kind() == ErrorKind.DEFECT ? KIT_FAILED : USAGE;
  }
}
