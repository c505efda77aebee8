package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayFilesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "|b1, 00 01, '0 1', BOOL",
    "|i1, 80 7f, '-128 127', INT8",
    "|u1, 80 ff, '128 255', UINT8",
    "<i2, 00 80 ff 7f, '-32768 32767', INT16",
    ">i2, 80 00 7f ff, '-32768 32767', INT16",
    "<u2, 00 80 ff ff, '32768 65535', UINT16",
    "<i4, 00 00 00 80 01 00 00 00, '-2147483648 1', INT32",
    ">i4, 80 00 00 00 00 00 00 01, '-2147483648 1', INT32",
    "<u4, ff ff ff ff 01 00 00 00, '4294967295 1', UINT32",
    "<i8, ff ff ff ff ff ff ff ff 01 00 00 00 00 00 00 00, '-1 1', INT64",
    ">i8, ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 01, '-1 1', INT64",
    "<u8, ff ff ff ff ff ff ff ff 01 00 00 00 00 00 00 00, '-1 1', UINT64"
  })
  void readsIntegers(String descr, String hex, String expected, DataType type) throws IOException {
    try (Samples samples = open(TestArrays.npy(1, descr, false, "(2,)", hex(hex)))) {
      Values.Integers values = (Values.Integers) samples.read(0, 2);
      assertEquals(type, samples.type());
      assertArrayEquals(longs(expected), values.elements());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<f2, 00 3c 01 00, '1 5.9604645E-8'",
    ">f2, 7c 00 fb ff, 'Infinity -65504'",
    "<f2, 00 80 01 7c, '-0.0 NaN'",
    "<f2, ff 03 00 04, '6.0975552E-5 6.1035156E-5'",
    "<f4, 00 00 80 3f 00 00 00 c0, '1 -2'",
    ">f4, 3f 80 00 00 c0 00 00 00, '1 -2'",
    "<f8, 9a 99 99 99 99 99 b9 3f 00 00 00 00 00 00 f0 7f, '0.1 Infinity'",
    ">f8, 3f b9 99 99 99 99 99 9a ff f0 00 00 00 00 00 00, '0.1 -Infinity'"
  })
  void readsFloatsAsFloat32(String descr, String hex, String expected) throws IOException {
    try (Samples samples = open(TestArrays.npy(2, descr, false, "(2,)", hex(hex)))) {
      float[] values = samples.read(0, 2).floats();
      assertEquals(DataType.FLOAT, samples.type());
      String[] wanted = expected.split(" ");
      assertEquals(Float.parseFloat(wanted[0]), values[0]);
      assertEquals(Float.parseFloat(wanted[1]), values[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) throws IOException {
    byte[] npy =
        TestArrays.npy(version, "|u1", false, "(3, 2)", TestArrays.bytes(1, 2, 3, 4, 5, 6));
    try (Samples samples = open(npy)) {
      assertArrayEquals(new long[] {3, 2}, samples.sizes());
      assertArrayEquals(new float[] {3, 4, 5, 6}, samples.read(1, 2).floats());
    }
  }

  @Test
  void readsColumnMajorArraysSampleBySample() throws IOException {
    // a[i][j][k] = 100 i + 10 j + k of sizes 2 x 3 x 2, the first axis fastest.
    byte[] data = TestArrays.bytes(0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121);
    try (Samples samples = open(TestArrays.npy(1, "|u1", true, "(2, 3, 2)", data))) {
      assertArrayEquals(new float[] {0, 1, 10, 11, 20, 21}, samples.read(0, 1).floats());
      assertArrayEquals(new float[] {100, 101, 110, 111, 120, 121}, samples.read(1, 1).floats());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsMembersOfArchives(boolean deflated) throws IOException {
    byte[] npy = TestArrays.npy(1, "<f4", false, "(3, 1)", TestArrays.floats(1, 2, 3));
    Path file = TestArrays.npz(folder.resolve("a.npz"), deflated, "x", npy);
    try (Samples samples = ArrayFiles.open(file, "x")) {
      assertArrayEquals(new float[] {2, 3}, samples.read(1, 2).floats());
      assertArrayEquals(new float[] {1}, samples.read(0, 1).floats());
    }
  }

  @Test
  void namesTheMembersThatThereAre() throws IOException {
    byte[] npy = TestArrays.npy(1, "|u1", false, "(1,)", TestArrays.bytes(1));
    Path file = TestArrays.npz(folder.resolve("a.npz"), true, "x", npy);
    for (String key : List.of("y", "")) {
      OctetException e = assertThrows(OctetException.class, () -> ArrayFiles.open(file, key));
      assertEquals("OCT-DATA-004", e.id());
      assertEquals(List.of("first", "x"), e.candidates());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsIdxPlainAndInGzip(boolean gzip) throws IOException {
    byte[] idx = TestArrays.bytes(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 255);
    try (Samples samples = open(gzip ? TestArrays.gzip(idx) : idx)) {
      assertArrayEquals(new long[] {2, 1, 2}, samples.sizes());
      assertArrayEquals(new float[] {7, 255}, samples.read(1, 1).floats());
    }
  }

  @Test
  void readsIdxOfBigEndianIntegers() throws IOException {
    byte[] idx = TestArrays.bytes(0, 0, 0x0c, 1, 0, 0, 0, 1, 0, 0, 1, 2);
    try (Samples samples = open(idx)) {
      assertArrayEquals(new float[] {258}, samples.read(0, 1).floats());
    }
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    byte[] good = TestArrays.npy(1, "<f4", false, "(2, 2)", TestArrays.floats(1, 2, 3, 4));
    byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
    byte[] none = TestArrays.bytes();
    assertEquals("OCT-DATA-002", error(cut).id());
    assertEquals("OCT-DATA-002", error(none).id());
    assertEquals("OCT-DATA-002", error("{}".getBytes()).id());
    assertEquals("OCT-DATA-002", error(TestArrays.npy(1, "|u1", false, "()", hex("00"))).id());
    assertEquals("OCT-DATA-002", error(TestArrays.npy(4, "|u1", false, "(1,)", hex("00"))).id());
    String huge = "(9223372036854775807, 9223372036854775807)";
    assertEquals("OCT-DATA-002", error(TestArrays.npy(1, "|u1", false, huge, none)).id());
    String larger = "(99999999999999999999,)";
    assertEquals("OCT-DATA-002", error(TestArrays.npy(1, "|u1", false, larger, none)).id());
    assertEquals("OCT-DATA-002", error(TestArrays.bytes(0, 0, 8, 200, 1)).id());
    assertEquals("OCT-DATA-002", error(TestArrays.bytes(0, 0, 7, 1, 0, 0, 0, 0)).id());
    assertEquals("OCT-DATA-028", error(TestArrays.bytes(0x1f, 0x8b, 8, 0, 1)).id());
    assertEquals("OCT-DATA-028", error(TestArrays.bytes('P', 'K', 3, 4, 1)).id());
  }

  @Test
  void unpacksNoMoreThanTheHeaderAsksFor() throws IOException {
    byte[] bomb = TestArrays.npy(1, "|u1", false, "(2,)", new byte[1 << 22]);
    OctetException longer = error(TestArrays.gzip(bomb));
    assertEquals("OCT-DATA-002", longer.id());
    assertTrue(longer.fact().endsWith("goes on behind the elements that its header counts"));
    byte[] some = TestArrays.npy(1, "|u1", false, "(2,)", TestArrays.bytes(7, 8, 9));
    try (Samples samples = open(TestArrays.gzip(some))) {
      assertArrayEquals(new float[] {7, 8}, samples.read(0, 2).floats());
    }
    byte[] promise = TestArrays.npy(1, "<f4", false, "(250000000,)", new byte[8]);
    OctetException shorter = error(TestArrays.gzip(promise));
    assertEquals("OCT-DATA-002", shorter.id());
    assertTrue(shorter.fact().contains("its header needs 10000000"), shorter.fact());
    byte[] large = TestArrays.npy(1, "<f4", false, "(1000000000,)", new byte[8]);
    OctetException tooLarge = error(TestArrays.gzip(large));
    assertEquals("OCT-DATA-028", tooLarge.id());
    assertTrue(tooLarge.fact().contains("more than 1 GiB"), tooLarge.fact());
  }

  @Test
  void findsTheDamageAtTheEndOfWhatIsPacked() throws IOException {
    byte[] gzip = TestArrays.gzip(TestArrays.npy(1, "|u1", false, "(2,)", hex("0102")));
    gzip[gzip.length - 8] ^= 1;
    assertEquals("OCT-DATA-028", error(gzip).id());
  }

  @Test
  void refusesWhatIsNoRegularFile() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "there is no /dev/null");
    OctetException e = assertThrows(OctetException.class, () -> ArrayFiles.open(device, ""));
    assertTrue(String.valueOf(e.getMessage()).contains("it is no regular file"), e.getMessage());
  }

  @Test
  void refusesMoreSamplesWithoutElementsThanBytes() throws IOException {
    byte[] none = TestArrays.npy(1, "|u1", false, "(2147483647, 0)", TestArrays.bytes());
    assertEquals("OCT-DATA-002", error(none).id());
  }

  @Test
  void refusesASampleThatNoArrayHolds() throws IOException {
    Path file = folder.resolve("sparse.npy");
    byte[] start = TestArrays.npy(1, "<f4", false, "(1, 600000000)", TestArrays.bytes());
    Files.write(file, start);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(start.length + 2_400_000_000L);
    }
    try (Samples samples = ArrayFiles.open(file, "")) {
      OctetException e = assertThrows(OctetException.class, () -> samples.read(0, 1));
      assertEquals("OCT-DATA-048", e.id());
      assertEquals("'" + file + "'[0] takes more memory than there is", e.fact());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<c8", "|O", "<U3", "<M8[ns]", "|V4", "<f16"})
  void refusesElementTypesThatAreNotRead(String descr) throws IOException {
    byte[] npy = TestArrays.npy(1, descr, false, "(1,)", new byte[16]);
    assertEquals("OCT-DATA-003", error(npy).id());
  }

  private Samples open(byte[] content) throws IOException {
    return ArrayFiles.open(Files.write(folder.resolve("array"), content), "");
  }

  private OctetException error(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("array"), content);
    return assertThrows(OctetException.class, () -> ArrayFiles.open(file, ""));
  }

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static long[] longs(String text) {
    return java.util.Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
