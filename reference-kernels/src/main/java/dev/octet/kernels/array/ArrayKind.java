package dev.octet.kernels.array;

import dev.octet.api.graph.DataType;

/**
 * The Java array that the elements of a type are kept in, one element in one array element.
 *
 * <p>Signed integers of less than 8 bits are sign-extended, unsigned ones zero-extended. Unsigned
 * integers of 8 to 64 bits are kept as the same bits in the signed Java type. Truth values are
 * bytes of 0 or 1. Floats of 16 or fewer bits are kept as their bits.
 */
public enum ArrayKind {
  /** {@code float[]}: FLOAT. */
  FLOATS,
  /** {@code double[]}: DOUBLE. */
  DOUBLES,
  /** {@code byte[]}: every type of at most 8 bits. */
  BYTES,
  /** {@code short[]}: every type of 16 bits. */
  SHORTS,
  /** {@code int[]}: INT32, UINT32. */
  INTS,
  /** {@code long[]}: INT64, UINT64. */
  LONGS;

  /**
   * Returns the array kind of an element type.
   *
   * @throws IllegalArgumentException for strings and complex numbers, which no kernel takes
   */
  public static ArrayKind of(DataType type) {
    return switch (type) {
      case FLOAT -> FLOATS;
      case DOUBLE -> DOUBLES;
      case INT64, UINT64 -> LONGS;
      case INT32, UINT32 -> INTS;
      case INT16, UINT16, FLOAT16, BFLOAT16 -> SHORTS;
      case INT8, UINT8, BOOL, INT4, UINT4, INT2, UINT2 -> BYTES;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> BYTES;
      case FLOAT4E2M1, FLOAT8E8M0 -> BYTES;
      case STRING, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(type + " is kept in no array");
    };
  }

  /** Tells whether elements of a type can be kept in an array. */
  public static boolean holds(DataType type) {
    return type != DataType.STRING && type != DataType.COMPLEX64 && type != DataType.COMPLEX128;
  }

  /** Returns a new array of this kind, filled with zeros. */
  public Object allocate(int length) {
    return switch (this) {
      case FLOATS -> new float[length];
      case DOUBLES -> new double[length];
      case BYTES -> new byte[length];
      case SHORTS -> new short[length];
      case INTS -> new int[length];
      case LONGS -> new long[length];
    };
  }

  /** Returns the bytes that one array element takes. */
  public int elementBytes() {
    return switch (this) {
      case BYTES -> 1;
      case SHORTS -> 2;
      case FLOATS, INTS -> 4;
      case DOUBLES, LONGS -> 8;
    };
  }
}
