package dev.octet.kernels.array;

import dev.octet.api.graph.DataType;
import java.util.Arrays;

/**
 * Reads and writes single elements of arrays of any kind, for operators whose speed does not
 * matter.
 */
public final class Elements {

  private Elements() {}

  /** Tells whether elements are floats that {@link #real} reads. */
  public static boolean isReal(DataType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          false;
      case STRING, BOOL, COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2 -> false;
      case FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> false;
    };
  }

  /**
   * Returns an integer or truth value as a long; unsigned ones are zero-extended ({@link
   * DataType#UINT64}: the same 64 bits).
   */
  public static long integer(DataType type, Object array, int index) {
    return switch (type) {
      case INT64, UINT64 -> ((long[]) array)[index];
      case INT32 -> ((int[]) array)[index];
      case UINT32 -> Integer.toUnsignedLong(((int[]) array)[index]);
      case INT16 -> ((short[]) array)[index];
      case UINT16 -> Short.toUnsignedLong(((short[]) array)[index]);
      case UINT8 -> Byte.toUnsignedLong(((byte[]) array)[index]);
      case INT8, BOOL, INT4, UINT4, INT2, UINT2 -> ((byte[]) array)[index];
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16, STRING, COMPLEX64, COMPLEX128, FLOAT8E4M3FN ->
          throw noInteger(type);
      case FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 ->
          throw noInteger(type);
    };
  }

  /** Writes the lowest bits of a long as an integer or truth value; see {@link #integer}. */
  public static void putInteger(DataType type, Object array, int index, long value) {
    switch (type) {
      case INT64, UINT64 -> ((long[]) array)[index] = value;
      case INT32, UINT32 -> ((int[]) array)[index] = (int) value;
      case INT16, UINT16 -> ((short[]) array)[index] = (short) value;
      case INT8, UINT8, BOOL -> ((byte[]) array)[index] = (byte) value;
      case INT4 -> ((byte[]) array)[index] = (byte) (value << 60 >> 60);
      case UINT4 -> ((byte[]) array)[index] = (byte) (value & 15);
      case INT2 -> ((byte[]) array)[index] = (byte) (value << 62 >> 62);
      case UINT2 -> ((byte[]) array)[index] = (byte) (value & 3);
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16, STRING, COMPLEX64, COMPLEX128, FLOAT8E4M3FN ->
          throw noInteger(type);
      case FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 ->
          throw noInteger(type);
    }
  }

  /** Returns a float as a double, exactly. */
  public static double real(DataType type, Object array, int index) {
    return switch (type) {
      case FLOAT -> ((float[]) array)[index];
      case DOUBLE -> ((double[]) array)[index];
      case FLOAT16 -> SmallFloat.FLOAT16.value(((short[]) array)[index]);
      case BFLOAT16 -> SmallFloat.BFLOAT16.value(((short[]) array)[index]);
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          throw noReal(type);
      case STRING, BOOL, COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2 ->
          throw noReal(type);
      case FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> throw noReal(type);
    };
  }

  /** Writes a double as a float, rounded half to even once. */
  public static void putReal(DataType type, Object array, int index, double value) {
    switch (type) {
      case FLOAT -> ((float[]) array)[index] = (float) value;
      case DOUBLE -> ((double[]) array)[index] = value;
      case FLOAT16 -> ((short[]) array)[index] = (short) SmallFloat.FLOAT16.bits(value);
      case BFLOAT16 -> ((short[]) array)[index] = (short) SmallFloat.BFLOAT16.bits(value);
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          throw noReal(type);
      case STRING, BOOL, COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2 ->
          throw noReal(type);
      case FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> throw noReal(type);
    }
  }

  private static IllegalArgumentException noInteger(DataType type) {
    return new IllegalArgumentException(type + " is no integer type");
  }

  private static IllegalArgumentException noReal(DataType type) {
    return new IllegalArgumentException(type + " is no float type");
  }

  /** Copies one element between arrays of one kind. */
  public static void copy(ArrayKind kind, Object source, int from, Object target, int to) {
    switch (kind) {
      case FLOATS -> ((float[]) target)[to] = ((float[]) source)[from];
      case DOUBLES -> ((double[]) target)[to] = ((double[]) source)[from];
      case BYTES -> ((byte[]) target)[to] = ((byte[]) source)[from];
      case SHORTS -> ((short[]) target)[to] = ((short[]) source)[from];
      case INTS -> ((int[]) target)[to] = ((int[]) source)[from];
      case LONGS -> ((long[]) target)[to] = ((long[]) source)[from];
    }
  }

  /** Sets the first elements of an array to the first element of another one of the same kind. */
  public static void fill(ArrayKind kind, Object target, int count, Object value) {
    switch (kind) {
      case FLOATS -> Arrays.fill((float[]) target, 0, count, ((float[]) value)[0]);
      case DOUBLES -> Arrays.fill((double[]) target, 0, count, ((double[]) value)[0]);
      case BYTES -> Arrays.fill((byte[]) target, 0, count, ((byte[]) value)[0]);
      case SHORTS -> Arrays.fill((short[]) target, 0, count, ((short[]) value)[0]);
      case INTS -> Arrays.fill((int[]) target, 0, count, ((int[]) value)[0]);
      case LONGS -> Arrays.fill((long[]) target, 0, count, ((long[]) value)[0]);
    }
  }
}
