package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that must not do what it does.
 *
 * @param format the kind of file
 * @param seed of the run
 * @param index of the input
 * @param fault what it does
 * @param smallest the smallest file that was found to do it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Finding(String format, long seed, long index, Fault fault, byte[] smallest) {

  /** Writes the file, and what is known of it, into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    String name = format + "-" + seed + "-" + index;
    Files.write(folder.resolve(name), smallest);
    Files.write(folder.resolve(name + ".txt"), (this + "\n" + fault.stack()).getBytes(UTF_8));
  }

  /** Returns what it does, and how to make it again. */
  @Override
  public String toString() {
    return "%s: %s (%s bytes); again: --format %s --seed %s --index %s"
        .formatted(format, fault, smallest.length, format, seed, index);
  }
}
