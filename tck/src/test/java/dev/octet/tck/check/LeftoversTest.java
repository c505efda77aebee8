package dev.octet.tck.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

  private static final int MANY = 30;

  @TempDir private Path folder;

  /** Those of others are of files of their own, as the numbers that they free are given again. */
  @Test
  void handlesThatOthersCloseDoNotMakeUpForThoseThatAreLeft() throws IOException {
    assumeTrue(Files.isSymbolicLink(Path.of("/dev/fd/0")), "handles that say what they are of");
    List<FileChannel> ofOthers = opened("others");
    List<FileChannel> left = new ArrayList<>();
    try {
      Leftovers before = Leftovers.now();
      close(ofOthers);
      left.addAll(opened("left"));
      Leftovers after = Leftovers.now();
      assertEquals(MANY, countOf("left", after, before));
    } finally {
      close(ofOthers);
      close(left);
    }
  }

  @Test
  void handlesThatAreClosedAreNotLeft() throws IOException {
    Leftovers before = Leftovers.now();
    close(opened("closed"));
    assertEquals(0, countOf("closed", Leftovers.now(), before));
  }

  /** As the rest of the process may open what it likes, those of one file are counted alone. */
  private long countOf(String file, Leftovers after, Leftovers before) {
    String end = folder.resolve(file).toString();
    Leftovers own =
        new Leftovers(
            after.files(),
            after.handles().stream()
                .filter(handle -> handle.endsWith(end))
                .collect(Collectors.toSet()));
    return own.handlesSince(before);
  }

  private List<FileChannel> opened(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "weights");
    List<FileChannel> all = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      all.add(FileChannel.open(file));
    }
    return all;
  }

  private static void close(List<FileChannel> channels) throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
