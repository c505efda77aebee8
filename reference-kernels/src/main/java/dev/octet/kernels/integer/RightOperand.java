package dev.octet.kernels.integer;

import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.TensorArray;
import dev.octet.kernels.registry.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The right matrix of a product: widened once when it is constant, in every run otherwise. */
final class RightOperand {

  private final Preparation preparation;
  private final IntegerMatMul product;
  private final int index;
  private final int zeroIndex;
  private final int @Nullable [][][] constant;

  /**
   * Prepares a right operand.
   *
   * @param preparation the node
   * @param product the product
   * @param index operand index of the matrices
   * @param zeroIndex operand index of their zero points
   */
  RightOperand(Preparation preparation, IntegerMatMul product, int index, int zeroIndex) {
    this.preparation = preparation;
    this.product = product;
    this.index = index;
    this.zeroIndex = zeroIndex;
    this.constant = constant();
  }

  private int @Nullable [][][] constant() {
    Optional<TensorArray> matrix = preparation.constant(index);
    Optional<TensorArray> zeros = preparation.constant(zeroIndex);
    if (matrix.isEmpty() || (zeros.isEmpty() && preparation.has(zeroIndex))) {
      return null;
    }
    Object[] operands = new Object[Math.max(index, zeroIndex) + 1];
    operands[index] = matrix.get().array();
    zeros.ifPresent(z -> operands[zeroIndex] = z.array());
    int rank = preparation.operand(index).rank();
    int matrices = rank < 3 ? 1 : preparation.operand(index).product(0, rank - 2);
    return product.widen(operand(new OperandReader(preparation, operands)), matrices);
  }

  private IntegerMatMul.Operand operand(OperandReader reader) {
    return new IntegerMatMul.Operand(
        reader.dataType(index), reader.array(index), reader.zeroPoints(zeroIndex));
  }

  /** Returns the largest magnitude that a sum can have, for a sum of {@code depth} products. */
  long largestSum(int depth) {
    return constant == null ? 255L * 255L * depth : IntegerMatMul.largestSum(constant);
  }

  /** Computes all sums. */
  void run(
      IntegerMatMul.Operand a, OperandReader reader, IntegerMatMul.Sink sink, Workers workers) {
    if (constant != null) {
      product.run(a, constant, sink, workers);
    } else {
      product.run(a, operand(reader), sink, workers);
    }
  }
}
