package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import java.util.List;
import java.util.Locale;

/**
 * The mean negative log likelihood, in nats, that a language model gives to each token after those
 * before it: {@code log sum exp(x) - x_token} of the scores {@code x}, in float64, shifted by the
 * largest score. The first token of a sequence and padding are not scored. Not thread-safe.
 */
final class Likelihood {

  private final String field;
  private final String words;
  private double sum;
  private long predictions;

  private Likelihood(String field, String words) {
    this.field = field;
    this.words = words;
  }

  /** Starts to score the model that is evaluated. */
  static Likelihood ofModel() {
    return new Likelihood("nll", "mean negative log likelihood");
  }

  /** Starts to score the reference. */
  static Likelihood ofReference() {
    return new Likelihood("referenceNll", "mean negative log likelihood of the reference");
  }

  /**
   * Scores a batch.
   *
   * @param tokenCounts how many tokens of each sequence are scored
   * @param tokens {@code [count, length]}
   * @param scores {@code [count, length, vocabulary]}
   * @throws OctetException {@code OCT-CLI-013} if the scores are not of that shape, or a token is
   *     not in the vocabulary
   */
  void batch(int[] tokenCounts, Tensor tokens, Tensor scores, double[] elements) {
    long[] sizes = tokens.sizes();
    long[] shape = scores.sizes();
    if (shape.length != 3 || shape[0] != sizes[0] || shape[1] != sizes[1]) {
      throw mismatch("the first output is " + scores + ", not [batch, length, vocabulary]");
    }
    int length = (int) sizes[1];
    int vocabulary = (int) shape[2];
    long[] ids = tokens.integers();
    for (int row = 0; row < sizes[0]; row++) {
      for (int t = 0; t + 1 < tokenCounts[row]; t++) {
        long next = ids[row * length + t + 1];
        if (next >= vocabulary) {
          throw mismatch("token " + next + " is not in the vocabulary of " + vocabulary);
        }
        sum += negativeLog(elements, (row * length + t) * vocabulary, vocabulary, (int) next);
        predictions++;
      }
    }
  }

  double mean() {
    return predictions == 0 ? 0 : sum / predictions;
  }

  void addTo(Report report) {
    double mean = mean();
    report.field("predictions", Tree.of(predictions));
    if (Double.isFinite(mean)) {
      report.field(field, Tree.of(mean));
    } else {
      report.findings(List.of(NoNumber.of("The " + words, "outputs hold NaN or infinities")));
    }
    report.line(
        String.format(Locale.ROOT, "%s %.4f over %d predictions", words, mean, predictions));
  }

  private static double negativeLog(double[] scores, int from, int count, int token) {
    double largest = scores[from + OutputElements.largest(scores, from, count)];
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += StrictMath.exp(scores[from + i] - largest);
    }
    return StrictMath.log(total) + largest - scores[from + token];
  }

  private static OctetException mismatch(String fact) {
    return EvaluationErrors.TOKEN_SCORES.error(fact).build();
  }
}
