package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.Slots;
import dev.octet.kernels.exact.ExactConversions;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactExponentials;
import dev.octet.kernels.exact.ExactMeans;
import dev.octet.kernels.exact.ExactProducts;
import dev.octet.kernels.shape.QuantizedShapes;
import java.util.ArrayList;
import java.util.List;

/** Defines the operators on quantized integers. */
public final class IntegerOperators {

  private static final Slots CONVERSION = Slots.of("x", "scale", "zero_point");
  private static final Slots UNARY =
      Slots.of("X", "x_scale", "x_zero_point", "y_scale", "y_zero_point");
  private static final Slots BINARY =
      Slots.of(
          "A",
          "A_scale",
          "A_zero_point",
          "B",
          "B_scale",
          "B_zero_point",
          "C_scale",
          "C_zero_point");

  private IntegerOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>(conversions());
    all.addAll(convolutions());
    all.addAll(matrixProducts());
    all.addAll(pairs());
    all.addAll(means());
    all.addAll(choices());
    all.addAll(QLinearUnary.definitions());
    return all;
  }

  private static List<OperatorDefinition> conversions() {
    List<OperatorDefinition> all = new ArrayList<>();
    for (OpType op : List.of(OpType.onnx("QuantizeLinear"), microsoft("QuantizeLinear"))) {
      all.add(
          OperatorDefinition.of(op, QuantizedShapes::quantize, QuantizeOperators.quantize())
              .slots(CONVERSION)
              .formula("clamp(rne(x / s) + z)")
              .exact(ExactConversions::quantize));
    }
    for (OpType op : List.of(OpType.onnx("DequantizeLinear"), microsoft("DequantizeLinear"))) {
      all.add(
          OperatorDefinition.of(op, QuantizedShapes::dequantize, QuantizeOperators.dequantize())
              .slots(CONVERSION)
              .formula("f32(q - z) * s")
              .exact(ExactConversions::dequantize));
    }
    all.add(
        OperatorDefinition.of(
                "DynamicQuantizeLinear",
                QuantizedShapes::dynamicQuantize,
                new DynamicQuantizeLinear())
            .slots(Slots.of("x"))
            .formula(
                "n = min(0, min x), p = max(0, max x), s = (p - n) / 255, z = rne(clamp(0 - n /"
                    + " s)), clamp(rne(x / s) + z)")
            .exact(ExactConversions::dynamicQuantize));
    return all;
  }

  private static List<OperatorDefinition> convolutions() {
    return List.of(
        OperatorDefinition.of("QLinearConv", QuantizedShapes::qLinearConv, new QLinearConv())
            .slots(
                Slots.of(
                    "x",
                    "x_scale",
                    "x_zero_point",
                    "w",
                    "w_scale",
                    "w_zero_point",
                    "y_scale",
                    "y_zero_point",
                    "B"))
            .formula(
                "acc = B + sum (x - z_x) * (w - z_w), rne(clamp(f32(acc) * ((s_x * s_w) / s_y))) + z_y")
            .exact(ExactProducts::conv)
            .loweredFrom("Conv"),
        OperatorDefinition.of("ConvInteger", QuantizedShapes::convInteger, new ConvInteger())
            .slots(Slots.of("x", "w", "x_zero_point", "w_zero_point"))
            .formula("sum (x - z_x) * (w - z_w)")
            .exact(ExactProducts::convInteger));
  }

  private static List<OperatorDefinition> matrixProducts() {
    return List.of(
        OperatorDefinition.of("QLinearMatMul", QuantizedShapes::qLinearMatMul, new QLinearMatMul())
            .slots(
                Slots.of(
                    "a",
                    "a_scale",
                    "a_zero_point",
                    "b",
                    "b_scale",
                    "b_zero_point",
                    "y_scale",
                    "y_zero_point"))
            .formula(
                "acc = sum (a - z_a) * (b - z_b), rne(clamp(f32(acc) * ((s_a * s_b) / s_y))) + z_y")
            .exact(ExactProducts::matMul)
            .loweredFrom("MatMul"),
        OperatorDefinition.of("MatMulInteger", QuantizedShapes::matMulInteger, new MatMulInteger())
            .slots(Slots.of("A", "B", "a_zero_point", "b_zero_point"))
            .formula("sum (a - z_a) * (b - z_b)")
            .exact(ExactProducts::matMulInteger),
        OperatorDefinition.of(microsoft("QGemm"), QuantizedShapes::qGemm, new QGemm())
            .slots(
                Slots.of(
                    "A",
                    "a_scale",
                    "a_zero_point",
                    "B",
                    "b_scale",
                    "b_zero_point",
                    "C",
                    "y_scale",
                    "y_zero_point"))
            .formula(
                "acc = C + sum (a - z_a) * (b - z_b), rne(clamp(f32(acc) * (((alpha * s_a) * s_b) /"
                    + " s_y))) + z_y; without y_scale f32(acc) * ((alpha * s_a) * s_b)")
            .exact(ExactProducts::gemm)
            .loweredFrom("Gemm"));
  }

  private static List<OperatorDefinition> pairs() {
    return List.of(
        OperatorDefinition.of(
                microsoft("QLinearAdd"), QuantizedShapes::qLinearBinary, QLinearBinary.add())
            .slots(BINARY)
            .formula(
                "r_a = s_a / s_c, r_b = s_b / s_c, f = z_c - (r_a * z_a + r_b * z_b), clamp(rne((f"
                    + " + a * r_a) + b * r_b))")
            .exact(ExactElementwise::add)
            .loweredFrom("Add"),
        OperatorDefinition.of(
                microsoft("QLinearMul"), QuantizedShapes::qLinearBinary, QLinearBinary.mul())
            .slots(BINARY)
            .formula(
                "m = (s_a * s_b) / s_c, clamp(rne(f32((a - z_a) * (b - z_b)) * m + z_c)); two"
                    + " roundings")
            .exact(ExactElementwise::mul)
            .loweredFrom("Mul"));
  }

  private static List<OperatorDefinition> means() {
    String mean = "acc = sum (x - z_x), rne(clamp(f32(acc) * (s_x / (s_y * f32(N))))) + z_y";
    return List.of(
        OperatorDefinition.of(
                microsoft("QLinearAveragePool"),
                QuantizedShapes::qLinearPool,
                new QLinearAveragePool())
            .slots(UNARY)
            .formula(
                "v = f32(x - z_x) * s_x, clamp(rne((sum v / count) / s_y + z_y)); lowered:"
                    + " clamp(rne((sum v / count) / s_y) + z_y)")
            .exact(ExactMeans::averagePool)
            .loweredFrom("AveragePool"),
        OperatorDefinition.of(
                microsoft("QLinearGlobalAveragePool"),
                QuantizedShapes::qLinearGlobalPool,
                QLinearMean.globalAveragePool())
            .slots(UNARY)
            .formula(mean)
            .exact(ExactMeans::globalAveragePool)
            .loweredFrom("GlobalAveragePool"),
        OperatorDefinition.of(
                microsoft("QLinearReduceMean"),
                QuantizedShapes::qLinearReduce,
                QLinearMean.reduceMean())
            .slots(UNARY)
            .formula(mean)
            .exact(ExactMeans::reduceMean)
            .loweredFrom("ReduceMean"));
  }

  private static List<OperatorDefinition> choices() {
    String copied = "a copy where scale and zero point are those of the result, else as Requantize";
    return List.of(
        OperatorDefinition.of(
                microsoft("QLinearConcat"), QuantizedShapes::qLinearConcat, new QLinearConcat())
            .formula(copied)
            .exact(ExactElementwise::concat)
            .loweredFrom("Concat"),
        OperatorDefinition.of(
                microsoft("QLinearWhere"), QuantizedShapes::qLinearWhere, new QLinearWhere())
            .slots(
                Slots.of(
                    "condition",
                    "X",
                    "x_scale",
                    "x_zero_point",
                    "Y",
                    "y_scale",
                    "y_zero_point",
                    "z_scale",
                    "z_zero_point"))
            .formula(copied)
            .exact(ExactElementwise::where),
        OperatorDefinition.of(
                microsoft("QLinearSoftmax"), QuantizedShapes::qLinearUnary, new QLinearSoftmax())
            .slots(UNARY)
            .formula(
                "t[i] = f32(exp((i - 255 + shift) * s_x)), clamp(rne((t * floor(1 / s_y)) / sum t)"
                    + " + z_y)")
            .exact(ExactExponentials::softmax)
            .loweredFrom("Softmax"));
  }
}
