package dev.octet.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.fixtures.jdk.MortalFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
  void refusesAPipeAndAFolderBeforeAnythingIsWritten() throws Exception {
    Path pipe = pipe();
    assertRefused(pipe, "this is a device, a pipe or a socket, and no file");
    assertRefused(folder, "this is a folder");
    link(folder.resolve("l"), Path.of("p"));
    assertRefused(folder.resolve("l"), "this is a device, a pipe or a socket, and no file");
    assertFalse(Files.isRegularFile(pipe));
    assertEquals(List.of("a.bin", "l", "p"), names());
  }

  @Test
  void refusesDevices() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device));
    assertRefused(device, "this is a device, a pipe or a socket, and no file");
  }

  @Test
  void refusesASocket() throws IOException {
    Path socket = folder.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertRefused(socket, "this is a device, a pipe or a socket, and no file");
    }
  }

  @Test
  void refusesAFileInNoFolder() {
    Path nowhere = folder.resolve("none").resolve("b");
    assertRefused(nowhere, "there is no folder '" + nowhere.getParent() + "'");
    Path inAFile = file.resolve("b");
    assertRefused(inAFile, "there is no folder '" + file + "'");
  }

  /** Whoever may do everything may write here, too. */
  @Test
  void refusesAFolderThatTakesNoFilesAndAFileThatIsProtected() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    assumeTrue(closed.toFile().setWritable(false) && !Files.isWritable(closed));
    FileSystemException e =
        assertThrows(
            FileSystemException.class, () -> WholeFile.requireWritable(closed.resolve("b")));
    assertEquals("files in its folder may not be made", e.getReason());
    assertTrue(closed.toFile().setWritable(true));
    assertTrue(file.toFile().setWritable(false));
    e = assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(file));
    assertEquals("it is protected against writing", e.getReason());
  }

  @Test
  void refusesAFolderWhoseDiskIsFull() throws IOException {
    Path full = MortalFiles.fullAt(0).path(folder.resolve("b"));
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(full));
    assertEquals("its folder takes no file: No space left on device", e.getReason());
    assertOldAndAlone();
  }

  @Test
  void refusesAFolderThatTakesNoFilesOfThisUser() throws IOException {
    Path denied = MortalFiles.denied().path(folder.resolve("b"));
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(denied));
    assertEquals("files in its folder may not be made", e.getReason());
    assertOldAndAlone();
  }

  @Test
  void refusesAFolderThatIsNoneOfADisk() {
    Path processes = Path.of("/proc");
    assumeTrue(Files.isDirectory(processes));
    FileSystemException e =
        assertThrows(
            FileSystemException.class, () -> WholeFile.requireWritable(processes.resolve("b")));
    assertEquals("its folder takes no file", e.getReason());
  }

  @Test
  void triesTheFolderAboveOneThatHasToBeMade() throws IOException {
    WholeFile.requireWritableFolder(folder.resolve("b").resolve("c"));
    WholeFile.requireWritableFolder(folder);
    Path inAFile = file.resolve("b");
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> WholeFile.requireWritableFolder(inAFile));
    assertEquals("'" + file + "' is no folder", e.getReason());
    Path denied = MortalFiles.denied().path(folder.resolve("b"));
    e = assertThrows(FileSystemException.class, () -> WholeFile.requireWritableFolder(denied));
    assertEquals("files in its folder may not be made", e.getReason());
    assertOldAndAlone();
  }

  @Test
  void tryingWhetherAFileCanBeWrittenLeavesNothing() throws IOException {
    WholeFile.requireWritable(file);
    WholeFile.requireWritable(folder.resolve("b"));
    link(folder.resolve("l"), Path.of("c"));
    WholeFile.requireWritable(folder.resolve("l"));
    assertEquals(List.of("a.bin", "l"), names());
    assertEquals("old", Files.readString(file));
  }

  @Test
  void neverFollowsALinkOfTheHiddenName() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "not mine");
    try (WholeFile whole = WholeFile.of(file)) {
      link(whole.partial(), other);
      assertThrows(FileAlreadyExistsException.class, () -> whole.write(out -> out.write('n')));
    }
    assertEquals("not mine", Files.readString(other));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.bin", "other"), names());
  }

  @Test
  void takesTheLongestNamesThatThereAre() throws IOException {
    for (String name : List.of("n".repeat(250) + ".onnx", "\uD83D\uDE00".repeat(62) + ".onnx")) {
      Path longest = folder.resolve(name);
      WholeFile.write(longest, new byte[] {'n'});
      assertEquals("n", Files.readString(longest));
      try (WholeFile whole = WholeFile.of(longest)) {
        assertTrue(whole.partial().toString().endsWith(".onnx"));
      }
    }
  }

  @Test
  void anotherNameOfTheSameFileKeepsTheOldOne() throws IOException {
    Path other = Files.createLink(folder.resolve("b"), file);
    WholeFile.write(file, new byte[] {'n'});
    assertEquals("n", Files.readString(file));
    assertEquals("old", Files.readString(other));
  }

  /** Two writers and a reader that never waits: what it sees is the whole of one of them. */
  @Test
  void aReaderSeesWholeFilesAlone() throws Exception {
    byte[][] contents = {new byte[70_000], new byte[50_001]};
    Arrays.fill(contents[0], (byte) 1);
    Arrays.fill(contents[1], (byte) 2);
    Files.write(file, contents[0]);
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (byte[] content : contents) {
      writers.add(CompletableFuture.runAsync(() -> writeOften(content)));
    }
    int reads = 0;
    while (reads < 10 || !writers.stream().allMatch(CompletableFuture::isDone)) {
      byte[] seen = Files.readAllBytes(file);
      assertTrue(Arrays.equals(seen, contents[0]) || Arrays.equals(seen, contents[1]));
      reads++;
    }
    for (CompletableFuture<Void> writer : writers) {
      writer.get(30, TimeUnit.SECONDS);
    }
    assertEquals(List.of("a.bin"), names());
  }

  private void writeOften(byte[] content) {
    try {
      for (int i = 0; i < 20; i++) {
        WholeFile.write(
            file,
            out -> {
              out.write(content, 0, 1000);
              out.write(content, 1000, content.length - 1000);
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertRefused(Path path, String reason) {
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> WholeFile.requireWritable(path));
    assertEquals(reason, e.getReason());
    assertEquals(path.toString(), e.getFile());
    assertEquals(
        reason, assertThrows(FileSystemException.class, () -> WholeFile.of(path)).getReason());
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
}
