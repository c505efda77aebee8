package dev.octet.tck.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a process holds that outlives its objects: files in the folder for temporary ones and in its
 * own, and open handles where the machine tells. Immutable.
 *
 * <p>Both are told apart and not only counted: what others close or delete meanwhile does not make
 * up for what is left.
 *
 * @param files the files and folders
 * @param handles the open handles, each by its number and what it is open on where the machine
 *     tells that; none where it tells nothing
 */
record Leftovers(Set<Path> files, Set<String> handles) {

  private static final Path HANDLES = Path.of("/dev/fd");

  Leftovers {
    files = Set.copyOf(files);
    handles = Set.copyOf(handles);
  }

  /** Looks. */
  static Leftovers now() {
    Set<Path> files = new HashSet<>();
    for (String folder : List.of("java.io.tmpdir", "user.dir")) {
      files.addAll(entries(Path.of(System.getProperty(folder, "."))));
    }
    Set<String> handles = new HashSet<>();
    entries(HANDLES).forEach(handle -> handles.addAll(described(handle)));
    return new Leftovers(files, handles);
  }

  private static Set<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return new HashSet<>(entries.toList());
    } catch (IOException | UncheckedIOException e) {
      return Set.of(); // a folder that cannot be read tells nothing
    }
  }

  /** The number of a handle that was closed is given again, mostly for another file. */
  private static Set<String> described(Path handle) {
    try {
      return Set.of(handle + " on " + Files.readSymbolicLink(handle));
    } catch (NotLinkException e) {
      return Set.of(handle.toString());
    } catch (IOException e) {
      return Set.of(); // closed by now, as that is which the list was read with
    }
  }

  /** Returns how many files were not there before. */
  long filesSince(Leftovers before) {
    return files.stream().filter(Predicate.not(before.files::contains)).count();
  }

  /** Returns how many open handles were not there before. */
  long handlesSince(Leftovers before) {
    return handles.stream().filter(Predicate.not(before.handles::contains)).count();
  }
}
