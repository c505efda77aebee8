package dev.octet.kernels.integer;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.MatrixProduct;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * ONNX MatMulInteger: operands A, B, a_zero_point, b_zero_point; the int32 sums of {@link
 * MatrixProduct}. The result is int32 by definition: sums of more than 33 025 products may wrap
 * modulo 2^32, as the standard allows and ONNX Runtime does.
 */
final class MatMulInteger implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("A", "B", "a_zero_point", "b_zero_point");
  private static final int A = SLOTS.index("A");
  private static final int B = SLOTS.index("B");
  private static final int A_ZERO = SLOTS.index("a_zero_point");
  private static final int B_ZERO = SLOTS.index("b_zero_point");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "MatMulInteger",
            QuantizedShapes.matMulInteger(A, B, A_ZERO, B_ZERO),
            new MatMulInteger())
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
    return new Compiled(
        FromOperands.of(
            compilation,
            r -> r.rightMatrices(B, B_ZERO, MatrixGeometry.Right::ofMatMul),
            B,
            B_ZERO));
  }

  private record Compiled(FromOperands<MatrixWeights> right) implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      MatrixGeometry geometry = MatrixGeometry.ofMatMul(preparation, A, B);
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        int[] y = (int[]) Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .multiply(
                new MatrixProduct(
                    geometry,
                    reader.leftMatrices(A, A_ZERO),
                    right.in(reader),
                    MatrixProduct.Addend.none(),
                    new Destination.Integers(y)),
                workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != B || right.constant().isEmpty();
    }
  }
}
