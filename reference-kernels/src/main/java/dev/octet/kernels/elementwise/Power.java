package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Pow of operands of different or other types than FLOAT: {@link StrictMath#pow} in double; a float
 * result is rounded once, an integer result truncated.
 */
final class Power {

  private Power() {}

  static Kernel prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    ArrayType y = preparation.operand(1);
    ArrayType z = preparation.result(0);
    Broadcast walk = Broadcast.of(z.sizes(), x.sizes(), y.sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object base = ElementwiseOperators.present(operands[0]);
        Object exponent = ElementwiseOperators.present(operands[1]);
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < z.count(); i++) {
          double value =
              StrictMath.pow(
                  number(x.dataType(), base, walk.index(0, i)),
                  number(y.dataType(), exponent, walk.index(1, i)));
          if (Elements.isReal(z.dataType())) {
            Elements.putReal(z.dataType(), target, i, value);
          } else {
            Elements.putInteger(z.dataType(), target, i, (long) value);
          }
        }
      }
    };
  }

  private static double number(DataType type, Object array, int index) {
    return Elements.isReal(type)
        ? Elements.real(type, array, index)
        : Elements.integer(type, array, index);
  }
}
