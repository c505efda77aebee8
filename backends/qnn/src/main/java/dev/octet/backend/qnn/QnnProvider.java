package dev.octet.backend.qnn;

import com.google.auto.service.AutoService;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.DerivationKind;
import java.util.List;

/** The decisions of ExecuTorch's QnnQuantizer, as a table of rules; without a runtime. */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class QnnProvider extends RuleBackend {

  /** Makes the provider; does no work. */
  public QnnProvider() {
    super(
        "qnn",
        "Qualcomm's QNN, as ExecuTorch quantizes for its HTP: uint8 or uint16 activations,"
            + " symmetric int8, 4-bit or int16 weights, int32 biases.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return QnnConfig.OPTIONS;
  }

  @Override
  public List<DerivationKind> derivations() {
    return List.of(new RepeatedScales());
  }

  @Override
  public BackendRules rules(Options options) {
    return QnnRules.of(name(), QnnConfig.of(options));
  }

  @Override
  public List<String> differences() {
    return List.of(
        "An AveragePool that counts padding while ceil_mode lets windows leave the padded input is"
            + " quantized there; here it stays float, because ONNX Runtime divides by another"
            + " number where it averages integers.",
        "QnnQuantizer lets specs that differ in their smallest scale share parameters, and what it"
            + " finds first counts: 1e-4/255 or 1e-4/65535; here it is 1e-4/65535 for all.",
        "Where an operator reads the result of Sigmoid, HardSigmoid or Tanh, QnnQuantizer's operand"
            + " has the fixed parameters; here it has its own, and a requantization stands"
            + " between.",
        "QnnQuantizer observes the parts of a concatenation one by one and writes one range over"
            + " all of them; here they share it from the start.",
        "QnnQuantizer holds uint16 in int32; here it is uint16.",
        "QnnQuantizer repeats the scales of a grouped transposed convolution's bias in another"
            + " order than the channels have; here each channel has the scale of its own weights.",
        "QnnQuantizer writes LeakyRelu as PRelu with a constant, and quantizes the constant; here"
            + " it is an attribute.",
        "QnnQuantizer sees an LSTM cell as one operator and quantizes its results alone; here its"
            + " parts are quantized.",
        "PyTorch folds a BatchNormalization into a convolution even where others read the"
            + " convolution's result, which changes the model; here it is not folded then.",
        "Activations are watched by a moving average of minimum and maximum there, which depends on"
            + " the order of the samples; here by min-max. Weights are watched by min-max;"
            + " QnnQuantizer searches a hundred ranges for the least squared error, and takes the"
            + " whole range in every case that was compared.",
        "Blocks of a convolution whose kernel is larger than 1 share the channel's scale over all"
            + " taps there; here such a convolution has a scale for each channel.",
        "In quantization-aware mode the plan names min-max, and such plans are not converted yet.");
  }
}
