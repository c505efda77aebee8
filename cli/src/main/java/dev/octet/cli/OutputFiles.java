package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The files that a command is to write. Whatever can be known of them is checked before any work is
 * done: that they can be written, that no two are one, and that none replaces what is read, by
 * whatever name, link or path. Not thread-safe.
 */
final class OutputFiles {

  /**
   * An output.
   *
   * @param option the option that names it
   * @param file where it goes
   */
  private record Output(String option, Path file) {}

  private final CommonOptions common;
  private final List<Output> outputs = new ArrayList<>();
  private boolean free = true;

  /**
   * Begins without outputs.
   *
   * @param common tells of the document that {@code --json} prints, and of jars that are read
   */
  OutputFiles(CommonOptions common) {
    this.common = common;
  }

  /**
   * Adds a file.
   *
   * @throws OctetException {@code OCT-CLI-040} if it is standard output; {@code OCT-CLI-002} if it
   *     cannot be written, as {@link WholeFile#requireWritable} says, or is another output; {@code
   *     OCT-CLI-003} if it is one of the jars
   */
  OutputFiles file(String option, Path file) {
    Outputs.requireFile(option, file);
    try {
      WholeFile.requireWritable(file);
    } catch (IOException e) {
      throw Outputs.unwritable("'" + file + "' cannot be written: " + Outputs.reason(e))
          .at(option)
          .cause(e)
          .build();
    }
    add(new Output(option, file));
    return this;
  }

  /**
   * Adds a text, for which standard output may stand.
   *
   * @throws OctetException as {@link #file}, but for {@code OCT-CLI-040}; {@code OCT-CLI-041} if
   *     standard output is to have another text as well
   */
  OutputFiles text(String option, Path file) {
    if (!Outputs.isStandard(file)) {
      return file(option, file);
    }
    if (common.json()) {
      throw CommandErrors.TWO_DOCUMENTS
          .error("standard output is named by '" + option + " -' and by '--json'")
          .at(option)
          .build();
    }
    return this;
  }

  /**
   * Adds files of a folder, which is made later.
   *
   * @throws OctetException as {@link #file}; {@code OCT-CLI-002} if the folder cannot be made
   */
  OutputFiles in(Path folder, String option, String... names) {
    Outputs.requireFile(option, folder);
    if (Files.isDirectory(folder)) {
      for (String name : names) {
        file(option, folder.resolve(name));
      }
      return this;
    }
    requireFolder(option, folder);
    for (String name : names) {
      add(new Output(option, folder.resolve(name)));
    }
    return this;
  }

  private static void requireFolder(String option, Path folder) {
    try {
      WholeFile.requireWritableFolder(folder);
    } catch (IOException e) {
      throw Outputs.unwritable("folder '" + folder + "' cannot be made: " + Outputs.reason(e))
          .at(option)
          .cause(e)
          .build();
    }
  }

  private void add(Output output) {
    for (Output other : outputs) {
      if (place(output.file()).equals(place(other.file()))) {
        throw Outputs.unwritable(
                "'%s' is named by '%s' and by '%s'"
                    .formatted(output.file(), other.option(), output.option()))
            .at(output.option())
            .next("Name another file.");
      }
    }
    outputs.add(output);
    requireNone(common.jars());
  }

  /**
   * Checks that no output replaces what is read.
   *
   * @param inputs files and folders; need not exist
   * @throws OctetException {@code OCT-CLI-003} if an output is one of them
   */
  OutputFiles requireNone(Collection<Path> inputs) {
    free = false;
    for (Output output : outputs) {
      Outputs.requireNoInput(output.option(), output.file(), inputs);
    }
    free = true;
    return this;
  }

  /** Tells whether none of the outputs was found to replace what is read. */
  boolean areFree() {
    return free;
  }

  /** Returns where a file is in the end, links followed. */
  private static Path place(Path file) {
    try (WholeFile whole = WholeFile.of(file)) {
      Path target = whole.target();
      return target.resolveSibling("").toRealPath().resolve(target.getFileName());
    } catch (IOException e) {
      // It is in a folder that is made later.
      return file.toAbsolutePath().normalize();
    }
  }
}
