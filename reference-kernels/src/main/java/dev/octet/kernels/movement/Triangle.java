package dev.octet.kernels.movement;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trilu: of each matrix the elements on and above the diagonal {@code column - row = k}, or on and
 * below it; zeros elsewhere. Operand 1 holds k, 0 where it is left out.
 */
final class Triangle implements Kernel {

  private final ArrayType x;
  private final boolean upper;

  private Triangle(ArrayType x, boolean upper) {
    this.x = x;
    this.upper = upper;
  }

  static Kernel prepare(Preparation preparation) {
    return new Triangle(preparation.operand(0), preparation.node().intAttribute("upper", 1) != 0);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 2, Integer.MAX_VALUE);
    context.requireOne(1);
    return ElementwiseShapes.sameAsFirst(context);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    Object source = Copies.present(operands[0]);
    Object target = Copies.present(results[0]);
    Object diagonal = operands.length > 1 ? operands[1] : null;
    long k = diagonal == null ? 0 : Elements.integer(DataType.INT64, diagonal, 0);
    Object zero = x.kind().allocate(1);
    int columns = x.size(x.rank() - 1);
    int rows = x.size(x.rank() - 2);
    for (int i = 0; i < x.count(); i++) {
      long place = (long) (i % columns) - i / columns % rows;
      boolean kept = upper ? place >= k : place <= k;
      Elements.copy(x.kind(), kept ? source : zero, kept ? i : 0, target, i);
    }
  }
}
