package dev.octet.backend.x86;

import dev.octet.annotation.rules.ConfiguredQuantizer;
import dev.octet.annotation.rules.RuleQuantizer;
import dev.octet.api.option.Options;

/**
 * The x86 quantizer, configured in code:
 *
 * <pre>{@code
 * new X86Quantizer()
 *     .setGlobal(defaultConfig())
 *     .setModuleType("Linear", null)
 *     .setModuleName("conv1", defaultConfig().withReducedRange());
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class X86Quantizer extends ConfiguredQuantizer<X86Config, X86Quantizer> {

  /** Makes a quantizer that selects no node yet. */
  public X86Quantizer() {}

  @Override
  protected RuleQuantizer rules() {
    return new X86Provider().ruleQuantizer(Options.none()).onlyWhereSelected();
  }

  @Override
  protected Options options(X86Config configuration) {
    return configuration.toOptions();
  }

  @Override
  protected X86Quantizer self() {
    return this;
  }
}
