package dev.octet.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A folder for files that can only be read from one, gone in the end. */
final class Scratch implements AutoCloseable {

  private final Path folder;
  private final AtomicLong count = new AtomicLong();

  private Scratch(Path folder) {
    this.folder = folder;
  }

  static Scratch open() throws IOException {
    return new Scratch(Files.createTempDirectory("octet-fuzz"));
  }

  /** What is done with a file. */
  interface Use {
    void of(Path file) throws Exception;
  }

  /** Makes a folder that stays. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /**
   * Writes a file under a name that no other had, which is gone after its use: what was mapped or
   * cached of a file must not be taken for the next.
   *
   * @param name a folder of {@link #folder(String)}, and how the name of the file ends
   */
  void with(String name, byte[] content, Use use) throws Exception {
    int end = name.lastIndexOf('/') + 1;
    String own = count.getAndIncrement() + "-" + name.substring(end);
    Path file = folder.resolve(name.substring(0, end)).resolve(own);
    Files.write(file, content);
    try {
      use.of(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
