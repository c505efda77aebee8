package dev.octet.kernels.loss;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss of scores {@code [N, C, ...]} and classes
 * {@code [N, ...]}: {@code -score of the class * weight of the class}, the scores of the latter
 * being the logarithms of their softmax over C. What has the class ignore_index counts for nothing.
 * The mean is over the weights of what counts. In double, in the order of the classes' tensor;
 * rounded once.
 */
final class ClassLoss implements RealKernel.Body {

  private final int classes;
  private final int inner;
  private final boolean softmax;
  private final String reduction;
  private final Optional<Long> ignored;

  private ClassLoss(Preparation preparation, boolean softmax) {
    ArrayType x = preparation.operand(0);
    this.classes = x.size(1);
    this.inner = x.product(2, x.rank());
    this.softmax = softmax;
    this.reduction = preparation.node().stringAttribute("reduction", "mean");
    this.ignored =
        preparation.node().attributes().containsKey("ignore_index")
            ? Optional.of(preparation.node().intAttribute("ignore_index", 0))
            : Optional.empty();
  }

  static RealKernel.Body logLikelihood(Preparation preparation) {
    return new ClassLoss(preparation, false);
  }

  static RealKernel.Body crossEntropy(Preparation preparation) {
    return new ClassLoss(preparation, true);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    String reduction = context.node().stringAttribute("reduction", "mean");
    if (!List.of("none", "sum", "mean").contains(reduction)) {
      throw new ShapeMismatchException("'" + reduction + "' is no reduction");
    }
    context.requireRank(0, 2, Integer.MAX_VALUE);
    context
        .dimensions(0)
        .ifPresent(
            x -> {
              List<Dimension> target = new ArrayList<>(x);
              target.remove(1);
              context.requireSizes(1, target.toArray(Dimension[]::new));
              context.requireSizes(2, x.get(1));
            });
    Optional<Shape> shape = reduction.equals("none") ? context.shape(1) : Optional.of(Shape.of());
    return List.of(
        ShapeContext.type(context.dataType(0), shape),
        ShapeContext.type(context.dataType(0), context.shape(0)));
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] scores = operands.reals(0);
    long[] target = operands.integers(1);
    double[] weights = operands.reals(2, classes, 1);
    if (softmax) {
      logarithms(scores);
    }
    if (results.length > 1) {
      System.arraycopy(scores, 0, results[1], 0, scores.length);
    }
    double[] losses = new double[target.length];
    double total = 0;
    for (int i = 0; i < target.length; i++) {
      if (!isIgnored(target[i])) {
        int chosen = chosen(target[i]);
        int at = (i / inner * classes + chosen) * inner + i % inner;
        losses[i] = -scores[at] * weights[chosen];
        total += weights[chosen];
      }
    }
    reduce(losses, total, results[0]);
  }

  private boolean isIgnored(long index) {
    return ignored.filter(stated -> stated == index).isPresent();
  }

  private int chosen(long index) {
    if (index < 0 || index >= classes) {
      throw new KernelDataException("class " + index + " of " + classes);
    }
    return (int) index;
  }

  private void reduce(double[] losses, double total, double[] result) {
    if (reduction.equals("none")) {
      System.arraycopy(losses, 0, result, 0, losses.length);
    } else {
      double sum = Arrays.stream(losses).reduce(0, Double::sum);
      result[0] = reduction.equals("sum") ? sum : sum / total;
    }
  }

  /** The logarithms of the softmax over the classes, in place. */
  private void logarithms(double[] x) {
    int lines = classes == 0 ? 0 : x.length / classes;
    for (int line = 0; line < lines; line++) {
      int begin = line / inner * classes * inner + line % inner;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, x[begin + c * inner]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += StrictMath.exp(x[begin + c * inner] - largest);
      }
      double logarithm = largest + StrictMath.log(sum);
      for (int c = 0; c < classes; c++) {
        x[begin + c * inner] -= logarithm;
      }
    }
  }
}
