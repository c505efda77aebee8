package dev.octet.workflow.evaluate;

import dev.octet.api.graph.Tensor;
import java.util.Optional;
import java.util.stream.IntStream;

/** The rows of an output of one batch, all of one width. Not changed once it is made. */
final class Rows {

  private final int[] starts;
  private final int width;

  private Rows(int[] starts, int width) {
    this.starts = starts;
    this.width = width;
  }

  /** Takes a row. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a row.
     *
     * @param from the index of its first element
     * @param count the number of its elements
     */
    void row(int from, int count);
  }

  /** Hands out the rows in their order. */
  void each(Receiver receiver) {
    for (int start : starts) {
      receiver.row(start, width);
    }
  }

  /** Returns the rows of an output that has one for each sample. */
  private static Rows ofSamples(int samples, int elements) {
    int width = elements / samples;
    return new Rows(IntStream.range(0, samples).map(i -> i * width).toArray(), width);
  }

  /**
   * Returns the rows of an output that has one for each position of a sequence, of which padding is
   * none.
   *
   * @param tokens how many positions of each sequence are no padding
   * @param output {@code [batch, length, width]}
   */
  private static Rows ofPositions(int[] tokens, Tensor output) {
    int length = (int) output.sizes()[1];
    int width = (int) output.sizes()[2];
    int[] starts =
        IntStream.range(0, tokens.length)
            .flatMap(i -> IntStream.range(0, tokens[i]).map(t -> (i * length + t) * width))
            .toArray();
    return new Rows(starts, width);
  }

  /** Returns the rows of the first output, which are positions where samples are tokens. */
  static Rows of(int samples, Optional<int[]> tokens, Tensor output, int elements) {
    return tokens
        .map(counts -> ofPositions(counts, output))
        .orElseGet(() -> ofSamples(samples, elements));
  }
}
