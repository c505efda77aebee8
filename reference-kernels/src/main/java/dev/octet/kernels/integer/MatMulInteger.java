package dev.octet.kernels.integer;

import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.registry.Compilation;
import dev.octet.kernels.registry.CompiledNode;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * ONNX MatMulInteger: operands A, B, a_zero_point, b_zero_point; the int32 sums of {@link
 * IntegerMatMul}. The result is int32 by definition: sums of more than {@link
 * IntegerProduct#SAFE_DEPTH} products may wrap modulo 2^32, as the standard allows.
 */
final class MatMulInteger implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("A", "B", "a_zero_point", "b_zero_point");
  private static final int A = SLOTS.index("A");
  private static final int B = SLOTS.index("B");
  private static final int A_ZERO = SLOTS.index("a_zero_point");
  private static final int B_ZERO = SLOTS.index("b_zero_point");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "MatMulInteger", QuantizedShapes.matMulInteger(A, B), new MatMulInteger())
        .since(10)
        .slots(SLOTS)
        .formula("sum (a - z_a) * (b - z_b)")
        .exact(MatMulInteger::exact);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.matMulInteger(
        operands, operands.integers(A, A_ZERO), operands.integers(B, B_ZERO));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.unlessEightBits(signature, A, B, A_ZERO, B_ZERO);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return new Compiled(new RightOperand(compilation, MatrixGeometry.Right::ofMatMul, B, B_ZERO));
  }

  private record Compiled(RightOperand right) implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      MatrixGeometry geometry = MatrixGeometry.ofMatMul(preparation, A, B);
      IntegerMatMul product = new IntegerMatMul(geometry);
      int columns = geometry.columns();
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        int[] y = (int[]) Objects.requireNonNull(results[0]);
        right.run(
            product,
            IntegerMatMul.Operand.of(reader, A, A_ZERO),
            reader,
            (sums, count, row, column) ->
                System.arraycopy(sums, 0, y, row * columns + column, count),
            workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != B || right.isRead();
    }
  }
}
