package dev.octet.api.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegionTest {

  private static final long TWO_GIB = 1L << 31;

  @TempDir Path folder;

  @Test
  void windowsShowTheBytesOfTheRegion() throws IOException {
    FileRegion region = region(new byte[] {0, 1, 2, 3, 4, 5}, 1, 4);
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), region.window(0, 4));
    assertEquals(ByteBuffer.wrap(new byte[] {4}), region.window(3, 1));
    assertEquals(0, region.window(4, 0).remaining());
    assertEquals(ByteOrder.LITTLE_ENDIAN, region.window(0, 4).order());
    assertEquals(0x04030201, region.window(0, 4).getInt());
    assertEquals(1, region.offset());
    assertEquals(4, region.length());
  }

  @Test
  void aRegionMayBeEmptyAndItsFileToo() throws IOException {
    assertEquals(0, region(new byte[0], 0, 0).window(0, 0).remaining());
    assertEquals(0, region(new byte[3], 3, 0).window(0, 0).remaining());
  }

  @Test
  void windowsCannotBeWrittenAndMoveAlone() throws IOException {
    FileRegion region = region(new byte[] {1, 2}, 0, 2);
    ByteBuffer window = region.window(0, 2);
    window.get();
    assertEquals(2, region.window(0, 2).remaining());
    assertThrows(ReadOnlyBufferException.class, () -> window.put((byte) 3));
  }

  @Test
  void refusesBytesThatTheFileOrTheRegionHasNot() throws IOException {
    FileIdentity file = FileIdentity.of(file(new byte[4]));
    assertThrows(IllegalArgumentException.class, () -> FileRegion.map(file, 1, 4));
    assertThrows(IllegalArgumentException.class, () -> FileRegion.map(file, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> FileRegion.map(file, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> FileRegion.map(file, 1, Long.MAX_VALUE));
    FileRegion region = FileRegion.map(file, 1, 2);
    assertThrows(IndexOutOfBoundsException.class, () -> region.window(1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> region.window(-1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> region.window(0, -1));
    assertThrows(NoSuchFileException.class, () -> FileIdentity.of(folder.resolve("no")));
  }

  /** The file has 3 GiB and takes a few pages: nothing but its marks was written. */
  @Test
  void aRegionMayBeLargerThanAnyBuffer() throws IOException {
    Path file = folder.resolve("sparse");
    long size = 3L << 30;
    long[] marks = {
      0, FileRegion.LARGEST_WINDOW - 1, FileRegion.LARGEST_WINDOW, TWO_GIB - 1, TWO_GIB, size - 1
    };
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      for (int i = 0; i < marks.length; i++) {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) (i + 1)}), marks[i]);
      }
    }
    FileRegion region = FileRegion.map(FileIdentity.of(file), 0, size);
    for (int i = 0; i < marks.length; i++) {
      assertEquals(i + 1, region.window(marks[i], 1).get());
    }
    ByteBuffer across = region.window(TWO_GIB - 1, 2);
    assertEquals(4, across.get());
    assertEquals(5, across.get());
    int largest = FileRegion.LARGEST_WINDOW;
    assertEquals(5, region.window(TWO_GIB - largest + 1, largest).get(largest - 1));
    assertThrows(
        IllegalArgumentException.class, () -> region.window(TWO_GIB / 2 - 1, (int) (TWO_GIB - 1)));
    FileRegion tail = FileRegion.map(FileIdentity.of(file), TWO_GIB - 1, size - TWO_GIB + 1);
    assertEquals(6, tail.window(0, (int) tail.length()).get((int) tail.length() - 1));
  }

  @Test
  void aFileThatWasChangedInPlaceIsRefused() throws IOException {
    FileRegion region = region(new byte[] {1, 2, 3, 4}, 0, 4);
    touchLater(file(new byte[] {1, 9, 3, 4}));
    refused(() -> region.window(0, 1));
  }

  @Test
  void aFileThatWasTruncatedIsRefusedWithItsSizes() throws IOException {
    FileRegion region = region(new byte[10_000], 0, 10_000);
    try (FileChannel channel = FileChannel.open(folder.resolve("f"), StandardOpenOption.WRITE)) {
      channel.truncate(100);
    }
    OctetException e = refused(() -> region.window(0, 1));
    assertTrue(e.fact().contains("from 10000 bytes of "), e.fact());
    assertTrue(e.fact().contains(" to 100 bytes of "), e.fact());
  }

  @Test
  void aFileThatChangedBeforeItWasMappedIsRefused() throws IOException {
    FileIdentity before = FileIdentity.of(file(new byte[4]));
    touchLater(file(new byte[5]));
    refused(() -> map(before));
  }

  @Test
  void aFileThatWasReplacedIsReadAsItWas() throws IOException {
    FileRegion region = region(new byte[] {1, 2}, 0, 2);
    assertTrue(region.file().isCurrent());
    Path other = Files.write(folder.resolve("other"), new byte[] {3, 4, 5});
    Files.move(other, folder.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
    assertFalse(region.file().isCurrent());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), region.window(0, 2));
  }

  @Test
  void aFileThatWasDeletedIsReadAsItWas() throws IOException {
    FileRegion region = region(new byte[] {1, 2}, 0, 2);
    Files.delete(folder.resolve("f"));
    assertFalse(region.file().isCurrent());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), region.window(0, 2));
  }

  /** As large and as old as the one before: nothing but what the file system calls it differs. */
  @Test
  void anotherFileOfTheNameIsNotMapped() throws IOException {
    FileIdentity before = FileIdentity.of(file(new byte[] {1, 2}));
    replace(new byte[] {3, 4});
    IOException e = assertThrows(ReplacedFileException.class, () -> FileRegion.map(before, 0, 2));
    assertTrue(String.valueOf(e.getMessage()).contains("replaced by another file"), e.getMessage());
  }

  @Test
  void anotherFileOfTheNameIsNoticedWhenItComesAfterTheOpening() throws IOException {
    FileIdentity before = FileIdentity.of(file(new byte[] {1, 2}));
    try (FileChannel channel = before.open()) {
      assertEquals(2, channel.size());
      replace(new byte[] {3, 4});
      assertThrows(ReplacedFileException.class, before::requireCurrent);
    }
  }

  @Test
  void aFileThatIsGoneBeforeItIsMappedCannotBeOpened() throws IOException {
    FileIdentity before = FileIdentity.of(file(new byte[4]));
    Files.delete(folder.resolve("f"));
    assertThrows(NoSuchFileException.class, () -> FileRegion.map(before, 0, 4));
  }

  @Test
  void whatIsNoRegularFileHasNoIdentity() {
    IOException e = assertThrows(IOException.class, () -> FileIdentity.of(folder));
    assertTrue(String.valueOf(e.getMessage()).contains("not a regular file"), e.getMessage());
  }

  private void replace(byte[] content) throws IOException {
    Path file = folder.resolve("f");
    Path other = Files.write(folder.resolve("other"), content);
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void map(FileIdentity file) {
    try {
      FileRegion.map(file, 0, file.size());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private FileRegion region(byte[] content, long offset, long length) throws IOException {
    return FileRegion.map(FileIdentity.of(file(content)), offset, length);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("f"), content);
  }

  /** Two writes may fall into one tick of the file system's clock. */
  private static void touchLater(Path file) throws IOException {
    FileTime now = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(now.toMillis() + 2000));
  }

  private OctetException refused(Runnable reading) {
    OctetException e = assertThrows(OctetException.class, reading::run);
    assertEquals("OCT-FILE-003", e.id());
    assertTrue(e.fact().contains("was changed while it was in use"), e.fact());
    assertTrue(e.place().orElseThrow().endsWith("f"));
    return e;
  }
}
