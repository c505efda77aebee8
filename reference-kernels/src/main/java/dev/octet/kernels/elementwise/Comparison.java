package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/** Comparison and logic of two operands that broadcast. Comparisons with NaN are false. */
enum Comparison {
  EQUAL,
  LESS,
  GREATER,
  LESS_OR_EQUAL,
  GREATER_OR_EQUAL,
  AND,
  OR,
  XOR;

  Kernel prepare(Preparation preparation) {
    ArrayType z = preparation.result(0);
    DataType type = preparation.operand(0).dataType();
    Broadcast walk =
        Broadcast.of(z.sizes(), preparation.operand(0).sizes(), preparation.operand(1).sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object x = ElementwiseOperators.present(operands[0]);
        Object y = ElementwiseOperators.present(operands[1]);
        byte[] truth = (byte[]) ElementwiseOperators.present(results[0]);
        for (int i = 0; i < z.count(); i++) {
          truth[i] = (byte) (holds(type, x, walk.index(0, i), y, walk.index(1, i)) ? 1 : 0);
        }
      }
    };
  }

  private boolean holds(DataType type, Object x, int a, Object y, int b) {
    if (Elements.isReal(type)) {
      return holds(Elements.real(type, x, a), Elements.real(type, y, b));
    }
    long first = Elements.integer(type, x, a);
    long second = Elements.integer(type, y, b);
    int order = Arithmetic.compare(type, first, second);
    return switch (this) {
      case EQUAL -> order == 0;
      case LESS -> order < 0;
      case GREATER -> order > 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case AND -> first != 0 && second != 0;
      case OR -> first != 0 || second != 0;
      case XOR -> first != 0 ^ second != 0;
    };
  }

  private boolean holds(double x, double y) {
    return switch (this) {
      case EQUAL -> x == y;
      case LESS -> x < y;
      case GREATER -> x > y;
      case LESS_OR_EQUAL -> x <= y;
      case GREATER_OR_EQUAL -> x >= y;
      case AND, OR, XOR -> throw new IllegalStateException(this + " of floats");
    };
  }
}
