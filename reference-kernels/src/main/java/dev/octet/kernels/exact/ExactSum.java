package dev.octet.kernels.exact;

import java.math.BigDecimal;

/** A sum of products of integers, and of their magnitudes. Not thread-safe. */
final class ExactSum {

  private long sum;
  private long magnitude;
  private int terms;

  /** Adds a product. */
  void add(long a, long b) {
    add(Math.multiplyExact(a, b));
  }

  /** Adds a term. */
  void add(long term) {
    sum = Math.addExact(sum, term);
    magnitude = Math.addExact(magnitude, Math.absExact(term));
    terms++;
  }

  /**
   * Keeps the sum in an int32, modulo 2^32. What wrapped is a number of its own: it has no other
   * terms.
   */
  void wrap() {
    if (sum != wrapped()) {
      sum = wrapped();
      magnitude = Math.abs(sum);
      terms = 1;
    }
  }

  /** Returns the element of this sum times a factor, under the parameters of the result. */
  ExactElement times(BigDecimal factor, ResultParameters y) {
    return y.element(
        BigDecimal.valueOf(sum).multiply(factor),
        BigDecimal.valueOf(magnitude).multiply(factor.abs()),
        1,
        terms);
  }

  /** Returns the sum as an int32, which wraps modulo 2^32 as the standard allows. */
  ExactElement int32() {
    BigDecimal value = BigDecimal.valueOf(wrapped());
    return new ExactElement(value, BigDecimal.ZERO, 0, 0);
  }

  /** Returns the int32 that the sum is modulo 2^32. */
  private long wrapped() {
    return sum << 32 >> 32;
  }
}
