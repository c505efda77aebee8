package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;

/** Makes integers of the weight of a layer. Layers come in the order of the graph. */
@FunctionalInterface
interface WeightFitting {

  /**
   * Makes integers of a weight.
   *
   * @param layer a layer that reads it, the first of them
   * @param weight the constant, FLOAT
   * @param rule what becomes of it; its groups fit the layer
   * @throws OctetException {@code OCT-SRC-002} if an element is NaN or infinite; {@code
   *     OCT-SRC-003} if a scale is beyond its type
   */
  StoredWeight fit(LinearLayer layer, Tensor weight, LayerRule rule);
}
