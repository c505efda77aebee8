package dev.octet.kernels.movement;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.index.StridedCopy;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dropout for inference: the operand as it is, and a mask that is true everywhere. */
final class Dropout {

  private Dropout() {}

  /** Training is an operand; a constant that asks for it is found when the node is prepared. */
  static Optional<String> refusal(Signature signature) {
    boolean mask = signature.node().results().size() > 1;
    if (mask && signature.opset() < 10) {
      return Optional.of("its mask is no truth value before operator set 10");
    }
    return signature.opset() < 12 && signature.node().operand(1).isPresent()
        ? Optional.of("operand 1 needs operator set 12")
        : Optional.empty();
  }

  static Kernel prepare(Preparation preparation) {
    boolean training =
        preparation.constant(2).map(c -> ((byte[]) c.array())[0] != 0).orElse(preparation.has(2));
    if (training) {
      throw new UnsupportedNodeException("training is not supported");
    }
    if (preparation.results().size() < 2) {
      return Kernel.alias(0);
    }
    ArrayType x = preparation.operand(0);
    int[] all = {x.count()};
    StridedCopy copy = StridedCopy.toRows(all, new int[] {1}, 0);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object y = results[0];
        byte[] mask = (byte[]) results[1];
        if (y != null) {
          copy.run(x.kind(), Copies.present(operands[0]), y, workers);
        }
        if (mask != null) {
          Arrays.fill(mask, 0, x.count(), (byte) 1);
        }
      }
    };
  }
}
