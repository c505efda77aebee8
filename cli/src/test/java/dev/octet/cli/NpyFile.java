package dev.octet.cli;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads golden arrays: .npy version 1, little-endian, C order. */
final class NpyFile {

  private static final Pattern HEADER =
      Pattern.compile("'descr': '[<|]([a-z])(\\d)'.*'fortran_order': False.*'shape': \\((.*?)\\)");

  private NpyFile() {}

  static Tensor read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getShort(8);
    String header = new String(bytes.array(), 10, length, StandardCharsets.US_ASCII);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.find()) {
      throw new IOException(file + ": " + header);
    }
    long[] sizes =
        Arrays.stream(matcher.group(3).split(",", -1))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    bytes.position(10 + length);
    return Tensor.ofBytes(type(matcher.group(1) + matcher.group(2)), sizes, bytes.slice());
  }

  private static DataType type(String code) {
    return switch (code) {
      case "f4" -> DataType.FLOAT;
      case "f8" -> DataType.DOUBLE;
      case "b1" -> DataType.BOOL;
      default -> {
        String sign = code.startsWith("u") ? "UINT" : "INT";
        int bits = 8 * Integer.parseInt(code.substring(1));
        yield DataType.valueOf((sign + bits).toUpperCase(Locale.ROOT));
      }
    };
  }
}
