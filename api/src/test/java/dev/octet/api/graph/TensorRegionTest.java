package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors whose bytes are in a file. */
class TensorRegionTest {

  private static final int WINDOW = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 5})
  void windowsFollowEachOtherAndHaveAllBytes(int size) throws IOException {
    byte[] content = random(size);
    Tensor tensor = inFile(DataType.INT8, content, size);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    List<Long> offsets = new ArrayList<>();
    tensor.forEachWindow(
        (offset, window) -> {
          offsets.add(offset);
          assertEquals(Math.min(WINDOW, size - offset), window.remaining());
          byte[] bytes = new byte[window.remaining()];
          window.get(bytes);
          seen.writeBytes(bytes);
        });
    assertArrayEquals(content, seen.toByteArray());
    assertArrayEquals(content, tensor.bytes());
    assertEquals(ByteBuffer.wrap(content), tensor.data());
    assertEquals((size + WINDOW - 1) / WINDOW, offsets.size());
  }

  /** All accessors on each side of the border of a window. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {
        "FLOAT", "DOUBLE", "INT64", "INT32", "INT16", "UINT16", "INT8", "UINT4", "INT4", "INT2"
      })
  void elementsAreThoseOfATensorInMemory(DataType type) throws IOException {
    int inWindow = WINDOW * 8 / type.bits();
    for (int elements : new int[] {0, 1, inWindow - 1, inWindow, inWindow + 1}) {
      byte[] content = random((int) type.packedBytes(elements));
      Tensor outside = inFile(type, content, elements);
      Tensor inside = Tensor.ofBytes(type, new long[] {elements}, ByteBuffer.wrap(content));
      assertEquals(inside, outside);
      assertEquals(outside, inside);
      assertEquals(inside.hashCode(), outside.hashCode());
      assertEquals(elements, outside.elementCount());
      if (type.isInteger()) {
        assertArrayEquals(inside.integers(), outside.integers());
      }
    }
  }

  /** Little-endian by definition, on whatever machine. */
  @Test
  void bytesAreReadLowestFirst() throws IOException {
    byte[] content = {1, 2, 3, 4, 5, 6, 7, 8};
    assertEquals(0x0807060504030201L, inFile(DataType.INT64, content, 1).int64s()[0]);
    assertEquals(0x04030201, inFile(DataType.INT32, content, 2).int32s()[0]);
    assertEquals(0x0201, inFile(DataType.INT16, content, 4).shorts()[0]);
    assertEquals(0x0807060504030201L, inFile(DataType.UINT64, content, 1).integers()[0]);
    assertEquals(Float.intBitsToFloat(0x08070605), inFile(DataType.FLOAT, content, 2).floats()[1]);
    assertEquals(
        Double.longBitsToDouble(0x0807060504030201L),
        inFile(DataType.DOUBLE, content, 1).doubles()[0]);
  }

  @Test
  void bitsOfNaNAreKept() throws IOException {
    int[] bits = {0x7fc01234, 0xffc00001, 0x7f800001, 0xff800000, 0x80000000, 1};
    ByteBuffer content = ByteBuffer.allocate(24).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    content.asIntBuffer().put(bits);
    Tensor tensor = inFile(DataType.FLOAT, content.array(), 6);
    float[] floats = tensor.floats();
    assertArrayEquals(
        bits, IntStream.range(0, 6).map(i -> Float.floatToRawIntBits(floats[i])).toArray());
    assertEquals(tensor, Tensor.ofBytes(DataType.FLOAT, new long[] {6}, content));
    content.putInt(8, 0x7f800002);
    assertNotEquals(tensor, Tensor.ofBytes(DataType.FLOAT, new long[] {6}, content));
  }

  @Test
  void anotherShapeOfItReadsTheSameRegion() throws IOException {
    Tensor tensor = inFile(DataType.INT8, new byte[] {1, 2, 3, 4}, 4);
    assertEquals(tensor.region(), tensor.reshaped(2, 2).region());
    assertTrue(tensor.region().isPresent());
  }

  @Test
  void aRegionOfAnotherSizeIsRefused() throws IOException {
    FileRegion region = region(new byte[5]);
    for (DataType type : List.of(DataType.FLOAT, DataType.STRING)) {
      assertThrows(
          IllegalArgumentException.class, () -> Tensor.ofRegion(type, new long[] {1}, region));
    }
  }

  /** What one array cannot hold is read by window, and by nothing else. */
  @Test
  void aTensorOfMoreThanTwoGibibytesIsReadByWindow() throws IOException {
    long size = (1L << 31) + 3;
    Path file = folder.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(new byte[] {7}), size - 1);
    }
    FileRegion region = FileRegion.map(FileIdentity.of(file), 0, size);
    Tensor tensor = Tensor.ofRegion(DataType.UINT8, new long[] {size}, region);
    assertEquals(size, tensor.elementCount());
    assertEquals(size, tensor.byteCount());
    assertEquals(7, tensor.window(size - 1, 1).get());
    refused("OCT-GRAPH-004", " has 2147483651 bytes, too many for one array", tensor::data);
    refused("OCT-GRAPH-004", " has 2147483651 elements, too many for one array", tensor::bytes);
    refused("OCT-GRAPH-004", " has 2147483651 elements, too many for one array", tensor::integers);
  }

  @Test
  void aFileThatIsTruncatedWhileAllIsReadIsRefused() throws IOException {
    int size = 4 * WINDOW;
    Tensor tensor = inFile(DataType.INT8, new byte[size], size);
    refused(
        "OCT-FILE-003",
        "was changed while it was in use",
        () ->
            tensor.forEachWindow(
                (offset, window) -> {
                  if (offset == WINDOW) {
                    truncate();
                  }
                }));
  }

  @Test
  void aFileThatIsTruncatedInTheLastWindowIsRefused() throws IOException {
    Tensor tensor = inFile(DataType.INT8, new byte[100_000], 100_000);
    refused(
        "OCT-FILE-003",
        "from 100000 bytes",
        () ->
            tensor.forEachWindow(
                (offset, window) -> {
                  truncate();
                  window.get(new byte[100_000]);
                }));
    refused("OCT-FILE-003", "from 100000 bytes", tensor::data);
    refused("OCT-FILE-003", "from 100000 bytes", () -> tensor.window(0, 1));
  }

  private void truncate() {
    try (FileChannel channel = FileChannel.open(folder.resolve("f"), StandardOpenOption.WRITE)) {
      channel.truncate(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void refused(String id, String fact, Runnable reading) {
    OctetException e = assertThrows(OctetException.class, reading::run);
    assertEquals(id, e.id());
    assertTrue(e.fact().contains(fact), e.fact());
  }

  private Tensor inFile(DataType type, byte[] content, long elements) throws IOException {
    return Tensor.ofRegion(type, new long[] {elements}, region(content));
  }

  private FileRegion region(byte[] content) throws IOException {
    Files.deleteIfExists(folder.resolve("f"));
    Path file = Files.write(folder.resolve("f"), content);
    return FileRegion.map(FileIdentity.of(file), 0, content.length);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
