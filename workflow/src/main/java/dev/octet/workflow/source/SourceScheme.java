package dev.octet.workflow.source;

/**
 * What source quantization makes of linear layers. Each scheme is an immutable value with the names
 * and defaults that it has in torchao; two are equal when everything that they say is.
 */
public sealed interface SourceScheme
    permits Int8DynActInt4WeightQuantizer,
        Int8DynamicActivationIntxWeightConfig,
        IntxWeightOnlyConfig,
        Int8WeightOnlyConfig,
        Int8DynamicActivationInt8WeightConfig {

  /** Returns what becomes of the weight and of the activations of a layer. */
  LayerRule rule();
}
