package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
   * Checks that a text can be written, to a file or to standard output.
   *
   * @param option the option that names the output
   * @param inputs files that are read and must not be replaced
   * @throws OctetException as {@link #requireWritable}; {@code OCT-CLI-041} if standard output is
   *     to have the document of {@code --json} as well
   */
  static void requireTextWritable(
      String option, Path output, CommonOptions common, Path... inputs) {
    if (!isStandard(output)) {
      requireWritable(output, inputs);
    } else if (common.json()) {
      throw CommandErrors.TWO_DOCUMENTS
          .error("standard output is named by '" + option + " -' and by '--json'")
          .at(option)
          .build();
    }
  }

  /**
   * Checks that an output that is no text is not to go to standard output.
   *
   * @throws OctetException {@code OCT-CLI-040} if it is
   */
  static void requireFile(Path output) {
    if (isStandard(output)) {
      throw CommandErrors.NO_TEXT
          .error("'-' is standard output, which takes texts, and this output is none")
          .at("-o")
          .build();
    }
  }

  /**
   * Checks that a file can be made.
   *
   * @param file the file to be written
   * @param inputs files that are read and must not be replaced
   * @throws OctetException {@code OCT-CLI-002} if its folder does not exist or it is a folder, or
   *     {@code OCT-CLI-003} if it is one of the inputs; as {@link #requireFile}
   */
  static void requireWritable(Path file, Path... inputs) {
    requireFile(file);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw unwritable("'" + file + "' cannot be written")
          .next("Name a file in a folder that exists.");
    }
    requireNoInput(file, List.of(inputs));
  }

  /**
   * Checks that a file is none of those that are read.
   *
   * @throws OctetException {@code OCT-CLI-003} if it is one of the inputs
   */
  static void requireNoInput(Path file, List<Path> inputs) {
    for (Path input : inputs) {
      if (isSame(file, input)) {
        throw CommandErrors.REPLACES_INPUT
            .error("'" + file + "' would replace what is read")
            .at("-o")
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
    requireFile(folder);
    try {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null && !Files.exists(folder)) {
        makeFolder(parent);
        Files.createDirectory(folder);
        folder.toFile().deleteOnExit();
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable("folder '" + folder + "' cannot be made: " + e)
          .cause(e)
          .next("Choose another place.");
    }
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
      throw unwritable("'" + file + "' cannot be written: " + e)
          .cause(e)
          .next("Choose another place.");
    }
  }

  /** Starts {@code OCT-CLI-002}, that an output cannot be written. */
  static OctetException.Builder unwritable(String fact) {
    return CommandErrors.UNWRITABLE.error(fact).at("-o");
  }

  private static boolean isSame(Path file, Path input) {
    try {
      return Files.exists(file) && Files.exists(input) && Files.isSameFile(file, input);
    } catch (IOException e) {
      return false;
    }
  }
}
