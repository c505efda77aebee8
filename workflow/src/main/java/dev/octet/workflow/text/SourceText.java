package dev.octet.workflow.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.OctetException;
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
      throw OctetException.input("OCT-FILE-001", "file '" + file + "' does not exist")
          .at(file.toString())
          .cause(e)
          .next("Correct the path.");
    } catch (IOException e) {
      throw OctetException.input("OCT-FILE-002", "file '" + file + "' cannot be read: " + e)
          .at(file.toString())
          .cause(e)
          .next("Give a file that can be read.");
    }
    return decode(bytes, file.toString());
  }

  private static String decode(byte[] bytes, String source) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw OctetException.input("OCT-TREE-015", "the text is not UTF-8")
          .at(source)
          .cause(e)
          .next("Save the file as UTF-8.");
    }
  }
}
