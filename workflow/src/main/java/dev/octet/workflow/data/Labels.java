package dev.octet.workflow.data;

import dev.octet.api.quantizer.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the labels of some samples.
 *
 * @param numbers the class of each sample, by its position in the model's output; not copied; empty
 *     where there are no labels
 * @param names the names of the classes, in the model's order; none where they are not known
 * @param findings what a user must know of them
 */
record Labels(Optional<int[]> numbers, List<String> names, List<Finding> findings) {

  /** Returns labels of which nothing else is known. */
  static Labels of(Optional<int[]> numbers) {
    return new Labels(numbers, List.of(), List.of());
  }
}
