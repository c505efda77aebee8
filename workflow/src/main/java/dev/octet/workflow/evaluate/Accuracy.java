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

  private final String field;
  private final String words;
  private int right;
  private int samples;

  private Accuracy(String field, String words) {
    this.field = field;
    this.words = words;
  }

  /** Starts to count for the model that is evaluated. */
  static Accuracy ofModel() {
    return new Accuracy("top1", "top-1 accuracy");
  }

  /** Starts to count for the reference. */
  static Accuracy ofReference() {
    return new Accuracy("referenceTop1", "top-1 accuracy of the reference");
  }

  /**
   * Counts a batch.
   *
   * @param labels the label of each sample
   * @param scores the output, sample after sample
   * @throws OctetException as {@link #requireClasses}
   */
  void batch(int[] labels, double[] scores) {
    int classes = scores.length / labels.length;
    requireClasses(samples, labels, classes);
    for (int i = 0; i < labels.length; i++) {
      right += OutputElements.largest(scores, i * classes, classes) == labels[i] ? 1 : 0;
    }
    samples += labels.length;
  }

  double share() {
    return (double) right / samples;
  }

  void addTo(Report report) {
    double share = share();
    report.field(field, Tree.of(share));
    report.line(String.format(Locale.ROOT, "%s %.4f (%d of %d)", words, share, right, samples));
  }

  /**
   * Checks labels.
   *
   * @param from the sample that the first label belongs to
   * @param classes number of classes that the model has
   * @throws OctetException {@code OCT-CLI-011} if one is no class of the model
   */
  static void requireClasses(int from, int[] labels, int classes) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        String fact = "label %s of sample %s is none of the model's %s classes";
        throw EvaluationErrors.LABEL_RANGE
            .error(fact.formatted(labels[i], from + i, classes))
            .at("labels")
            .build();
      }
    }
  }
}
