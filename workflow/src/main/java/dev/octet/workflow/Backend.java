package dev.octet.workflow;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.workflow.calibrate.Observers;

/**
 * A backend as a request asks for it.
 *
 * @param name its name
 * @param options all options that were given for it, those of the framework among them
 * @param ownOptions its own options alone, with the defaults of those that were not given
 * @param policy the whole policy, what the options say included
 * @param quantizer its quantizer for these options
 * @param observers the observers that its specs may name
 */
record Backend(
    String name,
    Options options,
    Options ownOptions,
    Policy policy,
    Quantizer quantizer,
    Observers observers) {

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
    Quantizer quantizer = provider.create(split.backend());
    understood.requireNodeOptions(whole, quantizer.nodeOptions());
    understood.requireFit(whole);
    return new Backend(
        provider.name(),
        options,
        understood.completed(split.backend()),
        whole,
        quantizer,
        Observers.standard().with(provider));
  }
}
