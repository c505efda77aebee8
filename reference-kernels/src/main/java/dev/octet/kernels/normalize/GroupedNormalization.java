package dev.octet.kernels.normalize;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * InstanceNormalization and GroupNormalization of {@code [N, C, ...]}: each image's channels, alone
 * or in groups of neighbours, by their own statistics.
 *
 * <p>In double, in the order of the elements: {@code mean = sum(x) / n}, {@code variance = sum((x -
 * mean)^2) / n}, {@code (x - mean) / sqrt(variance + epsilon) * scale + bias}; rounded once. Scale
 * and bias have an element for each channel; those of a GroupNormalization before operator set 21
 * one for each group.
 */
final class GroupedNormalization implements RealKernel.Body {

  private static final int CHANNELS_FOR_EACH_GROUP = 21;
  private static final int ROWS_FOR_A_THREAD = 1;

  private final int images;
  private final int channels;
  private final int plane;
  private final int groups;
  private final boolean ofGroups;
  private final double epsilon;

  private GroupedNormalization(Preparation preparation, int groups, boolean ofGroups) {
    ArrayType x = preparation.operand(0);
    this.images = x.size(0);
    this.channels = x.size(1);
    this.plane = x.product(2, x.rank());
    this.groups = groups;
    this.ofGroups = ofGroups;
    this.epsilon = preparation.node().floatAttribute("epsilon", 1e-5f);
  }

  static RealKernel.Body instances(Preparation preparation) {
    return new GroupedNormalization(preparation, preparation.operand(0).size(1), false);
  }

  static RealKernel.Body groups(Preparation preparation) {
    int groups = Math.toIntExact(preparation.node().intAttribute("num_groups", 0));
    boolean ofGroups = preparation.opset() < CHANNELS_FOR_EACH_GROUP;
    return new GroupedNormalization(preparation, groups, ofGroups);
  }

  /** InstanceNormalization: the shape of the input, scale and bias of one element per channel. */
  static List<Optional<TensorType>> instanceShape(ShapeContext context) {
    requireParameters(context, channels(context));
    return ElementwiseShapes.sameAsFirst(context);
  }

  /** GroupNormalization: the groups divide the channels. */
  static List<Optional<TensorType>> groupShape(ShapeContext context) {
    long groups = context.node().intAttribute("num_groups", 0);
    Dimension channels = channels(context);
    if (groups < 1 || Dimensions.size(channels).orElse(groups) % groups != 0) {
      throw new ShapeMismatchException(channels + " channels in " + groups + " groups");
    }
    boolean ofGroups = context.opset() < CHANNELS_FOR_EACH_GROUP;
    requireParameters(context, ofGroups ? Dimension.of(groups) : channels);
    return ElementwiseShapes.sameAsFirst(context);
  }

  private static Dimension channels(ShapeContext context) {
    context.requireRank(0, 2, Integer.MAX_VALUE);
    return context.dimensions(0).map(d -> d.get(1)).orElse(Dimensions.unknown());
  }

  private static void requireParameters(ShapeContext context, Dimension count) {
    context.requireSizes(1, count);
    context.requireSizes(2, count);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] x = operands.reals(0);
    double[] scale = operands.reals(1);
    double[] bias = operands.reals(2);
    workers.forRange(
        images * groups,
        ROWS_FOR_A_THREAD,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            row(x, scale, bias, results[0], row);
          }
        });
  }

  private void row(double[] x, double[] scale, double[] bias, double[] y, int row) {
    int each = channels / groups;
    int begin = row * each * plane;
    double mean = Spread.mean(x, begin, begin + each * plane);
    double variance = Spread.variance(x, begin, begin + each * plane, mean);
    double inverse = 1 / Math.sqrt(variance + epsilon);
    for (int i = 0; i < each * plane; i++) {
      int group = row % groups;
      int parameter = ofGroups ? group : group * each + i / plane;
      y[begin + i] = (x[begin + i] - mean) * inverse * scale[parameter] + bias[parameter];
    }
  }
}
