package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.OnnxFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructuresTest {

  private static final int ROUNDS = 300;

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  /** Every structure with a file of its own. */
  private static Map<Structure, byte[]> all() throws IOException {
    byte[] member = text("one two 3");
    return Map.of(
        new PlainBytes(), text("plain bytes"),
        new Text(), text("a: [1, 2.5]\nb: {c: d}\n"),
        new Wire(), ModelText.toBytes("in x FLOAT[2]; node Relu x -> y; out y"),
        new PngChunks(), Seeds.image("png"),
        new ImageParts(), Seeds.image("gif"),
        new ZipParts(new Text()), ZipMember.archive(List.of(ZipMember.of("m", member))),
        new SignedCalibration(), Wire.field(3, text("body")));
  }

  @Test
  void theSameNumbersDamageAFileInTheSameWay() throws IOException {
    all()
        .forEach(
            (structure, file) -> {
              byte[] before = file.clone();
              Set<ByteBuffer> made = new HashSet<>();
              for (int i = 0; i < ROUNDS; i++) {
                byte[] one = structure.mutate(file, List.of(file), new SplittableRandom(i));
                byte[] again = structure.mutate(file, List.of(file), new SplittableRandom(i));
                assertArrayEquals(one, again, structure + " " + i);
                made.add(ByteBuffer.wrap(one));
              }
              assertArrayEquals(before, file);
              assertTrue(made.size() > ROUNDS / 4, structure + ": " + made.size());
            });
  }

  @Test
  void noByteIsTooFewToDamage() throws IOException {
    for (Structure structure : all().keySet()) {
      for (int i = 0; i < ROUNDS; i++) {
        structure.mutate(new byte[0], List.of(new byte[0], text("x")), new SplittableRandom(i));
      }
      assertEquals(0, structure.smaller(new byte[0]).filter(file -> file.length == 0).count() / 8);
    }
  }

  @Test
  void leavesOutEveryRunOfPositions() {
    List<String> runs = PlainBytes.runs(5).map(Arrays::toString).toList();
    assertEquals(
        List.of(
            "[0, 3]", "[3, 5]", "[0, 2]", "[2, 4]", "[4, 5]", "[0, 1]", "[1, 2]", "[2, 3]",
            "[3, 4]", "[4, 5]"),
        runs);
    assertEquals(0, PlainBytes.runs(0).count());
    assertEquals(List.of("[0, 1]"), PlainBytes.runs(1).map(Arrays::toString).toList());
  }

  @Test
  void fieldsOfMessagesAreFoundAndWrittenAsTheyWere() {
    byte[] inner = Seeds.joined(Wire.field(1, text("name")), Wire.field(2, -1), Wire.field(3, 300));
    byte[] message = Seeds.joined(Wire.field(7, inner), Wire.fixed(2, new byte[] {1, 2, 3, 4}));
    assertArrayEquals(inner, Wire.bytes(message, 7));
    assertEquals(300, Wire.number(inner, 3));
    assertEquals(-1, Wire.number(inner, 2));
    assertEquals(0, Wire.number(inner, 9));
    assertEquals(2 + inner.length + 5, message.length);
    assertArrayEquals(new byte[] {0x0a, 0}, Wire.field(1, new byte[0]));
    assertArrayEquals(new byte[] {(byte) 0xac, 2}, Wire.varint(300));
  }

  @Test
  void leavesOutFieldsInsideOfOthers() {
    byte[] kept = Wire.field(1, text("kept"));
    byte[] message = Wire.field(7, Seeds.joined(kept, Wire.field(2, text("gone"))));
    byte[] wanted = Wire.field(7, kept);
    assertTrue(new Wire().smaller(message).anyMatch(less -> Arrays.equals(less, wanted)));
  }

  @Test
  void chunksKeepRightChecksums() throws IOException {
    byte[] png = Seeds.image("png");
    int intact = 0;
    for (int i = 0; i < ROUNDS; i++) {
      intact +=
          hasRightChecksums(new PngChunks().mutate(png, List.of(png), new SplittableRandom(i)))
              ? 1
              : 0;
    }
    assertTrue(intact > ROUNDS / 2, intact + " of " + ROUNDS);
  }

  private static boolean hasRightChecksums(byte[] png) {
    ByteBuffer in = ByteBuffer.wrap(png, 8, png.length - 8);
    while (in.remaining() >= 12) {
      int length = in.getInt();
      if (length < 0 || length + 8 > in.remaining()) {
        return false;
      }
      CRC32 checksum = new CRC32();
      checksum.update(in.slice(in.position(), length + 4));
      in.position(in.position() + length + 4);
      if (in.getInt() != (int) checksum.getValue()) {
        return false;
      }
    }
    return !in.hasRemaining();
  }

  @Test
  void archivesAreOnesThatTheJdkReads(@TempDir Path folder) throws IOException {
    byte[] content = text("content ".repeat(9));
    ZipMember stored = ZipMember.of("a/b.txt", content);
    Path file =
        Files.write(
            folder.resolve("a.zip"),
            ZipMember.archive(List.of(stored, stored.named("ä").deflated())));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        assertArrayEquals(content, zip.getInputStream(entry).readAllBytes(), entry.getName());
      }
      assertEquals(2, zip.size());
    }
  }

  @Test
  void bombsUnpackToFarMoreThanTheyAre() throws IOException {
    byte[] archive = ZipMember.archive(List.of(ZipMember.of("x", text("start")).asBomb()));
    assertTrue(archive.length < 4 << 20, archive.length + " bytes");
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
      in.getNextEntry();
      assertArrayEquals(text("start"), in.readNBytes(5));
      in.skipNBytes(64 << 20);
    }
  }

  @Test
  void numbersAreStoredAsBytesAndElementsByTheirPlaces() {
    Model model =
        new OnnxFormat()
            .read(
                ModelText.toBytes(
                    "raw r FLOAT[3] 1 -2 0.5; raw i INT64[1] -3; sparse s FLOAT[2,3] 7 8 | 0 2 1 0;"
                        + " node Identity r -> y; out y"),
                "text");
    Map<String, Tensor> constants = model.graph().initializers();
    assertArrayEquals(new float[] {1, -2, 0.5f}, constants.get("r").floats());
    assertArrayEquals(new long[] {-3}, constants.get("i").integers());
    assertArrayEquals(new float[] {0, 0, 7, 8, 0, 0}, constants.get("s").floats());
  }

  @Test
  void aNumberIsTakenForItsNeighbours() {
    Set<Long> near = new HashSet<>();
    for (int i = 0; i < ROUNDS; i++) {
      near.add(Values.near(6, new SplittableRandom(i)));
    }
    assertEquals(Set.of(0L, 3L, 5L, -6L, 7L, 12L), near);
  }

  @Test
  void whatATextSaysOfAModelIsInTheFile() {
    Model model =
        new OnnxFormat()
            .read(
                ModelText.toBytes(
                    "opset 17; meta k v w; in x FLOAT[N,2]; const w FLOAT[2,2] 1 ...;"
                        + " node MatMul x w -> y; node Softmax y -> z | int axis 0; out z"),
                "text");
    assertEquals(
        List.of("MatMul", "Softmax"),
        model.graph().nodes().stream().map(n -> n.op().toString()).toList());
    assertEquals("v w", model.metadata().get("k"));
    assertArrayEquals(new float[] {1, 0, 2, -1}, model.graph().initializers().get("w").floats());
    assertFalse(model.graph().nodes().get(1).attributes().isEmpty());
  }
}
