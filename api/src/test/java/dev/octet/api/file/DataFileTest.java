package dev.octet.api.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileTest {

  /** As {@code printf new | sha256sum} prints them. */
  private static final String HASH_OF_NEW = "11507a0e2f5e69d5dfa40a62a1bd7b6e";

  private static final String OLD = "m.00000000000000000000000000000000.data";

  @TempDir Path folder;

  @Test
  void isNamedByItsContent() throws IOException {
    String name = write("m", "new");
    assertEquals("m." + HASH_OF_NEW + ".data", name);
    assertEquals("new", Files.readString(folder.resolve(name)));
    assertEquals(name, Files.readString(folder.resolve("m")));
    assertEquals(List.of("m", name), names());
  }

  @Test
  void theSameContentHasTheSameName() throws IOException {
    String name = write("m", "new");
    assertEquals(name, write("m", "new"));
    assertEquals(List.of("m", name), names());
  }

  @Test
  void dataOfTheOldFileGoesBehindTheNewOne() throws IOException {
    String old = write("m", "old");
    String name = write("m", "new");
    assertEquals(List.of("m", name), names());
    assertFalse(Files.exists(folder.resolve(old)));
  }

  @Test
  void whatNeedsNoDataAnyMoreRemovesIt() throws IOException {
    write("m", "old");
    try (WholeFile owner = WholeFile.of(folder.resolve("m"))) {
      owner.write(out -> out.write('n'));
      owner.commit(DataFileTest::referred);
    }
    assertEquals(List.of("m"), names());
  }

  @Test
  void removesNothingThatIsNotNamedByContentOrElsewhere() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve(OLD), "elsewhere");
    Files.writeString(folder.resolve("m.data"), "another tool's");
    Files.createDirectory(folder.resolve(OLD));
    try (WholeFile owner = WholeFile.of(folder.resolve("m"));
        DataFile data = DataFile.beside(owner)) {
      data.write(out -> out.write("new".getBytes(UTF_8)));
      owner.write(out -> out.write('n'));
      owner.commitWith(data, old -> List.of("m.data", "inner/" + OLD, OLD, data.name()));
    }
    assertEquals(List.of("inner", "m", OLD, "m." + HASH_OF_NEW + ".data", "m.data"), names());
    assertTrue(Files.exists(inner.resolve(OLD)));
  }

  @Test
  void aLinkOfItsNameIsReplacedAndNotFollowed() throws IOException {
    Path away = Files.writeString(folder.resolve("away"), "away");
    Path link = folder.resolve("m." + HASH_OF_NEW + ".data");
    try {
      Files.createSymbolicLink(link, away);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no symbolic links here");
    }
    write("m", "new");
    assertFalse(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(link));
    assertEquals("away", Files.readString(away));
  }

  @Test
  void itGoesAgainWhenItsOwnerCannotBePlaced() throws IOException {
    try (WholeFile owner = WholeFile.of(folder.resolve("m"));
        DataFile data = DataFile.beside(owner)) {
      data.write(out -> out.write(1));
      owner.write(out -> out.write(1));
      Files.createDirectories(folder.resolve("m").resolve("full"));
      assertThrows(FileSystemException.class, () -> owner.commitWith(data, old -> List.of()));
    }
    assertEquals(List.of("m"), names());
  }

  @Test
  void isFoundByTheNameOfItsOwner() throws IOException {
    String name = write("m", "new");
    write("m.m", "new");
    Files.writeString(folder.resolve("m.data"), "");
    Files.writeString(folder.resolve("m.0.data"), "");
    assertEquals(List.of(name), DataFile.namesBeside(folder.resolve("m")));
    assertEquals(List.of(), DataFile.namesBeside(folder.resolve("n")));
  }

  @Test
  void hasNoNameBeforeItIsWritten() throws IOException {
    try (WholeFile owner = WholeFile.of(folder.resolve("m"));
        DataFile data = DataFile.beside(owner)) {
      assertThrows(IllegalStateException.class, data::name);
    }
  }

  @Test
  void theLongestNamesHaveData() throws IOException {
    String owner = "\u20AC".repeat(80) + ".onnx";
    String name = write(owner, "new");
    assertEquals("\u20AC".repeat(70) + "." + HASH_OF_NEW + ".data", name);
    assertTrue(DataFile.isNamedByContent(name));
  }

  /** Each writer's content is what the other one's success removes. */
  @Test
  void writersOfTheSameNameLeaveOneOfThemWhole() throws Exception {
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (String content : List.of("one", "two", "three")) {
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 30; i++) {
                  try {
                    write("m", content);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }
              }));
    }
    for (CompletableFuture<Void> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
    String name = Files.readString(folder.resolve("m"));
    assertEquals(List.of("m", name), names());
  }

  @Test
  void whatIsNoFileToLockIsRefused() throws IOException {
    Files.createDirectory(folder.resolve(FolderLock.NAME));
    FileSystemException e = assertThrows(FileSystemException.class, () -> write("m", "new"));
    assertEquals("this is no file to lock", e.getReason());
    assertEquals(List.of(FolderLock.NAME), names());
  }

  @Test
  void aLockThatAKilledProcessLeftDisturbsNobody() throws IOException {
    Files.createFile(folder.resolve(FolderLock.NAME));
    String name = write("m", "new");
    assertEquals(List.of("m", name), names());
  }

  /** Writes a file that holds the name of its data. */
  private String write(String file, String content) throws IOException {
    try (WholeFile owner = WholeFile.of(folder.resolve(file));
        DataFile data = DataFile.beside(owner)) {
      data.write(out -> out.write(content.getBytes(UTF_8)));
      owner.write(out -> out.write(data.name().getBytes(UTF_8)));
      owner.commitWith(data, DataFileTest::referred);
      return data.name();
    }
  }

  private static Collection<String> referred(Path old) throws IOException {
    return Files.isRegularFile(old) ? List.of(Files.readString(old)) : List.of();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
