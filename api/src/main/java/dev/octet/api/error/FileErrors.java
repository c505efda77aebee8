package dev.octet.api.error;

import java.nio.file.Path;

/** Errors of files that are read. */
public final class FileErrors {

  static final ErrorId NO_FILE =
      ErrorId.input("OCT-FILE-001", "A file does not exist.", "Correct the path.");

  static final ErrorId UNREADABLE =
      ErrorId.input(
          "OCT-FILE-002", "A file cannot be read.", "Give a file that exists and can be read.");

  private FileErrors() {}

  /**
   * Returns {@code OCT-FILE-001}, that a file does not exist.
   *
   * @param file the file as it was named
   * @param cause what reading it threw
   */
  public static OctetException missing(Path file, Throwable cause) {
    return NO_FILE
        .error("file '" + file + "' does not exist")
        .at(file.toString())
        .cause(cause)
        .build();
  }

  /**
   * Returns {@code OCT-FILE-002}, that a file cannot be read.
   *
   * @param file the file as it was named
   * @param cause what reading it threw
   */
  public static OctetException unreadable(Path file, Throwable cause) {
    return UNREADABLE
        .error("file '" + file + "' cannot be read: " + cause)
        .at(file.toString())
        .cause(cause)
        .build();
  }
}
