package dev.octet.workflow.convert;

import dev.octet.api.observer.Range;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import java.util.List;
import java.util.Objects;

/**
 * The parameters of one group of points, with what was observed of it.
 *
 * @param stored the integers that constants of the group are stored as; those of its spec, unless
 *     its derivation says otherwise
 * @param parameters a scale and zero point for the whole, or for each channel or group of elements
 * @param observed the smallest and largest value seen, one range for each pair of parameters; empty
 *     when nothing was observed, as for fixed and derived groups
 */
public record GroupParameters(
    QuantizedType stored, QuantizationParameters parameters, List<Range> observed) {

  /** Copies the ranges. */
  public GroupParameters {
    Objects.requireNonNull(stored, "stored");
    Objects.requireNonNull(parameters, "parameters");
    observed = List.copyOf(observed);
  }

  /** Returns this group with other scales and zero points. */
  GroupParameters withParameters(QuantizationParameters others) {
    return new GroupParameters(stored, others, observed);
  }

  /** Returns type and parameters, in one line. */
  @Override
  public String toString() {
    return stored + ", " + parameters;
  }
}
