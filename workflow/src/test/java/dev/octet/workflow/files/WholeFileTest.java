package dev.octet.workflow.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path folder;

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    WholeFile.write(file, new byte[] {4});
    assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
    assertEquals(List.of("a"), names());
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    Path full = Files.createDirectory(folder.resolve("a"));
    Files.write(full.resolve("inside"), new byte[0]);
    assertThrows(IOException.class, () -> WholeFile.write(full, new byte[] {4}));
    assertEquals(List.of("a"), names());
    assertThrows(
        IOException.class, () -> WholeFile.write(folder.resolve("none").resolve("b"), new byte[0]));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
