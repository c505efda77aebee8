package dev.octet.api.graph;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of ONNX tensors, with the number that ONNX gives each ({@code
 * TensorProto.DataType}) and the bits that one element takes in a packed array.
 */
public enum DataType {
  /** 32-bit IEEE 754 float. */
  FLOAT(1, 32),
  /** Unsigned 8-bit integer. */
  UINT8(2, 8),
  /** Signed 8-bit integer. */
  INT8(3, 8),
  /** Unsigned 16-bit integer. */
  UINT16(4, 16),
  /** Signed 16-bit integer. */
  INT16(5, 16),
  /** Signed 32-bit integer. */
  INT32(6, 32),
  /** Signed 64-bit integer. */
  INT64(7, 64),
  /** A sequence of bytes, by convention UTF-8; not packed. */
  STRING(8, 0),
  /** A truth value, one byte of 0 or 1. */
  BOOL(9, 8),
  /** 16-bit IEEE 754 float. */
  FLOAT16(10, 16),
  /** 64-bit IEEE 754 float. */
  DOUBLE(11, 64),
  /** Unsigned 32-bit integer. */
  UINT32(12, 32),
  /** Unsigned 64-bit integer. */
  UINT64(13, 64),
  /** Two 32-bit floats: real, imaginary. */
  COMPLEX64(14, 64),
  /** Two 64-bit floats: real, imaginary. */
  COMPLEX128(15, 128),
  /** The upper 16 bits of a 32-bit float. */
  BFLOAT16(16, 16),
  /** 8-bit float, 4 exponent and 3 mantissa bits, finite values and NaN. */
  FLOAT8E4M3FN(17, 8),
  /** As FLOAT8E4M3FN without a negative zero. */
  FLOAT8E4M3FNUZ(18, 8),
  /** 8-bit float, 5 exponent and 2 mantissa bits. */
  FLOAT8E5M2(19, 8),
  /** As FLOAT8E5M2 without a negative zero. */
  FLOAT8E5M2FNUZ(20, 8),
  /** Unsigned 4-bit integer; two in a byte, the low nibble first. */
  UINT4(21, 4),
  /** Signed 4-bit integer; two in a byte, the low nibble first. */
  INT4(22, 4),
  /** 4-bit float; two in a byte, the low nibble first. */
  FLOAT4E2M1(23, 4),
  /** 8-bit power of two. */
  FLOAT8E8M0(24, 8),
  /** Unsigned 2-bit integer; four in a byte, the lowest bits first. */
  UINT2(25, 2),
  /** Signed 2-bit integer; four in a byte, the lowest bits first. */
  INT2(26, 2);

  private final int onnxNumber;
  private final int bits;

  DataType(int onnxNumber, int bits) {
    this.onnxNumber = onnxNumber;
    this.bits = bits;
  }

  /** Returns the type of a number of ONNX; empty for 0, which states nothing, and unknown ones. */
  public static Optional<DataType> ofOnnxNumber(long number) {
    return Arrays.stream(values()).filter(type -> type.onnxNumber == number).findFirst();
  }

  /**
   * Returns the number that stands for this type in ONNX files and attributes ({@code to} of Cast).
   */
  public int onnxNumber() {
    return onnxNumber;
  }

  /** Returns the bits of one element in a packed array; 0 for {@link #STRING}. */
  public int bits() {
    return bits;
  }

  /** Tells whether elements are integers (truth values are not). */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          true;
      case FLOAT, STRING, BOOL, FLOAT16, DOUBLE, COMPLEX64, COMPLEX128, BFLOAT16, FLOAT8E4M3FN ->
          false;
      case FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> false;
    };
  }

  /** Tells whether elements are signed integers. */
  public boolean isSignedInteger() {
    return switch (this) {
      case INT8, INT16, INT32, INT64, INT4, INT2 -> true;
      case UINT8, UINT16, UINT32, UINT64, UINT4, UINT2 -> false;
      case FLOAT, STRING, BOOL, FLOAT16, DOUBLE, COMPLEX64, COMPLEX128, BFLOAT16, FLOAT8E4M3FN ->
          false;
      case FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> false;
    };
  }

  /**
   * Returns the bytes that a packed array of this type takes: {@code ceil(elements * bits / 8)}.
   *
   * @throws ArithmeticException if that leaves a long
   */
  public long packedBytes(long elements) {
    return Math.addExact(Math.multiplyExact(elements, (long) bits), 7L) / 8L;
  }
}
