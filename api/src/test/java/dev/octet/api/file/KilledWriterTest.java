package dev.octet.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.fixtures.jdk.MortalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in a folder whose writer was killed, or found no space, at each of its steps. */
class KilledWriterTest {

  @TempDir Path folder;
  private String oldData = "";
  private String newData = "";

  /** Writes with some files. */
  @FunctionalInterface
  private interface Write {
    void with(MortalFiles files) throws IOException;
  }

  @BeforeEach
  void knowTheNames() throws IOException {
    newData = both(MortalFiles.immortal(), "new");
    clear();
    oldData = both(MortalFiles.immortal(), "old");
  }

  @Test
  void oneFileIsOldUntilItIsMoved() throws IOException {
    assertEquals(
        List.of(
            "old: make .*-m",
            "old: write .*-m",
            "old: write .*-m",
            "old: force .*-m",
            "old: move .*-m",
            "new: force " + folder.getFileName(),
            "new: remove .*-m"),
        killed(this::one));
  }

  @Test
  void twoFilesAreOldUntilTheOneIsMovedThatRefersToTheOther() throws IOException {
    assertEquals(
        List.of(
            "old: make .*-data",
            "old: write .*-data",
            "old: make .*-m",
            "old: write .*-m",
            "old: write .*-m",
            "old: force .*-m",
            "old: force .*-data",
            "old: make .octet.lock",
            "old: lock .octet.lock",
            "old: move .*-data",
            "old: force " + folder.getFileName(),
            "old: move .*-m",
            "new: force " + folder.getFileName(),
            "new: remove " + oldData,
            "new: remove .octet.lock",
            "new: remove .*-data",
            "new: remove .*-m"),
        killed(files -> both(files, "new")));
  }

  @Test
  void aFullDiskLeavesTheOldFilesAndNothingElse() throws IOException {
    for (Write write : List.<Write>of(this::one, files -> both(files, "new"))) {
      int failures = 0;
      for (int step = 0; ; step++) {
        reset();
        MortalFiles files = MortalFiles.fullAt(step);
        try {
          write.with(files);
          break;
        } catch (IOException e) {
          assertTrue(e.toString().contains("No space left on device"), e.toString());
          assertEquals("old", state());
          assertEquals(List.of("m", oldData), names());
          failures++;
        }
      }
      assertTrue(failures >= 3, "no step needs space");
    }
  }

  /** Returns what the files are after being killed at each step, with the step. */
  private List<String> killed(Write write) throws IOException {
    List<String> table = new ArrayList<>();
    for (int step = 0; ; step++) {
      reset();
      MortalFiles files = MortalFiles.killedAt(step);
      try {
        write.with(files);
      } catch (MortalFiles.Killed e) {
        table.add(state() + ": " + files.steps().get(step));
        assertLeftoversDisturbNobody();
        continue;
      }
      return table;
    }
  }

  private void assertLeftoversDisturbNobody() throws IOException {
    assertEquals(newData, both(MortalFiles.immortal(), "new"));
    assertEquals("new", state());
    List<String> seen = names().stream().filter(name -> !name.startsWith(".")).toList();
    assertEquals(List.of("m", newData), seen);
  }

  /** Returns what the file says, for which its data has to be there and whole. */
  private String state() throws IOException {
    String[] words = Files.readString(folder.resolve("m")).split(" ");
    if (words.length == 2) {
      assertEquals(words[0] + " data", Files.readString(folder.resolve(words[1])));
    }
    return words[0];
  }

  private void reset() throws IOException {
    clear();
    both(MortalFiles.immortal(), "old");
  }

  private void clear() throws IOException {
    for (String name : names()) {
      Files.delete(folder.resolve(name));
    }
  }

  private void one(MortalFiles files) throws IOException {
    WholeFile.write(
        files.path(folder.resolve("m")),
        out -> {
          out.write(new byte[] {'n', 'e'});
          out.write(new byte[] {'w'});
        });
  }

  private String both(MortalFiles files, String content) throws IOException {
    try (WholeFile owner = WholeFile.of(files.path(folder.resolve("m")));
        DataFile data = DataFile.beside(owner)) {
      data.write(out -> out.write((content + " data").getBytes(UTF_8)));
      owner.write(
          out -> {
            out.write(content.getBytes(UTF_8));
            out.write((" " + data.name()).getBytes(UTF_8));
          });
      owner.commitWith(data, DataFile::namesBeside);
      return data.name();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whoDiesDoesNothingAnyMore() {
    MortalFiles files = MortalFiles.killedAt(0);
    Path file = files.path(folder.resolve("b"));
    assertThrows(MortalFiles.Killed.class, () -> Files.createFile(file));
    assertThrows(MortalFiles.Killed.class, () -> Files.exists(file));
    assertTrue(files.ended());
  }
}
