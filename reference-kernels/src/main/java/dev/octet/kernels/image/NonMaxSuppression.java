package dev.octet.kernels.image;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Contents;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NonMaxSuppression of boxes {@code [batch, n, 4]} with scores {@code [batch, classes, n]}: of each
 * class the boxes whose score is above the threshold, the best first and of equal ones the first,
 * but none whose intersection with a chosen one is more than iou_threshold of their union. Areas
 * are computed in double.
 */
final class NonMaxSuppression {

  private final float[] boxes;
  private final float[] scores;
  private final int count;
  private final boolean centred;
  private final long most;
  private final double overlap;
  private final double least;

  private NonMaxSuppression(
      float[] boxes,
      float[] scores,
      int count,
      boolean centred,
      long most,
      double overlap,
      double least) {
    this.boxes = boxes;
    this.scores = scores;
    this.count = count;
    this.centred = centred;
    this.most = most;
    this.overlap = overlap;
    this.least = least;
  }

  /** {@code [chosen, 3]}. */
  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 3, 3);
    context.requireRank(1, 3, 3);
    if (context.dimensions(0).isPresent() && context.dimensions(1).isPresent()) {
      List<Dimension> boxes = context.dimensions(0).get();
      context.requireSizes(0, boxes.get(0), boxes.get(1), Dimension.of(4));
      List<Dimension> scores = context.dimensions(1).get();
      context.requireSizes(1, boxes.get(0), scores.get(1), boxes.get(1));
    }
    for (int operand = 2; operand <= 4; operand++) {
      context.requireRank(operand, 0, 1);
    }
    Dimension chosen =
        isKnown(context) ? Dimension.of(chosen(context).size()) : Dimensions.unknown();
    return ShapeContext.resultOf(
        Optional.of(DataType.INT64), Optional.of(List.of(chosen, Dimension.of(3))));
  }

  private static boolean isKnown(ShapeContext context) {
    for (int operand = 0; operand <= 4; operand++) {
      DataType wanted = operand == 2 ? DataType.INT64 : DataType.FLOAT;
      boolean known = context.constant(operand).filter(t -> t.dataType() == wanted).isPresent();
      if (context.has(operand) && !known) {
        return false;
      }
    }
    return context.has(0) && context.has(1);
  }

  private static List<long[]> chosen(ShapeContext context) {
    Tensor boxes = context.constant(0).orElseThrow();
    Tensor scores = context.constant(1).orElseThrow();
    boolean centred = context.node().intAttribute("center_point_box", 0) != 0;
    long most = context.integers(2).filter(m -> m.length > 0).map(m -> m[0]).orElse(0L);
    NonMaxSuppression suppression =
        new NonMaxSuppression(
            boxes.floats(),
            scores.floats(),
            Math.toIntExact(boxes.sizes()[1]),
            centred,
            most,
            scalar(context, 3, 0),
            scalar(context, 4, Double.NEGATIVE_INFINITY));
    return suppression.all((int) scores.sizes()[0], (int) scores.sizes()[1]);
  }

  private static double scalar(ShapeContext context, int operand, double absent) {
    return context
        .constant(operand)
        .filter(t -> t.elementCount() > 0)
        .map(t -> (double) t.floats()[0])
        .orElse(absent);
  }

  /** The result is known when its size is: the operands are computed ahead of the run. */
  static Kernel prepare(Preparation preparation) {
    List<Optional<TensorType>> types =
        preparation.operands().stream().map(o -> o.map(ArrayType::toTensorType)).toList();
    ShapeContext context =
        new ShapeContext(
            preparation.node(),
            preparation.opset(),
            types,
            preparation.constants().stream()
                .map(c -> c.map(k -> Contents.of(k.tensor())).orElse(Contents.UNKNOWN))
                .toList());
    List<long[]> chosen = chosen(context);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object target = results[0];
        for (int i = 0; target != null && i < chosen.size(); i++) {
          System.arraycopy(chosen.get(i), 0, target, 3 * i, 3);
        }
      }
    };
  }

  private List<long[]> all(int batches, int classes) {
    List<long[]> all = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      for (int c = 0; c < classes; c++) {
        for (int box : ofClass(batch, (batch * classes + c) * count)) {
          all.add(new long[] {batch, c, box});
        }
      }
    }
    return all;
  }

  private List<Integer> ofClass(int batch, int from) {
    List<Integer> candidates = new ArrayList<>();
    for (int box = 0; box < count; box++) {
      if (scores[from + box] > least) {
        candidates.add(box);
      }
    }
    candidates.sort(
        Comparator.comparing((Integer box) -> scores[from + box], Comparator.reverseOrder()));
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < candidates.size() && kept.size() < most; i++) {
      int box = candidates.get(i);
      if (kept.stream().noneMatch(other -> suppresses(batch, box, other))) {
        kept.add(box);
      }
    }
    return kept;
  }

  private boolean suppresses(int batch, int box, int other) {
    double[] a = sides(batch * count + box);
    double[] b = sides(batch * count + other);
    double height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    double width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    if (!(height > 0 && width > 0)) {
      return false;
    }
    double common = height * width;
    double first = (a[2] - a[0]) * (a[3] - a[1]);
    double second = (b[2] - b[0]) * (b[3] - b[1]);
    return common / (first + second - common) > overlap;
  }

  /** Top, left, bottom and right of a box. */
  private double[] sides(int box) {
    double a = boxes[4 * box];
    double b = boxes[4 * box + 1];
    double c = boxes[4 * box + 2];
    double d = boxes[4 * box + 3];
    return centred
        ? new double[] {b - d / 2, a - c / 2, b + d / 2, a + c / 2}
        : new double[] {Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)};
  }
}
