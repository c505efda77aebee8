package dev.octet.kernels.exact;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/**
 * An integer operand with its scales and zero points, read in unbounded arithmetic. Immutable and
 * thread-safe.
 */
public final class QuantizedOperand {

  private final DataType type;
  private final long[] sizes;
  private final long[] integers;
  private final float[] scales;
  private final long[] zeros;

  QuantizedOperand(Tensor integers, Optional<Tensor> scale, Optional<Tensor> zero) {
    this.type = integers.dataType();
    this.sizes = integers.sizes();
    this.integers = integers.integers();
    this.scales = scale.map(Tensor::floats).orElse(new float[] {1});
    this.zeros = zero.map(Tensor::integers).orElse(new long[] {0});
  }

  /** Returns the type of the integers. */
  public DataType type() {
    return type;
  }

  /** Returns the size of one dimension. */
  public int size(int axis) {
    return (int) sizes[axis];
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length;
  }

  /** Returns the sizes, outermost first. */
  public int[] sizes() {
    return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  /** Returns {@code q - z}; the channel chooses the zero point where there are several. */
  public long difference(int index, int channel) {
    return integers[index] - zeros[zeros.length == 1 ? 0 : channel];
  }

  /** Returns the scale of a channel. */
  public BigDecimal scale(int channel) {
    return new BigDecimal(scales[scales.length == 1 ? 0 : channel]);
  }

  /** Returns the real value {@code (q - z) * s} of an operand with one scale. */
  public BigDecimal value(int index) {
    return BigDecimal.valueOf(difference(index, 0)).multiply(scale(0));
  }
}
