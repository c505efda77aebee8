package dev.octet.workflow.data;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.digest.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An array in row-major order somewhere in a source of bytes; float16 and float64 read as float32.
 */
final class StoredArray implements Samples {

  private static final int CHUNK = 1 << 20;

  private final Path file;
  private final String name;
  private final ArrayHeader header;
  private final ByteSource bytes;
  private final int elementsPerSample;

  private StoredArray(Path file, String name, ArrayHeader header, ByteSource bytes) {
    this.file = file;
    this.name = name;
    this.header = header;
    this.bytes = bytes;
    this.elementsPerSample = (int) header.elementsPerSample();
  }

  /**
   * Takes possession of a source of bytes. An array in column-major order is read whole and brought
   * into row-major order, because each of its samples is spread over the whole file.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-002} if there are too few bytes, no
   *     samples axis, or sizes that do not fit 32 bits
   */
  static StoredArray of(Path file, String name, ArrayHeader header, ByteSource bytes)
      throws IOException {
    header.check(name, bytes.size());
    if (!header.columnMajor() || header.sizes().length < 2) {
      return new StoredArray(file, name, header, bytes);
    }
    try (bytes) {
      return new StoredArray(
          file, name, header.rowMajorAtStart(), ColumnMajor.reorder(name, header, bytes));
    }
  }

  /**
   * Takes an array in memory.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-002} as above; {@code OCT-DATA-031}
   *     if its elements are smaller than a byte, complex, or strings
   */
  static StoredArray of(String name, Tensor tensor) {
    if (!NpyWriter.supports(tensor.dataType())) {
      throw DataErrors.UNFIT_ARRAY
          .error("the array '" + name + "' holds " + tensor.dataType())
          .build();
    }
    ByteBuffer data = tensor.data();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    ArrayHeader header =
        new ArrayHeader(tensor.dataType(), ByteOrder.LITTLE_ENDIAN, false, tensor.sizes(), 0);
    header.check(name, bytes.length);
    // The name of an input need be no name of a file.
    return new StoredArray(Path.of(""), name, header, new ByteSource.OfMemory(bytes));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String place(int sample) {
    return "'" + name + "'[" + sample + "]";
  }

  @Override
  public DataType type() {
    boolean real = header.type() == DataType.FLOAT16 || header.type() == DataType.DOUBLE;
    return real ? DataType.FLOAT : header.type();
  }

  @Override
  public long[] sizes() {
    return header.sizes().clone();
  }

  @Override
  public String axes() {
    return "";
  }

  @Override
  public boolean ofImages() {
    return false;
  }

  @Override
  public Optional<ClassFolders> classes() {
    return Optional.empty();
  }

  @Override
  public Values read(int from, int count) {
    int width = header.type().bits() / 8;
    int size = DataErrors.arraySize((long) count * width, elementsPerSample, place(from));
    byte[] raw = raw((long) from * elementsPerSample * width, size);
    return decode(header.type(), ByteBuffer.wrap(raw).order(header.order()));
  }

  private byte[] raw(long at, int size) {
    byte[] raw = new byte[size];
    try {
      bytes.read(header.offset() + at, raw);
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    }
    return raw;
  }

  @Override
  public void addTo(ContentHash hash) {
    int width = header.type().bits() / 8;
    hash.text(header.type().name()).numbers(header.sizes());
    // The order of the bytes of an element is the only other thing that a header says of them.
    hash.text(width == 1 ? "" : header.order().toString());
    long total = header.sizes()[0] * elementsPerSample * width;
    for (long at = 0; at < total; at += CHUNK) {
      hash.bytes(raw(at, (int) Math.min(CHUNK, total - at)));
    }
  }

  @Override
  public void close() {
    try {
      bytes.close();
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    }
  }

  private static Values decode(DataType type, ByteBuffer raw) {
    int count = raw.remaining() / (type.bits() / 8);
    return switch (type) {
      case FLOAT -> floats(count, i -> raw.getFloat(Float.BYTES * i));
      case DOUBLE -> floats(count, i -> (float) raw.getDouble(Double.BYTES * i));
      case FLOAT16 -> floats(count, i -> half(raw.getShort(Short.BYTES * i)));
      case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 ->
          new Values.Integers(type, integers(type, raw, count));
      case UINT4, INT4, UINT2, INT2, STRING, COMPLEX64, COMPLEX128, BFLOAT16 -> throw unread(type);
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 ->
          throw unread(type);
    };
  }

  private static IllegalArgumentException unread(DataType type) {
    return new IllegalArgumentException(type + " is no type of an array");
  }

  private interface FloatAt {
    float get(int index);
  }

  private static Values.Floats floats(int count, FloatAt stored) {
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = stored.get(i);
    }
    return new Values.Floats(elements);
  }

  private static long[] integers(DataType type, ByteBuffer raw, int count) {
    int bits = type.bits();
    long mask = type.isSignedInteger() || bits == 64 ? -1L : (1L << bits) - 1;
    long[] elements = new long[count];
    for (int i = 0; i < count; i++) {
      long element =
          switch (bits) {
            case 8 -> raw.get(i);
            case 16 -> raw.getShort(2 * i);
            case 32 -> raw.getInt(4 * i);
            default -> raw.getLong(8 * i);
          };
      elements[i] = element & mask;
    }
    return elements;
  }

  /** IEEE 754 binary16 to binary32, exact; a subnormal is its mantissa times 2^-24. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(mantissa * 0x1p-24f));
    }
    int widened = exponent == 31 ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | widened << 23 | mantissa << 13);
  }

  /** Brings column-major arrays into row-major order. */
  private static final class ColumnMajor {

    static ByteSource reorder(String name, ArrayHeader header, ByteSource bytes)
        throws IOException {
      int width = header.type().bits() / 8;
      long total = header.sizes()[0] * header.elementsPerSample() * width;
      if (total > ArrayFiles.MOST_IN_MEMORY) {
        throw DataErrors.malformed(name, "is in column-major order and has more than 1 GiB");
      }
      byte[] from = new byte[(int) total];
      bytes.read(header.offset(), from);
      byte[] to = new byte[from.length];
      long[] sizes = header.sizes();
      int[] index = new int[sizes.length];
      for (int at = 0; at < to.length; at += width) {
        System.arraycopy(from, (int) offset(index, sizes) * width, to, at, width);
        advance(index, sizes);
      }
      return new ByteSource.OfMemory(to);
    }

    private static long offset(int[] index, long[] sizes) {
      long offset = 0;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        offset = offset * sizes[axis] + index[axis];
      }
      return offset;
    }

    private static void advance(int[] index, long[] sizes) {
      for (int axis = index.length - 1; axis >= 0; axis--) {
        if (++index[axis] < sizes[axis]) {
          return;
        }
        index[axis] = 0;
      }
    }
  }
}
