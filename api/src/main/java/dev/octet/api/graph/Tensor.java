package dev.octet.api.graph;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.file.MappedReading;
import dev.octet.api.stability.Incubating;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable dense tensor: element type, sizes, and elements in row-major order.
 *
 * <p>Numeric elements are kept packed and little-endian, as in ONNX {@code raw_data} (sub-byte
 * types: low bits first), in memory, in a region of a file, or made again when they are asked for.
 * Strings are kept as bytes. A tensor may have more bytes than one array or buffer holds: {@link
 * #window} and {@link #forEachWindow} read any, the other accessors refuse it with {@code
 * OCT-GRAPH-004}. Bytes of a file that was changed or truncated are refused with {@code
 * OCT-FILE-003} wherever they are read.
 *
 * <p>Equality compares element type, sizes and bytes, so that NaN equals a NaN of the same bits and
 * 0.0 differs from -0.0; the origin takes no part. Thread-safe.
 */
public final class Tensor {

  private static final int WINDOW = 1 << 20;
  private static final int HASHED = 1 << 12;

  /** Below this many bytes, keeping them costs less than making them again. */
  private static final int REMADE_FROM = 1 << 20;

  private final DataType dataType;
  private final long[] sizes;
  private final TensorBytes data;
  private final List<byte[]> strings;
  private final Optional<Origin> origin;

  /** Made when it is first asked for; two threads may make equal ones. */
  private ValueType.@Nullable TensorType type;

  private Tensor(
      DataType dataType,
      long[] sizes,
      TensorBytes data,
      List<byte[]> strings,
      Optional<Origin> origin) {
    this.dataType = dataType;
    this.sizes = sizes;
    this.data = data;
    this.strings = strings;
    this.origin = origin;
  }

  /**
   * Returns a tensor over packed little-endian bytes. The buffer is not copied: the caller does not
   * write to it afterwards.
   *
   * @param dataType any type but {@link DataType#STRING}
   * @param sizes sizes of the dimensions, copied; empty for a scalar
   * @param data exactly {@code dataType.packedBytes(elements)} remaining bytes
   * @throws IllegalArgumentException if the number of bytes does not fit the sizes
   */
  @Incubating
  public static Tensor ofBytes(DataType dataType, long[] sizes, ByteBuffer data) {
    return of(dataType, sizes, new TensorBytes.InMemory(data.slice().asReadOnlyBuffer()));
  }

  /**
   * Returns a tensor over packed little-endian bytes of a file, which are read when somebody asks
   * for them.
   *
   * @param dataType any type but {@link DataType#STRING}
   * @param sizes sizes of the dimensions, copied; empty for a scalar
   * @param region exactly {@code dataType.packedBytes(elements)} bytes
   * @throws IllegalArgumentException if the number of bytes does not fit the sizes
   */
  @Incubating
  public static Tensor ofRegion(DataType dataType, long[] sizes, FileRegion region) {
    return of(dataType, sizes, new TensorBytes.InFile(region));
  }

  private static Tensor of(DataType dataType, long[] sizes, TensorBytes data) {
    long expected = dataType.packedBytes(elementCount(sizes));
    if (dataType == DataType.STRING || data.count() != expected) {
      throw new IllegalArgumentException(
          dataType + Arrays.toString(sizes) + " takes " + expected + " bytes, not " + data.count());
    }
    return new Tensor(dataType, sizes.clone(), data, List.of(), Optional.empty());
  }

  /** Returns a tensor of floats; the array is copied. See {@link #ofBytes} for the error. */
  public static Tensor of(float[] elements, long... sizes) {
    ByteBuffer data = allocate(elements.length, Float.BYTES);
    data.asFloatBuffer().put(elements);
    return ofBytes(DataType.FLOAT, sizes, data);
  }

  /** Returns a tensor of doubles; the array is copied. See {@link #ofBytes} for the error. */
  public static Tensor of(double[] elements, long... sizes) {
    ByteBuffer data = allocate(elements.length, Double.BYTES);
    data.asDoubleBuffer().put(elements);
    return ofBytes(DataType.DOUBLE, sizes, data);
  }

  /**
   * Returns a tensor of 64-bit integers; the array is copied. See {@link #ofBytes} for the error.
   */
  public static Tensor of(long[] elements, long... sizes) {
    ByteBuffer data = allocate(elements.length, Long.BYTES);
    data.asLongBuffer().put(elements);
    return ofBytes(DataType.INT64, sizes, data);
  }

  /**
   * Returns a tensor of 32-bit integers; the array is copied. See {@link #ofBytes} for the error.
   */
  public static Tensor of(int[] elements, long... sizes) {
    ByteBuffer data = allocate(elements.length, Integer.BYTES);
    data.asIntBuffer().put(elements);
    return ofBytes(DataType.INT32, sizes, data);
  }

  /**
   * Returns a tensor of bytes; the array is copied.
   *
   * @param dataType a type of 8 bits, {@link DataType#INT8} or {@link DataType#UINT8} for instance
   * @throws IllegalArgumentException if the type has not 8 bits or the sizes do not fit
   */
  public static Tensor of(DataType dataType, byte[] elements, long... sizes) {
    requireBits(dataType, 8);
    return ofBytes(dataType, sizes, ByteBuffer.wrap(elements.clone()));
  }

  /**
   * Returns a tensor of 16-bit elements; the array is copied.
   *
   * @param dataType a type of 16 bits
   * @throws IllegalArgumentException if the type has not 16 bits or the sizes do not fit
   */
  public static Tensor of(DataType dataType, short[] elements, long... sizes) {
    requireBits(dataType, 16);
    ByteBuffer data = allocate(elements.length, Short.BYTES);
    data.asShortBuffer().put(elements);
    return ofBytes(dataType, sizes, data);
  }

  /** Returns a tensor of truth values; the array is copied. See {@link #ofBytes} for the error. */
  public static Tensor of(boolean[] elements, long... sizes) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (elements[i] ? 1 : 0);
    }
    return ofBytes(DataType.BOOL, sizes, ByteBuffer.wrap(bytes));
  }

  /**
   * Returns a tensor of strings as bytes; the arrays are copied.
   *
   * @throws IllegalArgumentException if the number of strings does not fit the sizes
   */
  public static Tensor ofStrings(List<byte[]> elements, long... sizes) {
    if (elementCount(sizes) != elements.size()) {
      throw new IllegalArgumentException(
          elements.size() + " strings do not fill " + Arrays.toString(sizes));
    }
    List<byte[]> copies = elements.stream().map(byte[]::clone).toList();
    return new Tensor(
        DataType.STRING,
        sizes.clone(),
        new TensorBytes.InMemory(ByteBuffer.allocate(0)),
        copies,
        Optional.empty());
  }

  /**
   * Returns a tensor of integers in the packed form of a type.
   *
   * @param dataType an integer type of any width
   * @param elements the values, each inside the type's range
   * @throws IllegalArgumentException if a value leaves the type, or the sizes do not fit
   */
  public static Tensor ofIntegers(DataType dataType, long[] elements, long... sizes) {
    if (!dataType.isInteger()) {
      throw new IllegalArgumentException(dataType + " is no integer type");
    }
    return ofBytes(dataType, sizes, PackedIntegers.pack(dataType, elements));
  }

  /**
   * Returns these elements, which take no memory as long as the tensor itself where they were made
   * of a tensor that takes none either: of one in a file, or one that is made again like this one.
   * When the machine wants the memory it lets go of them, and they are made again when somebody
   * asks. Where the source is in memory, or there are few bytes, this is the tensor itself.
   *
   * @param source what the elements were made of
   * @param make makes the same elements again, of the source; called on any thread that reads
   *     elements, one at a time
   */
  @Incubating
  public Tensor remadeFrom(Tensor source, Supplier<Tensor> make) {
    if (source.isHeld() || data.count() < REMADE_FROM) {
      return this;
    }
    long count = data.count();
    TensorBytes renewable =
        new TensorBytes.Renewable(data, () -> make.get().requireBytes(count).data.opened());
    return new Tensor(dataType, sizes, renewable, strings, origin);
  }

  private Tensor requireBytes(long count) {
    if (data.count() != count) {
      throw new IllegalStateException(this + " was made again with another number of bytes");
    }
    return this;
  }

  /** Returns this tensor with another origin. */
  public Tensor withOrigin(Origin newOrigin) {
    return new Tensor(dataType, sizes, data, strings, Optional.of(newOrigin));
  }

  /**
   * Returns the same elements in another shape; the origin is dropped.
   *
   * @throws IllegalArgumentException if the number of elements differs
   */
  public Tensor reshaped(long... newSizes) {
    if (elementCount(newSizes) != elementCount()) {
      throw new IllegalArgumentException(
          Arrays.toString(newSizes)
              + " does not hold the "
              + elementCount()
              + " elements of "
              + this);
    }
    return new Tensor(dataType, newSizes.clone(), data, strings, Optional.empty());
  }

  /** Returns the element type. */
  public DataType dataType() {
    return dataType;
  }

  /** Returns a copy of the sizes of the dimensions; empty for a scalar. */
  public long[] sizes() {
    return sizes.clone();
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the shape. */
  public Shape shape() {
    return type().shape().orElseThrow();
  }

  /** Returns the element type and shape. */
  public ValueType.TensorType type() {
    ValueType.TensorType known = type;
    if (known == null) {
      known = ValueType.TensorType.of(dataType, Shape.of(sizes));
      type = known;
    }
    return known;
  }

  /** Returns the number of elements, 1 for a scalar. */
  @Incubating
  public long elementCount() {
    return elementCount(sizes);
  }

  /** Returns what the format keeps of this tensor. */
  public Optional<Origin> origin() {
    return origin;
  }

  /** Returns the region of a file that the bytes are in; empty if they are in memory. */
  @Incubating
  public Optional<FileRegion> region() {
    return data.region();
  }

  /**
   * Tells whether the bytes are in memory as long as the tensor is: they are neither in a region of
   * a file nor {@linkplain #remadeFrom made again}.
   */
  @Incubating
  public boolean isHeld() {
    return data.isHeld();
  }

  /**
   * Returns the packed little-endian bytes as a read-only view with its own position; empty for
   * strings.
   *
   * @throws OctetException {@code OCT-GRAPH-004} if there are 2 GiB or more
   */
  @Incubating
  public ByteBuffer data() {
    return data.window(0, inOneArray(data.count(), "bytes"));
  }

  /**
   * Returns some of the packed bytes as a read-only little-endian view with its own position;
   * strings have none.
   *
   * @param offset the first byte
   * @param length how many bytes, at most {@link FileRegion#LARGEST_WINDOW}
   * @throws IndexOutOfBoundsException if the tensor has not these bytes
   * @throws IllegalArgumentException if the window is too large
   */
  @Incubating
  public ByteBuffer window(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.count());
    if (length > FileRegion.LARGEST_WINDOW) {
      throw new IllegalArgumentException(length + " bytes are too many for one window");
    }
    return data.window(offset, length);
  }

  /**
   * Receives the bytes of a tensor, piece by piece.
   *
   * @param <E> what it throws
   */
  @Incubating
  @FunctionalInterface
  public interface WindowReader<E extends Exception> {

    /**
     * Receives the next bytes.
     *
     * @param offset where they begin among all bytes
     * @param window the bytes, whole elements, as {@link #window} gives them
     * @throws E what the reader throws, which ends the reading
     */
    void accept(long offset, ByteBuffer window) throws E;
  }

  /**
   * Gives all packed bytes to a reader, window by window from the first one on, each of 1 MiB but
   * the last; nothing for strings and empty tensors. When this returns, the file that they are in
   * is as it was.
   *
   * @throws E what the reader throws
   */
  @Incubating
  public <E extends Exception> void forEachWindow(WindowReader<E> reader) throws E {
    TensorBytes opened = data.opened();
    MappedReading.of(opened.files(), () -> readAll(opened, reader));
  }

  /** Returns how many bytes there were. */
  private static <E extends Exception> long readAll(TensorBytes bytes, WindowReader<E> reader)
      throws E {
    long end = bytes.count();
    for (long offset = 0; offset < end; offset += WINDOW) {
      reader.accept(offset, bytes.window(offset, (int) Math.min(WINDOW, end - offset)));
    }
    bytes.files().forEach(FileIdentity::requireUnchanged);
    return end;
  }

  /** Returns the bytes that the elements take, packed; for strings the sum of their lengths. */
  @Incubating
  public long byteCount() {
    return dataType == DataType.STRING
        ? strings.stream().mapToLong(s -> s.length).sum()
        : data.count();
  }

  /**
   * Returns a copy of the elements of a {@link DataType#FLOAT} tensor; {@link
   * IllegalStateException} for others.
   */
  @Incubating
  public float[] floats() {
    require(DataType.FLOAT);
    float[] elements = new float[arrayLength()];
    forEachWindow(
        (at, window) ->
            window.asFloatBuffer().get(elements, (int) (at / 4), window.remaining() / 4));
    return elements;
  }

  /**
   * Returns a copy of the elements of a {@link DataType#DOUBLE} tensor; {@link
   * IllegalStateException} for others.
   */
  @Incubating
  public double[] doubles() {
    require(DataType.DOUBLE);
    double[] elements = new double[arrayLength()];
    forEachWindow(
        (at, window) ->
            window.asDoubleBuffer().get(elements, (int) (at / 8), window.remaining() / 8));
    return elements;
  }

  /**
   * Returns a copy of the elements of an {@link DataType#INT64} tensor; {@link
   * IllegalStateException} for others.
   */
  @Incubating
  public long[] int64s() {
    require(DataType.INT64);
    long[] elements = new long[arrayLength()];
    forEachWindow(
        (at, window) ->
            window.asLongBuffer().get(elements, (int) (at / 8), window.remaining() / 8));
    return elements;
  }

  /**
   * Returns a copy of the elements of an {@link DataType#INT32} tensor; {@link
   * IllegalStateException} for others.
   */
  @Incubating
  public int[] int32s() {
    require(DataType.INT32);
    int[] elements = new int[arrayLength()];
    forEachWindow(
        (at, window) -> window.asIntBuffer().get(elements, (int) (at / 4), window.remaining() / 4));
    return elements;
  }

  /**
   * Returns a copy of the elements of a tensor of 16-bit elements; {@link IllegalStateException}
   * for others.
   */
  @Incubating
  public short[] shorts() {
    requireWidth(16);
    short[] elements = new short[arrayLength()];
    forEachWindow(
        (at, window) ->
            window.asShortBuffer().get(elements, (int) (at / 2), window.remaining() / 2));
    return elements;
  }

  /**
   * Returns a copy of the elements of a tensor of 8-bit elements; {@link IllegalStateException} for
   * others.
   */
  @Incubating
  public byte[] bytes() {
    requireWidth(8);
    byte[] elements = new byte[arrayLength()];
    forEachWindow((at, window) -> window.get(elements, (int) at, window.remaining()));
    return elements;
  }

  /**
   * Returns a copy of the elements of an integer tensor of any width as longs ({@link
   * DataType#UINT64}: the same 64 bits).
   *
   * @throws IllegalStateException if the elements are no integers
   */
  @Incubating
  public long[] integers() {
    if (!dataType.isInteger()) {
      throw new IllegalStateException(this + " holds no integers");
    }
    long[] elements = new long[arrayLength()];
    forEachWindow(
        (at, window) ->
            PackedIntegers.unpack(dataType, window, elements, (int) (at * 8 / dataType.bits())));
    return elements;
  }

  /** Returns a copy of the strings' bytes; {@link IllegalStateException} for other types. */
  @Incubating
  public List<byte[]> strings() {
    require(DataType.STRING);
    return strings.stream().map(byte[]::clone).toList();
  }

  private static long elementCount(long[] sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in " + Arrays.toString(sizes));
      }
    }
    return Shape.count(sizes);
  }

  private int arrayLength() {
    return inOneArray(elementCount(), "elements");
  }

  private int inOneArray(long count, String what) {
    if (count > Integer.MAX_VALUE) {
      throw TensorErrors.tooLarge(this, count + " " + what);
    }
    return (int) count;
  }

  private static ByteBuffer allocate(int elements, int bytesEach) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, bytesEach))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void requireBits(DataType dataType, int bits) {
    if (dataType.bits() != bits) {
      throw new IllegalArgumentException(dataType + " has not " + bits + " bits");
    }
  }

  private void require(DataType wanted) {
    if (dataType != wanted) {
      throw new IllegalStateException(this + " is not of type " + wanted);
    }
  }

  private void requireWidth(int bits) {
    if (dataType.bits() != bits) {
      throw new IllegalStateException(this + " has not elements of " + bits + " bits");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && dataType == that.dataType
        && Arrays.equals(sizes, that.sizes)
        && hasBytesOf(that)
        && Arrays.deepEquals(strings.toArray(), that.strings.toArray());
  }

  private boolean hasBytesOf(Tensor that) {
    if (data.equals(that.data)) {
      return true;
    }
    long end = data.count();
    if (end != that.data.count()) {
      return false;
    }
    TensorBytes one = data.opened();
    TensorBytes other = that.data.opened();
    List<FileIdentity> files =
        Stream.of(one, other).flatMap(bytes -> bytes.files().stream()).toList();
    return MappedReading.of(files, () -> haveSameBytes(one, other, end));
  }

  private static boolean haveSameBytes(TensorBytes one, TensorBytes other, long end) {
    boolean same = true;
    for (long at = 0; same && at < end; at += WINDOW) {
      int length = (int) Math.min(WINDOW, end - at);
      same = one.window(at, length).equals(other.window(at, length));
    }
    return same;
  }

  /** Counts the first bytes alone: equal tensors have equal ones, and the rest may be much. */
  @Override
  public int hashCode() {
    ByteBuffer first = data.window(0, (int) Math.min(HASHED, data.count()));
    return Objects.hash(
        dataType, Arrays.hashCode(sizes), first, Arrays.deepHashCode(strings.toArray()));
  }

  /** Returns the element type and sizes, and the value of a string scalar. */
  @Override
  public String toString() {
    String text =
        dataType == DataType.STRING && strings.size() == 1
            ? " '" + new String(strings.get(0), StandardCharsets.UTF_8) + "'"
            : "";
    return dataType + Arrays.toString(sizes) + text;
  }
}
