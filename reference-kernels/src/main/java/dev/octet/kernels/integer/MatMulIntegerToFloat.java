package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.exact.QuantizedOperand;
import dev.octet.kernels.primitive.GroupedProduct;
import dev.octet.kernels.primitive.GroupedWeights;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.StoredGroups;
import dev.octet.kernels.primitive.StoredIntegers;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * dev.octet MatMulIntegerToFloat: operands a, a_scale, a_zero_point, b, b_scale, b_zero_point,
 * bias; attributes block_size, by default K, and transB.
 *
 * <p>a is [..., K] of INT8 or UINT8 with one scale and zero point, or one for each row; b is [K,
 * N], or [N, K] with transB, of 8, 4 or 2 bits with a scale and zero point for each {@code
 * block_size} neighbouring k of a column: one for all, [N] where the block is all of K, else
 * [groups, N] or [N, groups]. The result is the float of {@link GroupedProduct}; bias is [N]. A
 * block longer than {@link IntegerDialect#LONGEST_BLOCK} is refused.
 */
final class MatMulIntegerToFloat implements OperatorKernel {

  private static final Slots SLOTS =
      Slots.of("a", "a_scale", "a_zero_point", "b", "b_scale", "b_zero_point", "bias");
  private static final QuantizedSlot LEFT = SLOTS.quantized("a");
  private static final QuantizedSlot RIGHT = SLOTS.quantized("b");
  private static final int BIAS = SLOTS.index("bias");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            IntegerDialect.MATMUL_TO_FLOAT,
            QuantizedShapes.matMulIntegerToFloat(LEFT, RIGHT),
            new MatMulIntegerToFloat())
        .slots(SLOTS)
        .formula(
            "acc = 0; for each block g: acc = acc + f32(sum over k in g of (a - z_a) * (b - z_b)) *"
                + " (s_a * s_b); acc + bias")
        .exact(MatMulIntegerToFloat::exact);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    QuantizedOperand a = operands.quantized(LEFT);
    long all = a.size(a.rank() - 1);
    return ExactProducts.rows(
        a,
        operands.quantized(RIGHT),
        operands.find(BIAS).map(bias -> bias.floats()),
        (int) Math.max(1, operands.node().intAttribute(IntegerDialect.BLOCK_SIZE, all)),
        operands.node().intAttribute(IntegerDialect.TRANSPOSED_RIGHT, 0) != 0);
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightBits(signature, LEFT.value(), LEFT.zeroPoint()),
        Refusals.unlessAtMostEightBits(signature, RIGHT.value(), RIGHT.zeroPoint()),
        Refusals.unlessFloat(signature, LEFT.scale(), RIGHT.scale(), BIAS));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return new Compiled(
        FromOperands.of(
            compilation,
            reader -> weights(compilation, reader),
            RIGHT.value(),
            RIGHT.scale(),
            RIGHT.zeroPoint()));
  }

  private static GroupedWeights weights(Compilation compilation, OperandReader reader) {
    ArrayType type = reader.type(RIGHT.value());
    boolean transposed = compilation.node().intAttribute(IntegerDialect.TRANSPOSED_RIGHT, 0) != 0;
    int depth = type.size(transposed ? 1 : 0);
    int columns = type.size(transposed ? 0 : 1);
    long stated = compilation.node().intAttribute(IntegerDialect.BLOCK_SIZE, depth);
    int size = (int) Math.max(1, Math.min(stated, depth));
    if (size > IntegerDialect.LONGEST_BLOCK) {
      throw new UnsupportedNodeException(
          "its sums of " + size + " products may leave int32 (2147483647)");
    }
    GroupedWeights.Layout layout = new GroupedWeights.Layout(depth, columns, size, transposed);
    int pairs = layout.groups() * columns;
    return new GroupedWeights(
        new StoredGroups(
            reader.stored(RIGHT.value()),
            scales(reader, pairs),
            zeroPoints(reader, pairs),
            layout));
  }

  private static float[] scales(OperandReader reader, int pairs) {
    float[] scales = reader.floats(RIGHT.scale());
    if (scales.length == 1 && pairs != 1) {
      float[] all = new float[pairs];
      Arrays.fill(all, scales[0]);
      return all;
    }
    if (scales.length != pairs) {
      throw new ShapeMismatchException(
          "operand " + RIGHT.scale() + " has " + scales.length + " scales for " + pairs);
    }
    return scales;
  }

  private static Optional<StoredIntegers> zeroPoints(OperandReader reader, int pairs) {
    if (!reader.has(RIGHT.zeroPoint())) {
      return Optional.empty();
    }
    DataType type = reader.dataType(RIGHT.zeroPoint());
    int[] given = reader.zeroPoints(RIGHT.zeroPoint());
    if (given.length != 1 && given.length != pairs) {
      throw new ShapeMismatchException(
          "operand " + RIGHT.zeroPoint() + " has " + given.length + " zero points for " + pairs);
    }
    byte[] all = new byte[pairs];
    for (int i = 0; i < pairs; i++) {
      all[i] = (byte) given[given.length == 1 ? 0 : i];
    }
    return Optional.of(StoredIntegers.of(type, all));
  }

  private record Compiled(FromOperands<GroupedWeights> right) implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      ArrayType left = preparation.operand(LEFT.value());
      int rows = left.product(0, left.rank() - 1);
      requireCount(preparation, LEFT.scale(), rows);
      requireCount(preparation, LEFT.zeroPoint(), rows);
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        float[] y = (float[]) Objects.requireNonNull(results[0]);
        float[] bias = reader.has(BIAS) ? reader.floats(BIAS) : new float[0];
        Primitives.chosen()
            .multiply(
                new GroupedProduct(
                    rows,
                    reader.leftMatrices(LEFT.value(), LEFT.zeroPoint()),
                    reader.floats(LEFT.scale()),
                    right.in(reader),
                    bias,
                    new GroupedProduct.Result.Floats(y)),
                workers);
      };
    }

    private static void requireCount(Preparation preparation, int operand, int rows) {
      if (preparation.has(operand)) {
        int count = preparation.operand(operand).count();
        if (count != 1 && count != rows) {
          throw new ShapeMismatchException(
              "operand " + operand + " has " + count + " elements for " + rows + " rows");
        }
      }
    }

    @Override
    public boolean reads(int operand) {
      boolean ofMatrix =
          operand == RIGHT.value() || operand == RIGHT.scale() || operand == RIGHT.zeroPoint();
      return !ofMatrix || right.constant().isEmpty();
    }
  }
}
