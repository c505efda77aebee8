package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * RotaryEmbedding of {@code [batch, heads, length, size]} or {@code [batch, length, heads * size]}:
 * of the first rotary_embedding_dim elements of each row, pairs are turned: {@code cos * a - sin *
 * b} and {@code sin * a + cos * b}, in double, rounded once. Pairs are neighbours if interleaved,
 * else elements of the two halves. Tables are {@code [positions, dim / 2]} with position_ids, else
 * {@code [batch, length, dim / 2]}.
 */
final class RotaryEmbedding implements RealKernel.Body {

  private final Heads x;
  private final int batches;
  private final PairTurn pairs;
  private final ArrayType table;

  private RotaryEmbedding(Preparation preparation) {
    Node node = preparation.node();
    ArrayType type = preparation.operand(0);
    this.x = Heads.of(type, node.intAttribute("num_heads", 1));
    this.batches = type.size(0);
    this.pairs = new PairTurn((int) turned(node, x.size()), node);
    this.table = preparation.operand(1);
  }

  private static long turned(Node node, long size) {
    long stated = node.intAttribute("rotary_embedding_dim", 0);
    return stated == 0 ? size : stated;
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new RotaryEmbedding(preparation);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 3, 4);
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isPresent()) {
      boolean flat = x.get().size() == 3;
      Dimension batch = x.get().get(0);
      Dimension length = x.get().get(flat ? 1 : 2);
      Dimension half = half(context.node(), x.get());
      boolean byPosition = context.has(3);
      for (int table = 1; table <= 2; table++) {
        if (byPosition) {
          context.requireSizes(table, firstOf(context, 1), half);
        } else {
          context.requireSizes(table, batch, length, half);
        }
      }
      context.requireSizes(3, batch, length);
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  private static Dimension firstOf(ShapeContext context, int operand) {
    return context
        .dimensions(operand)
        .filter(d -> !d.isEmpty())
        .map(d -> d.get(0))
        .orElse(Dimensions.unknown());
  }

  private static Dimension half(Node node, List<Dimension> x) {
    long heads = x.size() == 3 ? node.intAttribute("num_heads", 0) : 1;
    Dimension last = x.get(x.size() - 1);
    if (heads < 1 || Dimensions.size(last).orElse(0) % heads != 0) {
      throw new ShapeMismatchException("num_heads is " + heads + " for rows of " + last);
    }
    return Dimensions.map(
        last,
        n -> {
          long turned = turned(node, n / heads);
          if (turned < 0 || turned > n / heads || turned % 2 != 0) {
            throw new ShapeMismatchException(turned + " elements of " + n / heads + " are turned");
          }
          return turned / 2;
        });
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] values = operands.reals(0);
    double[] cosines = operands.reals(1);
    double[] sines = operands.reals(2);
    long[] positions = operands.has(3) ? operands.integers(3) : new long[0];
    System.arraycopy(values, 0, results[0], 0, values.length);
    for (int row = 0; row < batches * x.length() * x.heads(); row++) {
      int place = row / x.heads();
      int angles =
          (positions.length > 0 ? PairTurn.position(positions[place], table) : place)
              * pairs.angles();
      int at = x.row(place / x.length(), row % x.heads(), place % x.length());
      pairs.turn(values, cosines, sines, angles, at, results[0]);
    }
  }
}
