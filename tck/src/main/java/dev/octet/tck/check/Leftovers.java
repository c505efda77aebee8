package dev.octet.tck.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a process holds that outlives its objects: files in the folder for temporary ones and in its
 * own, and open handles where the machine tells. Immutable.
 *
 * @param files the files and folders
 * @param handles how many handles are open; 0 where the machine does not tell
 */
record Leftovers(Set<Path> files, long handles) {

  private static final Path HANDLES = Path.of("/dev/fd");

  Leftovers {
    files = Set.copyOf(files);
  }

  /** Looks. */
  static Leftovers now() {
    Set<Path> files = new HashSet<>();
    for (String folder : List.of("java.io.tmpdir", "user.dir")) {
      files.addAll(entries(Path.of(System.getProperty(folder, "."))));
    }
    return new Leftovers(files, entries(HANDLES).size());
  }

  private static Set<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return new HashSet<>(entries.toList());
    } catch (IOException | UncheckedIOException e) {
      return Set.of(); // a folder that cannot be read tells nothing
    }
  }

  /** Returns how many files were not there before. */
  long filesSince(Leftovers before) {
    return files.stream().filter(file -> !before.files.contains(file)).count();
  }

  /** Returns how many more handles are open. */
  long handlesSince(Leftovers before) {
    return handles - before.handles;
  }
}
