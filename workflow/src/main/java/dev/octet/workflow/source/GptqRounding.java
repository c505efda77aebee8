package dev.octet.workflow.source;

import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rounds the weights of a layer one input after the other, and lets those that are still float make
 * up for what was lost.
 *
 * <p>With the Hessian {@code H = X X' + d I}, {@code d} a part of the mean of its diagonal, and the
 * upper triangular {@code U} with {@code U' U} the inverse of H: weight {@code i} of a row becomes
 * the integer of {@code w_i} by {@code RoundedRule}, {@code e = (w_i - w'_i) / U_ii}, and {@code
 * w_j -= U_ij e} for all {@code j > i}, all in float64. The factor 2 of the Hessian cancels. An
 * input that is always 0 counts 1 in H, so that its weight is rounded to the nearest. Scales are
 * chosen when the first weight of their group is rounded, for the weights as they are then, an
 * error of each counting with the sum of the squares of its input; all at the start where the order
 * is that of the squares.
 *
 * <p>Asymmetric: {@code w += (X X' + c I)^-1 (sum of x (f - x)') w} first, {@code c} 0.3 times the
 * mean of the diagonal, which makes the results those of the float model as far as the inputs tell.
 *
 * <p>Sources: Frantar et al., "GPTQ" (2022); Li et al., "GPTAQ" (2025).
 */
final class GptqRounding {

  /** Rows that one task rounds; they share what is read of U. */
  private static final int ROWS = 32;

  /** Inputs that are rounded before the inputs behind them hear of it. */
  private static final int BLOCK = 128;

  /** What is added to the diagonal for the asymmetric step, as a part of its mean. */
  private static final double CORRECTION_DAMP = 0.3;

  /** The damping is raised by this factor until the Hessian has a factor. */
  private static final double MORE_DAMP = 10;

  private final WeightMatrix matrix;
  private final Gram gram;
  private final GptqSettings settings;
  private final Workers workers;
  private final int size;
  private final int[] order;
  private final double[] matter;
  private final double[] factor;
  private final double[] correction;

  private GptqRounding(WeightMatrix matrix, Gram gram, GptqSettings settings, Workers workers) {
    this.matrix = matrix;
    this.gram = gram;
    this.settings = settings;
    this.workers = workers;
    this.size = matrix.columns();
    this.matter = IntStream.range(0, size).mapToDouble(i -> gram.product(i, i)).toArray();
    this.order = order();
    this.factor = inverseFactor(settings.percdamp());
    this.correction =
        settings.asymmetric() ? damped(CORRECTION_DAMP, identity(size)) : new double[0];
  }

  /** Rounds all weights of a matrix; which thread rounds a row has no influence. */
  static void round(WeightMatrix matrix, Gram gram, GptqSettings settings, Workers workers) {
    new GptqRounding(matrix, gram, settings, workers).run();
  }

  private int[] order() {
    int[] plain = identity(size);
    return settings.actOrder()
        ? Arrays.stream(plain)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -matter[i]))
            .mapToInt(Integer::intValue)
            .toArray()
        : plain;
  }

  private static int[] identity(int size) {
    return IntStream.range(0, size).toArray();
  }

  private double[] inverseFactor(double percdamp) {
    double[] hessian = hessian(percdamp, order);
    return Triangles.inverseFactor(hessian, size, workers)
        ? hessian
        : inverseFactor(percdamp * MORE_DAMP);
  }

  private double[] damped(double part, int[] columns) {
    double[] hessian = hessian(part, columns);
    return Triangles.factor(hessian, size, workers) ? hessian : damped(part * MORE_DAMP, columns);
  }

  private double[] hessian(double damp, int[] columns) {
    double added = damp * gram.meanSquare();
    double[] hessian = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        hessian[i * size + j] = gram.product(columns[i], columns[j]);
      }
      boolean dead = matter[columns[i]] == 0;
      hessian[i * size + i] = dead ? 1 : hessian[i * size + i] + added;
    }
    return hessian;
  }

  private void run() {
    if (matrix.hasOneScale()) {
      NearestRounding.chooseAlone(matrix);
    }
    int slabs = (matrix.rows() + ROWS - 1) / ROWS;
    workers.forEach(
        slabs,
        (slab, worker) ->
            new Slab(slab * ROWS, Math.min(matrix.rows(), (slab + 1) * ROWS)).round());
  }

  /** Some rows, transposed: the weights of one input are neighbours. */
  private final class Slab {
    private final int first;
    private final int count;
    private final double[] weights;
    private final double[] errors;

    Slab(int first, int last) {
      this.first = first;
      this.count = last - first;
      this.weights = new double[size * count];
      this.errors = new double[size * count];
    }

    void round() {
      for (int row = 0; row < count; row++) {
        load(row);
      }
      if (settings.actOrder()) {
        for (int group = 0; group < matrix.groups(); group++) {
          choose(group);
        }
        permute();
      }
      int block = settings.actOrder() || matrix.groups() == 1 ? BLOCK : matrix.group();
      for (int from = 0; from < size; from += block) {
        round(from, Math.min(size, from + block));
      }
    }

    private void load(int row) {
      double[] wanted = new double[size];
      for (int k = 0; k < size; k++) {
        wanted[k] = matrix.at(first + row, k);
      }
      if (settings.asymmetric()) {
        correct(wanted);
      }
      for (int k = 0; k < size; k++) {
        weights[k * count + row] = wanted[k];
      }
    }

    private void correct(double[] wanted) {
      double[] missing = new double[size];
      for (int i = 0; i < size; i++) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
          sum += gram.difference(i, j) * wanted[j];
        }
        missing[i] = sum;
      }
      Triangles.solve(correction, size, missing);
      for (int i = 0; i < size; i++) {
        wanted[i] += missing[i];
      }
    }

    private void permute() {
      double[] plain = weights.clone();
      for (int i = 0; i < size; i++) {
        System.arraycopy(plain, order[i] * count, weights, i * count, count);
      }
    }

    private void choose(int group) {
      if (matrix.hasOneScale()) {
        return;
      }
      int from = group * matrix.group();
      int to = Math.min(size, from + matrix.group());
      double[] counts = Arrays.copyOfRange(matter, from, to);
      if (Arrays.stream(counts).allMatch(m -> m == 0)) {
        Arrays.fill(counts, 1);
      }
      float[] values = new float[to - from];
      for (int row = 0; row < count; row++) {
        for (int k = from; k < to; k++) {
          values[k - from] = rounded(weights[k * count + row]);
        }
        matrix.choose(first + row, group, values, counts);
      }
    }

    private float rounded(double weight) {
      return matrix.numbers().values().round((float) weight);
    }

    /** Weights behind the block hear of what was lost in it when all of it is rounded. */
    private void round(int from, int to) {
      for (int i = from; i < to; i++) {
        int column = order[i];
        if (!settings.actOrder() && column % matrix.group() == 0) {
          choose(column / matrix.group());
        }
        roundColumn(i, column);
        spread(i, i + 1, to);
      }
      for (int i = from; i < to; i++) {
        spread(i, to, size);
      }
    }

    private void roundColumn(int i, int column) {
      double diagonal = factor[i * size + i];
      RoundedRule rounding = matrix.rounding();
      for (int row = 0; row < count; row++) {
        double weight = weights[i * count + row];
        QuantizationParameters pair = matrix.parameters(first + row, column / matrix.group());
        float scale = pair.scale(0);
        long integer =
            rounding.quantize(rounded(weight), rounding.reciprocal(scale), pair.zeroPoint(0));
        matrix.set(first + row, column, integer);
        double kept = (integer - pair.zeroPoint(0)) * scale;
        errors[i * count + row] = (weight - kept) / diagonal;
      }
    }

    private void spread(int i, int from, int to) {
      for (int j = from; j < to; j++) {
        double times = factor[i * size + j];
        for (int row = 0; row < count; row++) {
          weights[j * count + row] -= times * errors[i * count + row];
        }
      }
    }
  }
}
