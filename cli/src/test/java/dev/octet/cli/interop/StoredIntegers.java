package dev.octet.cli.interop;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An .npy file (version 1, C order) of 8-bit integers whose first axis counts samples, one after
 * the other along the batch axis.
 */
final class StoredIntegers {

  private static final Pattern TYPE = Pattern.compile("'descr': '\\|([iu])1'");
  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([0-9, ]*)\\)");

  private final DataType type;
  private final long[] sizes;
  private final byte[] data;

  private StoredIntegers(DataType type, long[] sizes, byte[] data) {
    this.type = type;
    this.sizes = sizes;
    this.data = data;
  }

  static StoredIntegers read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int start = 10 + (bytes[8] & 0xff) + 256 * (bytes[9] & 0xff);
    String header = new String(bytes, 10, start - 10, StandardCharsets.ISO_8859_1);
    Matcher type = TYPE.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!type.find() || !shape.find() || header.contains("'fortran_order': True")) {
      throw new IOException(file + " is no C-ordered array of 8-bit integers: " + header);
    }
    long[] sizes =
        Arrays.stream(shape.group(1).split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    DataType dataType = type.group(1).equals("i") ? DataType.INT8 : DataType.UINT8;
    return new StoredIntegers(dataType, sizes, Arrays.copyOfRange(bytes, start, bytes.length));
  }

  int samples() {
    return Math.toIntExact(sizes[0]);
  }

  /** Returns one sample, with a batch axis of 1. */
  Tensor sample(int index) {
    long[] one = sizes.clone();
    one[0] = 1;
    int each = data.length / samples();
    return Tensor.ofBytes(
        type, one, ByteBuffer.wrap(Arrays.copyOfRange(data, index * each, (index + 1) * each)));
  }
}
