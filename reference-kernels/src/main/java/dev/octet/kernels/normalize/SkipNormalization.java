package dev.octet.kernels.normalize;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * com.microsoft SkipLayerNormalization and SkipSimplifiedLayerNormalization: {@code s = x + skip +
 * bias}, then over the last dimension {@code (s - mean) / sqrt(variance + epsilon) * gamma + beta},
 * or {@code s / sqrt(mean(s * s) + epsilon) * gamma}; in double, in the order of the elements,
 * rounded once. Result 3 is s. The skip may lack the first dimension, or have 1 there. The
 * statistics, results 1 and 2, are for training and are refused.
 */
final class SkipNormalization implements RealKernel.Body {

  private static final int SUM = 3;

  private final boolean centred;
  private final int length;
  private final double epsilon;
  private final Broadcast skipWalk;
  private final int bias;

  private SkipNormalization(Preparation preparation, boolean centred) {
    ArrayType x = preparation.operand(0);
    this.centred = centred;
    this.length = x.size(x.rank() - 1);
    this.epsilon = preparation.node().floatAttribute("epsilon", 1e-12f);
    this.skipWalk = Broadcast.of(x.sizes(), preparation.operand(1).sizes());
    this.bias = centred ? 4 : 3;
  }

  static RealKernel.Body centred(Preparation preparation) {
    return new SkipNormalization(preparation, true);
  }

  static RealKernel.Body simplified(Preparation preparation) {
    return new SkipNormalization(preparation, false);
  }

  static Optional<String> refusal(Signature signature) {
    List<String> results = signature.node().results();
    boolean statistics =
        results.subList(Math.min(1, results.size()), Math.min(SUM, results.size())).stream()
            .anyMatch(result -> !result.isEmpty());
    return statistics ? Optional.of("statistics for training are not given") : Optional.empty();
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 2, 3);
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isPresent()) {
      Dimension length = x.get().get(x.get().size() - 1);
      for (int operand = 2; operand < 5; operand++) {
        context.requireSizes(operand, length);
      }
      requireSkip(context, x.get());
    }
    Optional<TensorType> sum = ElementwiseShapes.sameAsFirst(context).get(0);
    Optional<TensorType> statistic = ReduceShapes.normalizedRows(context).get(1);
    return List.of(sum, statistic, statistic, sum);
  }

  private static void requireSkip(ShapeContext context, List<Dimension> x) {
    context.requireRank(1, 2, x.size());
    Optional<List<Dimension>> skip = context.dimensions(1);
    if (skip.isPresent()) {
      int ahead = x.size() - skip.get().size();
      for (int axis = 0; axis < skip.get().size(); axis++) {
        boolean repeated = axis == 0 && x.size() == 3 && Dimensions.is(skip.get().get(0), 1);
        if (!repeated) {
          Dimensions.same(x.get(ahead + axis), skip.get().get(axis));
        }
      }
    }
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] sum = operands.reals(0);
    double[] skip = operands.reals(1);
    double[] gamma = operands.reals(2);
    double[] beta = centred ? operands.reals(3, length, 0) : new double[length];
    double[] added = operands.reals(bias, length, 0);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += skip[skipWalk.index(0, i)] + added[i % length];
    }
    if (results.length > SUM) {
      System.arraycopy(sum, 0, results[SUM], 0, sum.length);
    }
    Spread.normalise(sum, centred, epsilon, gamma, beta, results[0]);
  }
}
