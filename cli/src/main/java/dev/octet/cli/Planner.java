package dev.octet.cli;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.BackendCall;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.recipe.Recipe;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * Plans models, and takes up plans again. A model whose operator set has no room for a plan's types
 * and granularities is raised to the first that has, and it is the raised model that is planned;
 * taking up the plan raises it to the same one.
 */
final class Planner {

  @Inject
  Planner() {}

  /**
   * A plan.
   *
   * @param plan the plan, bound to its model
   * @param raised what raising the model's operator set did; empty when it was not raised
   */
  record Planned(Plan plan, List<Finding> raised) {
    Planned {
      raised = List.copyOf(raised);
    }
  }

  /**
   * What a user asks of a backend.
   *
   * @param provider the backend
   * @param options the options for it, those of a recipe among them
   * @param policy the policy of recipe and options
   */
  private record Wish(QuantizerProvider provider, Options options, Policy policy) {}

  /**
   * Plans a model; see {@link Quantization#plan}, {@link Recipe#options(QuantizerProvider,
   * Options)} and {@link ModelFormat#raise} for the errors.
   */
  Planned plan(Model model, QuantizerProvider provider, BackendOptions chosen) {
    Recipe recipe = chosen.recipe();
    Wish wish =
        BackendCall.guarded(
            provider,
            "options",
            () -> {
              Options options = recipe.options(provider, chosen.options());
              Policy said = PolicyOptions.split(provider, options).policy();
              return new Wish(provider, options, recipe.policy().then(said));
            });
    Plan plan = plan(model, wish);
    RaisedModel raised = raised(model, plan.document());
    return raised.model().opsets().equals(model.opsets())
        ? new Planned(plan, List.of())
        : new Planned(plan(raised.model(), wish), raised.findings());
  }

  private static Plan plan(Model model, Wish wish) {
    QuantizerProvider provider = wish.provider();
    Quantizer quantizer = quantizer(provider, wish.options());
    PolicyOptions.requireNodeOptions(wish.policy(), provider.name(), quantizer.nodeOptions());
    PolicyOptions.requireFit(wish.policy(), provider);
    return Quantization.plan(
        model,
        quantizer,
        provider.name(),
        wish.options(),
        wish.policy(),
        Observers.standard().with(provider));
  }

  /**
   * Takes up a plan; see {@link Quantization#bind} and {@link ModelFormat#raise} for the errors.
   */
  Planned bind(PlanDocument document, Model model, QuantizerProvider provider) {
    RaisedModel raised = raised(model, document);
    Plan plan =
        Quantization.bind(
            document,
            raised.model(),
            quantizer(provider, document.options()),
            Observers.standard().with(provider));
    return new Planned(plan, raised.findings());
  }

  /** Makes the quantizer of a backend from all options, those of the framework among them. */
  private static Quantizer quantizer(QuantizerProvider provider, Options options) {
    return BackendCall.guarded(
        provider,
        "create",
        () -> provider.create(PolicyOptions.split(provider, options).backend()));
  }

  private static RaisedModel raised(Model model, PlanDocument document) {
    List<StoredForm> forms =
        document.groups().stream().flatMap(group -> form(group.spec()).stream()).toList();
    return ModelFormat.of(model)
        .map(format -> format.raise(model, forms))
        .orElseGet(() -> new RaisedModel(model, List.of()));
  }

  private static Optional<StoredForm> form(QuantizationSpec spec) {
    if (spec instanceof QuantizationSpec.Observed observed) {
      return Optional.of(
          new StoredForm(observed.type().storage().dataType(), observed.granularity()));
    }
    Granularity whole = new Granularity.PerTensor();
    if (spec instanceof QuantizationSpec.Fixed fixed) {
      return Optional.of(new StoredForm(fixed.type().storage().dataType(), whole));
    }
    // Where a derived group has a scale for each channel, one of its sources has them too.
    return spec instanceof QuantizationSpec.Derived derived
        ? Optional.of(new StoredForm(derived.type().storage().dataType(), whole))
        : Optional.empty();
  }
}
