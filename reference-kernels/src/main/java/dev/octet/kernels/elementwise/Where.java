package dev.octet.kernels.elementwise;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/** Where: the element of operand 1 where operand 0 is true, else that of operand 2. */
final class Where {

  private Where() {}

  static Kernel prepare(Preparation preparation) {
    ArrayType z = preparation.result(0);
    Broadcast walk =
        Broadcast.of(
            z.sizes(),
            preparation.operand(0).sizes(),
            preparation.operand(1).sizes(),
            preparation.operand(2).sizes());
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        byte[] condition = (byte[]) ElementwiseOperators.present(operands[0]);
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < z.count(); i++) {
          int chosen = condition[walk.index(0, i)] != 0 ? 1 : 2;
          Object source = ElementwiseOperators.present(operands[chosen]);
          Elements.copy(z.kind(), source, walk.index(chosen, i), target, i);
        }
      }
    };
  }
}
