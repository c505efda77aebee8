package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QLinearWhere: operands condition, X, x_scale, x_zero_point, Y, y_scale,
 * y_zero_point, z_scale, z_zero_point; condition, X and Y broadcast.
 *
 * <p>The chosen element is {@code clamp(rne((float32(q - z) * s) / s_z) + z_z)}, every operation
 * rounded to float32.
 */
final class QLinearWhere implements OperatorKernel {

  private static final Slots SLOTS =
      Slots.of(
          "condition",
          "X",
          "x_scale",
          "x_zero_point",
          "Y",
          "y_scale",
          "y_zero_point",
          "z_scale",
          "z_zero_point");
  private static final int CONDITION = SLOTS.index("condition");
  private static final QuantizedSlot X = SLOTS.quantized("X");
  private static final QuantizedSlot Y = SLOTS.quantized("Y");
  private static final ParameterSlot Z = SLOTS.parameters("z");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            microsoft("QLinearWhere"),
            QuantizedShapes.qLinearWhere(CONDITION, X, Y),
            new QLinearWhere())
        .slots(SLOTS)
        .formula(QLinearConcat.COPIED)
        .exact(QLinearWhere::exact);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactElementwise.where(
        operands,
        operands.get(CONDITION),
        operands.quantized(X),
        operands.quantized(Y),
        operands.parameters(Z));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessTruth(signature, CONDITION),
        Refusals.unlessEightBits(
            signature, X.value(), X.zeroPoint(), Y.value(), Y.zeroPoint(), Z.zeroPoint()),
        Refusals.unlessFloat(signature, X.scale(), Y.scale(), Z.scale()));
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    FromOperands<byte[]> fromX = table(compilation, X);
    FromOperands<byte[]> fromY = table(compilation, Y);
    return preparation -> bind(preparation, fromX, fromY);
  }

  private static FromOperands<byte[]> table(Compilation compilation, QuantizedSlot slot) {
    IntegerRange range = IntegerRange.of(compilation.node(), compilation.resultType(0));
    return FromOperands.of(
        compilation,
        reader -> table(reader, slot, range),
        slot.scale(),
        slot.zeroPoint(),
        Z.scale(),
        Z.zeroPoint());
  }

  private static byte[] table(OperandReader reader, QuantizedSlot slot, IntegerRange range) {
    float scale = reader.scale(slot.scale());
    int zeroPoint = reader.zeroPoint(slot.zeroPoint());
    float zScale = reader.scale(Z.scale());
    int zZero = reader.zeroPoint(Z.zeroPoint());
    return TableKernel.table(
        reader.dataType(slot.value()),
        q -> range.quantize(QuantizeLinear.dequantize(q, scale, zeroPoint), zScale, zZero));
  }

  private static Kernel bind(
      Preparation preparation, FromOperands<byte[]> fromX, FromOperands<byte[]> fromY) {
    Refusals.requireScalars(
        preparation, X.scale(), X.zeroPoint(), Y.scale(), Y.zeroPoint(), Z.scale(), Z.zeroPoint());
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(CONDITION).sizes(),
            preparation.operand(X.value()).sizes(),
            preparation.operand(Y.value()).sizes());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      byte[] z = (byte[]) Objects.requireNonNull(results[0]);
      choose(walk, reader, fromX.in(reader), fromY.in(reader), z);
    };
  }

  private static void choose(
      Broadcast walk, OperandReader reader, byte[] fromX, byte[] fromY, byte[] z) {
    byte[] condition = (byte[]) reader.array(CONDITION);
    byte[] x = (byte[]) reader.array(X.value());
    byte[] y = (byte[]) reader.array(Y.value());
    for (int row = 0; row < walk.rows(); row++) {
      int co = walk.offset(0, row);
      int xo = walk.offset(1, row);
      int yo = walk.offset(2, row);
      for (int i = 0; i < walk.rowLength(); i++) {
        boolean first = condition[co + i * walk.step(0)] != 0;
        z[row * walk.rowLength() + i] =
            first ? fromX[x[xo + i * walk.step(1)] & 0xFF] : fromY[y[yo + i * walk.step(2)] & 0xFF];
      }
    }
  }
}
