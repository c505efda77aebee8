package dev.octet.kernels.attention;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft MultiHeadAttention of query, key, value, bias, key_padding_mask, attention_bias,
 * past_key and past_value: {@code softmax(scale * (q + b_q) (k + b_k)^T + mask) (v + b_v)} for each
 * head, in double, rounded once.
 *
 * <p>Keys that the padding mask leaves out, by a 0 for each or by the number of those that count,
 * have mask_filter_value added, -10000 if it is left out; with unidirectional the keys behind a
 * query's own place do not count at all. Keys and values of the past come before the others; both
 * together are results 1 and 2.
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
  private final Heads y;
  private final int past;
  private final int keys;
  private final double scale;
  private final double filter;
  private final boolean causal;
  private final Optional<ArrayType> padding;
  private final Optional<Broadcast> addedWalk;

  private MultiHeadAttention(Preparation preparation) {
    Node node = preparation.node();
    long heads = node.intAttribute("num_heads", 0);
    this.batches = preparation.operand(0).size(0);
    this.q = Heads.of(preparation.operand(0), heads);
    this.k = Heads.of(preparation.operand(1), heads);
    this.v = Heads.of(preparation.operand(2), heads);
    this.y = new Heads(q.heads(), q.length(), v.size(), true);
    this.past = preparation.has(PAST_KEY) ? preparation.operand(PAST_KEY).size(2) : 0;
    this.keys = past + k.length();
    float stated = node.floatAttribute("scale", 0);
    this.scale = stated == 0 ? 1 / Math.sqrt(Math.max(1, q.size())) : stated;
    this.filter = node.floatAttribute("mask_filter_value", -10_000f);
    this.causal = node.intAttribute("unidirectional", 0) != 0;
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
    workers.forRange(
        batches * q.heads(),
        1,
        (from, to) -> {
          double[] row = new double[keys];
          for (int head = from; head < to; head++) {
            for (int place = 0; place < q.length(); place++) {
              weigh(queries, allKeys, masked, added, head, place, row);
              exponentials(row);
              mix(row, values, head, place, results[0]);
            }
          }
        });
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
      boolean kept = byLength ? i % keys < mask[i / keys] : mask[i] != 0;
      masked[i] = kept ? 0 : filter;
    }
    return masked;
  }

  private void weigh(
      double[] queries,
      double[] allKeys,
      double[] masked,
      double[] added,
      int head,
      int place,
      double[] row) {
    int from = q.row(head / q.heads(), head % q.heads(), place);
    for (int key = 0; key < keys; key++) {
      double sum = 0;
      int at = (head * keys + key) * q.size();
      for (int i = 0; i < q.size(); i++) {
        sum += queries[from + i] * allKeys[at + i];
      }
      double logit = sum * scale;
      if (masked.length > 0) {
        logit += masked[head / q.heads() * keys + key];
      }
      if (addedWalk.isPresent()) {
        logit += added[addedWalk.get().index(0, (head * q.length() + place) * keys + key)];
      }
      row[key] = causal && key > past + place ? Double.NEGATIVE_INFINITY : logit;
    }
  }

  private static void exponentials(double[] row) {
    double largest = Arrays.stream(row).max().orElse(0);
    if (largest == Double.NEGATIVE_INFINITY) {
      throw new KernelDataException("a query has no key with a finite logit");
    }
    double sum = 0;
    for (int key = 0; key < row.length; key++) {
      row[key] = StrictMath.exp(row[key] - largest);
      sum += row[key];
    }
    for (int key = 0; key < row.length; key++) {
      row[key] /= sum;
    }
  }

  private void mix(double[] row, double[] values, int head, int place, double[] result) {
    int to = y.row(head / q.heads(), head % q.heads(), place);
    for (int key = 0; key < keys; key++) {
      int at = (head * keys + key) * v.size();
      for (int i = 0; i < v.size(); i++) {
        result[to + i] += row[key] * values[at + i];
      }
    }
  }
}
