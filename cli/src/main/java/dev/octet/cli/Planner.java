package dev.octet.cli;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.format.onnx.OpsetRaising;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.recipe.Recipe;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Supplier;

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
   * Options)} and {@link OpsetRaising#raise} for the errors.
   */
  Planned plan(Model model, QuantizerProvider provider, BackendOptions chosen) {
    Recipe recipe = chosen.recipe();
    Wish wish =
        guarded(
            provider,
            () -> {
              Options options = recipe.options(provider, chosen.options());
              Policy said = PolicyOptions.split(provider, options).policy();
              return new Wish(provider, options, recipe.policy().then(said));
            });
    Plan plan = plan(model, wish);
    long needed = needed(plan.document());
    if (needed <= model.opset()) {
      return new Planned(plan, List.of());
    }
    OpsetRaising.Raised raised = OpsetRaising.raise(model, needed);
    return new Planned(plan(raised.model(), wish), raised.findings());
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
   * Takes up a plan; see {@link Quantization#bind} and {@link OpsetRaising#raise} for the errors.
   */
  Planned bind(PlanDocument document, Model model, QuantizerProvider provider) {
    long needed = needed(document);
    OpsetRaising.Raised raised =
        needed <= model.opset()
            ? new OpsetRaising.Raised(model, List.of())
            : OpsetRaising.raise(model, needed);
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
    return guarded(
        provider, () -> provider.create(PolicyOptions.split(provider, options).backend()));
  }

  /**
   * Calls a backend.
   *
   * @throws OctetException {@code OCT-CLI-013} if the backend fails with an error of another type
   */
  private static <T> T guarded(QuantizerProvider provider, Supplier<T> call) {
    try {
      return call.get();
    } catch (OctetException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw OctetException.backend("OCT-CLI-013", "backend '" + provider.name() + "' failed: " + e)
          .at("--backend")
          .cause(e)
          .next("Report it to the backend's vendor; --verbose prints where it failed.");
    }
  }

  /** Returns the first operator set that has room for all groups; 0 when there are none. */
  private static long needed(PlanDocument document) {
    return document.groups().stream().mapToLong(Planner::needed).max().orElse(0);
  }

  private static long needed(PlannedGroup group) {
    QuantizationSpec spec = group.spec();
    if (spec instanceof QuantizationSpec.Observed observed) {
      return needed(observed);
    }
    Granularity whole = new Granularity.PerTensor();
    if (spec instanceof QuantizationSpec.Fixed fixed) {
      return OpsetRaising.neededFor(fixed.type().storage().dataType(), whole);
    }
    // Where a derived group has a scale for each channel, one of its sources has them too.
    return spec instanceof QuantizationSpec.Derived derived
        ? OpsetRaising.neededFor(derived.type().storage().dataType(), whole)
        : 0;
  }

  /** Granularities that DequantizeLinear does not know are refused when the plan is converted. */
  private static long needed(QuantizationSpec.Observed spec) {
    boolean known =
        spec.granularity() instanceof Granularity.PerTensor
            || spec.granularity() instanceof Granularity.PerChannel
            || spec.granularity() instanceof Granularity.PerGroup;
    return known ? OpsetRaising.neededFor(spec.type().storage().dataType(), spec.granularity()) : 0;
  }
}
