package dev.octet.kernels.quantize;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.Division;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;

/**
 * Quantizes and dequantizes single values and whole tensors by {@link NumericProfile}.
 *
 * <p>Every float operation is rounded once to float32, to nearest with ties to even. Source: ONNX
 * QuantizeLinear and DequantizeLinear, PyTorch quantized_decomposed.
 */
public final class QuantizeLinear {

  private QuantizeLinear() {}

  /**
   * Returns {@code clamp(rne(x / s) + z)}, or as the profile says. NaN becomes the smallest integer
   * of the type, as in ONNX Runtime; infinities saturate.
   *
   * @param x the value, any float
   * @param scale the scale, above 0
   * @param zeroPoint the zero point, within int32; 0 for integers beyond 2^53, with which the sum
   *     would be rounded
   * @param type the integers to use
   * @param profile division or reciprocal, and when the zero point is added
   * @return an integer in {@code [type.min(), type.max()]}
   */
  public static long quantize(
      float x, float scale, long zeroPoint, QuantizedType type, NumericProfile profile) {
    return quantize(x, scale, zeroPoint, type.min(), type.max(), profile);
  }

  /**
   * Returns the integer of one value between two bounds; see {@link #quantize(float, float, long,
   * QuantizedType, NumericProfile)}.
   */
  public static long quantize(
      float x, float scale, long zeroPoint, long min, long max, NumericProfile profile) {
    float quotient = profile.division() == Division.DIVIDE ? x / scale : x * (1f / scale);
    if (Float.isNaN(quotient)) {
      return min;
    }
    // Beyond 2^53 the double sum may be inexact: there it is clamped, or the zero point is 0.
    double rounded =
        profile.zeroPointOrder() == ZeroPointOrder.AFTER_ROUNDING
            ? Math.rint((double) quotient) + zeroPoint
            : Math.rint((double) (quotient + (float) zeroPoint));
    return (long) Math.min(Math.max(rounded, (double) min), (double) max);
  }

  /**
   * Returns {@code float32(q - z) * s}; the difference is exact.
   *
   * @param q the integer
   * @param scale the scale
   * @param zeroPoint the zero point
   */
  public static float dequantize(long q, float scale, long zeroPoint) {
    return (float) (q - zeroPoint) * scale;
  }

  /**
   * Quantizes a tensor; see {@link #quantize(float, float, long, QuantizedType, NumericProfile)}
   * for one value.
   *
   * @param x a tensor of floats
   * @param granularity which elements share a scale and zero point
   * @param parameters the pairs, in the order of {@link ParameterLayout}; where zero points are
   *     fractions, as {@link dev.octet.api.spec.Scheme.ZeroPoints#REAL} says
   * @param type the integers to use
   * @param profile the arithmetic
   * @return a tensor of the storage's element type and the sizes of {@code x}
   * @throws IllegalArgumentException if the number of pairs does not fit granularity and sizes
   * @throws IllegalStateException if {@code x} has other elements than floats
   */
  public static Tensor quantize(
      Tensor x,
      Granularity granularity,
      QuantizationParameters parameters,
      QuantizedType type,
      NumericProfile profile) {
    float[] values = x.floats();
    ParameterLayout layout = layout(granularity, x, parameters);
    DataType dataType = type.storage().dataType();
    if (parameters.isFractional()) {
      return Tensor.ofIntegers(
          dataType, fractional(values, layout, parameters, type, profile), x.sizes());
    }
    if (dataType.bits() == 8) {
      byte[] bytes = new byte[values.length];
      layout.forEachRun(
          (from, to, p) -> {
            for (int i = from; i < to; i++) {
              bytes[i] =
                  (byte)
                      quantize(
                          values[i], parameters.scale(p), parameters.zeroPoint(p), type, profile);
            }
          });
      return Tensor.of(dataType, bytes, x.sizes());
    }
    long[] integers = new long[values.length];
    layout.forEachRun(
        (from, to, p) -> {
          for (int i = from; i < to; i++) {
            integers[i] =
                quantize(values[i], parameters.scale(p), parameters.zeroPoint(p), type, profile);
          }
        });
    return Tensor.ofIntegers(dataType, integers, x.sizes());
  }

  /** The zero point is no integer, so that it is added before rounding, whatever the profile. */
  private static long[] fractional(
      float[] values,
      ParameterLayout layout,
      QuantizationParameters parameters,
      QuantizedType type,
      NumericProfile profile) {
    long[] integers = new long[values.length];
    layout.forEachRun(
        (from, to, p) -> {
          float scale = parameters.scale(p);
          float zeroPoint = parameters.realZeroPoint(p);
          for (int i = from; i < to; i++) {
            float quotient =
                profile.division() == Division.DIVIDE
                    ? values[i] / scale
                    : values[i] * (1f / scale);
            double rounded = Math.rint((double) (quotient + zeroPoint));
            integers[i] =
                (long) Math.min(Math.max(rounded, (double) type.min()), (double) type.max());
          }
        });
    return integers;
  }

  /**
   * Dequantizes a tensor; see {@link #dequantize(long, float, long)} for one value.
   *
   * @param q a tensor of integers
   * @param granularity which elements share a scale and zero point
   * @param parameters the pairs, in the order of {@link ParameterLayout}
   * @return a tensor of floats with the sizes of {@code q}
   * @throws IllegalArgumentException if the number of pairs does not fit granularity and sizes
   * @throws IllegalStateException if {@code q} has no integers
   */
  public static Tensor dequantize(
      Tensor q, Granularity granularity, QuantizationParameters parameters) {
    long[] integers = q.integers();
    float[] values = new float[integers.length];
    layout(granularity, q, parameters)
        .forEachRun(
            (from, to, p) -> {
              for (int i = from; i < to; i++) {
                values[i] =
                    parameters.isFractional()
                        ? ((float) integers[i] - parameters.realZeroPoint(p)) * parameters.scale(p)
                        : dequantize(integers[i], parameters.scale(p), parameters.zeroPoint(p));
              }
            });
    return Tensor.of(values, q.sizes());
  }

  private static ParameterLayout layout(
      Granularity granularity, Tensor tensor, QuantizationParameters parameters) {
    ParameterLayout layout = ParameterLayout.of(granularity, tensor.sizes());
    if (layout.count() != parameters.count()) {
      throw new IllegalArgumentException(
          granularity
              + " of "
              + tensor
              + " needs "
              + layout.count()
              + " pairs of scale and zero point, not "
              + parameters.count());
    }
    return layout;
  }
}
