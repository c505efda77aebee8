package dev.octet.workflow.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.api.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Reads files whole, within the memory, and as strict UTF-8; a byte order mark at the start is
 * dropped.
 */
public final class SourceText {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** A text and what is made of it take more than this share of the memory. */
  private static final int LEAST_SHARE = 4;

  private SourceText() {}

  static String read(Path file) {
    try {
      return decode(bytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw FileErrors.missing(file, e);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  /**
   * Reads a file that is held in memory, and not for ever where it has no end, as a device.
   *
   * @throws IOException if it cannot be read
   * @throws OctetException {@code OCT-TREE-026} if it takes more than a share of the memory
   */
  public static byte[] bytes(Path file) throws IOException {
    try (InputStream in = InputFile.open(file)) {
      return bytes(in, file.toString());
    }
  }

  /** Reads a stream to its end, and not for ever where it has none, as that of a device. */
  static byte[] bytes(InputStream in, String source) throws IOException {
    int most = (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / LEAST_SHARE);
    byte[] bytes = in.readNBytes(most);
    if (in.read() >= 0) {
      throw tooLarge("the text has more than " + most + " bytes", source);
    }
    return bytes;
  }

  static String decode(byte[] bytes, String source) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw TextErrors.NOT_UTF8.error("the text is not UTF-8").at(source).cause(e).build();
    }
  }

  /** Makes a tree of a text: a short text may have a large one. */
  static Tree inMemory(Supplier<Tree> parsed, String source) {
    try {
      return parsed.get();
    } catch (OutOfMemoryError e) {
      throw tooLarge("the values of the text take more memory than there is", source);
    }
  }

  static OctetException tooLarge(String fact, String source) {
    return TextErrors.TOO_LARGE.error(fact).at(source).build();
  }
}
