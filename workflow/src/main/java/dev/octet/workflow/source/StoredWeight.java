package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.plan.ValueNodes;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The weight of a layer as integers, in the order of the constant that it was.
 *
 * @param integers the integers, as many bits each as their type has
 * @param scales the scales, in their type, in the shape that DequantizeLinear wants
 * @param zeroPoints the zero points in the same shape; empty where all are 0
 * @param floatZeros zero points that are added behind the scales, in the type and shape of these;
 *     empty where there are none
 * @param attributes what DequantizeLinear must know
 * @param sqnr how far what the integers tell is from the weights
 */
record StoredWeight(
    Tensor integers,
    Tensor scales,
    Optional<Tensor> zeroPoints,
    Optional<Tensor> floatZeros,
    List<Attribute> attributes,
    Sqnr sqnr) {

  /**
   * Stores integers.
   *
   * @param rule what made them
   * @param form how the constant is stored
   * @param integers as {@link #integers(LayerRule, byte[], long[])} makes them
   * @param parameters their scales and zero points, in the order of the constant
   * @param floatZeros as many zero points that are floats; empty where there are none
   */
  static StoredWeight of(
      LayerRule rule,
      Form form,
      Tensor integers,
      QuantizationParameters parameters,
      float[] floatZeros,
      Sqnr sqnr) {
    Granularity granularity = rule.granularity().of(form);
    DataType type = integers.dataType();
    long[] grid = parameterSizes(granularity, integers.sizes(), parameters.count());
    return new StoredWeight(
        integers,
        rule.weights().scales().tensor(parameters.scales(), grid),
        rule.hasZeroPoints()
            ? Optional.of(Tensor.ofIntegers(type, parameters.zeroPoints(), grid))
            : Optional.empty(),
        Optional.of(floatZeros)
            .filter(zeros -> zeros.length > 0)
            .map(zeros -> rule.weights().scales().tensor(zeros, grid)),
        ValueNodes.layout(granularity),
        sqnr);
  }

  /** Packs integers of a rule, one in each byte, in as few bits as they need. */
  static Tensor integers(LayerRule rule, byte[] integers, long[] sizes) {
    ArrayType type = ArrayType.of(storage(rule.weights()).dataType(), sizes);
    return new TensorArray(type, integers).toTensor();
  }

  /** Returns this weight with integers that may be made again, see {@link Tensor#remadeFrom}. */
  StoredWeight remadeFrom(Tensor weight, Supplier<Tensor> make) {
    return new StoredWeight(
        integers.remadeFrom(weight, make), scales, zeroPoints, floatZeros, attributes, sqnr);
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
    return integers.byteCount()
        + scales.byteCount()
        + zeroPoints.map(Tensor::byteCount).orElse(0L)
        + floatZeros.map(Tensor::byteCount).orElse(0L);
  }

  private static long[] parameterSizes(Granularity granularity, long[] sizes, int count) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> new long[0],
            channel -> new long[] {count},
            runs ->
                Arrays.stream(ParameterLayout.of(granularity, sizes).grid())
                    .asLongStream()
                    .toArray(),
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
