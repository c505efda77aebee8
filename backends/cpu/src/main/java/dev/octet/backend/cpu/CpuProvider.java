package dev.octet.backend.cpu;

import com.google.auto.service.AutoService;
import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.ObserverChoice;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import java.util.List;
import java.util.Optional;

/**
 * The backend of Octet's own integer kernels: int8 everywhere, exact in every integer.
 *
 * <p>Activations are int8, affine, per tensor. Weights are int8 in [-127, 127], symmetric, with a
 * scale for each output channel. No scale is below 2^-63. Biases are int32 with the product of both
 * scales.
 */
@AutoService(QuantizerProvider.class)
@BuiltFor(ApiVersion.CURRENT)
public final class CpuProvider extends RuleBackend {

  /** Makes the provider; does no work. */
  public CpuProvider() {
    super(
        "cpu",
        "Octet's own integer kernels: int8 activations and per-channel int8 weights, exact in every"
            + " integer.");
  }

  @Override
  public List<OptionDescriptor> options() {
    return List.of(ObserverChoice.option());
  }

  @Override
  public BackendRules rules(Options options) {
    return StaticIntegerRules.of(
        name(),
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverChoice.of(options)));
  }

  @Override
  public boolean cutsLogits() {
    return true;
  }

  @Override
  public Optional<BackendRuntime> runtime() {
    return Optional.of(new ReferenceRuntime());
  }

  /** QDQ files of int8 are what ONNX Runtime runs. */
  @Override
  public List<String> alsoRunBy() {
    return List.of("onnxruntime");
  }
}
