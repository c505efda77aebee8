package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.thread.Workers;

/**
 * What the integer kernels ask of the machine. Whoever implements it gives the same bits as {@link
 * PlainLoops}, whose code is the definition. Thread-safe: everything that a call changes is in its
 * arguments.
 */
public interface Primitives {

  /** Returns who computes on this machine. This is the only place that decides it. */
  static Primitives chosen() {
    return PlainLoops.INSTANCE;
  }

  /** Returns who this is, in a few words for a report. */
  String description();

  /**
   * Quantizes neighbouring floats that share a scale: {@code q = clamp(rne(x / s) + z)}, the
   * quotient rounded once to float32; NaN becomes the smallest integer. ONNX QuantizeLinear.
   *
   * @param x the floats
   * @param from index of the first
   * @param count how many
   * @param scale {@code s}
   * @param saturation {@code z} and the clamp
   * @param into receives the integers, from {@code at} on: a {@code byte[]} or {@code short[]}
   */
  void quantize(
      float[] x, int from, int count, float scale, Saturation saturation, Object into, int at);

  /** The largest magnitude of the floats that {@link #round} takes. */
  float BOUND = ShiftedRows.BOUND;

  /**
   * Rounds floats to integers: {@code q = clamp(rne(v) + z)}.
   *
   * @param values the floats, none of them beyond {@link #BOUND} or NaN, from index 0; overwritten
   * @param count how many
   * @param saturation {@code z} and the clamp
   * @param into receives the integers, from {@code at} on
   */
  void round(float[] values, int count, Saturation saturation, byte[] into, int at);

  /**
   * Dequantizes neighbouring integers of at most 16 bits that share a scale: {@code x = float32(q -
   * z) * s}. ONNX DequantizeLinear.
   *
   * @param type the type of the integers
   * @param q the integers: a {@code byte[]} or {@code short[]}
   * @param from index of the first
   * @param count how many
   * @param scale {@code s}
   * @param zeroPoint {@code z}
   * @param into receives the floats, from {@code at} on
   */
  void dequantize(
      DataType type,
      Object q,
      int from,
      int count,
      float scale,
      int zeroPoint,
      float[] into,
      int at);

  /**
   * Computes a convolution over integers.
   *
   * @param task the convolution
   * @param workers the threads
   */
  void convolve(Convolution task, Workers workers);

  /**
   * Computes a matrix product over integers.
   *
   * @param task the product
   * @param workers the threads
   */
  void multiply(MatrixProduct task, Workers workers);

  /**
   * Computes a convolution over integers with sums of 64 bits.
   *
   * @param task the convolution
   * @param workers the threads
   */
  void convolve(WideConvolution task, Workers workers);

  /**
   * Computes a matrix product over integers with sums of 64 bits.
   *
   * @param task the product
   * @param workers the threads
   */
  void multiply(WideProduct task, Workers workers);

  /**
   * Computes a matrix product over integers with scales for groups along K.
   *
   * @param task the product
   * @param workers the threads
   */
  void multiply(GroupedProduct task, Workers workers);
}
