package dev.octet.kernels.exact;

/** The exact elements of one operator. */
@FunctionalInterface
interface ExactRule {

  /** Returns the exact element at an index of the result in row-major order. */
  ExactElement element(int index);
}
