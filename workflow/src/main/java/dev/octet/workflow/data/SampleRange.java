package dev.octet.workflow.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /**
   * Returns what identifies the data of some samples: those of several in rising order, with
   * commas; empty when nothing is known of them.
   */
  public static Optional<String> data(List<SampleRange> ranges) {
    return ranges.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ranges.stream()
                .map(SampleRange::data)
                .distinct()
                .sorted()
                .collect(Collectors.joining(",")));
  }
}
