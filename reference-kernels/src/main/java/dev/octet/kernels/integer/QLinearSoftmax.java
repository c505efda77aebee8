package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.Attribute;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.UnarySlots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactExponentials;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * com.microsoft QLinearSoftmax: operands X, X_scale, x_zero_point, y_scale, y_zero_point;
 * attributes axis and opset. Before opset 13 a row is everything from the axis on, since then the
 * elements along the axis.
 *
 * <p>INT8 and UINT8: with n elements in a row, {@code shift = max(0, ln(FLT_MAX / n) - 5) / s_x}
 * and {@code t[i] = float32(exp((i - 255 + shift) * s_x))} in float64 by StrictMath for i = 0..255.
 * The largest integer of a row is moved to i = 255; the t of a row are added one after another in
 * float32; {@code y = clamp(rne((t * floor(1 / s_y)) / sum) + z_y)}, every operation rounded to
 * float32. Because of the floor, the result is a softmax only where {@code 1 / s_y} is an integer.
 * Source: ONNX Runtime.
 *
 * <p>Where X or the result is INT16 or UINT16, which ONNX Runtime's operator is not made for:
 * {@code t[d] = exp(-d * s_x)} by StrictMath for every difference d to the largest integer of the
 * row, added one after another, and {@code y = clamp(rne(t / (sum * s_y)) + z_y)}, all of it in
 * float64.
 */
final class QLinearSoftmax implements OperatorKernel {

  private static final QuantizedSlot INPUT = UnarySlots.INPUT;
  private static final ParameterSlot RESULT = UnarySlots.RESULT;

  private static final String FORMULA =
      "t[i] = f32(exp((i - 255 + shift) * s_x)), clamp(rne((t * floor(1 / s_y)) / sum t)"
          + " + z_y)";

  private static final String WIDE_FORMULA =
      "t[d] = exp(-d * s_x), d from the largest of the row, clamp(rne(t / (sum t * s_y)) + z_y), in"
          + " float64";

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            microsoft("QLinearSoftmax"),
            QuantizedShapes.qLinearSoftmax(INPUT, RESULT),
            new QLinearSoftmax())
        .slots(UnarySlots.SLOTS)
        .formula(FORMULA + "; of 16 bits " + WIDE_FORMULA)
        .exact(QLinearSoftmax::exact)
        .requantizedBy(RequantizationProfile.named("exponential-table", FORMULA))
        .lowered(
            LoweringRule.of(slots -> slots.activation(0, INPUT).result(RESULT), "Softmax")
                .upToSixteenBitsBy(
                    RequantizationProfile.named("exponential-table-float64", WIDE_FORMULA))
                .attributes(QLinearSoftmax::attributes));
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    boolean wide =
        operands.get(INPUT.value()).dataType().bits() > Byte.SIZE
            || operands.dataType().bits() > Byte.SIZE;
    return ExactExponentials.softmax(
        operands, operands.quantized(INPUT), operands.parameters(RESULT), wide);
  }

  /** With axis and opset; that of 8 bits scales by floor(1 / s_y), which must be 1 / s_y. */
  private static List<Attribute> attributes(FloatNode softmax) {
    float steps = 1f / softmax.resultScale();
    if (softmax.mostBits() == Byte.SIZE && steps != (float) Math.floor((double) steps)) {
      throw new StaysFloatException("1 / " + softmax.resultScale() + " is no integer");
    }
    List<Attribute> attributes = new ArrayList<>(softmax.attributes());
    if (!softmax.node().attributes().containsKey("axis")) {
      attributes.add(Attribute.of("axis", softmax.opset() < SoftmaxRows.ONE_AXIS ? 1L : -1L));
    }
    attributes.add(Attribute.of("opset", softmax.opset()));
    return attributes;
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return UnaryOperands.refusal(signature);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    return WideOperands.has(compilation, INPUT.value())
        ? WideSoftmax.compile(compilation)
        : QLinearSoftmax::bind;
  }

  private static Kernel bind(Preparation preparation) {
    UnaryOperands.requireScalars(preparation);
    SoftmaxRows rows = SoftmaxRows.of(preparation, INPUT.value());
    Optional<float[]> constant =
        preparation.floatScalar(INPUT.scale()).map(scale -> table(scale, rows.length()));
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      float[] table = constant.orElseGet(() -> table(reader.scale(INPUT.scale()), rows.length()));
      byte[] y = (byte[]) Objects.requireNonNull(results[0]);
      Softmax softmax = new Softmax(preparation, reader, rows, table, y);
      workers.forRange(rows.count(), 64, softmax::rows);
    };
  }

  private static float[] table(float scale, int length) {
    double room = StrictMath.log((double) Float.MAX_VALUE / length) - 5;
    double shift = Math.max(0, room) / scale;
    float[] table = new float[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (float) StrictMath.exp((i - 255 + shift) * scale);
    }
    return table;
  }

  /** One run. */
  private static final class Softmax {
    private final SoftmaxRows rows;
    private final byte[] x;
    private final byte[] y;
    private final boolean signed;
    private final float[] table;
    private final float steps;
    private final int yZero;
    private final IntegerRange range;

    Softmax(
        Preparation preparation, OperandReader reader, SoftmaxRows rows, float[] table, byte[] y) {
      this.rows = rows;
      this.x = (byte[]) reader.array(INPUT.value());
      this.y = y;
      this.signed = reader.dataType(INPUT.value()).isSignedInteger();
      this.table = table;
      this.steps = (float) Math.floor((double) (1f / reader.scale(RESULT.scale())));
      this.yZero = reader.zeroPoint(RESULT.zeroPoint());
      this.range = IntegerRange.of(preparation.node(), preparation.result(0).dataType());
    }

    void rows(int from, int to) {
      for (int row = from; row < to; row++) {
        row(rows.first(row));
      }
    }

    private void row(int at) {
      int largest = Integer.MIN_VALUE;
      for (int i = 0; i < rows.length(); i++) {
        largest = Math.max(largest, element(at + i * rows.inner()));
      }
      float sum = 0;
      for (int i = 0; i < rows.length(); i++) {
        sum += table[element(at + i * rows.inner()) - largest + 255];
      }
      for (int i = 0; i < rows.length(); i++) {
        int index = at + i * rows.inner();
        float share = table[element(index) - largest + 255] * steps / sum;
        int q = (int) Math.rint((double) share) + yZero;
        y[index] = (byte) Math.max(Math.min(q, range.max()), range.min());
      }
    }

    private int element(int index) {
      return signed ? x[index] : x[index] & 0xFF;
    }
  }
}
