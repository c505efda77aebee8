package dev.octet.api.error;

/** Errors of files that are read. */
public final class FileErrors {

  static final ErrorId NO_FILE =
      ErrorId.input("OCT-FILE-001", "A file does not exist.", "Correct the path.");

  static final ErrorId UNREADABLE =
      ErrorId.input(
          "OCT-FILE-002",
          "A file or folder cannot be read.",
          "Give one that exists and that you may read.");

  private FileErrors() {}
}
