package dev.octet.kernels.integer;

import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Compilation;
import dev.octet.kernels.registry.Constant;
import dev.octet.kernels.registry.Workers;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The right matrix of a product: widened once when it is constant, in every run otherwise. */
final class RightOperand {

  private final int index;
  private final int zeroIndex;
  private final int @Nullable [][][] constant;

  /**
   * Compiles a right operand.
   *
   * @param compilation the node
   * @param matrices how the operand's matrices lie in its array
   * @param index operand index of the matrices
   * @param zeroIndex operand index of their zero points
   */
  RightOperand(
      Compilation compilation,
      Function<ArrayType, MatrixGeometry.Right> matrices,
      int index,
      int zeroIndex) {
    this.index = index;
    this.zeroIndex = zeroIndex;
    Optional<Constant> matrix = compilation.constant(index);
    boolean known =
        matrix.isPresent()
            && (!compilation.has(zeroIndex) || compilation.constant(zeroIndex).isPresent());
    this.constant =
        known
            ? IntegerMatMul.widen(
                IntegerMatMul.Operand.of(OperandReader.ofConstants(compilation), index, zeroIndex),
                matrices.apply(matrix.get().type()))
            : null;
  }

  /** Tells whether runs read the operand's array. */
  boolean isRead() {
    return constant == null;
  }

  /**
   * Refuses a constant operand whose sums may leave int32.
   *
   * @param addend the largest magnitude of what is added to a sum
   */
  void requireInt32(long addend) {
    if (constant != null) {
      Refusals.requireInt32(IntegerMatMul.largestSum(constant) + addend);
    }
  }

  /** Refuses an operand that is not constant when sums of that many products may leave int32. */
  void requireInt32(int depth, long addend) {
    if (constant == null) {
      Refusals.requireInt32(255L * 255L * depth + addend);
    }
  }

  /** Computes all sums. */
  void run(
      IntegerMatMul product,
      IntegerMatMul.Operand a,
      OperandReader reader,
      IntegerMatMul.Sink sink,
      Workers workers) {
    if (constant != null) {
      product.run(a, constant, sink, workers);
    } else {
      product.run(a, IntegerMatMul.Operand.of(reader, index, zeroIndex), sink, workers);
    }
  }
}
