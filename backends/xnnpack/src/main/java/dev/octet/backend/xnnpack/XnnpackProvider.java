package dev.octet.backend.xnnpack;

import com.google.auto.service.AutoService;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.ModeOption;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerProvider;
import java.util.List;

/** The decisions of XNNPACK's quantizer in ExecuTorch, as a table of rules; without a runtime. */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class XnnpackProvider extends RuleBackend {

  static final String NAME = "xnnpack";

  /** Makes the provider; does no work. */
  public XnnpackProvider() {
    super(
        NAME,
        "XNNPACK, as ExecuTorch runs it: int8 activations, symmetric int8 or 4-bit weights, float"
            + " biases.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return OPTIONS;
  }

  static final List<OptionDescriptor> OPTIONS =
      List.of(
          OptionDescriptor.flag(
                  "per-channel",
                  "Whether weights have a scale for each output channel, or one for all.")
              .defaultValue(true),
          ModeOption.descriptor(),
          OptionDescriptor.word(
                  "weight-bits",
                  "Width of weights: 8 bits (-127 to 127), or 4 bits (-8 to 7, stored as int8).",
                  "8",
                  "4")
              .defaultValue("8"));

  @Override
  public BackendRules rules(Options options) {
    return XnnpackRules.of(NAME, XnnpackConfig.of(options));
  }

  @Override
  public List<String> differences() {
    return List.of(
        "XNNPACKQuantizer skips the second of two layers that use one constant as their weight;"
            + " here both are quantized and share the weight's scales.",
        "XNNPACKQuantizer's filters by module name and module type never match a convolution, and"
            + " its filter by operator type matches one spelling of the operator only, silently;"
            + " here a selector selects what its name says, or is refused when it matches nothing.",
        "XNNPACKQuantizer lets pools, slices and other operators that only move values pass through"
            + " a filter that keeps them out; here an excluded node stays float.",
        "XNNPACKQuantizer quantizes transposed convolutions along axis 0 in quantization-aware"
            + " per-channel mode; here always along the output channels, axis 1.",
        "PyTorch folds a BatchNormalization into a convolution even where others read the"
            + " convolution's result, which changes the model; here it is not folded then.",
        "ONNX has one GlobalAveragePool for avg_pool2d over the whole plane, which XNNPACKQuantizer"
            + " leaves float, and adaptive_avg_pool2d(1), which it quantizes; here it stays float.",
        "Static activations are watched by PyTorch's HistogramObserver there; here by the observer"
            + " squared-error, which searches a histogram that merges exactly.",
        "In quantization-aware mode moving averages watch the values there; here the plan names"
            + " min-max, and such plans are not converted yet.");
  }
}
