package dev.octet.workflow.evaluate;

import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;

/**
 * What data says of the first output of a model.
 *
 * @param labels whether samples have labels
 * @param tokens whether samples are sequences of tokens
 * @param named whether there are names of classes
 */
record Scoring(boolean labels, boolean tokens, boolean named) {

  static Scoring of(DataSource data) {
    boolean named = !data.classNames().isEmpty();
    return new Scoring(data.labels().isPresent(), data.tokenCounts().isPresent(), named);
  }

  static Scoring of(SampleStream stream) {
    return new Scoring(stream.isLabelled(), false, false);
  }

  /** Tells whether the elements of the first output are scores of classes. */
  boolean classes() {
    return labels || tokens || named;
  }
}
