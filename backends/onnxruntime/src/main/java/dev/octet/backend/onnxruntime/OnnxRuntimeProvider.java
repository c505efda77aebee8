package dev.octet.backend.onnxruntime;

import com.google.auto.service.AutoService;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.ObserverChoice;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.graph.Model;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Optional;

/**
 * The backend of ONNX Runtime's CPU execution provider: models that keep their accuracy on every
 * CPU that it runs on.
 *
 * <p>Activations are uint8, affine, per tensor. Weights are symmetric, per output channel, and such
 * that no sum of products saturates: on x86 CPUs without VNNI, ONNX Runtime adds pairs of uint8 x
 * int8 products in 16 bits. {@link WeightChoice} has the ways to see to it. Biases are int32 with
 * the product of both scales.
 */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class OnnxRuntimeProvider extends RuleBackend {

  /** Makes the provider; does no work. */
  public OnnxRuntimeProvider() {
    super(
        "onnxruntime",
        "ONNX Runtime on the CPU: uint8 activations and per-channel weights that cannot"
            + " saturate on any CPU.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(ObserverChoice.option(), WeightChoice.option());
  }

  /** Loads the native library only where the jar has none for this machine: it is large. */
  @Override
  public Availability availability() {
    if (NativeLibrary.isBundled()) {
      return new Availability.Available();
    }
    try {
      Environment.get();
      return new Availability.Available();
    } catch (LinkageError | RuntimeException e) {
      return new Availability.Unavailable(
          "ONNX Runtime's native library does not load: " + e.getMessage(),
          "Use a 64-bit Linux, Windows or macOS machine; quantizing for this backend works without"
              + " it.");
    }
  }

  @Override
  public BackendRules rules(Options options) {
    return StaticIntegerRules.of(
        name(),
        new IntegerTypes(
            QuantizedType.of(Storage.UINT8), WeightChoice.of(options), ObserverChoice.of(options)));
  }

  @Override
  public Quantizer create(Options options) {
    return new BoundedPairs(ruleQuantizer(options));
  }

  @Override
  public boolean cutsLogits() {
    return true;
  }

  @Override
  public Optional<BackendRuntime> runtime() {
    return Optional.of(new OnnxRuntime());
  }

  @Override
  public List<Finding> checkConverted(Model converted) {
    return SaturationCheck.of(converted.graph()).stream().toList();
  }
}
