package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.CenteredRule;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.Arrays;

/**
 * The weight of a layer in the type of its rule, and the integers that it becomes: N rows, one for
 * each output, of K columns, in whatever order the constant has them. Not thread-safe, but for
 * different rows that have scales of their own.
 */
final class WeightMatrix {

  private final String name;
  private final Form form;
  private final LayerRule rule;
  private final RoundedRule rounding;
  private final long[] sizes;
  private final float[] elements;
  private final byte[] integers;
  private final int columns;
  private final int rows;
  private final int group;
  private final QuantizationParameters[] pairs;
  private final float[] floatZeros;

  private WeightMatrix(String name, Tensor weight, Form form, LayerRule rule) {
    this.name = name;
    this.form = form;
    this.rule = rule;
    this.rounding = rule.rounding();
    this.sizes = weight.sizes();
    this.columns = (int) form.inputs();
    this.rows = (int) form.outputs();
    this.group = rule.granularity().columns(form);
    this.elements = weight.floats();
    this.integers = new byte[elements.length];
    this.pairs = new QuantizationParameters[hasOneScale() ? 1 : rows * groups()];
    this.floatZeros = new float[rule.floatZeroPoints().isPresent() ? pairs.length : 0];
  }

  /**
   * Rounds a weight to the type of its rule.
   *
   * @param name what messages call it by
   * @param weight the constant, FLOAT
   * @throws OctetException {@code OCT-SRC-002} if an element is NaN or infinite
   */
  static WeightMatrix of(String name, Tensor weight, Form form, LayerRule rule) {
    WeightMatrix matrix = new WeightMatrix(name, weight, form, rule);
    matrix.round(weight);
    return matrix;
  }

  private void round(Tensor weight) {
    for (int i = 0; i < elements.length; i++) {
      elements[i] = rule.weights().values().round(elements[i]);
      if (!Float.isFinite(elements[i])) {
        throw SourceErrors.NOT_FINITE
            .error("the weight of '" + name + "' holds " + weight.floats()[i] + " at element " + i)
            .build();
      }
    }
  }

  /** Returns K. */
  int columns() {
    return columns;
  }

  /** Returns N. */
  int rows() {
    return rows;
  }

  /** Returns how many columns of a row share a scale; the last group of a row may have fewer. */
  int group() {
    return group;
  }

  /** Returns how many groups a row has. */
  int groups() {
    return (columns + group - 1) / group;
  }

  /** Tells whether all rows share one scale. */
  boolean hasOneScale() {
    return rule.granularity().kind() == WeightGranularity.Kind.TENSOR;
  }

  /** Returns how it becomes integers. */
  RoundedRule numbers() {
    return rule.weights();
  }

  /** Returns what makes integers of weights whose scale is chosen. */
  RoundedRule rounding() {
    return rounding;
  }

  /** Returns a copy of the weights of a row that share a scale. */
  float[] weights(int row, int group) {
    int first = group * this.group;
    float[] weights = new float[Math.min(columns, first + this.group) - first];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = at(row, first + i);
    }
    return weights;
  }

  float at(int row, int column) {
    return elements[index(row, column)];
  }

  /**
   * Chooses the scale and zero point of a group.
   *
   * @param weights what they are chosen for
   * @param matter how much an error of each counts
   * @throws OctetException {@code OCT-SRC-003} if the scale is beyond its type
   */
  void choose(int row, int group, float[] weights, double[] matter) {
    int pair = pair(row, group);
    if (rule.floatZeroPoints().isEmpty()) {
      pairs[pair] = rule.scales().choose(rule, weights, matter).orElseThrow(this::tooLarge);
      return;
    }
    CenteredRule.Pair found =
        rule.floatZeroPoints().get().choose(rule.centered(), weights).orElseThrow(this::tooLarge);
    pairs[pair] = QuantizationParameters.of(found.scale(), 0);
    floatZeros[pair] = found.zero();
  }

  private OctetException tooLarge() {
    return SourceErrors.NO_SCALE
        .error("the weight of '" + name + "' needs a scale that is beyond " + numbers().scales())
        .build();
  }

  /** Makes the integers nearest to the weights of a group, whose scale has been chosen. */
  void roundToNearest(int row, int group) {
    float[] weights = weights(row, group);
    Nearest nearest = nearest(row, group);
    for (int i = 0; i < weights.length; i++) {
      set(row, group * this.group + i, nearest.to(weights[i]));
    }
  }

  /** Makes an integer of a weight. */
  private interface Nearest {
    long to(float weight);
  }

  private Nearest nearest(int row, int group) {
    QuantizationParameters pair = parameters(row, group);
    if (floatZeros.length > 0) {
      CenteredRule centered = rule.centered();
      CenteredRule.Pair given = new CenteredRule.Pair(pair.scale(0), floatZeros[pair(row, group)]);
      // Stored integers are signed, so that their middle is 0.
      return weight -> centered.quantize(weight, given) + numbers().min();
    }
    float reciprocal = rounding.reciprocal(pair.scale(0));
    return weight -> rounding.quantize(weight, reciprocal, pair.zeroPoint(0));
  }

  QuantizationParameters parameters(int row, int group) {
    return pairs[pair(row, group)];
  }

  /** Makes the integer of a weight, whose scale has been chosen. */
  void set(int row, int column, long integer) {
    integers[index(row, column)] = (byte) integer;
  }

  private int pair(int row, int group) {
    if (hasOneScale()) {
      return 0;
    }
    return form.inputAxis() == 0 ? group * rows + row : row * groups() + group;
  }

  /** Sizes other than these two are 1. */
  private int index(int row, int column) {
    return form.inputAxis() == 0 ? column * rows + row : row * columns + column;
  }

  /** Returns the constant that the integers tell. */
  Tensor dequantized() {
    float[] told = new float[integers.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        told[index(row, column)] = told(row, column);
      }
    }
    return Tensor.of(told, sizes);
  }

  private float told(int row, int column) {
    QuantizationParameters pair = parameters(row, column / group);
    float told = (integers[index(row, column)] - pair.zeroPoint(0)) * pair.scale(0);
    return floatZeros.length == 0 ? told : told + floatZeros[pair(row, column / group)];
  }

  /** Returns the integers alone, as they are stored. */
  Tensor packed() {
    return StoredWeight.integers(rule, integers, sizes);
  }

  /** Returns what is stored. */
  StoredWeight stored() {
    double signal = 0;
    double noise = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int i = index(row, column);
        double lost = (double) elements[i] - told(row, column);
        signal += (double) elements[i] * elements[i];
        noise += lost * lost;
      }
    }
    return StoredWeight.of(
        rule,
        form,
        packed(),
        QuantizationParameters.joined(Arrays.asList(pairs)),
        floatZeros,
        new Sqnr(signal, noise));
  }
}
