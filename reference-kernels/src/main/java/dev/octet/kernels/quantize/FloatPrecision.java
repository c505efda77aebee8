package dev.octet.kernels.quantize;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.SmallFloat;

/** A float type that the numbers of a computation are rounded to; they are held as float32. */
public enum FloatPrecision {
  /** IEEE 754 binary32, in which everything is computed. */
  FLOAT32(DataType.FLOAT, Float.MIN_NORMAL) {
    @Override
    public float round(float value) {
      return value;
    }
  },
  /** IEEE 754 binary16. */
  FLOAT16(DataType.FLOAT16, 0x1p-14f) {
    @Override
    public float round(float value) {
      return nearest(SmallFloat.FLOAT16, value);
    }
  },
  /** The upper half of a float32. */
  BFLOAT16(DataType.BFLOAT16, Float.MIN_NORMAL) {
    @Override
    public float round(float value) {
      return nearest(SmallFloat.BFLOAT16, value);
    }
  };

  private final DataType dataType;
  private final float smallestNormal;

  FloatPrecision(DataType dataType, float smallestNormal) {
    this.dataType = dataType;
    this.smallestNormal = smallestNormal;
  }

  /**
   * Returns the nearest number of this type, ties to even; beyond the largest finite one by half a
   * step or more it is infinite. NaN stays NaN.
   */
  public abstract float round(float value);

  /** Returns a tensor of this type whose elements are the nearest numbers to some floats. */
  public Tensor tensor(float[] values, long... sizes) {
    if (this == FLOAT32) {
      return Tensor.of(values, sizes);
    }
    SmallFloat small = this == FLOAT16 ? SmallFloat.FLOAT16 : SmallFloat.BFLOAT16;
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) small.bits(values[i]);
    }
    return Tensor.of(dataType, bits, sizes);
  }

  private static float nearest(SmallFloat type, float value) {
    return (float) type.value(type.bits(value));
  }

  /** Returns the element type of tensors that hold such numbers. */
  public DataType dataType() {
    return dataType;
  }

  /** Returns the smallest number above 0 that has all bits of its mantissa. */
  public float smallestNormal() {
    return smallestNormal;
  }
}
