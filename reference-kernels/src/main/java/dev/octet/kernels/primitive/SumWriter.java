package dev.octet.kernels.primitive;

/** Brings finished sums of rows of some columns to their destination. */
final class SumWriter {

  private final Destination destination;
  private final Factors factors;
  private final int width;

  private SumWriter(Destination destination, Factors factors, int width) {
    this.destination = destination;
    this.factors = factors;
    this.width = width;
  }

  /** Returns what writes rows of {@code width} columns from a column on. */
  static SumWriter columns(Destination destination, int column, int width) {
    float[] factors = destination.factors();
    boolean none = factors.length == 0;
    return new SumWriter(destination, Factors.of(factors, column, none ? 0 : width), width);
  }

  /** Writes the exact sums of a row, which are overwritten. */
  void write(float[] sums, int at) {
    destination.writeRow(sums, width, factors, at);
  }

  /** Writes the int32 sums of a row; {@code scratch} is overwritten. */
  void write(int[] sums, int from, float[] scratch, int at) {
    destination.writeRow(sums, from, scratch, width, factors, at);
  }
}
