package dev.octet.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void anOldFile() throws IOException {
    file = Files.writeString(folder.resolve("a.bin"), "old");
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    WholeFile.write(file, "new".getBytes(UTF_8));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void makesAFile() throws IOException {
    WholeFile.write(folder.resolve("b"), new byte[0]);
    assertEquals(0, Files.size(folder.resolve("b")));
    assertEquals(List.of("a.bin", "b"), names());
  }

  @Test
  void theNameStandsForTheOldFileUntilAllIsWritten() throws IOException {
    try (WholeFile whole = WholeFile.of(file)) {
      assertEquals(folder, whole.partial().getParent());
      assertTrue(whole.partial().toString().endsWith("a.bin"));
      assertFalse(Files.exists(whole.partial()));
      whole.write(out -> out.write('n'));
      assertEquals("old", Files.readString(file));
      whole.commit();
    }
    assertEquals("n", Files.readString(file));
  }

  @Test
  void whatIsNotCommittedIsRemoved() throws IOException {
    try (WholeFile whole = WholeFile.of(file)) {
      Files.writeString(whole.partial(), "half");
    }
    assertOldAndAlone();
  }

  @Test
  void refusesToCommitWhatNobodyWrote() throws IOException {
    try (WholeFile whole = WholeFile.of(file)) {
      assertEquals(
          "it wrote no file",
          assertThrows(IllegalStateException.class, whole::commit).getMessage());
    }
    assertOldAndAlone();
  }

  @Test
  void contentReachesTheDiskBeforeItGetsTheName() throws IOException {
    FailingDisk disk = new FailingDisk("nothing", 0);
    write(disk);
    assertEquals(List.of("create", "write", "write", "force", "replace"), disk.calls);
  }

  @ParameterizedTest
  @CsvSource({"create, 0", "write, 0", "write, 1", "force, 0", "replace, 0"})
  void aDiskThatFailsLeavesTheOldFileAlone(String call, int after) throws IOException {
    IOException e = assertThrows(IOException.class, () -> write(new FailingDisk(call, after)));
    assertEquals("no space left in " + call, e.getMessage());
    assertOldAndAlone();
  }

  @Test
  void contentThatFailsLeavesTheOldFileAlone() throws IOException {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            WholeFile.write(
                file,
                out -> {
                  out.write(new byte[1 << 16]);
                  throw new IllegalArgumentException("no value");
                }));
    assertOldAndAlone();
  }

  @Test
  void refusesFoldersAndMissingFolders() throws IOException {
    assertThrows(IOException.class, () -> WholeFile.of(folder));
    assertThrows(
        IOException.class, () -> WholeFile.write(folder.resolve("none").resolve("b"), new byte[0]));
    assertOldAndAlone();
  }

  @Test
  void twoWritersDoNotMeetAndTheLastWins() throws IOException {
    try (WholeFile first = WholeFile.of(file);
        WholeFile second = WholeFile.of(file)) {
      first.write(out -> out.write('1'));
      second.write(out -> out.write('2'));
      second.commit();
      assertEquals("2", Files.readString(file));
      first.commit();
    }
    assertEquals("1", Files.readString(file));
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void followsLinksAndKeepsThem() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    link(inner.resolve("first"), Path.of("..", "a.bin"));
    link(folder.resolve("second"), Path.of("inner", "first"));
    WholeFile.write(folder.resolve("second"), new byte[] {'n'});
    assertEquals("n", Files.readString(file));
    assertTrue(Files.isSymbolicLink(folder.resolve("second")));
    assertTrue(Files.isSymbolicLink(inner.resolve("first")));
    assertEquals(List.of("a.bin", "inner", "second"), names());
  }

  @Test
  void makesTheFileThatALinkMisses() throws IOException {
    link(folder.resolve("l"), Path.of("b"));
    WholeFile.write(folder.resolve("l"), new byte[] {'n'});
    assertEquals("n", Files.readString(folder.resolve("b")));
    assertTrue(Files.isSymbolicLink(folder.resolve("l")));
  }

  @Test
  void refusesACircleOfLinks() throws IOException {
    link(folder.resolve("l"), Path.of("m"));
    link(folder.resolve("m"), Path.of("l"));
    assertThrows(FileSystemLoopException.class, () -> WholeFile.of(folder.resolve("l")));
  }

  @Test
  void aPipeIsWrittenToAndStays() throws Exception {
    Path pipe = pipe();
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    Path before;
    try (WholeFile whole = WholeFile.of(pipe)) {
      assertTrue(whole.isWrittenThrough());
      before = whole.partial();
      whole.write(out -> out.write("whole".getBytes(UTF_8)));
      whole.commit();
    }
    assertEquals("whole", read.get(30, TimeUnit.SECONDS));
    assertFalse(Files.isRegularFile(pipe));
    assertTrue(Files.exists(pipe));
    assertFalse(Files.exists(before.getParent()));
    assertEquals(List.of("a.bin", "p"), names());
  }

  @Test
  void twoFilesGetTheirNamesInOrder() throws IOException {
    FailingDisk disk = new FailingDisk("nothing", 0);
    writeBoth(disk);
    assertEquals("new", Files.readString(file));
    assertEquals("new data", Files.readString(folder.resolve("data")));
    assertEquals(
        List.of("create", "write", "create", "write", "force", "force", "replace", "replace"),
        disk.calls);
    assertEquals(List.of("a.bin", "data"), names());
  }

  /** With links and without, where keeping the old file takes its name away. */
  @ParameterizedTest
  @CsvSource({"force, 0", "force, 1", "keep, 0", "replace, 0", "replace, 1"})
  void twoFilesStayAsTheyWereWhenOneCannotBePlaced(String call, int after) throws IOException {
    for (boolean links : new boolean[] {true, false}) {
      Files.writeString(folder.resolve("data"), "old data");
      FailingDisk disk = new FailingDisk(call, after);
      disk.links = links;
      assertThrows(IOException.class, () -> writeBoth(disk));
      assertEquals("old", Files.readString(file));
      assertEquals("old data", Files.readString(folder.resolve("data")));
      assertEquals(List.of("a.bin", "data"), names());
    }
  }

  @Test
  void aFirstFileThatWasNotThereGoesAgain() throws IOException {
    assertThrows(IOException.class, () -> writeBoth(new FailingDisk("replace", 1)));
    assertOldAndAlone();
  }

  /** An interrupted process (Ctrl-C) removes what it began; a killed one cannot. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProcessThatEndsWhileItWritesLeavesTheOldFile(boolean killed) throws Exception {
    Process process = new ProcessBuilder(child()).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader()) {
      assertEquals("half", lines.readLine());
      assertEquals(2, names().size());
      (killed ? process.destroyForcibly() : destroyed(process)).waitFor(30, TimeUnit.SECONDS);
    }
    assertFalse(process.isAlive());
    assertEquals("old", Files.readString(file));
    assertEquals(killed ? 2 : 1, names().size());
  }

  private List<String> child() throws Exception {
    String classes =
        Path.of(WholeFile.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            + System.getProperty("path.separator")
            + Path.of(getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        classes,
        Child.class.getName(),
        file.toString());
  }

  private static Process destroyed(Process process) {
    assumeTrue(process.supportsNormalTermination(), "a process cannot be interrupted here");
    process.destroy();
    return process;
  }

  /** Writes half a file and waits to be ended. */
  static final class Child {
    public static void main(String[] args) throws IOException {
      WholeFile.write(
          Path.of(args[0]),
          out -> {
            out.write(new byte[1 << 20]);
            System.out.println("half");
            System.out.flush();
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    }
  }

  private void write(Disk disk) throws IOException {
    try (WholeFile whole = WholeFile.of(file, disk)) {
      whole.write(
          out -> {
            out.write(new byte[] {'n', 'e'});
            out.write(new byte[] {'w'});
          });
      whole.commit();
    }
  }

  private void writeBoth(Disk disk) throws IOException {
    try (WholeFile data = WholeFile.of(folder.resolve("data"), disk);
        WholeFile model = WholeFile.of(file, disk)) {
      data.write(out -> out.write("new data".getBytes(UTF_8)));
      model.write(out -> out.write("new".getBytes(UTF_8)));
      model.commitBehind(data);
    }
  }

  private void assertOldAndAlone() throws IOException {
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.bin"), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("p");
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    } catch (IOException e) {
      assumeTrue(false, "no pipes with names here");
    }
    return pipe;
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
  }

  /** Records what it is asked for, and fails at one kind of call after some of them. */
  private static final class FailingDisk extends Disk {
    private final List<String> calls = new ArrayList<>();
    private final String failing;
    private int left;
    private boolean links = true;

    FailingDisk(String failing, int after) {
      this.failing = failing;
      this.left = after;
    }

    private void call(String name) throws IOException {
      if (name.equals(failing) && left-- == 0) {
        throw new IOException("no space left in " + name);
      }
      calls.add(name);
    }

    @Override
    OutputStream create(Path path) throws IOException {
      call("create");
      return new FilterOutputStream(super.create(path)) {
        @Override
        public void write(byte[] bytes) throws IOException {
          call("write");
          out.write(bytes);
        }
      };
    }

    @Override
    void force(Path path) throws IOException {
      call("force");
      super.force(path);
    }

    @Override
    void replace(Path from, Path to) throws IOException {
      call("replace");
      super.replace(from, to);
    }

    @Override
    void keep(Path path, Path second) throws IOException {
      call("keep");
      if (links) {
        super.keep(path, second);
      } else {
        Files.move(path, second);
      }
    }
  }
}
