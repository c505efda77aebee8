package dev.octet.workflow.convert;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import java.util.Optional;

/**
 * What an input or output of the graph can be: integers of one scale and zero point that are known
 * when the model is converted, since whoever calls the model must know them.
 */
public final class BoundaryForm {

  private BoundaryForm() {}

  /**
   * Returns why an input or output cannot be integers of a spec; empty when it can.
   *
   * @param value the value that the caller supplies or gets
   * @param spec the spec of its group
   */
  public static Optional<String> refusal(GraphValues.Value value, QuantizationSpec.Concrete spec) {
    if (value.constant().isPresent()) {
      return Optional.of("it is a constant");
    }
    if (value.input().isPresent() && value.isOutput()) {
      return Optional.of("it is an input that the graph or a subgraph hands out");
    }
    return spec.match(
        new QuantizationSpec.ConcreteCases<>(
            BoundaryForm::refusal,
            fixed -> perTensor(fixed.granularity()),
            derived -> Optional.of("its parameters would be derived from those of other points")));
  }

  private static Optional<String> refusal(QuantizationSpec.Observed spec) {
    if (spec.mode() == Mode.DYNAMIC) {
      return Optional.of("its parameters would be found while the model runs (mode dynamic)");
    }
    return perTensor(spec.granularity());
  }

  private static Optional<String> perTensor(Granularity granularity) {
    return granularity.equals(new Granularity.PerTensor())
        ? Optional.empty()
        : Optional.of("it has one scale and zero point for the whole, not " + granularity);
  }
}
