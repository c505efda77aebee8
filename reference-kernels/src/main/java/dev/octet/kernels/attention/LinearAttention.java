package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * LinearAttention: for each step of each head of keys a state {@code S [keys, values]} decays by
 * {@code exp(decay)}, takes up {@code key * value}, or {@code key * beta * (value - S^T key)} where
 * the rule has delta, and gives {@code scale * S^T query} for each head of queries that shares it.
 * In double; results are rounded once, the state between steps is not.
 */
final class LinearAttention implements RealKernel.Body {

  private final ArrayType query;
  private final Heads q;
  private final Heads k;
  private final Heads v;
  private final boolean delta;
  private final int decays;
  private final int betas;
  private final double scale;

  private LinearAttention(Preparation preparation) {
    Node node = preparation.node();
    this.query = preparation.operand(0);
    long kvHeads = node.intAttribute("kv_num_heads", 1);
    this.q = Heads.of(query, node.intAttribute("q_num_heads", 1));
    this.k = Heads.of(preparation.operand(1), kvHeads);
    this.v = Heads.of(preparation.operand(2), kvHeads);
    this.delta = isDelta(node);
    this.decays = preparation.has(4) ? preparation.operand(4).size(2) : 0;
    this.betas = preparation.has(5) ? preparation.operand(5).size(2) : 0;
    double stated = node.floatAttribute("scale", 0f);
    this.scale = stated == 0 ? 1 / Math.sqrt(Math.max(1, k.size())) : stated;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new LinearAttention(preparation);
  }

  private static String rule(Node node) {
    return node.stringAttribute("update_rule", "gated_delta");
  }

  private static boolean isDelta(Node node) {
    return rule(node).endsWith("delta");
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    Node node = context.node();
    if (!List.of("linear", "gated", "delta", "gated_delta").contains(rule(node))
        || rule(node).startsWith("gated") != context.has(4)
        || isDelta(node) != context.has(5)) {
      throw new ShapeMismatchException(
          "update_rule '" + rule(node) + "' with other operands than decay and beta of the rule");
    }
    long heads = node.intAttribute("kv_num_heads", 0);
    long queryHeads = node.intAttribute("q_num_heads", 0);
    if (heads < 1 || queryHeads < 1 || queryHeads % heads != 0) {
      throw new ShapeMismatchException(queryHeads + " heads share those of " + heads);
    }
    for (int operand = 0; operand < 3; operand++) {
      context.requireRank(operand, 3, 3);
      if (context.dimensions(operand).isEmpty()) {
        return List.of();
      }
    }
    return shape(context, queryHeads, heads);
  }

  private static List<Optional<TensorType>> shape(
      ShapeContext context, long queryHeads, long heads) {
    List<Dimension> q = context.dimensions(0).orElseThrow();
    Dimension keys = part(context, 1, heads);
    Dimension values = part(context, 2, heads);
    Dimensions.same(part(context, 0, queryHeads), keys);
    context.requireSizes(1, q.get(0), q.get(1), context.dimensions(1).orElseThrow().get(2));
    context.requireSizes(2, q.get(0), q.get(1), context.dimensions(2).orElseThrow().get(2));
    requireLast(context, 4, heads, Dimensions.map(keys, n -> Math.multiplyExact(n, heads)));
    requireLast(context, 5, heads, Dimension.of(1));
    context.requireSizes(3, q.get(0), Dimension.of(heads), keys, values);
    Shape result =
        new Shape(
            List.of(
                q.get(0),
                q.get(1),
                Dimensions.map(values, n -> Math.multiplyExact(n, queryHeads))));
    Shape state = new Shape(List.of(q.get(0), Dimension.of(heads), keys, values));
    return List.of(
        ShapeContext.type(context.dataType(0), Optional.of(result)),
        ShapeContext.type(context.dataType(context.has(3) ? 3 : 0), Optional.of(state)));
  }

  private static Dimension part(ShapeContext context, int operand, long heads) {
    Dimension last = context.dimensions(operand).orElseThrow().get(2);
    if (Dimensions.size(last).orElse(0) % heads != 0) {
      throw new ShapeMismatchException(heads + " heads in rows of " + last);
    }
    return Dimensions.map(last, n -> n / heads);
  }

  /** Numbers for each head, or as many as else is said. */
  private static void requireLast(ShapeContext context, int operand, long heads, Dimension other) {
    List<Dimension> q = context.dimensions(0).orElseThrow();
    context.requireRank(operand, 3, 3);
    context
        .dimensions(operand)
        .ifPresent(
            d ->
                context.requireSizes(
                    operand,
                    q.get(0),
                    q.get(1),
                    Dimensions.is(d.get(2), heads) ? d.get(2) : other));
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    int batches = query.size(0);
    int states = batches * k.heads() * k.size() * v.size();
    double[] state = operands.reals(3, states, 0);
    double[] decay = operands.reals(4, 0, 0);
    double[] beta = operands.reals(5, 0, 0);
    double[] queries = operands.reals(0);
    double[] keys = operands.reals(1);
    double[] values = operands.reals(2);
    for (int head = 0; head < batches * k.heads(); head++) {
      for (int step = 0; step < q.length(); step++) {
        fade(state, decay, head, step);
        double[] value = value(state, keys, values, beta, head, step);
        take(state, keys, value, head, step);
        read(state, queries, head, step, results[0]);
      }
    }
    if (results.length > 1) {
      System.arraycopy(state, 0, results[1], 0, states);
    }
  }

  private int keyRow(int head, int step) {
    return k.row(head / k.heads(), head % k.heads(), step);
  }

  private void fade(double[] state, double[] decay, int head, int step) {
    if (decays == 0) {
      return;
    }
    int batch = head / k.heads();
    boolean perHead = decays == k.heads();
    for (int i = 0; i < k.size(); i++) {
      int index = perHead ? head % k.heads() : head % k.heads() * k.size() + i;
      double factor = StrictMath.exp(decay[(batch * k.length() + step) * decays + index]);
      for (int m = 0; m < v.size(); m++) {
        state[(head * k.size() + i) * v.size() + m] *= factor;
      }
    }
  }

  private double[] value(
      double[] state, double[] keys, double[] values, double[] beta, int head, int step) {
    double[] value = new double[v.size()];
    int at = v.row(head / v.heads(), head % v.heads(), step);
    System.arraycopy(values, at, value, 0, value.length);
    if (!delta) {
      return value;
    }
    int batch = head / k.heads();
    double weight = beta[(batch * k.length() + step) * betas + (betas == 1 ? 0 : head % k.heads())];
    for (int m = 0; m < value.length; m++) {
      double known = 0;
      for (int i = 0; i < k.size(); i++) {
        known += state[(head * k.size() + i) * v.size() + m] * keys[keyRow(head, step) + i];
      }
      value[m] = weight * (value[m] - known);
    }
    return value;
  }

  private void take(double[] state, double[] keys, double[] value, int head, int step) {
    for (int i = 0; i < k.size(); i++) {
      double key = keys[keyRow(head, step) + i];
      for (int m = 0; m < value.length; m++) {
        state[(head * k.size() + i) * v.size() + m] += key * value[m];
      }
    }
  }

  private void read(double[] state, double[] queries, int head, int step, double[] y) {
    int batch = head / k.heads();
    int shared = q.heads() / k.heads();
    Heads result = new Heads(q.heads(), q.length(), v.size(), true);
    for (int s = 0; s < shared; s++) {
      int queryHead = head % k.heads() * shared + s;
      int from = q.row(batch, queryHead, step);
      int to = result.row(batch, queryHead, step);
      for (int m = 0; m < v.size(); m++) {
        double sum = 0;
        for (int i = 0; i < k.size(); i++) {
          sum += queries[from + i] * state[(head * k.size() + i) * v.size() + m];
        }
        y[to + m] = scale * sum;
      }
    }
  }
}
