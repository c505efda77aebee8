package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import java.util.Locale;

/**
 * The share of samples whose label is the class with the largest element of the model's first
 * output. Not thread-safe.
 */
final class Accuracy {

  private final int[] labels;
  private final String field;
  private final String words;
  private int right;

  private Accuracy(int[] labels, String field, String words) {
    this.labels = labels;
    this.field = field;
    this.words = words;
  }

  /** Starts to count for the model that is evaluated. */
  static Accuracy ofModel(int[] labels) {
    return new Accuracy(labels, "top1", "top-1 accuracy");
  }

  /** Starts to count for the reference. */
  static Accuracy ofReference(int[] labels) {
    return new Accuracy(labels, "referenceTop1", "top-1 accuracy of the reference");
  }

  /**
   * Counts a batch.
   *
   * @param from the first sample
   * @param count how many
   * @param scores the output, sample after sample
   * @throws OctetException {@code OCT-CLI-011} if a label of any sample is no class of the model
   */
  void batch(int from, int count, double[] scores) {
    int classes = scores.length / count;
    if (from == 0) {
      requireClasses(classes);
    }
    for (int i = 0; i < count; i++) {
      right += Elements.largest(scores, i * classes, classes) == labels[from + i] ? 1 : 0;
    }
  }

  double share() {
    return (double) right / labels.length;
  }

  void addTo(Report report) {
    double share = share();
    report.field(field, Tree.of(share));
    report.line(
        String.format(Locale.ROOT, "%s %.4f (%d of %d)", words, share, right, labels.length));
  }

  private void requireClasses(int classes) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        String fact = "label %s of sample %s is none of the model's %s classes";
        throw EvaluationErrors.LABEL_RANGE
            .error(fact.formatted(labels[i], i, classes))
            .at("labels")
            .build();
      }
    }
  }
}
