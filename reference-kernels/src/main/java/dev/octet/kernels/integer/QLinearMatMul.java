package dev.octet.kernels.integer;

import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.AttributeRule;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.dialect.SumRule;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.primitive.Destination;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.MatrixProduct;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.Requantizer;
import dev.octet.kernels.primitive.WideProduct;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * ONNX QLinearMatMul: operands a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale,
 * y_zero_point.
 *
 * <p>{@code acc = sum (a - z_a) * (b - z_b[n])}; {@code y = rne(clamp(float32(acc) * ((s_a *
 * s_b[n]) / s_y))) + z_y}, see {@link Requantizer}. INT8 and UINT8 in any mix, the right side of 8,
 * 4 or 2 bits; the right scale and zero point per tensor or per column. INT16 and UINT16 have sums
 * of int64. Of 8 bits a sum that leaves int32 is what {@link SumRule} says; where it is to be
 * exact, sums that may ({@code 255 * sum over k of |b - z_b|} of a column, or {@code 255 * 255 * K}
 * when b is not constant, is 2^31 or more) are int64.
 */
final class QLinearMatMul implements OperatorKernel {

  private static final Slots SLOTS =
      Slots.of(
          "a",
          "a_scale",
          "a_zero_point",
          "b",
          "b_scale",
          "b_zero_point",
          "y_scale",
          "y_zero_point");
  private static final QuantizedSlot LEFT = SLOTS.quantized("a");
  private static final QuantizedSlot RIGHT = SLOTS.quantized("b");
  private static final ParameterSlot RESULT = SLOTS.parameters("y");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            "QLinearMatMul",
            QuantizedShapes.qLinearMatMul(LEFT, RIGHT, RESULT),
            new QLinearMatMul())
        .since(10)
        .slots(SLOTS)
        .formula(
            "acc = sum (a - z_a) * (b - z_b), rne(clamp(f32(acc) * ((s_a * s_b) / s_y))) + z_y")
        .exact(QLinearMatMul::exact)
        .requantizedBy(RequantizationProfile.floatHalfEven())
        .lowered(
            LoweringRule.of(
                    slots -> slots.activation(0, LEFT).weight(1, RIGHT).result(RESULT), "MatMul")
                .attributes(AttributeRule.KEEP.with(SumRule.exact()))
                .upToSixteenBits());
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactProducts.matMul(
        operands, operands.quantized(LEFT), operands.quantized(RIGHT), operands.parameters(RESULT));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature, LEFT.value(), LEFT.zeroPoint(), RESULT.zeroPoint()),
        Refusals.unlessAtMostSixteenBits(signature, RIGHT.value(), RIGHT.zeroPoint()),
        Refusals.unlessFloat(signature, LEFT.scale(), RIGHT.scale(), RESULT.scale()));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    int[] values = {LEFT.value(), RIGHT.value()};
    if (WideOperands.has(compilation, values, Integer.MAX_VALUE)) {
      return wide(compilation);
    }
    FromOperands<MatrixWeights> right =
        FromOperands.of(
            compilation,
            r -> r.rightMatrices(RIGHT.value(), RIGHT.zeroPoint(), MatrixGeometry.Right::ofMatMul),
            RIGHT.value(),
            RIGHT.zeroPoint());
    SumRule rule = SumRule.of(compilation.node());
    return right.constant().filter(w -> !rule.allowsInt32(w.largestSum())).isPresent()
        ? wide(compilation)
        : new Compiled(compilation, right, requantizer(compilation));
  }

  private static FromOperands<Requantizer> requantizer(Compilation compilation) {
    IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
    return FromOperands.of(
        compilation,
        r -> requantizer(r, range),
        LEFT.scale(),
        RIGHT.scale(),
        RESULT.scale(),
        RESULT.zeroPoint());
  }

  private static CompiledNode wide(Compilation compilation) {
    FromOperands<Requantizer> requantizer = requantizer(compilation);
    WideMatrices.Rule rule =
        new WideMatrices.Rule() {
          @Override
          public MatrixGeometry.Right right(ArrayType type) {
            return MatrixGeometry.Right.ofMatMul(type);
          }

          @Override
          public MatrixGeometry geometry(Preparation preparation) {
            return MatrixGeometry.ofMatMul(preparation, LEFT.value(), RIGHT.value());
          }

          @Override
          public WideProduct.Start start(Preparation preparation, OperandReader reader) {
            return WideProduct.Start.NONE;
          }

          @Override
          public Destination destination(OperandReader reader, Object y) {
            return new Destination.Requantized(requantizer.in(reader), y);
          }
        };
    return new WideMatrices(compilation, LEFT, RIGHT, RESULT, rule);
  }

  private static Requantizer requantizer(OperandReader reader, IntegerRange range) {
    float[] multipliers =
        Requantizer.multipliers(
            reader.scale(LEFT.scale()), reader.floats(RIGHT.scale()), reader.scale(RESULT.scale()));
    return new Requantizer(multipliers, range.around(reader.zeroPoint(RESULT.zeroPoint())));
  }

  private record Compiled(
      Compilation compilation,
      FromOperands<MatrixWeights> right,
      FromOperands<Requantizer> requantizer)
      implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      Refusals.requireScalars(
          preparation, LEFT.scale(), LEFT.zeroPoint(), RESULT.scale(), RESULT.zeroPoint());
      MatrixGeometry geometry = MatrixGeometry.ofMatMul(preparation, LEFT.value(), RIGHT.value());
      SumRule rule = SumRule.of(compilation.node());
      if (right.constant().isEmpty() && !rule.allowsInt32(255L * 255L * geometry.depth())) {
        return wide(compilation).bind(preparation);
      }
      Refusals.requireColumns(preparation, RIGHT.scale(), geometry.columns());
      return (operands, results, workers) -> {
        OperandReader reader = new OperandReader(preparation, operands);
        byte[] y = (byte[]) Objects.requireNonNull(results[0]);
        Primitives.chosen()
            .multiply(
                new MatrixProduct(
                    geometry,
                    reader.leftMatrices(LEFT.value(), LEFT.zeroPoint()),
                    right.in(reader),
                    MatrixProduct.Addend.none(),
                    new Destination.Requantized(requantizer.in(reader), y)),
                workers);
      };
    }

    @Override
    public boolean reads(int operand) {
      return operand != RIGHT.value() || right.constant().isEmpty();
    }
  }
}
