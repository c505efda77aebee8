package dev.octet.backend.arm;

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
import java.util.Set;

/** The decisions of ExecuTorch's TOSAQuantizer, as a table of rules; without a runtime. */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class ArmProvider extends RuleBackend {

  /** Makes the provider; does no work. */
  public ArmProvider() {
    super(
        "arm",
        "Arm's TOSA and Ethos-U, as ExecuTorch quantizes for them: int8 or int16 activations,"
            + " symmetric int8 or 4-bit weights, int32 biases.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return ArmConfig.OPTIONS;
  }

  @Override
  public List<DerivationKind> derivations() {
    return List.of(new WideBias());
  }

  @Override
  protected Set<String> optionsOfTheModel() {
    return Set.of(ArmConfig.BOUNDARY);
  }

  @Override
  public BackendRules rules(Options options) {
    return ArmRules.of(name(), ArmConfig.of(options));
  }

  @Override
  public List<String> differences() {
    return List.of(
        "An AveragePool that counts padding while ceil_mode lets windows leave the padded input is"
            + " quantized there; here it stays float, because ONNX Runtime divides by another"
            + " number where it averages integers.",
        "TOSAQuantizer decomposes Softmax, LayerNormalization, Div, ReduceMean and embeddings first"
            + " and quantizes every part; here each is one operator whose operands and result are"
            + " quantized.",
        "TOSAQuantizer is told by set_io that inputs and outputs are uint8; here by the option"
            + " boundary. That they stay float is asked for as for every backend, by"
            + " exclude=input:* and exclude=output:*.",
        "TOSAQuantizer takes no Clip from torch.clamp into a convolution, but one from hardtanh;"
            + " ONNX has one Clip for both, and a lower end of 0 is taken in.",
        "TOSAQuantizer fails at a grouped transposed convolution with a scale for each channel;"
            + " here it stays float.",
        "PyTorch folds a BatchNormalization into a convolution even where others read the"
            + " convolution's result, which changes the model; here it is not folded then.",
        "PyTorch copies a weight that two layers use and quantizes each copy; here the layers share"
            + " the weight and its scales.",
        "Casts from integers, which TOSAQuantizer quantizes with scale 1, stay as they are.",
        "Activations are watched by PyTorch's HistogramObserver there; here by the observer"
            + " squared-error, which searches a histogram that merges exactly.",
        "In quantization-aware mode moving averages watch the values there; here the plan names"
            + " min-max, and such plans are not converted yet.");
  }
}
