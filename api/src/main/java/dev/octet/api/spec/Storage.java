package dev.octet.api.spec;

import dev.octet.api.graph.DataType;

/** The integer types that quantized values are stored in. */
public enum Storage {
  /** Signed, 2 bits. */
  INT2(2, true, DataType.INT2),
  /** Unsigned, 2 bits. */
  UINT2(2, false, DataType.UINT2),
  /** Signed, 4 bits. */
  INT4(4, true, DataType.INT4),
  /** Unsigned, 4 bits. */
  UINT4(4, false, DataType.UINT4),
  /** Signed, 8 bits. */
  INT8(8, true, DataType.INT8),
  /** Unsigned, 8 bits. */
  UINT8(8, false, DataType.UINT8),
  /** Signed, 16 bits. */
  INT16(16, true, DataType.INT16),
  /** Unsigned, 16 bits. */
  UINT16(16, false, DataType.UINT16),
  /** Signed, 32 bits; for biases and accumulators. */
  INT32(32, true, DataType.INT32),
  /** Signed, 64 bits; for biases and accumulators of 16-bit activations. */
  INT64(64, true, DataType.INT64);

  private final int bits;
  private final boolean signed;
  private final DataType dataType;

  Storage(int bits, boolean signed, DataType dataType) {
    this.bits = bits;
    this.signed = signed;
    this.dataType = dataType;
  }

  /** Returns the width in bits. */
  public int bits() {
    return bits;
  }

  /** Tells whether values below zero can be stored. */
  public boolean signed() {
    return signed;
  }

  /** Returns the smallest value that can be stored. */
  public long min() {
    return signed ? -(1L << (bits - 1)) : 0;
  }

  /** Returns the largest value that can be stored. */
  public long max() {
    return signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
  }

  /** Returns the tensor element type of this storage. */
  public DataType dataType() {
    return dataType;
  }
}
