package dev.octet.api.format;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file under another name beside it first, so that no name stands for half a file. */
final class WholeOutput {

  private WholeOutput() {}

  /** Writes one file. */
  @FunctionalInterface
  interface Writing {
    void to(Path partial) throws IOException;
  }

  static void write(Path file, Writing writing) {
    Path partial = file;
    try {
      Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
      partial = target.resolveSibling(partialName(target));
      writing.to(partial);
      if (!Files.isRegularFile(partial)) {
        throw new IllegalStateException("it wrote no file");
      }
      move(partial, target);
    } catch (IOException e) {
      throw FormatErrors.UNWRITABLE
          .error("the model cannot be written: " + e)
          .at(file.toString())
          .cause(e)
          .build();
    } finally {
      if (!partial.equals(file)) {
        delete(partial);
      }
    }
  }

  /** Compilers may ask for the extension. */
  private static String partialName(Path target) {
    return "."
        + ProcessHandle.current().pid()
        + "-"
        + Long.toHexString(System.nanoTime())
        + "-"
        + target.getFileName();
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The write has succeeded or failed with its own error; a leftover changes neither.
    }
  }
}
