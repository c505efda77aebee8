package dev.octet.format.onnx;

import dev.octet.api.file.FileIdentity;
import dev.octet.protobuf.CodedInputStream;
import dev.octet.protobuf.InvalidProtocolBufferException;
import dev.octet.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Set;

/** Looks at the fields of a model's message without reading what is in them. */
final class TopLevelFields {

  private static final Set<Integer> NUMBERS =
      Set.of(
          makeTag(1, WireFormat.WIRETYPE_VARINT),
          makeTag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(4, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(5, WireFormat.WIRETYPE_VARINT),
          makeTag(6, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(7, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(8, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(14, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(20, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(25, WireFormat.WIRETYPE_LENGTH_DELIMITED),
          makeTag(26, WireFormat.WIRETYPE_LENGTH_DELIMITED));

  private TopLevelFields() {}

  /** Tells whether the bytes are fields of a model, of which the last is not whole. */
  static boolean endsInside(byte[] bytes) {
    try {
      return endsInside(CodedInputStream.newInstance(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
  }

  /**
   * Tells whether a file has fields of a model, of which the last is not whole.
   *
   * @throws IOException if it cannot be read
   */
  static boolean endsInside(FileIdentity file) throws IOException {
    try (InputStream in = Files.newInputStream(file.file())) {
      CodedInputStream input = CodedInputStream.newInstance(in);
      input.setSizeLimit(Integer.MAX_VALUE);
      return endsInside(input);
    }
  }

  private static boolean endsInside(CodedInputStream input) throws IOException {
    boolean known = false;
    try {
      while (!input.isAtEnd()) {
        if (!NUMBERS.contains(input.readTag())) {
          return false;
        }
        known = true;
        if (!input.skipField(input.getLastTag())) {
          return false;
        }
      }
      return false;
    } catch (InvalidProtocolBufferException e) {
      return known;
    }
  }

  private static int makeTag(int number, int wireType) {
    return number << 3 | wireType;
  }
}
