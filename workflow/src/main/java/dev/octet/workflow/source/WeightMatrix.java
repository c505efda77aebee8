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
  private final WeightGrid grid;
  private final LayerRule rule;
  private final RoundedRule rounding;
  private final long[] sizes;
  private final float[] elements;
  private final byte[] integers;
  private final QuantizationParameters[] pairs;
  private final float[] floatZeros;

  private WeightMatrix(String name, Tensor weight, Form form, LayerRule rule) {
    this.name = name;
    this.grid = WeightGrid.of(form, rule);
    this.rule = rule;
    this.rounding = rule.rounding();
    this.sizes = weight.sizes();
    this.elements = weight.floats();
    this.integers = new byte[elements.length];
    this.pairs = new QuantizationParameters[grid.scales()];
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
    return grid.columns();
  }

  /** Returns N. */
  int rows() {
    return grid.rows();
  }

  /** Returns how many columns of a row share a scale; the last group of a row may have fewer. */
  int group() {
    return grid.group();
  }

  /** Returns how many groups a row has. */
  int groups() {
    return grid.groups();
  }

  /** Tells whether all rows share one scale. */
  boolean hasOneScale() {
    return grid.hasOneScale();
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
    int first = group * group();
    float[] weights = new float[Math.min(columns(), first + group()) - first];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = at(row, first + i);
    }
    return weights;
  }

  float at(int row, int column) {
    return elements[grid.element(row, column)];
  }

  /**
   * Chooses the scale and zero point of a group.
   *
   * @param weights what they are chosen for
   * @param matter how much an error of each counts
   * @throws OctetException {@code OCT-SRC-003} if the scale is beyond its type
   */
  void choose(int row, int group, float[] weights, double[] matter) {
    int pair = grid.scale(row, group);
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
      set(row, group * group() + i, nearest.to(weights[i]));
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
      CenteredRule.Pair given =
          new CenteredRule.Pair(pair.scale(0), floatZeros[grid.scale(row, group)]);
      // Stored integers are signed, so that their middle is 0.
      return weight -> centered.quantize(weight, given) + numbers().min();
    }
    float reciprocal = rounding.reciprocal(pair.scale(0));
    return weight -> rounding.quantize(weight, reciprocal, pair.zeroPoint(0));
  }

  QuantizationParameters parameters(int row, int group) {
    return pairs[grid.scale(row, group)];
  }

  /** Makes the integer of a weight, whose scale has been chosen. */
  void set(int row, int column, long integer) {
    integers[grid.element(row, column)] = (byte) integer;
  }

  private float told(int row, int column) {
    int inGroup = column / group();
    QuantizationParameters pair = parameters(row, inGroup);
    long integer = integers[grid.element(row, column)] - pair.zeroPoint(0);
    return ToldWeight.told(integer, pair.scale(0), floatZeros, grid.scale(row, inGroup));
  }

  /** Returns the integers alone, as they are stored. */
  Tensor packed() {
    return StoredWeight.integers(rule, integers, sizes);
  }

  private QuantizationParameters parameters() {
    return QuantizationParameters.joined(Arrays.asList(pairs));
  }

  /** Returns the constant that stored integers tell, which are those of this matrix. */
  ToldWeight told(StoredWeight stored) {
    return new ToldWeight(stored.integers(), grid, parameters(), floatZeros);
  }

  /** Returns what is stored. */
  StoredWeight stored() {
    return StoredWeight.of(rule, grid.form(), packed(), parameters(), floatZeros, sqnr());
  }

  private Sqnr sqnr() {
    double signal = 0;
    double noise = 0;
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        double weight = at(row, column);
        double lost = weight - told(row, column);
        signal += weight * weight;
        noise += lost * lost;
      }
    }
    return new Sqnr(signal, noise);
  }
}
