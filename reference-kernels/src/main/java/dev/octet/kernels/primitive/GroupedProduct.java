package dev.octet.kernels.primitive;

/**
 * A matrix product over integers whose right matrix has scales for groups along K, ready to be
 * computed:
 *
 * <pre>{@code
 * sum[g] = sum over k in g of (a[m, k] - z_a[m]) * (b[k, n] - z_b[g, n])     exact, int32
 * acc    = 0; for each g in order: acc = acc + f32(sum[g]) * (s_a[m, g] * s_b[g, n])
 * r      = acc + bias[n], or acc where there is no bias
 * }</pre>
 *
 * <p>Every operation on floats is rounded once to float32, in the order written, without fused
 * multiply-adds. Sums are exact as long as {@link GroupedWeights#largestSum} is below 2^31, and
 * else modulo 2^32.
 *
 * @param rows M
 * @param left the left matrix, [M, K]: INT8 or UINT8, with zero points of its type
 * @param leftScales {@code s_a}: one, one for each row, or one for each group of each row, [M,
 *     groups]; not copied
 * @param right the right matrix
 * @param bias one number for each column, or none; not copied
 * @param result where {@code r} goes
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, read only.
public record GroupedProduct(
    int rows,
    MatrixOperand left,
    float[] leftScales,
    GroupedWeights right,
    float[] bias,
    Result result) {

  float leftScale(int row, int group) {
    if (leftScales.length == 1) {
      return leftScales[0];
    }
    return leftScales[leftScales.length == rows ? row : row * right.layout().groups() + group];
  }

  /** Where results go, [M, N], and what becomes of them on the way. */
  @SuppressWarnings("ArrayRecordComponent") // Internal: never compared, and there to be written.
  public sealed interface Result {

    /**
     * Writes neighbouring results.
     *
     * @param r the results, from index 0; overwritten
     * @param count how many
     * @param at index of the first in the whole
     */
    void write(float[] r, int count, int at);

    /**
     * The floats themselves.
     *
     * @param into the whole
     */
    record Floats(float[] into) implements Result {
      @Override
      public void write(float[] r, int count, int at) {
        System.arraycopy(r, 0, into, at, count);
      }
    }

    /**
     * Integers of 8 bits or less: {@code q = clamp(rne(r / s) + z)}, the rule of {@link
     * Primitives#quantize}.
     *
     * @param scale {@code s}
     * @param saturation {@code z} and the clamp
     * @param into the whole
     */
    record Quantized(float scale, Saturation saturation, byte[] into) implements Result {
      @Override
      public void write(float[] r, int count, int at) {
        ShiftedRows.quantize(r, count, scale, saturation, into, at);
      }
    }
  }
}
