package dev.octet.backend.x86;

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

/**
 * The decisions of PyTorch's quantizer for x86 CPUs (inductor), as a table of rules; without a
 * runtime.
 */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class X86Provider extends RuleBackend {

  static final String NAME = "x86";

  static final List<OptionDescriptor> OPTIONS =
      List.of(
          OptionDescriptor.flag(
                  "reduce-range",
                  "Whether activations use 7 bits, 0 to 127, so that sums of products fit on CPUs"
                      + " without VNNI.")
              .defaultValue(false),
          ModeOption.descriptor());

  /** Makes the provider; does no work. */
  public X86Provider() {
    super(
        NAME,
        "x86 CPUs, as PyTorch's inductor quantizes for them: uint8 activations, int8 weights per"
            + " output channel, float biases.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return OPTIONS;
  }

  @Override
  public BackendRules rules(Options options) {
    return X86Rules.of(NAME, X86Config.of(options));
  }

  @Override
  public List<String> differences() {
    return List.of(
        "An AveragePool that counts padding while ceil_mode lets windows leave the padded input is"
            + " quantized there; here it stays float, because ONNX Runtime divides by another"
            + " number where it averages integers.",
        "X86InductorQuantizer finds torch.nn.ReLU but not torch.relu, and a convolution's module"
            + " but not its function; ONNX has one operator for both, and every one is found here.",
        "X86InductorQuantizer fails on a convolution whose result has several readers in some"
            + " patterns (\"more than one output node\"); here the convolution is quantized without"
            + " what follows.",
        "X86InductorQuantizer leaves both of two convolutions with one constant weight float; here"
            + " both are quantized and share the weight's scales.",
        "Configurations of different modes in one model are skipped with a warning there; here each"
            + " node has its own.",
        "PyTorch folds a BatchNormalization into a convolution even where others read the"
            + " convolution's result, which changes the model; here it is not folded then.",
        "ONNX has one GlobalAveragePool for avg_pool2d over the whole plane and"
            + " adaptive_avg_pool2d(1), which are told apart there; here it stays float.",
        "Static activations are watched by PyTorch's HistogramObserver there; here by the observer"
            + " squared-error, which searches a histogram that merges exactly.",
        "In quantization-aware mode moving averages watch the values there; here the plan names"
            + " min-max, and such plans are not converted yet.",
        "MatMul of two computed values, which is off there unless it is asked for by name, has no"
            + " rule here.");
  }
}
