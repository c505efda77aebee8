package dev.octet.kernels.attention;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;

/**
 * com.microsoft Attention of input, weights, bias, mask_index, past and attention_bias: {@code
 * input * weights + bias} holds queries, keys and values beside each other, which {@link
 * WeightedHeads} takes, in double, rounded once.
 *
 * <p>Keys that the mask leaves out have mask_filter_value added, -10000 if it is left out. A mask
 * of two or three dimensions has a positive number for each key that counts; one of a number for
 * each batch tells behind which key none counts, and one of two for each batch tells in its second
 * half at which key they begin. Result 1 has all keys, those of the past first, and then all
 * values.
 */
final class ProjectedAttention implements RealKernel.Body {

  static final int BIAS = 2;
  static final int MASK = 3;
  static final int PAST = 4;
  static final int ADDED = 5;

  private final int batches;
  private final int length;
  private final int inputs;
  private final int heads;
  private final int[] widths;
  private final int past;
  private final int keys;
  private final double filter;
  private final WeightedHeads weighted;
  private final Optional<ArrayType> mask;
  private final Optional<Broadcast> addedWalk;

  private ProjectedAttention(Preparation preparation) {
    Node node = preparation.node();
    this.batches = preparation.operand(0).size(0);
    this.length = preparation.operand(0).size(1);
    this.inputs = preparation.operand(0).size(2);
    this.heads = (int) node.intAttribute("num_heads", 0);
    this.widths = ProjectedShape.widths(node, preparation.operand(1).size(1));
    this.past = preparation.has(PAST) ? preparation.operand(PAST).size(3) : 0;
    this.keys = past + length;
    this.filter = WeightedHeads.filter(node);
    Heads queries = new Heads(heads, length, widths[0] / heads, true);
    this.weighted = new WeightedHeads(node, batches, queries, widths[2] / heads, past, keys);
    this.mask = preparation.has(MASK) ? Optional.of(preparation.operand(MASK)) : Optional.empty();
    int[] logits = {batches, heads, length, keys};
    this.addedWalk =
        preparation.has(ADDED)
            ? Optional.of(Broadcast.of(logits, preparation.operand(ADDED).sizes()))
            : Optional.empty();
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new ProjectedAttention(preparation);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[][] projected = projected(operands, workers);
    double[] old = operands.has(PAST) ? operands.reals(PAST) : new double[0];
    double[] allKeys = present(old, 0, projected[1], widths[1] / heads);
    double[] values = present(old, old.length / 2, projected[2], widths[2] / heads);
    if (results.length > 1) {
      System.arraycopy(allKeys, 0, results[1], 0, allKeys.length);
      System.arraycopy(values, 0, results[1], allKeys.length, values.length);
    }
    long[] masking = mask.isPresent() ? operands.integers(MASK) : new long[0];
    double[] added = operands.has(ADDED) ? operands.reals(ADDED) : new double[0];
    weighted.run(
        projected[0],
        allKeys,
        values,
        (head, place, key) ->
            (counts(masking, head / heads, place, key) ? 0 : filter)
                + addedWalk
                    .map(walk -> added[walk.index(0, (head * length + place) * keys + key)])
                    .orElse(0.0),
        results[0],
        workers);
  }

  /** Queries, keys and values, {@code [batch, length, heads * size]} each. */
  private double[][] projected(RealOperands operands, Workers workers) {
    double[] x = operands.reals(0);
    double[] weights = operands.reals(1);
    int width = widths[0] + widths[1] + widths[2];
    double[] bias = operands.reals(BIAS, width, 0);
    double[][] parts = new double[3][];
    for (int part = 0, first = 0; part < 3; first += widths[part], part++) {
      double[] into = new double[batches * length * widths[part]];
      int own = widths[part];
      int begin = first;
      workers.forRange(
          batches * length,
          1,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              project(x, weights, width, bias, row, begin, own, into);
            }
          });
      parts[part] = into;
    }
    return parts;
  }

  private void project(
      double[] x,
      double[] weights,
      int width,
      double[] bias,
      int row,
      int begin,
      int own,
      double[] into) {
    int to = row * own;
    System.arraycopy(bias, begin, into, to, own);
    for (int k = 0; k < inputs; k++) {
      double factor = x[row * inputs + k];
      int at = k * width + begin;
      for (int i = 0; i < own; i++) {
        into[to + i] += factor * weights[at + i];
      }
    }
  }

  /** The rows of the past before the new ones, {@code [batch, heads, keys, size]}. */
  private double[] present(double[] old, int first, double[] fresh, int size) {
    Heads now = new Heads(heads, length, size, true);
    double[] all = new double[batches * heads * keys * size];
    for (int head = 0; head < batches * heads; head++) {
      int to = head * keys * size;
      System.arraycopy(old, first + head * past * size, all, to, past * size);
      for (int place = 0; place < length; place++) {
        int from = now.row(head / heads, head % heads, place);
        System.arraycopy(fresh, from, all, to + (past + place) * size, size);
      }
    }
    return all;
  }

  private boolean counts(long[] masking, int batch, int place, int key) {
    if (mask.isEmpty()) {
      return true;
    }
    return switch (mask.get().rank()) {
      case 1 ->
          key < masking[batch] && (masking.length == batches || key >= masking[batches + batch]);
      case 2 -> masking[batch * keys + key] > 0;
      default -> masking[(batch * length + place) * keys + key] > 0;
    };
  }
}
