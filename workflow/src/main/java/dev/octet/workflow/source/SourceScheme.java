package dev.octet.workflow.source;

import java.util.Optional;

/**
 * What source quantization makes of linear layers. Each scheme is an immutable value with the names
 * and defaults that it has in torchao; two are equal when everything that they say is.
 */
public sealed interface SourceScheme
    permits Int8DynActInt4WeightQuantizer,
        Int8DynamicActivationIntxWeightConfig,
        IntxWeightOnlyConfig,
        Int8WeightOnlyConfig,
        Int4WeightOnlyConfig,
        Int8DynamicActivationInt8WeightConfig,
        GptqConfig,
        Int8DynActBestWeightQuantizer,
        WithEmbeddings {

  /** Returns what becomes of the weight and of the activations of a layer. */
  LayerRule rule();

  /**
   * Returns what some layers get instead, as long as all weights together need no more bytes than
   * they may; empty for schemes that treat all layers alike.
   */
  default Optional<FinerLayers> finer() {
    return Optional.empty();
  }

  /**
   * Tells whether the tables of embeddings that Gather nodes read become integers, too, by the rule
   * of weights.
   */
  default boolean quantizesTables() {
    return false;
  }

  /** Tells whether a weight that is such a table turned round is stored once with it. */
  default boolean tiesTables() {
    return false;
  }

  /** Returns how weights are fitted to data; empty for schemes that need none. */
  default Optional<GptqSettings> fitting() {
    return Optional.empty();
  }
}
