package dev.octet.kernels.array;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A value in a plain array: its type, and an array of {@link ArrayType#kind} that holds at least
 * {@link ArrayType#count} elements in row-major order from index 0. What stands behind them in the
 * array is meaningless.
 *
 * @param type element type and sizes
 * @param array the elements; not copied
 */
public record TensorArray(ArrayType type, Object array) {

  /** Checks that no component is null. */
  public TensorArray {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(array, "array");
  }

  /** Returns a copy of a tensor in an array of exactly its length. */
  public static TensorArray of(Tensor tensor) {
    ArrayType type = ArrayType.of(tensor.dataType(), tensor.sizes());
    Object array = type.kind().allocate(type.count());
    read(tensor, array);
    return new TensorArray(type, array);
  }

  /**
   * Copies the elements of a tensor to the beginning of an array of its kind.
   *
   * @throws OctetException {@code OCT-FILE-003} if they are in a file that was changed or cut off
   */
  public static void read(Tensor tensor, Object array) {
    DataType type = tensor.dataType();
    ArrayKind kind = ArrayKind.of(type);
    long count = tensor.elementCount();
    tensor.forEachWindow(
        (at, window) -> {
          long first = at * Byte.SIZE / type.bits();
          long inWindow = (long) window.remaining() * Byte.SIZE / type.bits();
          int elements = (int) Math.min(inWindow, count - first);
          read(kind, type, window, Math.toIntExact(first), elements, array);
        });
  }

  private static void read(
      ArrayKind kind, DataType type, ByteBuffer from, int first, int count, Object array) {
    switch (kind) {
      case FLOATS -> from.asFloatBuffer().get((float[]) array, first, count);
      case DOUBLES -> from.asDoubleBuffer().get((double[]) array, first, count);
      case INTS -> from.asIntBuffer().get((int[]) array, first, count);
      case LONGS -> from.asLongBuffer().get((long[]) array, first, count);
      case SHORTS -> from.asShortBuffer().get((short[]) array, first, count);
      case BYTES -> unpack(type, from, 0, count, (byte[]) array, first);
    }
  }

  /** Returns a copy of the elements as a tensor. */
  public Tensor toTensor() {
    DataType dataType = type.dataType();
    long[] sizes = type.toTensorType().shape().orElseThrow().sizes();
    int count = type.count();
    if (dataType.bits() < Byte.SIZE) {
      return packed(sizes);
    }
    ByteBuffer data =
        ByteBuffer.allocate(Math.toIntExact(dataType.packedBytes(count)))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (type.kind()) {
      case FLOATS -> data.asFloatBuffer().put((float[]) array, 0, count);
      case DOUBLES -> data.asDoubleBuffer().put((double[]) array, 0, count);
      case INTS -> data.asIntBuffer().put((int[]) array, 0, count);
      case LONGS -> data.asLongBuffer().put((long[]) array, 0, count);
      case SHORTS -> data.asShortBuffer().put((short[]) array, 0, count);
      case BYTES -> data.put(0, (byte[]) array, 0, count);
    }
    return Tensor.ofBytes(dataType, sizes, data);
  }

  private Tensor packed(long[] sizes) {
    byte[] elements = (byte[]) array;
    int bits = type.dataType().bits();
    int mask = (1 << bits) - 1;
    byte[] data = new byte[Math.toIntExact(type.dataType().packedBytes(type.count()))];
    for (int i = 0; i < type.count(); i++) {
      int bit = (int) ((long) i * bits % Byte.SIZE);
      data[(int) ((long) i * bits / Byte.SIZE)] |= (byte) ((elements[i] & mask) << bit);
    }
    return Tensor.ofBytes(type.dataType(), sizes, ByteBuffer.wrap(data));
  }

  /**
   * Copies neighbouring integers of at most 8 bits to one byte each, see {@link ArrayKind}.
   *
   * @param type their type
   * @param data the bytes of a tensor, packed from the lowest bits on where elements have less than
   *     8 bits; its position stays
   * @param from index of the first element
   * @param count how many
   * @param into receives the elements, from index 0
   */
  public static void unpack(DataType type, ByteBuffer data, int from, int count, byte[] into) {
    unpack(type, data, from, count, into, 0);
  }

  private static void unpack(
      DataType type, ByteBuffer data, int from, int count, byte[] into, int at) {
    int bits = type.bits();
    if (bits == Byte.SIZE) {
      data.get(from, into, at, count);
      return;
    }
    boolean signed = type.isSignedInteger();
    int unused = Integer.SIZE - bits;
    for (int i = 0; i < count; i++) {
      long position = (long) (from + i) * bits;
      int stored = data.get((int) (position / Byte.SIZE)) >> (int) (position % Byte.SIZE);
      into[at + i] = (byte) (signed ? stored << unused >> unused : stored << unused >>> unused);
    }
  }
}
