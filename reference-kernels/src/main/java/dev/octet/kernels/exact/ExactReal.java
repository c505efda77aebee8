package dev.octet.kernels.exact;

import java.math.BigDecimal;

/** A sum of real terms, and of their magnitudes. Not thread-safe. */
final class ExactReal {

  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal magnitude = BigDecimal.ZERO;
  private int terms;

  /** Adds a term. */
  void add(BigDecimal term) {
    sum = sum.add(term);
    magnitude = magnitude.add(term.abs());
    terms++;
  }

  /** Returns the sum as a float. */
  ExactElement element() {
    return new ExactElement(sum, magnitude, terms, 0);
  }
}
