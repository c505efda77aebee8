package dev.octet.workflow.source;

import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Which tokens of a batch count: not those that fill a sequence up. */
final class Tokens {

  private final Optional<int[]> counts;
  private final long length;

  /**
   * Looks at a batch.
   *
   * @param from the first sample
   * @param size how many there are
   */
  Tokens(DataSource data, Map<String, Tensor> batch, int from, int size) {
    this.counts = data.tokenCounts().map(all -> Arrays.copyOfRange(all, from, from + size));
    this.length = batch.values().iterator().next().sizes()[batchRank(batch) - 1];
  }

  private static int batchRank(Map<String, Tensor> batch) {
    return batch.values().iterator().next().rank();
  }

  /** Returns the tokens of a value that count, one behind the other. */
  float[] kept(ObservedInput input, float[] elements, int count, int[] sizes) {
    float[] all = input.tokens(elements, count, sizes);
    boolean sequences =
        counts.isPresent()
            && sizes.length == 3
            && sizes[0] == counts.get().length
            && sizes[1] == length;
    return sequences ? withoutFilling(all, sizes[1], sizes[2]) : all;
  }

  private float[] withoutFilling(float[] all, int rows, int width) {
    int[] kept = counts.orElseThrow();
    float[] tokens = new float[Arrays.stream(kept).sum() * width];
    int at = 0;
    for (int sample = 0; sample < kept.length; sample++) {
      System.arraycopy(all, sample * rows * width, tokens, at, kept[sample] * width);
      at += kept[sample] * width;
    }
    return tokens;
  }
}
