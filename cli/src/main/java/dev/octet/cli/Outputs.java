package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** Checks where files are to go, before any work is done. */
final class Outputs {

  /** What stands for standard output in the place of a file. */
  private static final Path STANDARD = Path.of("-");

  private Outputs() {}

  /** Tells whether an output goes to standard output. */
  static boolean isStandard(Path output) {
    return output.equals(STANDARD);
  }

  /** Returns what messages call an output. */
  static String name(Path output) {
    return isStandard(output) ? "standard output" : output.toString();
  }

  /**
   * Checks that an output that is no text is not to go to standard output.
   *
   * @param option the option that names the output
   * @throws OctetException {@code OCT-CLI-040} if it is
   */
  static void requireFile(String option, Path output) {
    if (isStandard(output)) {
      throw CommandErrors.NO_TEXT
          .error("'-' is standard output, which takes texts, and this output is none")
          .at(option)
          .build();
    }
  }

  /**
   * Checks that a file is none of those that are read, by whatever name.
   *
   * @throws OctetException {@code OCT-CLI-003} if it is one of the inputs
   */
  static void requireNoInput(String option, Path file, Collection<Path> inputs) {
    for (Path input : inputs) {
      if (isSame(file, input)) {
        throw CommandErrors.REPLACES_INPUT
            .error("'" + file + "' would replace what is read")
            .at(option)
            .build();
      }
    }
  }

  /**
   * Makes a folder with its parents. When nothing is in one of them in the end, as when the process
   * is interrupted, it goes again with the process.
   *
   * @throws OctetException {@code OCT-CLI-002} if that is not possible; as {@link #requireFile}
   */
  static void makeFolder(Path folder) {
    requireFile("-o", folder);
    Deque<Path> made = new ArrayDeque<>();
    try {
      for (Path missing : missing(folder)) {
        Files.createDirectory(missing);
        missing.toFile().deleteOnExit();
        made.addFirst(missing);
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      made.forEach(path -> path.toFile().delete());
      throw unwritable("folder '" + folder + "' cannot be made: " + reason(e)).cause(e).build();
    }
  }

  /** Returns those of a folder and its parents that there are not, the outermost first. */
  private static Deque<Path> missing(Path folder) {
    Deque<Path> missing = new ArrayDeque<>();
    Path above = folder.toAbsolutePath();
    while (above != null && !Files.exists(above)) {
      missing.addFirst(above);
      above = above.getParent();
    }
    return missing;
  }

  /**
   * Writes a file, as a whole or not at all.
   *
   * @throws OctetException {@code OCT-CLI-002} if it cannot be written
   */
  static void write(Path file, byte[] content) {
    try {
      WholeFile.write(file, content);
    } catch (IOException e) {
      throw unwritable("'" + file + "' cannot be written: " + reason(e)).cause(e).build();
    }
  }

  /**
   * Returns {@code OCT-CLI-002}, that standard output takes no more: it is closed, whoever read it
   * went away, or its disk is full.
   */
  static OctetException unwrittenAnswer() {
    return unwritable("standard output cannot be written: it is closed, or its disk is full")
        .at("standard output")
        .next("Let it be read to its end, or name a file on a disk with space.");
  }

  /** Starts {@code OCT-CLI-002}, that an output cannot be written. */
  static OctetException.Builder unwritable(String fact) {
    return CommandErrors.UNWRITABLE.error(fact).at("-o");
  }

  /** Returns why a file cannot be written, in words where there are some. */
  static String reason(IOException e) {
    return e instanceof FileSystemException known && known.getReason() != null
        ? known.getReason()
        : e.toString();
  }

  private static boolean isSame(Path file, Path input) {
    try {
      return Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input);
    } catch (IOException e) {
      return false;
    }
  }
}
