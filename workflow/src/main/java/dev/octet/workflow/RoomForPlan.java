package dev.octet.workflow;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.Model;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.convert.FloatForm;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.List;

/** Gives a model room for the types and granularities of its plan. */
final class RoomForPlan {

  private RoomForPlan() {}

  /**
   * Raises a model to the first operator sets that have room for a plan; see {@link
   * ModelFormat#raise} for the errors. A model that no format read stays as it is.
   */
  static RaisedModel raised(Model model, PlanDocument document) {
    List<StoredForm> forms =
        document.groups().stream()
            .map(PlannedGroup::spec)
            // An int64 is cast and multiplied, for which every operator set has room.
            .filter(spec -> spec.type().storage() != Storage.INT64)
            .map(RoomForPlan::form)
            .toList();
    return ModelFormat.of(model)
        .map(format -> format.raise(model, forms))
        .orElseGet(() -> new RaisedModel(model, List.of()));
  }

  private static StoredForm form(QuantizationSpec.Concrete spec) {
    Granularity whole = new Granularity.PerTensor();
    // Where a derived group has a scale for each channel, one of its sources has them too.
    Granularity granularity =
        FloatForm.isNeeded(spec)
            ? whole
            : spec.match(
                new QuantizationSpec.ConcreteCases<Granularity>(
                    QuantizationSpec.Observed::granularity,
                    QuantizationSpec.Fixed::granularity,
                    derived -> whole));
    boolean dynamic = spec.observed().filter(s -> s.mode() == Mode.DYNAMIC).isPresent();
    return new StoredForm(spec.type().storage().dataType(), granularity, dynamic);
  }
}
