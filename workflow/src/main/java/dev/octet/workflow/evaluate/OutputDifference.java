package dev.octet.workflow.evaluate;

import java.util.Optional;

/**
 * How far one output is from that of a reference; see {@link OutputFigures}. The sums run in
 * float64 over samples in order, so that they do not depend on the batches. Not thread-safe.
 */
final class OutputDifference {

  private final String name;
  private final RowMeasure measure;
  private final SquaredError error = new SquaredError();
  private double sameRows;
  private double cosines;
  private long equal;
  private long elements;
  private long rows;

  OutputDifference(String name, RowMeasure measure) {
    this.name = name;
    this.measure = measure;
  }

  /** Adds what both models gave for a batch. */
  void add(double[] reference, double[] own, Rows batch) {
    if (measure == RowMeasure.EQUALITY) {
      count(reference, own);
    } else {
      error.add(reference, own);
    }
    batch.each((from, count) -> addRow(reference, own, from, count));
  }

  private void count(double[] reference, double[] own) {
    elements += own.length;
    for (int i = 0; i < own.length; i++) {
      equal += reference[i] == own[i] ? 1 : 0;
    }
  }

  private void addRow(double[] reference, double[] own, int start, int width) {
    rows++;
    switch (measure) {
      case AGREEMENT -> {
        int wanted = OutputElements.largest(reference, start, width);
        sameRows += wanted == OutputElements.largest(own, start, width) ? 1 : 0;
      }
      case COSINE -> cosines += cosine(reference, own, start, width);
      case NONE, EQUALITY -> {}
    }
  }

  /** Rows that are equal have the cosine 1, and 0 when one of two is zero. */
  private static double cosine(double[] reference, double[] own, int start, int width) {
    double product = 0;
    double a = 0;
    double b = 0;
    boolean equal = true;
    for (int i = start; i < start + width; i++) {
      product += reference[i] * own[i];
      a += reference[i] * reference[i];
      b += own[i] * own[i];
      equal &= reference[i] == own[i];
    }
    if (equal) {
      return 1;
    }
    return a == 0 || b == 0 ? 0 : product / (Math.sqrt(a) * Math.sqrt(b));
  }

  private double equalShare() {
    return elements == 0 ? 1 : (double) equal / elements;
  }

  OutputFigures figures() {
    return new OutputFigures(
        name,
        error.sqnr(),
        error.largest(),
        measure == RowMeasure.AGREEMENT ? Optional.of(sameRows / rows) : Optional.empty(),
        measure == RowMeasure.COSINE ? Optional.of(cosines / rows) : Optional.empty(),
        measure == RowMeasure.EQUALITY ? Optional.of(equalShare()) : Optional.empty(),
        rows);
  }
}
