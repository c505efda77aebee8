package dev.octet.workflow.convert;

import dev.octet.api.observer.Range;
import dev.octet.api.spec.QuantizationParameters;
import java.util.List;
import java.util.Objects;

/**
 * The parameters of one group of points, with what was observed of it.
 *
 * @param parameters a scale and zero point for the whole, or for each channel or group of elements
 * @param observed the smallest and largest value seen, one range for each pair of parameters; empty
 *     when nothing was observed, as for fixed and derived groups
 */
public record GroupParameters(QuantizationParameters parameters, List<Range> observed) {

  /** Copies the ranges. */
  public GroupParameters {
    Objects.requireNonNull(parameters, "parameters");
    observed = List.copyOf(observed);
  }
}
