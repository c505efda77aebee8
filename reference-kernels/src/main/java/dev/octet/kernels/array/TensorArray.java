package dev.octet.kernels.array;

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

  /** Copies the elements of a tensor to the beginning of an array of its kind. */
  public static void read(Tensor tensor, Object array) {
    ByteBuffer data = tensor.data();
    int count = Math.toIntExact(tensor.elementCount());
    switch (ArrayKind.of(tensor.dataType())) {
      case FLOATS -> data.asFloatBuffer().get((float[]) array, 0, count);
      case DOUBLES -> data.asDoubleBuffer().get((double[]) array, 0, count);
      case INTS -> data.asIntBuffer().get((int[]) array, 0, count);
      case LONGS -> data.asLongBuffer().get((long[]) array, 0, count);
      case SHORTS -> data.asShortBuffer().get((short[]) array, 0, count);
      case BYTES -> unpack(tensor.dataType(), data, 0, count, (byte[]) array);
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
    int bits = type.bits();
    if (bits == Byte.SIZE) {
      data.get(from, into, 0, count);
      return;
    }
    boolean signed = type.isSignedInteger();
    int unused = Integer.SIZE - bits;
    for (int i = 0; i < count; i++) {
      long position = (long) (from + i) * bits;
      int stored = data.get((int) (position / Byte.SIZE)) >> (int) (position % Byte.SIZE);
      into[i] = (byte) (signed ? stored << unused >> unused : stored << unused >>> unused);
    }
  }
}
