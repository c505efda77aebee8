package dev.octet.backend.xnnpack;

import dev.octet.annotation.rules.ConfiguredQuantizer;
import dev.octet.annotation.rules.RuleQuantizer;
import dev.octet.api.option.Options;

/**
 * XNNPACK's quantizer, configured in code:
 *
 * <pre>{@code
 * new XnnpackQuantizer()
 *     .setGlobal(symmetric(perChannel()))
 *     .setModuleName("layer2.1", symmetric(perChannel(), weightBits(4)))
 *     .setModuleName("conv1", null);
 * }</pre>
 *
 * <p>Operators that only move values go on with the parameters of what they read, also where no
 * configuration selects them. Not thread-safe.
 */
public final class XnnpackQuantizer extends ConfiguredQuantizer<XnnpackConfig, XnnpackQuantizer> {

  /** Makes a quantizer that selects no node yet. */
  public XnnpackQuantizer() {}

  @Override
  protected RuleQuantizer rules() {
    return new XnnpackProvider().ruleQuantizer(Options.none()).onlyWhereSelectedAndBehind();
  }

  @Override
  protected Options options(XnnpackConfig configuration) {
    return configuration.toOptions();
  }

  @Override
  protected XnnpackQuantizer self() {
    return this;
  }
}
