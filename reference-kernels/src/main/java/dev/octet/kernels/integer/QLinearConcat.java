package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QLinearConcat: operands Y_scale, Y_zero_point, then a tensor, its scale and its
 * zero point for each part; attribute axis.
 *
 * <p>An element whose scale and zero point are those of the result is copied; any other is {@code
 * clamp(rne((float32(x - z_x) * s_x) / s_y) + z_y)}, every operation rounded to float32.
 */
final class QLinearConcat implements OperatorKernel {

  /** What QLinearWhere does as well. */
  static final String COPIED =
      "a copy where scale and zero point are those of the result, else as Requantize";

  private static final String PART = "X";
  private static final Slots SLOTS =
      Slots.of("Y_scale", "Y_zero_point").repeating(PART, "X_scale", "X_zero_point");
  private static final ParameterSlot RESULT = SLOTS.parameters("Y");

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            microsoft("QLinearConcat"),
            QuantizedShapes.qLinearConcat(SLOTS, PART, RESULT),
            new QLinearConcat())
        .slots(SLOTS)
        .formula(COPIED)
        .exact(QLinearConcat::exact)
        .lowered(
            LoweringRule.of(slots -> slots.everyActivation(SLOTS, PART).result(RESULT), "Concat"));
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    int count = operands.node().operands().size();
    return ExactElementwise.concat(
        operands,
        SLOTS.quantizedParts(PART, count).stream().map(operands::quantized).toList(),
        operands.parameters(RESULT));
  }

  private static List<QuantizedSlot> parts(int operands) {
    return SLOTS.quantizedParts(PART, operands);
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    Optional<String> refusal =
        Refusals.first(
            Refusals.unlessEightBits(signature, RESULT.zeroPoint()),
            Refusals.unlessFloat(signature, RESULT.scale()));
    for (QuantizedSlot x : parts(signature.node().operands().size())) {
      refusal =
          Refusals.first(
              refusal,
              Refusals.unlessEightBits(signature, x.value(), x.zeroPoint()),
              Refusals.unlessFloat(signature, x.scale()));
    }
    return refusal;
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    List<QuantizedSlot> parts = parts(compilation.node().operands().size());
    List<FromOperands<byte[]>> tables = new ArrayList<>();
    for (QuantizedSlot x : parts) {
      tables.add(
          FromOperands.of(
              compilation,
              r -> table(compilation, r, x),
              RESULT.scale(),
              RESULT.zeroPoint(),
              x.scale(),
              x.zeroPoint()));
    }
    return preparation -> bind(preparation, parts, tables);
  }

  private static Kernel bind(
      Preparation preparation, List<QuantizedSlot> parts, List<FromOperands<byte[]>> tables) {
    for (QuantizedSlot x : parts) {
      Refusals.requireScalars(preparation, x.scale(), x.zeroPoint());
    }
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      byte[] y = (byte[]) Objects.requireNonNull(results[0]);
      int at = 0;
      for (int i = 0; i < parts.size(); i++) {
        at += place(preparation, reader, parts.get(i), tables.get(i).in(reader), y, at);
      }
    };
  }

  /** Writes one part; returns the length of its rows. */
  private static int place(
      Preparation preparation,
      OperandReader reader,
      QuantizedSlot x,
      byte[] table,
      byte[] y,
      int at) {
    ArrayType part = preparation.operand(x.value());
    ArrayType whole = preparation.result(0);
    long stated = preparation.node().intAttribute("axis", 1);
    int axis = (int) (stated < 0 ? stated + whole.rank() : stated);
    int length = part.product(axis, part.rank());
    int stride = whole.product(axis, whole.rank());
    for (int row = 0; row < part.product(0, axis); row++) {
      TableKernel.map(
          table, (byte[]) reader.array(x.value()), row * length, y, at + row * stride, length);
    }
    return length;
  }

  private static byte[] table(Compilation compilation, OperandReader reader, QuantizedSlot x) {
    float yScale = reader.scale(RESULT.scale());
    int yZero = reader.zeroPoint(RESULT.zeroPoint());
    float xScale = reader.scale(x.scale());
    int xZero = reader.zeroPoint(x.zeroPoint());
    DataType type = compilation.resultType(0);
    boolean same = xScale == yScale && xZero == yZero && reader.dataType(x.value()) == type;
    IntegerRange range = IntegerRange.of(compilation.node(), type);
    return TableKernel.table(
        reader.dataType(x.value()),
        q ->
            same
                ? Math.min(Math.max(q, range.min()), range.max())
                : range.quantize(QuantizeLinear.dequantize(q, xScale, xZero), yScale, yZero));
  }
}
