package dev.octet.kernels.exact;

import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** An integer operand with its scales and zero points, read in unbounded arithmetic. */
final class Quantized {

  private final long[] sizes;
  private final long[] integers;
  private final float[] scales;
  private final long[] zeros;

  Quantized(Tensor integers, Tensor scale, Optional<Tensor> zero) {
    this.sizes = integers.sizes();
    this.integers = integers.integers();
    this.scales = scale.floats();
    this.zeros = zero.map(Tensor::integers).orElse(new long[] {0});
  }

  int size(int axis) {
    return (int) sizes[axis];
  }

  int rank() {
    return sizes.length;
  }

  int[] sizes() {
    return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  /** Returns {@code q - z}; the channel chooses the zero point where there are several. */
  long difference(int index, int channel) {
    return integers[index] - zeros[zeros.length == 1 ? 0 : channel];
  }

  /** Returns the scale of a channel. */
  BigDecimal scale(int channel) {
    return new BigDecimal(scales[scales.length == 1 ? 0 : channel]);
  }
}
