package dev.octet.workflow.generate;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.random.SplitMix64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses tokens one after the other, see {@link Sampling}. Not thread-safe. */
final class Sampler {

  private final Sampling sampling;
  private final SplitMix64 numbers;

  Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.numbers = new SplitMix64(sampling.seed());
  }

  /**
   * Chooses a token.
   *
   * @param scores a score for each; a token whose score is NaN is not chosen
   * @throws OctetException {@code OCT-GEN-006} if none has a number
   */
  int choose(float[] scores) {
    // Without this order -0 would come after 0.
    Comparator<Integer> bestFirst =
        (a, b) -> scores[a] == scores[b] ? 0 : Float.compare(scores[b], scores[a]);
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .filter(token -> !Float.isNaN(scores[token]))
            .sorted(bestFirst)
            .toList();
    if (order.isEmpty()) {
      throw GenerationErrors.NOT_A_NUMBER.error("all " + scores.length + " scores are NaN").build();
    }
    return sampling.temperature() == 0 ? order.get(0) : drawn(scores, order);
  }

  private int drawn(float[] scores, List<Integer> order) {
    double[] sums = new double[order.size()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += weight(scores[order.get(i)], scores[order.get(0)]);
      sums[i] = sum;
    }
    int kept = 0;
    while (sums[kept] < sampling.topP() * sum) {
      kept++;
    }
    double mark = numbers.nextShare() * sums[kept];
    int chosen = 0;
    while (chosen < kept && sums[chosen] <= mark) {
      chosen++;
    }
    return order.get(chosen);
  }

  private double weight(float score, float largest) {
    return score == largest
        ? 1
        : StrictMath.exp(((double) score - (double) largest) / sampling.temperature());
  }
}
