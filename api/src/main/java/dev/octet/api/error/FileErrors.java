package dev.octet.api.error;

import java.nio.file.Path;

/** Errors of files that are read. */
public final class FileErrors {

  static final ErrorId NO_FILE =
      ErrorId.input("OCT-FILE-001", "A file does not exist.", "Correct the path.");

  static final ErrorId UNREADABLE =
      ErrorId.input(
          "OCT-FILE-002", "A file cannot be read.", "Give a file that exists and can be read.");

  static final ErrorId CHANGED =
      ErrorId.input(
          "OCT-FILE-003",
          "A file was changed while its content was in use.",
          "Begin again with the file as it is now, and leave it alone until the work is done.");

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
   * Returns {@code OCT-FILE-003}, that a file was changed or truncated in place.
   *
   * @param file the file
   * @param before what was known of its content
   * @param now what is known of it now
   */
  public static OctetException changed(Path file, String before, String now) {
    return CHANGED
        .error("file '" + file + "' was changed while it was in use: from " + before + " to " + now)
        .at(file.toString())
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
