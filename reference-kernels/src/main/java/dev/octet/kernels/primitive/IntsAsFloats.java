package dev.octet.kernels.primitive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Turns ints into floats. A cast of every element is no loop of vectors on JDK 17; small ones are
 * therefore made of bits: {@code 0x4B400000 + x} are those of {@code 1.5 * 2^23 + x}. One thread
 * uses it.
 */
final class IntsAsFloats {

  private static final int SHIFT_BITS = 0x4B400000;
  private static final float SHIFT = 0x1.8p23f;
  private static final int LARGEST = 1 << 22;

  private final boolean small;
  private final IntBuffer ints;
  private final FloatBuffer floats;

  /**
   * Makes room.
   *
   * @param count the largest number of ints
   * @param largest the largest magnitude of an int
   */
  IntsAsFloats(int count, long largest) {
    this.small = largest <= LARGEST;
    ByteBuffer bits = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.nativeOrder());
    this.ints = bits.asIntBuffer();
    this.floats = bits.asFloatBuffer();
  }

  /** Returns what is to be added to ints before they are given to {@link #convert}. */
  int start() {
    return small ? SHIFT_BITS : 0;
  }

  /** Returns what is to be subtracted, exactly, from the floats. */
  float shift() {
    return small ? SHIFT : 0f;
  }

  /** Writes the float of each int, more by {@link #shift} than the int was before the start. */
  void convert(int[] from, float[] into, int count) {
    if (small) {
      ints.put(0, from, 0, count);
      floats.get(0, into, 0, count);
    } else {
      for (int j = 0; j < count; j++) {
        into[j] = (float) from[j];
      }
    }
  }
}
