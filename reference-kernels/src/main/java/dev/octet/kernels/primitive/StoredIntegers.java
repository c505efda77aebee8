package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.TensorArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Integers of at most 8 bits where they already are: in a tensor of the model, packed where they
 * have less than 8 bits, or one in each byte of an array. They are widened as they are needed, so
 * that no copy of them outlives a run. Thread-safe as long as nobody writes to the array.
 */
public final class StoredIntegers {

  private final DataType type;
  private final byte @Nullable [] array;
  private final ByteBuffer data;
  private final IntBuffer words;

  private StoredIntegers(DataType type, byte @Nullable [] array, ByteBuffer data) {
    this.type = type;
    this.array = array;
    this.data = data;
    ByteBuffer bytes = array == null ? data : ByteBuffer.wrap(array);
    this.words = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }

  /** Returns the integers of a tensor. */
  public static StoredIntegers of(Tensor tensor) {
    return new StoredIntegers(tensor.dataType(), null, tensor.data());
  }

  /**
   * Returns the integers of a type that lie packed in the bytes of a tensor of another one.
   *
   * @param bytes of UINT8, or of the type itself
   */
  public static StoredIntegers packed(DataType type, Tensor bytes) {
    return new StoredIntegers(type, null, bytes.data());
  }

  /** Returns integers of a type, one in each byte; the array is not copied. */
  public static StoredIntegers of(DataType type, byte[] array) {
    return new StoredIntegers(type, array, ByteBuffer.allocate(0));
  }

  /** Returns the type. */
  DataType type() {
    return type;
  }

  /**
   * Copies neighbouring integers of 8 bits, four to an int, the first one in the lowest bits.
   *
   * @param from index of the first integer, a multiple of 4
   * @param count how many ints
   */
  void words(int from, int count, int[] into) {
    words.get(from / Integer.BYTES, into, 0, count);
  }

  /** Copies neighbouring integers to one byte each, from index 0. */
  public void read(int from, int count, byte[] into) {
    if (array != null) {
      System.arraycopy(array, from, into, 0, count);
    } else {
      TensorArray.unpack(type, data, from, count, into);
    }
  }

  /**
   * Writes neighbouring integers, less a zero point, from index 0.
   *
   * @param buffer at least {@code count} bytes, overwritten
   */
  void widen(int from, int count, int zeroPoint, byte[] buffer, float[] into) {
    if (array != null) {
      Widening.widen(type, array, from, count, zeroPoint, into, 0);
    } else {
      TensorArray.unpack(type, data, from, count, buffer);
      Widening.widen(type, buffer, 0, count, zeroPoint, into, 0);
    }
  }

  /**
   * Writes neighbouring integers, less a zero point, each to a place of its own.
   *
   * @param buffer at least as many bytes as there are places, overwritten
   * @param places the index of each integer in {@code into}
   */
  void widen(int from, int zeroPoint, byte[] buffer, int[] places, float[] into) {
    if (array != null) {
      Widening.widen(type, array, from, zeroPoint, places, into);
    } else {
      TensorArray.unpack(type, data, from, places.length, buffer);
      Widening.widen(type, buffer, 0, zeroPoint, places, into);
    }
  }
}
