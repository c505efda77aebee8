package dev.octet.api.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packs integers of 2 to 64 bits into little-endian bytes and back, as ONNX stores them in {@code
 * raw_data}: elements of less than a byte fill each byte from its lowest bits, and the last byte is
 * padded with zeros.
 */
final class PackedIntegers {

  private PackedIntegers() {}

  static ByteBuffer pack(DataType type, long[] elements) {
    int bits = type.bits();
    ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(type.packedBytes(elements.length)));
    data.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements.length; i++) {
      requireInside(type, elements[i]);
      switch (bits) {
        case 64 -> data.putLong(8 * i, elements[i]);
        case 32 -> data.putInt(4 * i, (int) elements[i]);
        case 16 -> data.putShort(2 * i, (short) elements[i]);
        case 8 -> data.put(i, (byte) elements[i]);
        default -> putSubByte(data, bits, i, elements[i]);
      }
    }
    return data;
  }

  /**
   * Unpacks a window of whole bytes.
   *
   * @param from the index of its first element; what lies behind the last element is padding
   */
  static void unpack(DataType type, ByteBuffer data, long[] elements, int from) {
    int bits = type.bits();
    int count = Math.min(data.remaining() * Byte.SIZE / bits, elements.length - from);
    for (int i = 0; i < count; i++) {
      long stored =
          switch (bits) {
            case 64 -> data.getLong(8 * i);
            case 32 -> data.getInt(4 * i);
            case 16 -> data.getShort(2 * i);
            case 8 -> data.get(i);
            default -> data.get(i * bits / 8) >> (i * bits % 8);
          };
      elements[from + i] = extend(type, stored);
    }
  }

  private static void putSubByte(ByteBuffer data, int bits, int index, long element) {
    int at = index * bits / 8;
    int mask = (1 << bits) - 1;
    data.put(at, (byte) (data.get(at) | ((int) element & mask) << (index * bits % 8)));
  }

  /** Sign-extends or zero-extends the lowest bits. */
  private static long extend(DataType type, long stored) {
    int unused = Long.SIZE - type.bits();
    return type.isSignedInteger() ? stored << unused >> unused : stored << unused >>> unused;
  }

  private static void requireInside(DataType type, long element) {
    if (extend(type, element) != element) {
      throw new IllegalArgumentException(element + " is no " + type);
    }
  }
}
