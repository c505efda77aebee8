package dev.octet.kernels.attention;

import dev.octet.api.graph.Node;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;

/**
 * {@code softmax(scale * q k^T + added) v} for each head, in double; the scale is one over the root
 * of the size of a query where the node states none or 0. With unidirectional the keys behind a
 * query's own place, the past not counted, do not count at all.
 */
final class WeightedHeads {

  private final int batches;
  private final Heads q;
  private final Heads y;
  private final int past;
  private final int keys;
  private final double scale;
  private final boolean causal;

  /**
   * What is added to the logit of a key.
   *
   * <p>{@code head} counts through the batches, {@code place} and {@code key} are those of the
   * query and the key.
   */
  @FunctionalInterface
  interface Added {
    double at(int head, int place, int key);
  }

  /**
   * Prepares a node.
   *
   * @param q where the queries stand
   * @param size the elements of a value
   * @param past the number of keys before that of the first query
   * @param keys the number of all keys
   */
  WeightedHeads(Node node, int batches, Heads q, int size, int past, int keys) {
    this.batches = batches;
    this.q = q;
    this.y = new Heads(q.heads(), q.length(), size, true);
    this.past = past;
    this.keys = keys;
    float stated = node.floatAttribute("scale", 0);
    this.scale = stated == 0 ? 1 / Math.sqrt(Math.max(1, q.size())) : stated;
    this.causal = node.intAttribute("unidirectional", 0) != 0;
  }

  /** Returns what is added to the logits of keys that a mask leaves out. */
  static double filter(Node node) {
    return node.floatAttribute("mask_filter_value", -10_000f);
  }

  /**
   * Computes all heads.
   *
   * @param allKeys the keys, {@code [batch, heads, keys, size]}
   * @param values the values, {@code [batch, heads, keys, size]}
   * @param result zeros, to which {@code [batch, length, heads * size]} is added
   */
  void run(
      double[] queries,
      double[] allKeys,
      double[] values,
      Added added,
      double[] result,
      Workers workers) {
    workers.forRange(
        batches * q.heads(),
        1,
        (from, to) -> {
          double[] row = new double[keys];
          for (int head = from; head < to; head++) {
            for (int place = 0; place < q.length(); place++) {
              weigh(queries, allKeys, added, head, place, row);
              probabilities(row);
              mix(row, values, head, place, result);
            }
          }
        });
  }

  private void weigh(
      double[] queries, double[] allKeys, Added added, int head, int place, double[] row) {
    int from = q.row(head / q.heads(), head % q.heads(), place);
    for (int key = 0; key < keys; key++) {
      double sum = 0;
      int at = (head * keys + key) * q.size();
      for (int i = 0; i < q.size(); i++) {
        sum += queries[from + i] * allKeys[at + i];
      }
      row[key] =
          causal && key > past + place
              ? Double.NEGATIVE_INFINITY
              : sum * scale + added.at(head, place, key);
    }
  }

  private static void probabilities(double[] row) {
    double largest = Arrays.stream(row).max().orElse(0);
    if (largest == Double.NEGATIVE_INFINITY) {
      throw new KernelDataException("a query has no key with a finite logit");
    }
    Probabilities.replace(row, largest);
  }

  private void mix(double[] row, double[] values, int head, int place, double[] result) {
    int to = y.row(head / q.heads(), head % q.heads(), place);
    for (int key = 0; key < keys; key++) {
      int at = (head * keys + key) * y.size();
      for (int i = 0; i < y.size(); i++) {
        result[to + i] += row[key] * values[at + i];
      }
    }
  }
}
