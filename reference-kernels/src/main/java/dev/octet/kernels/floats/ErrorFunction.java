package dev.octet.kernels.floats;

/**
 * The error function {@code erf(x) = 2 / sqrt(pi) * integral from 0 to x of exp(-t^2) dt}.
 *
 * <p>Its series {@code 2 / sqrt(pi) * exp(-x^2) * sum of 2^n * x^(2n+1) / (1 * 3 * ... * (2n+1))}
 * has terms of one sign only, so that nothing cancels (Abramowitz and Stegun, 7.1.6).
 */
final class ErrorFunction {

  /** {@code 1 - erf(6)} is below {@code 2.2e-17}, less than half a step of a double at 1. */
  private static final double SATURATED = 6;

  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private ErrorFunction() {}

  /** Returns erf(x), with a relative error of about 1e-15. */
  static double erf(double x) {
    if (Math.abs(x) >= SATURATED) {
      return Math.signum(x);
    }
    double square = x * x;
    double term = x;
    double sum = x;
    // The ratio of terms is 2 x^2 / (2n + 1): they fall from n = x^2 on, and below |x| = 6 reach
    // the last bit of the sum within some 150 steps.
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * square / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * StrictMath.exp(-square) * sum;
  }
}
