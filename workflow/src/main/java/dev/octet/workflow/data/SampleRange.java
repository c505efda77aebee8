package dev.octet.workflow.data;

import java.util.Objects;

/**
 * Neighbouring samples of some data. Immutable.
 *
 * @param data what identifies the data: a SHA-256 of the content of all of its arrays, in
 *     lower-case hexadecimal digits; where they lie takes no part
 * @param first the position of the first sample in the whole of the data, from 0
 * @param count number of samples, at least 0
 */
public record SampleRange(String data, int first, int count) {

  /** Checks that the positions exist. */
  public SampleRange {
    Objects.requireNonNull(data, "data");
    if (first < 0 || count < 0 || first > Integer.MAX_VALUE - count) {
      throw new IllegalArgumentException(count + " samples from " + first);
    }
  }
}
