package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;

/** Reads integers of 2 to 32 bits from the arrays of values as ints. */
final class IntegerArrays {

  private IntegerArrays() {}

  /** Copies elements, each minus a zero point, to consecutive ints. */
  static void widen(
      DataType type, Object array, int from, int count, int zeroPoint, int[] into, int at) {
    switch (type) {
      case INT8, INT4, INT2 -> widenSigned((byte[]) array, from, count, zeroPoint, into, at);
      case UINT8, UINT4, UINT2 -> widenUnsigned((byte[]) array, from, count, zeroPoint, into, at);
      case INT16, UINT16, INT32 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = element(type, array, from + i) - zeroPoint;
        }
      }
      case UINT32, INT64, UINT64, BOOL, STRING, FLOAT, DOUBLE, FLOAT16, BFLOAT16 ->
          throw notQuantized(type);
      case COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ ->
          throw notQuantized(type);
      case FLOAT8E8M0, FLOAT4E2M1 -> throw notQuantized(type);
    }
  }

  private static void widenSigned(
      byte[] array, int from, int count, int zeroPoint, int[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = array[from + i] - zeroPoint;
    }
  }

  private static void widenUnsigned(
      byte[] array, int from, int count, int zeroPoint, int[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (array[from + i] & 0xFF) - zeroPoint;
    }
  }

  /** Returns one element. */
  static int element(DataType type, Object array, int index) {
    return switch (type) {
      case INT8, INT4, INT2 -> ((byte[]) array)[index];
      case UINT8, UINT4, UINT2 -> ((byte[]) array)[index] & 0xFF;
      case INT16 -> ((short[]) array)[index];
      case UINT16 -> ((short[]) array)[index] & 0xFFFF;
      case INT32 -> ((int[]) array)[index];
      case UINT32, INT64, UINT64, BOOL, STRING, FLOAT, DOUBLE, FLOAT16, BFLOAT16 ->
          throw notQuantized(type);
      case COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ ->
          throw notQuantized(type);
      case FLOAT8E8M0, FLOAT4E2M1 -> throw notQuantized(type);
    };
  }

  private static IllegalArgumentException notQuantized(DataType type) {
    return new IllegalArgumentException(type + " is not a quantized type");
  }
}
