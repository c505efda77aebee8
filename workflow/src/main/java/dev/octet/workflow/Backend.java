package dev.octet.workflow;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.workflow.plan.PlanBackend;

/**
 * A backend as a request asks for it.
 *
 * @param own the backend with its own options, for the steps after planning
 * @param options all options that were given for it, those of the framework among them
 * @param ownOptions its own options alone, with the defaults of those that were not given
 * @param policy the whole policy, what the options say included
 * @param quantizer its quantizer for these options
 */
record Backend(
    PlanBackend own, Options options, Options ownOptions, Policy policy, Quantizer quantizer) {

  /** Returns its name. */
  String name() {
    return own.name();
  }

  /** Resolves what a request says. */
  static Backend of(QuantizationRequest request) {
    QuantizerProvider provider = QuantizerProvider.guarded(request.backend());
    PolicyOptions understood = PolicyOptions.of(provider);
    request.recipe().requireFit(understood);
    understood.requireFit(request.options());
    Options options = request.recipe().options().overriddenBy(request.options());
    Policy policy = request.recipe().policy().then(request.policy());
    return of(provider, understood, options, policy);
  }

  /** Takes the backend of a plan again; the decisions of its policy are in the plan. */
  static Backend of(QuantizerProvider provider, Options options) {
    QuantizerProvider guarded = QuantizerProvider.guarded(provider);
    PolicyOptions understood = PolicyOptions.of(guarded);
    understood.requireFit(options);
    return of(guarded, understood, options, Policy.none());
  }

  private static Backend of(
      QuantizerProvider provider, PolicyOptions understood, Options options, Policy policy) {
    PolicyOptions.Split split = understood.split(options);
    Policy whole = policy.then(split.policy());
    PlanBackend own = PlanBackend.of(provider, split.backend());
    Quantizer quantizer = own.quantizer();
    understood.requireNodeOptions(whole, quantizer.nodeOptions());
    understood.requireFit(whole);
    return new Backend(own, options, understood.completed(split.backend()), whole, quantizer);
  }
}
