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
            LoweringRule.of(slots -> slots.everyActivation(SLOTS, PART).result(RESULT), "Concat")
                .upToSixteenBits());
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
            Refusals.unlessEightOrSixteenBits(signature, RESULT.zeroPoint()),
            Refusals.unlessFloat(signature, RESULT.scale()));
    for (QuantizedSlot x : parts(signature.node().operands().size())) {
      refusal =
          Refusals.first(
              refusal,
              Refusals.unlessEightOrSixteenBits(signature, x.value(), x.zeroPoint()),
              Refusals.unlessFloat(signature, x.scale()));
    }
    return refusal;
  }

  /** Writes neighbouring elements of one part to neighbouring places of the result. */
  @FunctionalInterface
  private interface Stretch {
    void write(int from, int at, int count);
  }

  /** What writes the parts of a run. */
  @FunctionalInterface
  private interface Writer {
    Stretch of(OperandReader reader, int part, Object y);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    List<QuantizedSlot> parts = parts(compilation.node().operands().size());
    int[] values = parts.stream().mapToInt(QuantizedSlot::value).toArray();
    if (WideOperands.has(compilation, values)) {
      return preparation ->
          bind(preparation, parts, (reader, i, y) -> wide(preparation, reader, parts.get(i), y));
    }
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
    return preparation ->
        bind(
            preparation,
            parts,
            (reader, i, y) -> {
              byte[] table = tables.get(i).in(reader);
              byte[] x = (byte[]) reader.array(parts.get(i).value());
              return (from, at, count) -> TableKernel.map(table, x, from, (byte[]) y, at, count);
            });
  }

  private static Kernel bind(Preparation preparation, List<QuantizedSlot> parts, Writer writer) {
    Refusals.requireScalars(preparation, RESULT.scale(), RESULT.zeroPoint());
    for (QuantizedSlot x : parts) {
      Refusals.requireScalars(preparation, x.scale(), x.zeroPoint());
    }
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      int at = 0;
      for (int i = 0; i < parts.size(); i++) {
        ArrayType part = preparation.operand(parts.get(i).value());
        at += place(preparation, part, writer.of(reader, i, y), at);
      }
    };
  }

  /** Writes one part; returns the length of its rows. */
  private static int place(Preparation preparation, ArrayType part, Stretch stretch, int at) {
    ArrayType whole = preparation.result(0);
    long stated = preparation.node().intAttribute("axis", 1);
    int axis = (int) (stated < 0 ? stated + whole.rank() : stated);
    int length = part.product(axis, part.rank());
    int stride = whole.product(axis, whole.rank());
    for (int row = 0; row < part.product(0, axis); row++) {
      stretch.write(row * length, at + row * stride, length);
    }
    return length;
  }

  private static Stretch wide(
      Preparation preparation, OperandReader reader, QuantizedSlot x, Object y) {
    DataType type = preparation.result(0).dataType();
    IntegerRange range = IntegerRange.of(preparation.node(), type);
    if (isTheResults(reader, x, type) && range.equals(IntegerRange.of(type))) {
      Object array = reader.array(x.value());
      return (from, at, count) -> System.arraycopy(array, from, y, at, count);
    }
    DequantizedOperand operand = new DequantizedOperand(reader, x);
    QuantizedResult result = new QuantizedResult(preparation, reader, RESULT, y);
    float[] values = new float[DequantizedOperand.CHUNK];
    return (from, at, count) -> {
      for (int done = 0; done < count; done += DequantizedOperand.CHUNK) {
        int some = Math.min(DequantizedOperand.CHUNK, count - done);
        operand.read(from + done, some, values);
        result.write(values, some, at + done);
      }
    };
  }

  /** Tells whether the integers of a part mean what those of the result mean. */
  private static boolean isTheResults(OperandReader reader, QuantizedSlot x, DataType type) {
    return reader.scale(x.scale()) == reader.scale(RESULT.scale())
        && reader.zeroPoint(x.zeroPoint()) == reader.zeroPoint(RESULT.zeroPoint())
        && reader.dataType(x.value()) == type;
  }

  private static byte[] table(Compilation compilation, OperandReader reader, QuantizedSlot x) {
    float yScale = reader.scale(RESULT.scale());
    int yZero = reader.zeroPoint(RESULT.zeroPoint());
    float xScale = reader.scale(x.scale());
    int xZero = reader.zeroPoint(x.zeroPoint());
    DataType type = compilation.resultType(0);
    boolean same = isTheResults(reader, x, type);
    IntegerRange range = IntegerRange.of(compilation.node(), type);
    return TableKernel.table(
        reader.dataType(x.value()),
        q ->
            same
                ? Math.min(Math.max(q, range.min()), range.max())
                : range.quantize(QuantizeLinear.dequantize(q, xScale, xZero), yScale, yZero));
  }
}
