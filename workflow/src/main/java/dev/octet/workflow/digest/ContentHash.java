package dev.octet.workflow.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.file.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of content that is added piece by piece. Numbers have 8 bytes, the highest first, and
 * a text is its UTF-8 behind their number, so that different contents are different sequences of
 * bytes as long as whoever adds raw bytes says how many there are. Not thread-safe.
 */
public final class ContentHash {

  /** Hashing bytes by the few costs more than keeping them until there are many. */
  private static final int BUFFERED = 1 << 13;

  private static final int CHUNK = 1 << 16;

  private final MessageDigest digest = sha256();
  private final byte[] pending = new byte[BUFFERED];
  private int count;

  /** Returns the SHA-256 of some bytes, 32 bytes. */
  public static byte[] of(byte[] content) {
    return sha256().digest(content);
  }

  /**
   * Returns the SHA-256 of a file, in lower-case hexadecimal digits.
   *
   * @throws IOException if it cannot be read, or is no regular file: whoever reads a pipe once more
   *     finds nothing, and a device may have no end
   */
  public static String ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    InputFile.requireRegular(file);
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return digits(digest.digest());
  }

  /** Returns bytes as lower-case hexadecimal digits. */
  public static String digits(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  /** Adds a number. */
  public ContentHash number(long number) {
    if (BUFFERED - count < Long.BYTES) {
      flush();
    }
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      pending[count++] = (byte) (number >>> shift);
    }
    return this;
  }

  /** Adds numbers behind their count. */
  public ContentHash numbers(long... numbers) {
    number(numbers.length);
    for (long number : numbers) {
      number(number);
    }
    return this;
  }

  /** Adds a text. */
  public ContentHash text(String text) {
    return bytes(text.getBytes(UTF_8));
  }

  /** Adds bytes behind their count. */
  public ContentHash bytes(byte[] bytes) {
    number(bytes.length);
    if (hasRoom(bytes.length)) {
      System.arraycopy(bytes, 0, pending, count, bytes.length);
      count += bytes.length;
    } else {
      digest.update(bytes);
    }
    return this;
  }

  /** Adds the remaining bytes of a buffer, whose position stays, behind their count. */
  public ContentHash bytes(ByteBuffer bytes) {
    return number(bytes.remaining()).raw(bytes);
  }

  /** Adds the remaining bytes of a buffer, whose position stays, and nothing else. */
  public ContentHash raw(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (hasRoom(length)) {
      bytes.get(bytes.position(), pending, count, length);
      count += length;
    } else {
      digest.update(bytes.duplicate());
    }
    return this;
  }

  /** Returns the hash in lower-case hexadecimal digits, and begins again. */
  public String digits() {
    flush();
    return digits(digest.digest());
  }

  /** Tells whether some bytes can be kept; where they cannot, nothing else is kept any more. */
  private boolean hasRoom(int length) {
    if (BUFFERED - count < length) {
      flush();
    }
    return length <= BUFFERED;
  }

  private void flush() {
    digest.update(pending, 0, count);
    count = 0;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
