package dev.octet.workflow.data;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a file says of its array.
 *
 * @param type FLOAT, FLOAT16, DOUBLE, BOOL, or an integer type of 8 to 64 bits
 * @param order the order of the bytes of one element
 * @param columnMajor whether the first axis runs fastest instead of the last
 * @param sizes the sizes, the number of samples first; not copied
 * @param offset where the elements begin, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ArrayHeader(DataType type, ByteOrder order, boolean columnMajor, long[] sizes, long offset) {

  /** Returns the number of elements of one sample; {@link #check} made sure that it is an int. */
  long elementsPerSample() {
    return Shape.count(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  /** Returns the same array in row-major order at the start of its bytes. */
  ArrayHeader rowMajorAtStart() {
    return new ArrayHeader(type, order, false, sizes, 0);
  }

  /**
   * Checks the sizes against each other.
   *
   * @return the bytes that the header and the elements need
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-002}
   */
  long needed(String name) {
    if (sizes.length == 0) {
      throw DataErrors.malformed(name, "holds a single number; its first axis must count samples");
    }
    try {
      Math.toIntExact(sizes[0]);
      Math.toIntExact(elementsPerSample());
      long elements = Math.multiplyExact(sizes[0], elementsPerSample());
      return Math.addExact(offset, Math.multiplyExact(elements, type.bits() / 8L));
    } catch (ArithmeticException e) {
      throw DataErrors.malformed(name, "has too many elements: " + Arrays.toString(sizes));
    }
  }

  /**
   * Checks the sizes against each other and against the bytes that there are.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-002}
   */
  void check(String name, long bytes) {
    long needed = needed(name);
    if (elementsPerSample() == 0 && sizes[0] > bytes) {
      throw DataErrors.malformed(name, "has " + sizes[0] + " samples without elements");
    }
    if (bytes < needed) {
      throw DataErrors.malformed(
          name, "ends after " + bytes + " bytes; its header needs " + needed);
    }
  }
}
