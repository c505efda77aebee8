package dev.octet.workflow.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The SHA-256 of the content of data. Everything of variable length goes in behind its length, so
 * different contents are different sequences of bytes. Not thread-safe.
 */
public final class ContentHash {

  private final MessageDigest digest;

  /** Begins with nothing. */
  public ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds a number. */
  public ContentHash number(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return this;
  }

  /** Adds numbers. */
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

  /** Adds the remaining bytes of a buffer, whose position stays. */
  public ContentHash bytes(ByteBuffer bytes) {
    number(bytes.remaining());
    digest.update(bytes.duplicate());
    return this;
  }

  /** Adds bytes. */
  public ContentHash bytes(byte[] bytes) {
    number(bytes.length);
    digest.update(bytes);
    return this;
  }

  /** Adds tensors by name, in the order of the map; none of them holds strings. */
  public ContentHash tensors(Map<String, Tensor> tensors) {
    number(tensors.size());
    tensors.forEach(
        (name, tensor) ->
            text(name).text(tensor.dataType().name()).numbers(tensor.sizes()).bytes(tensor.data()));
    return this;
  }

  /** Returns the hash in lower-case hexadecimal digits, and begins again. */
  public String digits() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
