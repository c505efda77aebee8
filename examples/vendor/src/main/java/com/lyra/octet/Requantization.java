package com.lyra.octet;

import java.util.List;

/** How the sums of each output channel of a product become integers. */
final class Requantization {

  private final FixedPoint[] factors;
  private final int zero;

  private Requantization(FixedPoint[] factors, int zero) {
    this.factors = factors;
    this.zero = zero;
  }

  /**
   * Returns the factors {@code s_x * s_w / s_y}, one for all channels or one for each.
   *
   * @param operands input, weight, perhaps a bias, whose scale is that of the sums
   * @throws Kernel.Unfit if the bias has another scale
   */
  static Requantization of(List<Stored> operands, Stored result) {
    float x = operands.get(0).affine().scale();
    Affine y = result.affine();
    Stored weight = operands.get(1);
    FixedPoint[] factors = new FixedPoint[weight.scales().length];
    for (int channel = 0; channel < factors.length; channel++) {
      factors[channel] = FixedPoint.of(x, weight.scale(channel), y.scale());
      if (operands.size() > 2 && operands.get(2).scale(channel) != x * weight.scale(channel)) {
        throw new Kernel.Unfit("the bias has another scale than the sums");
      }
    }
    return new Requantization(factors, y.zero());
  }

  /** Returns the integer of a sum. */
  byte of(long sum, int channel) {
    return factors[factors.length == 1 ? 0 : channel].requantize(sum, zero);
  }
}
