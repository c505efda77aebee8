package dev.octet.workflow.source;

import dev.octet.api.graph.DataType;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rule of each layer by a scheme. */
final class LayerRules {

  private final LayerRule common;
  private final FinerLayers finer;
  private final LinearLayers layers;
  private final Set<LinearLayers.Weight> fine = new HashSet<>();

  private LayerRules(LayerRule common, FinerLayers finer, LinearLayers layers) {
    this.common = common;
    this.finer = finer;
    this.layers = layers;
  }

  /**
   * Chooses the rules of layers.
   *
   * @param quantized the layers that a scheme may quantize, one for each weight
   */
  static LayerRules of(SourceScheme scheme, LinearLayers layers, List<LinearLayer> quantized) {
    LayerRule common = scheme.rule();
    LayerRules rules =
        new LayerRules(
            common, scheme.finer().orElseGet(() -> new FinerLayers(common, common)), layers);
    if (scheme.finer().isPresent()) {
      rules.spend(quantized);
    }
    return rules;
  }

  /** Returns the rule of a layer. */
  LayerRule of(LinearLayer layer) {
    return fine.contains(layers.weight(layer)) ? finer.rule() : common;
  }

  /**
   * What finer groups would buy.
   *
   * @param bytes how many more bytes they take
   * @param gain how much less noise they leave for each of them
   */
  private record Offer(LinearLayer layer, long bytes, double gain) {}

  private void spend(List<LinearLayer> quantized) {
    long left = 0;
    List<Offer> offers = new ArrayList<>();
    for (LinearLayer layer : quantized) {
      long bytes = bytes(layer.form(), common);
      left += bytes(layer.form(), finer.most()) - bytes;
      long more = bytes(layer.form(), finer.rule()) - bytes;
      if (more > 0) {
        double gain = noise(layer, common) - noise(layer, finer.rule());
        offers.add(new Offer(layer, more, gain / more));
      }
    }
    offers.sort(Comparator.comparingDouble((Offer offer) -> -offer.gain()));
    for (Offer offer : offers) {
      if (offer.gain() > 0 && offer.bytes() <= left) {
        fine.add(layers.weight(offer.layer()));
        left -= offer.bytes();
      }
    }
  }

  private double noise(LinearLayer layer, LayerRule rule) {
    return NearestRounding.quantize(
            layer.node(),
            layers.constant(layer).constant().orElseThrow(),
            layer.form(),
            rule.withScales(ScaleAlgorithm.AFFINE))
        .stored()
        .sqnr()
        .noisePart();
  }

  /** The bytes that integers, scales and zero points need. */
  private static long bytes(Form form, LayerRule rule) {
    long group = rule.granularity().columns(form);
    long pairs = (form.inputs() + group - 1) / group * form.outputs();
    DataType integers = StoredWeight.storage(rule.weights()).dataType();
    return bytes(form.inputs() * form.outputs(), integers)
        + bytes(pairs, rule.weights().scales().dataType())
        + (rule.hasZeroPoints() ? bytes(pairs, integers) : 0);
  }

  private static long bytes(long count, DataType type) {
    return (count * type.bits() + Byte.SIZE - 1) / Byte.SIZE;
  }
}
