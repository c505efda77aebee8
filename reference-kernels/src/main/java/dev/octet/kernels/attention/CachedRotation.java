package dev.octet.kernels.attention;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
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
 * com.microsoft RotaryEmbedding of {@code [batch, length, heads * size]} or {@code [batch, heads,
 * length, size]}: the rows of heads, turned as {@link PairTurn} says, in double, rounded once.
 * Tables are {@code [positions, turned / 2]}; position ids are the first position of all batches,
 * {@code [1]}, or {@code [batch, length]}. Without num_heads a head is as large as what is turned.
 */
final class CachedRotation implements RealKernel.Body {

  private static final int POSITIONS = 1;
  private static final int COSINES = 2;
  private static final int SINES = 3;

  private final Heads x;
  private final int batches;
  private final PairTurn pairs;
  private final ArrayType table;

  private CachedRotation(Preparation preparation) {
    Node node = preparation.node();
    ArrayType type = preparation.operand(0);
    this.table = preparation.operand(COSINES);
    int turned = 2 * table.size(1);
    long stated = node.intAttribute("num_heads", 0);
    long heads = stated == 0 && type.rank() == 3 ? Math.max(1, type.size(2) / turned) : stated;
    this.x = Heads.of(type, heads);
    this.batches = type.size(0);
    this.pairs = new PairTurn(turned, node);
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new CachedRotation(preparation);
  }

  static Optional<String> refusal(Signature signature) {
    Node node = signature.node();
    boolean plain =
        node.intAttribute("is_packed_batching", 0) == 0 && node.floatAttribute("scale", 1f) == 1f;
    return plain ? Optional.empty() : Optional.of("packed batches and a scale are not supported");
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 3, 4);
    context.requireRank(POSITIONS, 1, 2);
    context.requireRank(COSINES, 2, 2);
    context
        .dimensions(COSINES)
        .ifPresent(table -> context.requireSizes(SINES, table.get(0), table.get(1)));
    Optional<List<Dimension>> x = context.dimensions(0);
    if (x.isPresent()) {
      boolean flat = x.get().size() == 3;
      requirePositions(context, x.get().get(0), x.get().get(flat ? 1 : 2));
      context
          .dimensions(COSINES)
          .ifPresent(table -> requireRows(context.node(), x.get(), table.get(1)));
    }
    return ElementwiseShapes.sameAsFirst(context);
  }

  private static void requirePositions(ShapeContext context, Dimension batch, Dimension length) {
    boolean each = context.dimensions(POSITIONS).map(d -> d.size() == 2).orElse(false);
    if (each) {
      context.requireSizes(POSITIONS, batch, length);
    } else {
      context.requireSizes(POSITIONS, Dimension.of(1));
    }
  }

  /** Rows have whole heads, and heads hold what is turned. */
  private static void requireRows(Node node, List<Dimension> x, Dimension pairs) {
    if (Dimensions.size(pairs).isEmpty() || Dimensions.size(x.get(x.size() - 1)).isEmpty()) {
      return;
    }
    long row = Dimensions.size(x.get(x.size() - 1)).getAsLong();
    long turned = 2 * Dimensions.size(pairs).getAsLong();
    long stated = node.intAttribute("rotary_embedding_dim", 0);
    long heads = node.intAttribute("num_heads", 0);
    boolean flat = x.size() == 3;
    boolean whole = !flat || (heads > 0 ? row % heads == 0 : turned > 0 && row % turned == 0);
    long size = !flat || !whole ? row : heads > 0 ? row / heads : turned;
    if (heads < 0 || !whole || turned > Math.min(size, row) || (stated != 0 && stated != turned)) {
      throw new ShapeMismatchException(
          turned + " elements are turned of rows of " + row + " with num_heads " + heads);
    }
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] values = operands.reals(0);
    double[] cosines = operands.reals(COSINES);
    double[] sines = operands.reals(SINES);
    long[] positions = operands.integers(POSITIONS);
    System.arraycopy(values, 0, results[0], 0, values.length);
    boolean each = positions.length == batches * x.length();
    for (int row = 0; row < batches * x.length() * x.heads(); row++) {
      int place = row / x.heads();
      long position = each ? positions[place] : positions[0] + place % x.length();
      int angles = PairTurn.position(position, table) * pairs.angles();
      int at = x.row(place / x.length(), row % x.heads(), place % x.length());
      pairs.turn(values, cosines, sines, angles, at, results[0]);
    }
  }
}
