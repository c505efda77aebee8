package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;

/** One scale and zero point of int8 values: a stored q means {@code (q - zero) * scale}. */
record Affine(float scale, int zero) {

  /** Returns the float32 that an integer means. */
  float real(byte q) {
    return (q - zero) * scale;
  }

  /** Returns {@code clamp(rne(f32(x / scale)) + zero)}; NaN becomes the zero point. */
  byte nearest(float x) {
    double steps = Math.rint(x / scale);
    return clamp(Double.isNaN(steps) ? zero : steps + zero);
  }

  private static byte clamp(double integer) {
    return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, integer));
  }

  Tensor quantize(Tensor x) {
    float[] from = x.floats();
    byte[] to = new byte[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = nearest(from[i]);
    }
    return Tensor.of(DataType.INT8, to, x.sizes());
  }

  Tensor floats(Tensor q) {
    byte[] from = q.bytes();
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = real(from[i]);
    }
    return Tensor.of(to, q.sizes());
  }
}
