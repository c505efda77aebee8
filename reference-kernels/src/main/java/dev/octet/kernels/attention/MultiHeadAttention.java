package dev.octet.kernels.attention;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft MultiHeadAttention of query, key, value, bias, key_padding_mask, attention_bias,
 * past_key and past_value: {@code softmax(scale * (q + b_q) (k + b_k)^T + mask) (v + b_v)} for each
 * head, by {@link WeightedHeads}, in double, rounded once.
 *
 * <p>Keys that the padding mask leaves out, by a number that is not positive for each or by the
 * number of those that count, have mask_filter_value added, -10000 if it is left out. Keys and
 * values of the past come before the others; both together are results 1 and 2.
 */
final class MultiHeadAttention implements RealKernel.Body {

  static final int BIAS = 3;
  static final int PADDING = 4;
  static final int ADDED = 5;
  static final int PAST_KEY = 6;
  static final int PAST_VALUE = 7;

  private final int batches;
  private final Heads q;
  private final Heads k;
  private final Heads v;
  private final int past;
  private final int keys;
  private final double filter;
  private final WeightedHeads weighted;
  private final Optional<ArrayType> padding;
  private final Optional<Broadcast> addedWalk;

  private MultiHeadAttention(Preparation preparation) {
    Node node = preparation.node();
    long heads = node.intAttribute("num_heads", 0);
    this.batches = preparation.operand(0).size(0);
    this.q = Heads.of(preparation.operand(0), heads);
    this.k = Heads.of(preparation.operand(1), heads);
    this.v = Heads.of(preparation.operand(2), heads);
    this.past = preparation.has(PAST_KEY) ? preparation.operand(PAST_KEY).size(2) : 0;
    this.keys = past + k.length();
    this.filter = WeightedHeads.filter(node);
    this.weighted = new WeightedHeads(node, batches, q, v.size(), past, keys);
    this.padding =
        preparation.has(PADDING) ? Optional.of(preparation.operand(PADDING)) : Optional.empty();
    int[] logits = {batches, q.heads(), q.length(), keys};
    this.addedWalk =
        preparation.has(ADDED)
            ? Optional.of(Broadcast.of(logits, preparation.operand(ADDED).sizes()))
            : Optional.empty();
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new MultiHeadAttention(preparation);
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    int width = q.heads() * q.size();
    double[] bias = operands.reals(BIAS, 2 * width + v.heads() * v.size(), 0);
    double[] queries = biased(operands.reals(0), bias, 0, width);
    double[] allKeys = present(operands, 1, PAST_KEY, k, bias, width, result(results, 1));
    double[] values = present(operands, 2, PAST_VALUE, v, bias, 2 * width, result(results, 2));
    double[] masked = masked(operands);
    double[] added = operands.has(ADDED) ? operands.reals(ADDED) : new double[0];
    weighted.run(
        queries,
        allKeys,
        values,
        (head, place, key) ->
            (masked.length > 0 ? masked[head / q.heads() * keys + key] : 0)
                + addedWalk
                    .map(walk -> added[walk.index(0, (head * q.length() + place) * keys + key)])
                    .orElse(0.0),
        results[0],
        workers);
  }

  private static double @Nullable [] result(double[][] results, int index) {
    return index < results.length ? results[index] : null;
  }

  private static double[] biased(double[] x, double[] bias, int first, int width) {
    for (int i = 0; i < x.length; i++) {
      x[i] += bias[first + i % width];
    }
    return x;
  }

  /** The rows of the past before those of the operand, {@code [batch, heads, length, size]}. */
  private double[] present(
      RealOperands operands,
      int now,
      int before,
      Heads heads,
      double[] bias,
      int first,
      double @Nullable [] into) {
    double[] fresh = operands.reals(now);
    if (heads.flat()) {
      biased(fresh, bias, first, heads.heads() * heads.size());
    }
    double[] old = operands.has(before) ? operands.reals(before) : new double[0];
    int size = heads.size();
    double[] all = into == null ? new double[batches * heads.heads() * keys * size] : into;
    for (int head = 0; head < batches * heads.heads(); head++) {
      int to = head * keys * size;
      System.arraycopy(old, head * past * size, all, to, past * size);
      for (int place = 0; place < heads.length(); place++) {
        int from = heads.row(head / heads.heads(), head % heads.heads(), place);
        System.arraycopy(fresh, from, all, to + (past + place) * size, size);
      }
    }
    return all;
  }

  /** What is added to the logits of each key of each batch; empty without a padding mask. */
  private double[] masked(RealOperands operands) {
    if (padding.isEmpty()) {
      return new double[0];
    }
    long[] mask = operands.integers(PADDING);
    double[] masked = new double[batches * keys];
    boolean byLength = padding.get().rank() == 1;
    for (int i = 0; i < masked.length; i++) {
      boolean kept = byLength ? i % keys < mask[i / keys] : mask[i] > 0;
      masked[i] = kept ? 0 : filter;
    }
    return masked;
  }
}
