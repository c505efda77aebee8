package dev.octet.kernels.attention;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Attention: {@code softmax(cap(scale * Q K^T) + mask) V} for each head, where {@code cap(x) =
 * softcap * tanh(x / softcap)}; heads of keys and values serve neighbouring heads of queries.
 *
 * <p>In double, products and sums in the order of the elements; each result is rounded once, so
 * that softmax_precision is met whatever it says. With is_causal a query sees the keys up to its
 * own place behind those of the past; windows bound how far it sees. A key is seen where mask and
 * bounds say so; a query that sees none gets zeros. As released with operator set 25, whose meaning
 * of what is masked and of qk_matmul_output_mode earlier ones were given afterwards.
 */
final class Attention implements RealKernel.Body {

  private final ArrayType query;
  private final Heads q;
  private final Heads k;
  private final Heads v;
  private final Heads y;
  private final int past;
  private final Optional<ArrayType> mask;
  private final Optional<Broadcast> maskWalk;
  private final double scale;
  private final double softcap;
  private final boolean causal;
  private final long left;
  private final long right;
  private final long mode;

  private Attention(Preparation preparation) {
    Node node = preparation.node();
    this.query = preparation.operand(0);
    this.q = Heads.of(query, node.intAttribute("q_num_heads", 0));
    this.k = Heads.of(preparation.operand(1), node.intAttribute("kv_num_heads", 0));
    this.v = Heads.of(preparation.operand(2), node.intAttribute("kv_num_heads", 0));
    this.y = new Heads(q.heads(), q.length(), v.size(), q.flat());
    this.past = preparation.has(4) ? preparation.operand(4).size(2) : 0;
    this.mask = preparation.has(3) ? Optional.of(preparation.operand(3)) : Optional.empty();
    this.maskWalk = mask.map(this::walk);
    this.scale = node.floatAttribute("scale", (float) (1 / Math.sqrt(Math.max(1, q.size()))));
    this.softcap = node.floatAttribute("softcap", 0f);
    this.causal = node.intAttribute("is_causal", 0) != 0;
    this.left = node.intAttribute("left_window_size", -1);
    this.right = node.intAttribute("right_window_size", -1);
    this.mode = node.intAttribute("qk_matmul_output_mode", 0);
    if (left < -1 || right < -1 || mode < 0 || mode > 3) {
      throw new UnsupportedNodeException("a window or qk_matmul_output_mode is not known");
    }
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new Attention(preparation);
  }

  /** The mask broadcasts to the logits, as many as it has along its last dimension. */
  private Broadcast walk(ArrayType of) {
    int[] logits = {query.size(0), q.heads(), q.length(), of.size(of.rank() - 1)};
    return Broadcast.of(logits, of.sizes());
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] queries = operands.reals(0);
    double[] keys = present(operands, 1, 4, k, results.length > 1 ? results[1] : null);
    double[] values = present(operands, 2, 5, v, results.length > 2 ? results[2] : null);
    double[] bias = bias(operands);
    long[] valid = operands.has(6) ? operands.integers(6) : new long[0];
    double[] probabilities = results.length > 3 ? results[3] : new double[0];
    workers.forRange(
        query.size(0) * q.heads(),
        1,
        (from, to) -> {
          double[] row = new double[past + k.length()];
          double[] seen = new double[row.length];
          for (int i = from; i < to; i++) {
            for (int place = 0; place < q.length(); place++) {
              see(bias, valid, i, place, seen);
              weigh(queries, keys, i, place, row);
              attend(row, seen, probabilities, (i * q.length() + place) * row.length);
              mix(row, values, i, place, results[0]);
            }
          }
        });
  }

  /** The rows of the past before those of the operand, {@code [batch, heads, length, size]}. */
  private double[] present(
      RealOperands operands, int now, int before, Heads heads, double @Nullable [] into) {
    double[] fresh = operands.reals(now);
    double[] old = operands.has(before) ? operands.reals(before) : new double[0];
    int length = past + heads.length();
    int batches = query.size(0);
    double[] all =
        into == null ? new double[batches * heads.heads() * length * heads.size()] : into;
    for (int i = 0; i < batches * heads.heads(); i++) {
      int to = i * length * heads.size();
      System.arraycopy(old, i * past * heads.size(), all, to, past * heads.size());
      for (int place = 0; place < heads.length(); place++) {
        int from = heads.row(i / heads.heads(), i % heads.heads(), place);
        System.arraycopy(fresh, from, all, to + (past + place) * heads.size(), heads.size());
      }
    }
    return all;
  }

  private double[] bias(RealOperands operands) {
    if (mask.isEmpty() || mask.get().dataType() != DataType.BOOL) {
      return mask.isEmpty() ? new double[0] : operands.reals(3);
    }
    return Arrays.stream(operands.integers(3))
        .mapToDouble(truth -> truth != 0 ? 0 : Double.NEGATIVE_INFINITY)
        .toArray();
  }

  /** What is added to the logits of a query: the mask, and -inf where it does not see. */
  private void see(double[] bias, long[] valid, int head, int place, double[] seen) {
    int batch = head / q.heads();
    boolean external = valid.length > 0;
    long offset = external && past == 0 ? valid[batch] - q.length() : past;
    long own = place + offset;
    int masked = mask.map(m -> m.size(m.rank() - 1)).orElse(0);
    for (int key = 0; key < seen.length; key++) {
      boolean visible =
          (!causal || key <= own)
              && (left < 0 || own - key <= left)
              && (right < 0 || key - own <= right)
              && (!external || key < valid[batch]);
      double added = 0;
      if (maskWalk.isPresent()) {
        int index = (head * q.length() + place) * masked + key;
        added = key < masked ? bias[maskWalk.get().index(0, index)] : Double.NEGATIVE_INFINITY;
      }
      seen[key] = visible ? added : Double.NEGATIVE_INFINITY;
    }
  }

  private void weigh(double[] queries, double[] keys, int head, int place, double[] row) {
    int from = q.row(head / q.heads(), head % q.heads(), place);
    int shared = head / q.heads() * k.heads() + head % q.heads() / (q.heads() / k.heads());
    for (int key = 0; key < row.length; key++) {
      double sum = 0;
      int at = (shared * row.length + key) * k.size();
      for (int i = 0; i < k.size(); i++) {
        sum += queries[from + i] * keys[at + i];
      }
      row[key] = sum * scale;
    }
  }

  /** From logits to probabilities; what mode asks for is noted on the way. */
  private void attend(double[] row, double[] seen, double[] noted, int at) {
    note(0, row, noted, at);
    double largest = Double.NEGATIVE_INFINITY;
    double mostSeen = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < row.length; key++) {
      row[key] = softcap > 0 ? softcap * StrictMath.tanh(row[key] / softcap) : row[key];
    }
    note(1, row, noted, at);
    for (int key = 0; key < row.length; key++) {
      row[key] += seen[key];
      largest = Math.max(largest, row[key]);
      mostSeen = Math.max(mostSeen, seen[key]);
    }
    note(2, row, noted, at);
    if (mostSeen == Double.NEGATIVE_INFINITY) {
      Arrays.fill(row, 0);
    } else {
      Probabilities.replace(row, largest);
    }
    note(3, row, noted, at);
  }

  private void note(int when, double[] row, double[] noted, int at) {
    if (mode == when && noted.length > 0) {
      System.arraycopy(row, 0, noted, at, row.length);
    }
  }

  private void mix(double[] row, double[] values, int head, int place, double[] result) {
    int to = y.row(head / q.heads(), head % q.heads(), place);
    int shared = head / q.heads() * v.heads() + head % q.heads() / (q.heads() / v.heads());
    for (int key = 0; key < row.length; key++) {
      int at = (shared * row.length + key) * v.size();
      for (int i = 0; i < v.size(); i++) {
        result[to + i] += row[key] * values[at + i];
      }
    }
  }
}
