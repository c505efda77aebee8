package dev.octet.workflow.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files as strict UTF-8; a byte order mark at the start is dropped. */
final class SourceText {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private SourceText() {}

  static String read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw FileErrors.missing(file, e);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
    return decode(bytes, file.toString());
  }

  static String decode(byte[] bytes, String source) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw TextErrors.NOT_UTF8.error("the text is not UTF-8").at(source).cause(e).build();
    }
  }
}
