package dev.octet.workflow.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes one NumPy {@code .npy} file of version 1 piece by piece: little-endian, row-major. Not
 * thread-safe.
 */
public final class NpyWriter implements AutoCloseable {

  private static final int HEADER_ALIGNMENT = 64;
  private static final int PREFIX_BYTES = 10;

  private final OutputStream out;
  private final DataType type;
  private long missing;

  /**
   * Writes the header.
   *
   * @param out where the file goes; closed with the writer
   * @param type BOOL, FLOAT16, FLOAT, DOUBLE, or an integer type of 8 to 64 bits
   * @param sizes the sizes of the whole array
   * @throws IllegalArgumentException for another type
   * @throws IOException if writing fails
   */
  public NpyWriter(OutputStream out, DataType type, long... sizes) throws IOException {
    this.out = out;
    this.type = type;
    this.missing = Shape.count(sizes);
    out.write(header(descr(type), sizes));
  }

  /** Tells whether arrays of this element type can be written. */
  public static boolean supports(DataType type) {
    return switch (type) {
      case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> true;
      case FLOAT16, FLOAT, DOUBLE -> true;
      case UINT4, INT4, UINT2, INT2, STRING, COMPLEX64, COMPLEX128, BFLOAT16, FLOAT8E4M3FN -> false;
      case FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> false;
    };
  }

  /**
   * Appends the elements of a tensor.
   *
   * @throws IllegalArgumentException if it has another element type or the array is full
   * @throws IOException if writing fails
   */
  public void append(Tensor tensor) throws IOException {
    missing -= tensor.elementCount();
    if (tensor.dataType() != type || missing < 0) {
      throw new IllegalArgumentException(tensor + " does not continue an array of " + type);
    }
    tensor.forEachWindow(
        (offset, window) -> {
          byte[] bytes = new byte[window.remaining()];
          window.get(bytes);
          out.write(bytes);
        });
  }

  /**
   * Closes the file.
   *
   * @throws IOException if writing fails
   */
  @Override
  public void close() throws IOException {
    out.close();
  }

  private static byte[] header(String descr, long[] sizes) {
    String shape =
        Arrays.stream(sizes).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
    String closed = sizes.length > 1 ? shape.substring(0, shape.length() - 1) : shape;
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + closed + "), }";
    int used = PREFIX_BYTES + text.length() + 1;
    int padding = (HEADER_ALIGNMENT - used % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
    int length = text.length() + padding + 1;
    String prefix = "\u0093NUMPY\u0001\u0000" + (char) (length & 0xff) + (char) (length >> 8);
    return (prefix + text + " ".repeat(padding) + "\n").getBytes(ISO_8859_1);
  }

  private static String descr(DataType type) {
    if (!supports(type)) {
      throw new IllegalArgumentException(type + " has no NumPy type");
    }
    int bytes = type.bits() / 8;
    String kind =
        type == DataType.BOOL ? "b" : !type.isInteger() ? "f" : type.isSignedInteger() ? "i" : "u";
    return (bytes == 1 ? "|" : "<") + kind + bytes;
  }
}
