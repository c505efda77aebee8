package dev.octet.workflow.generate;

import dev.octet.api.error.OctetException;

/**
 * How a token is chosen from scores. The same scores, settings and seed give the same tokens on
 * every machine.
 *
 * <p>At temperature 0 it is the token with the largest score, the smallest token of equal ones.
 * Otherwise tokens are ordered by score, the largest first and the smaller token of equal ones
 * first; {@code w = exp((x - largest) / temperature)} in float64, each operation rounded once and
 * {@code exp} that of {@link StrictMath}. The first tokens whose weights, added in that order, are
 * at least {@code topP} of the sum of all are kept, and of these the first is taken up to which the
 * sum exceeds {@code u} times the sum of what is kept. {@code u} is the next number in [0, 1) of
 * the generator, SplitMix64 of the seed: its upper 53 bits times 2^-53.
 *
 * @param temperature by which scores are divided, at least 0
 * @param topP the share of the probability that is kept, above 0 and at most 1
 * @param seed of the generator
 */
public record Sampling(double temperature, double topP, long seed) {

  /**
   * Checks the numbers.
   *
   * @throws OctetException {@code OCT-GEN-005} if one is outside its range
   */
  public Sampling {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw Generation.wrong("the temperature is " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw Generation.wrong("top-p is " + topP);
    }
  }

  /** Returns the choice of the token with the largest score. */
  public static Sampling greedy() {
    return new Sampling(0, 1, 0);
  }
}
