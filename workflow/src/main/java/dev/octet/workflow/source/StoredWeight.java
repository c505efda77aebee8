package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The weight of a layer as integers, in the order of the constant that it was.
 *
 * @param integers the integers, as many bits each as their type has
 * @param scales the scales, FLOAT, in the shape that DequantizeLinear wants
 * @param zeroPoints the zero points in the same shape; empty where all are 0
 * @param attributes what DequantizeLinear must know
 * @param signal the sum of the squares of the weights
 * @param noise the sum of the squares of what the integers do not tell
 */
record StoredWeight(
    Tensor integers,
    Tensor scales,
    Optional<Tensor> zeroPoints,
    List<Attribute> attributes,
    double signal,
    double noise) {

  /**
   * Quantizes a weight.
   *
   * @param name what messages call it by
   * @param weight the constant, FLOAT
   * @param form how it is stored
   * @param rule what becomes of it; its groups fit the layer
   * @throws OctetException {@code OCT-SRC-002} if an element is NaN or infinite; {@code
   *     OCT-SRC-003} if a scale is beyond its type
   */
  static StoredWeight of(String name, Tensor weight, Form form, LayerRule rule) {
    return new Quantizing(name, weight, rule.granularity().of(form), rule.weights()).run();
  }

  /** Returns the storage that holds the integers of a rule in the fewest bits. */
  static Storage storage(RoundedRule rule) {
    if (rule.min() >= Storage.INT2.min() && rule.max() <= Storage.INT2.max()) {
      return Storage.INT2;
    }
    return rule.min() >= Storage.INT4.min() && rule.max() <= Storage.INT4.max()
        ? Storage.INT4
        : Storage.INT8;
  }

  /** Returns the bytes of everything that is stored. */
  long byteCount() {
    return integers.byteCount() + scales.byteCount() + zeroPoints.map(Tensor::byteCount).orElse(0L);
  }

  /** One weight on its way. */
  private static final class Quantizing {
    private final String name;
    private final Tensor weight;
    private final Granularity granularity;
    private final RoundedRule rule;
    private final float[] elements;
    private final ParameterLayout layout;
    private final QuantizationParameters[] parameters;

    Quantizing(String name, Tensor weight, Granularity granularity, RoundedRule rule) {
      this.name = name;
      this.weight = weight;
      this.granularity = granularity;
      this.rule = rule;
      this.elements = weight.floats();
      this.layout = ParameterLayout.of(granularity, weight.sizes());
      this.parameters = new QuantizationParameters[layout.count()];
    }

    StoredWeight run() {
      round();
      choose();
      long[] integers = new long[elements.length];
      double[] errors = new double[2];
      layout.forEachRun((from, to, p) -> quantize(from, to, parameters[p], integers, errors));
      Storage storage = storage(rule);
      long[] sizes = parameterSizes();
      QuantizationParameters all = QuantizationParameters.joined(List.of(parameters));
      return new StoredWeight(
          Tensor.ofIntegers(storage.dataType(), integers, weight.sizes()),
          Tensor.of(all.scales(), sizes),
          rule.mapping() == RoundedRule.Mapping.ASYMMETRIC
              ? Optional.of(Tensor.ofIntegers(storage.dataType(), all.zeroPoints(), sizes))
              : Optional.empty(),
          attributes(),
          errors[0],
          errors[1]);
    }

    private void round() {
      for (int i = 0; i < elements.length; i++) {
        elements[i] = rule.values().round(elements[i]);
        if (!Float.isFinite(elements[i])) {
          throw SourceErrors.NOT_FINITE
              .error(
                  "the weight of '" + name + "' holds " + weight.floats()[i] + " at element " + i)
              .build();
        }
      }
    }

    private void choose() {
      float[] low = new float[parameters.length];
      float[] high = new float[parameters.length];
      layout.forEachRun(
          (from, to, p) -> {
            for (int i = from; i < to; i++) {
              low[p] = Math.min(low[p], elements[i]);
              high[p] = Math.max(high[p], elements[i]);
            }
          });
      for (int p = 0; p < parameters.length; p++) {
        parameters[p] = rule.choose(low[p], high[p]).orElseThrow(this::tooLarge);
      }
    }

    private OctetException tooLarge() {
      return SourceErrors.NO_SCALE
          .error("the weight of '" + name + "' needs a scale that is beyond " + rule.scales())
          .build();
    }

    private void quantize(
        int from, int to, QuantizationParameters pair, long[] integers, double[] errors) {
      float scale = pair.scale(0);
      float reciprocal = rule.reciprocal(scale);
      long zeroPoint = pair.zeroPoint(0);
      for (int i = from; i < to; i++) {
        integers[i] = rule.quantize(elements[i], reciprocal, zeroPoint);
        double lost = (double) elements[i] - (double) ((integers[i] - zeroPoint) * scale);
        errors[0] += (double) elements[i] * elements[i];
        errors[1] += lost * lost;
      }
    }

    private long[] parameterSizes() {
      return granularity.match(
          new Granularity.Cases<>(
              whole -> new long[0],
              channel -> new long[] {parameters.length},
              runs -> Arrays.stream(layout.grid()).asLongStream().toArray(),
              block -> {
                throw none(block);
              },
              token -> {
                throw none(token);
              }));
    }

    private List<Attribute> attributes() {
      return granularity.match(
          new Granularity.Cases<List<Attribute>>(
              whole -> List.of(),
              channel -> List.of(Attribute.of("axis", (long) channel.axis())),
              runs ->
                  List.of(
                      Attribute.of("axis", (long) runs.axis()),
                      Attribute.of("block_size", runs.size())),
              block -> {
                throw none(block);
              },
              token -> {
                throw none(token);
              }));
    }

    private static IllegalStateException none(Granularity granularity) {
      return new IllegalStateException("a layer's weight with the granularity " + granularity);
    }
  }
}
