package dev.octet.workflow.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Bytes of UTF-8 that come in pieces, as text that is handed on as soon as its characters are
 * whole; what is no UTF-8 becomes U+FFFD. Not thread-safe.
 */
final class TextStream {

  private static final int LONGEST_CHARACTER = 4;

  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final Consumer<String> listener;
  private final StringBuilder text = new StringBuilder();
  private ByteBuffer left = ByteBuffer.allocate(0);

  TextStream(Consumer<String> listener) {
    this.listener = listener;
  }

  void append(byte[] bytes) {
    decode(bytes, false);
  }

  /** Returns all of the text, the bytes of a last character that is not whole included. */
  String finish() {
    decode(new byte[0], true);
    return text.toString();
  }

  private void decode(byte[] bytes, boolean last) {
    ByteBuffer all = ByteBuffer.allocate(left.remaining() + bytes.length);
    all.put(left).put(bytes).flip();
    CharBuffer chars = CharBuffer.allocate(all.remaining() + LONGEST_CHARACTER);
    decoder.decode(all, chars, last);
    left = all.slice();
    String more = chars.flip().toString();
    if (!more.isEmpty()) {
      text.append(more);
      listener.accept(more);
    }
  }
}
