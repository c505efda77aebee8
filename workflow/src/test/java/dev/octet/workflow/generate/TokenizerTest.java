package dev.octet.workflow.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

  @TempDir Path folder;

  /** A token; its number is its place in the file. */
  record Piece(String text, float score) {}

  private static byte[] bytes(int longest, List<Piece> pieces) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN).putInt(longest);
    for (Piece piece : pieces) {
      byte[] text = piece.text.getBytes(UTF_8);
      bytes.putFloat(piece.score).putInt(text.length).put(text);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static final List<Piece> PIECES =
      List.of(
          new Piece("<unk>", 0),
          new Piece("<s>", 0),
          new Piece("</s>", 0),
          new Piece("<0xC3>", 0),
          new Piece("<0xA4>", 0),
          new Piece(" ", -1),
          new Piece("a", -2),
          new Piece("b", -3),
          new Piece("ab", -9),
          new Piece("ba", -8),
          new Piece(" a", -7),
          new Piece("a", 5));

  private Tokenizer tokenizer(byte[] content) throws IOException {
    return Tokenizer.read(Files.write(folder.resolve("t.bin"), content));
  }

  /** The content of a file of 12 tokens whose pieces have at most 6 bytes. */
  static byte[] content() {
    return bytes(6, PIECES);
  }

  private Tokenizer small() throws IOException {
    return tokenizer(content());
  }

  @Test
  void beginsWithTheTokenOfTheBeginningAndASpace() throws IOException {
    assertArrayEquals(new long[] {1, 10, 7}, small().encode("ab"));
    assertArrayEquals(new long[] {1}, small().encode(""));
  }

  /** Of " a", "ba" and "ab" in " bab" the one with the best score, then what is left to merge. */
  @Test
  void mergesTheNeighboursOfTheBestScoreFirst() throws IOException {
    assertArrayEquals(new long[] {1, 5, 9, 7}, small().encode("bab"));
  }

  @Test
  void aCharacterWithoutATokenIsItsBytes() throws IOException {
    assertArrayEquals(new long[] {1, 5, 3, 4}, small().encode("\u00e4"));
    assertError(
        "OCT-GEN-003",
        "has no token '<0xE2>', which '\u20ac' needs",
        () -> small().encode("\u20ac"));
  }

  @Test
  void decodesBytesAndDropsTheSpaceBehindTheBeginning() throws IOException {
    Tokenizer small = small();
    assertEquals(12, small.size());
    assertArrayEquals(new byte[] {'a'}, small.decode(1, 10));
    assertArrayEquals(new byte[] {' ', 'a'}, small.decode(5, 10));
    assertArrayEquals(new byte[] {(byte) 0xC3}, small.decode(1, 3));
    assertError(
        "OCT-GEN-003", "gives token 12, and the tokenizer has 12", () -> small.decode(1, 12));
  }

  @Test
  void refusesWhatIsNoWholeTokenizer() throws IOException {
    byte[] whole = bytes(6, PIECES);
    int second = 4 + 8 + 5;
    assertWrong("it ends inside token 0", new byte[0]);
    assertWrong("it ends inside token 0", new byte[3]);
    assertWrong("it has 0 tokens, and not one that ends a text", new byte[4]);
    assertWrong("it ends inside token 11", Arrays.copyOf(whole, whole.length - 1));
    for (int cut : new int[] {1, 7, 8, 9}) {
      assertWrong("it ends inside token 1", Arrays.copyOf(whole, second + cut));
    }
    assertWrong("it has 1 tokens, and not one that ends a text", Arrays.copyOf(whole, second));
    assertWrong("token 0 has 5 bytes, and the longest has 4", bytes(4, PIECES));
    byte[] negative = whole.clone();
    negative[11] = (byte) 0x80;
    assertWrong("token 0 has -2147483643 bytes, and the longest has 6", negative);
    assertWrong(
        "token 0 has 1768453152 bytes, and the longest has 745300329",
        "ial, but this is a text of words\n".getBytes(UTF_8));
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    OctetException e =
        assertThrows(OctetException.class, () -> Tokenizer.read(folder.resolve("none.bin")));
    assertEquals("OCT-FILE-001", e.id());
  }

  private void assertWrong(String fact, byte[] content) {
    assertError("OCT-GEN-001", "t.bin' is no tokenizer: " + fact, () -> tokenizer(content));
  }

  private static void assertError(
      String id, String fact, org.junit.jupiter.api.function.Executable task) {
    OctetException e = assertThrows(OctetException.class, task);
    assertEquals(id, e.id());
    assertEquals(true, e.fact().endsWith(fact), e.fact());
  }
}
