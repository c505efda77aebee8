package dev.octet.workflow.generate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.workflow.text.SourceText;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A tokenizer in the format of llama2.c, a SentencePiece vocabulary with scores. The file is little
 * endian: the length of the longest piece as an int32, then for each token its score as a float32,
 * the number of bytes of its piece as an int32, and these bytes. Token 1 begins a text, token 2
 * ends one; the piece {@code <0x0A>} stands for the byte 10. Immutable and thread-safe.
 */
public final class Tokenizer {

  /** The token before every text; where a model gives it, the text is over. */
  static final int BEGIN = 1;

  /** The token behind a text. */
  static final int END = 2;

  /** Further from any score than the format writes. */
  private static final float WORST = -1e10f;

  private final List<byte[]> pieces;
  private final List<Float> scores;

  /** Tokens by their bytes, a character for each byte; the first of equal ones. */
  private final Map<String, Integer> tokens = new HashMap<>();

  private Tokenizer(List<byte[]> pieces, List<Float> scores) {
    this.pieces = pieces;
    this.scores = scores;
    for (int token = 0; token < pieces.size(); token++) {
      tokens.putIfAbsent(new String(pieces.get(token), ISO_8859_1), token);
    }
  }

  /**
   * Reads a file.
   *
   * @throws OctetException {@code OCT-GEN-001} if it is no whole tokenizer; as {@link
   *     SourceText#bytes} and {@link FileErrors}
   */
  public static Tokenizer read(Path file) {
    try {
      return of(ByteBuffer.wrap(SourceText.bytes(file)), file.toString());
    } catch (NoSuchFileException e) {
      throw FileErrors.missing(file, e);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  private static Tokenizer of(ByteBuffer bytes, String file) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> pieces = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    try {
      int longest = bytes.getInt();
      while (bytes.hasRemaining()) {
        scores.add(bytes.getFloat());
        pieces.add(piece(bytes, longest, pieces.size(), file));
      }
    } catch (BufferUnderflowException e) {
      throw wrong("it ends inside token " + pieces.size(), file);
    }
    if (pieces.size() <= END) {
      throw wrong("it has " + pieces.size() + " tokens, and not one that ends a text", file);
    }
    return new Tokenizer(pieces, scores);
  }

  private static byte[] piece(ByteBuffer bytes, int longest, int token, String file) {
    int length = bytes.getInt();
    if (length < 0 || length > longest) {
      throw wrong(
          "token " + token + " has " + length + " bytes, and the longest has " + longest, file);
    }
    if (length > bytes.remaining()) {
      throw wrong("it ends inside token " + token, file);
    }
    byte[] piece = new byte[length];
    bytes.get(piece);
    return piece;
  }

  private static OctetException wrong(String fact, String file) {
    return GenerationErrors.NO_TOKENIZER
        .error("'" + file + "' is no tokenizer: " + fact)
        .at(file)
        .build();
  }

  /** Returns how many tokens there are. */
  public int size() {
    return pieces.size();
  }

  /**
   * Returns the tokens of a text, {@link #BEGIN} first. A text that is not empty gets a space
   * before it. Its characters are tokens, or the tokens of their bytes in UTF-8; then, again and
   * again, the two neighbours become one token whose token has the best score, the first of equal
   * ones.
   *
   * @throws OctetException {@code OCT-GEN-003} if there is no token for a byte
   */
  public long[] encode(String text) {
    List<Integer> encoded = new ArrayList<>();
    (text.isEmpty() ? "" : " " + text)
        .codePoints()
        .forEach(point -> addCharacter(Character.toString(point), encoded));
    merge(encoded);
    encoded.add(0, BEGIN);
    return encoded.stream().mapToLong(Integer::longValue).toArray();
  }

  private void addCharacter(String character, List<Integer> encoded) {
    byte[] bytes = character.getBytes(UTF_8);
    Integer whole = tokens.get(new String(bytes, ISO_8859_1));
    if (whole != null) {
      encoded.add(whole);
      return;
    }
    for (byte one : bytes) {
      String name = byteName(one);
      Integer token = tokens.get(name);
      if (token == null) {
        throw unknown("the tokenizer has no token '" + name + "', which '" + character + "' needs");
      }
      encoded.add(token);
    }
  }

  static OctetException unknown(String fact) {
    return GenerationErrors.UNKNOWN_TOKEN.error(fact).build();
  }

  private static String byteName(byte one) {
    return String.format(Locale.ROOT, "<0x%02X>", one & 0xFF);
  }

  private void merge(List<Integer> encoded) {
    Optional<Merge> best = best(encoded);
    while (best.isPresent()) {
      encoded.set(best.get().index, best.get().token);
      encoded.remove(best.get().index + 1);
      best = best(encoded);
    }
  }

  /** A token that takes the place of two neighbours. */
  private record Merge(int index, int token) {}

  private Optional<Merge> best(List<Integer> encoded) {
    Optional<Merge> best = Optional.empty();
    float bestScore = WORST;
    for (int i = 0; i + 1 < encoded.size(); i++) {
      Integer token = tokens.get(text(encoded.get(i)) + text(encoded.get(i + 1)));
      if (token != null && scores.get(token) > bestScore) {
        bestScore = scores.get(token);
        best = Optional.of(new Merge(i, token));
      }
    }
    return best;
  }

  private String text(int token) {
    return new String(pieces.get(token), ISO_8859_1);
  }

  /**
   * Returns the bytes that a token stands for. Behind {@link #BEGIN} a piece loses the space that
   * it begins with.
   *
   * @param before the token before it
   * @throws OctetException {@code OCT-GEN-003} if there is no such token
   */
  byte[] decode(long before, long token) {
    if (token < 0 || token >= pieces.size()) {
      throw unknown("the model gives token " + token + ", and the tokenizer has " + pieces.size());
    }
    String piece = text((int) token);
    if (before == BEGIN && piece.startsWith(" ")) {
      piece = piece.substring(1);
    }
    return piece.matches("<0x[0-9A-F]{2}>")
        ? new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)}
        : piece.getBytes(ISO_8859_1);
  }
}
