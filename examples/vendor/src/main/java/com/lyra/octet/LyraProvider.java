package com.lyra.octet;

import static dev.octet.annotation.rules.Conditions.rankIn;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.derivedFromInputAndWeight;
import static dev.octet.annotation.rules.Specs.int8;
import static dev.octet.annotation.rules.Specs.outputChannel;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.SpecTemplate;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.runtime.BackendRuntime;
import java.util.List;
import java.util.Optional;

/** What the Lyra accelerator computes with integers, and how. */
@BuiltFor(ApiVersion.CURRENT)
public final class LyraProvider extends RuleBackend {

  /** Names the backend. */
  public LyraProvider() {
    super("lyra", "The Lyra accelerator: int8, weights per output channel.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(
        OptionDescriptor.flag("per-channel", "Whether weights have a scale for each channel.")
            .defaultValue(true));
  }

  @Override
  public BackendRules rules(Options options) {
    SpecTemplate.Observed plain = int8().range(-127, 127).symmetric();
    SpecTemplate weight = options.flag("per-channel") ? plain.perChannel(outputChannel()) : plain;
    return BackendRules.named(name())
        .rule("convolution", op("Conv").constantOperand(1).constantIfPresent(2))
        .activation(int8())
        .weight(weight)
        .bias(derivedFromInputAndWeight())
        .output(int8())
        .rule("dense", op("MatMul").constantOperand(1).where(rankIn(1, 2)))
        .activation(int8())
        .weight(weight)
        .output(int8())
        .rule("sum", op("Add"))
        .inputs(int8())
        .output(int8())
        .rule("relu", op("Relu"))
        .activation(int8())
        .output(int8())
        .rule("flatten", op("Flatten"))
        .whereInputIsQuantized()
        .outputSharesInput()
        .build();
  }

  @Override
  public Optional<BackendRuntime> runtime() {
    return Optional.of(new LyraRuntime());
  }
}
