package dev.octet.testkit;

import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;

/** Plans a model in one call. Nothing runs but the folding of constants. */
public final class Plans {

  private Plans() {}

  /** Plans with the backend's defaults, as {@link #of(QuantizerProvider, Options, Model)}. */
  public static Plan of(QuantizerProvider provider, Model model) {
    return of(provider, Options.none(), model);
  }

  /**
   * Plans a model as {@code octet plan} does.
   *
   * @param provider the backend; it need not be registered
   * @param options the backend's options, and those that every backend has, such as {@code exclude}
   * @param model the float model
   * @throws dev.octet.api.error.OctetException as {@link Quantization#plan(QuantizationRequest)}
   *     says
   */
  public static Plan of(QuantizerProvider provider, Options options, Model model) {
    return Quantization.plan(QuantizationRequest.of(model, provider).options(options));
  }
}
