package dev.octet.workflow.calibrate;

/** Sees logits row by row. Not thread-safe. */
final class LogitCollector {

  /**
   * A row whose largest element lies lower is masked as a whole: of a range that reaches down there
   * a step of 8 bits is above 2, and nothing could be told of any row.
   */
  private static final float MASKED_ROW = -512;

  private final LogitPaths.Path path;
  private LogitStatistics seen;

  LogitCollector(LogitPaths.Path path) {
    this.path = path;
    this.seen = LogitStatistics.none(path.rowAxis().isPresent() || path.handedOn());
  }

  LogitStatistics statistics() {
    return seen;
  }

  /** Adds the elements of a value, each of which counts a number of times. */
  void add(float[] data, int count, long[] sizes, int times) {
    if (path.rowAxis().isEmpty()) {
      seen =
          seen.plus(
              new LogitStatistics(seen.rows(), seen.kept(), 0, masked(data, count))
                  .repeated(times));
      return;
    }
    int axis = sizes.length + path.rowAxis().getAsInt();
    if (axis < 0) {
      return; // The Softmax will refuse what lacks its axis.
    }
    int length = Math.toIntExact(sizes[axis]);
    int inner = 1;
    for (int i = axis + 1; i < sizes.length; i++) {
      inner = Math.toIntExact(inner * sizes[i]);
    }
    if (length > 0) {
      for (int row = 0; row < count / length; row++) {
        int first = row / inner * length * inner + row % inner;
        seen = seen.plus(row(data, first, length, inner).repeated(times));
      }
    }
  }

  private static long masked(float[] data, int count) {
    long masked = 0;
    for (int i = 0; i < count; i++) {
      masked += data[i] == Float.NEGATIVE_INFINITY ? 1 : 0;
    }
    return masked;
  }

  private static LogitStatistics row(float[] data, int first, int length, int step) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      float x = data[first + i * step];
      largest = x > largest ? x : largest;
    }
    float floor = largest - LogitStatistics.cut(length);
    float smallest = largest;
    long cut = 0;
    long masked = 0;
    for (int i = 0; i < length; i++) {
      float x = data[first + i * step];
      masked += x == Float.NEGATIVE_INFINITY ? 1 : 0;
      cut += x < floor ? 1 : 0;
      smallest = x < smallest ? x : smallest;
    }
    boolean told = largest >= MASKED_ROW && Float.isFinite(largest);
    return new LogitStatistics(
        true,
        told ? Math.max(smallest, floor) : Float.POSITIVE_INFINITY,
        told ? cut : length,
        masked);
  }
}
