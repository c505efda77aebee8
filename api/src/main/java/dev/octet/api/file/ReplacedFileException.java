package dev.octet.api.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Says that a path stands for another file than it did when it was looked at first. */
public final class ReplacedFileException extends FileSystemException {

  private static final long serialVersionUID = 1;

  ReplacedFileException(Path file) {
    super(file.toString(), null, "it was replaced by another file meanwhile");
  }
}
