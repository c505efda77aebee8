package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;

/** Scalars of a given float type. */
final class FloatScalars {

  private FloatScalars() {}

  static boolean knows(DataType type) {
    return switch (type) {
      case FLOAT, FLOAT16, DOUBLE -> true;
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          false;
      case STRING, BOOL, COMPLEX64, COMPLEX128, BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ -> false;
      case FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> false;
    };
  }

  /** Returns a scalar; a float16 is rounded half to even, and infinite from 65520 on. */
  static Tensor of(DataType type, float value) {
    return switch (type) {
      case FLOAT -> Tensor.of(new float[] {value});
      case DOUBLE -> Tensor.of(new double[] {value});
      case FLOAT16 -> Tensor.of(DataType.FLOAT16, new short[] {half(value)});
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          throw unknown(type);
      case STRING, BOOL, COMPLEX64, COMPLEX128, BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ ->
          throw unknown(type);
      case FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> throw unknown(type);
    };
  }

  private static IllegalArgumentException unknown(DataType type) {
    return new IllegalArgumentException(type + " is no known float type");
  }

  /**
   * The magnitude is rounded to a multiple of the distance of neighbouring halves at its exponent:
   * 2^(e-10) for normal numbers, 2^-24 below. Dividing by a power of two is exact.
   */
  static short half(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    float magnitude = Math.abs(value);
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    long steps = (long) Math.rint(Math.scalb((double) magnitude, 10 - exponent));
    return (short) (sign | ((exponent + 14) * 1024 + (int) steps));
  }
}
