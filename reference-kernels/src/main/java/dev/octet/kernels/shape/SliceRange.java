package dev.octet.kernels.shape;

/**
 * The indices that a Slice takes along one axis: {@code start, start + step, ...}.
 *
 * @param start the first index
 * @param step the distance of neighbours, not 0
 * @param count number of indices
 */
public record SliceRange(long start, long step, long count) {

  /**
   * Clamps the bounds that a node states: negative ones count from the end; then, for a positive
   * step, both are clamped to {@code [0, size]}, for a negative one the start to {@code [0, size -
   * 1]} and the end to {@code [-1, size - 1]} (ONNX Slice).
   *
   * @throws ShapeMismatchException if the step is 0
   */
  public static SliceRange of(long start, long end, long step, long size) {
    if (step == 0) {
      throw new ShapeMismatchException("a slice with step 0");
    }
    if (size == 0) {
      return new SliceRange(0, step, 0);
    }
    long low = step > 0 ? 0 : -1;
    long high = step > 0 ? size : size - 1;
    long first = clamp(start < 0 ? saturatedSum(start, size) : start, 0, high);
    long last = clamp(end < 0 ? saturatedSum(end, size) : end, low, high);
    long span = step > 0 ? last - first : first - last;
    long distance = Math.abs(Math.max(step, -Long.MAX_VALUE));
    long count = span <= 0 ? 0 : (span - 1) / distance + 1;
    return new SliceRange(first, step, count);
  }

  /** Long.MIN_VALUE means before the first element. */
  private static long saturatedSum(long end, long size) {
    return end < -size ? -1 - size : end + size;
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }
}
