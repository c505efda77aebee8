package dev.octet.kernels.exact;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The exact rules by operator. */
public final class ExactRules {

  private static final Map<OpType, ExactRule> RULES =
      Map.ofEntries(
          Map.entry(OpType.onnx("QuantizeLinear"), ExactConversions::quantize),
          Map.entry(microsoft("QuantizeLinear"), ExactConversions::quantize),
          Map.entry(OpType.onnx("DequantizeLinear"), ExactConversions::dequantize),
          Map.entry(microsoft("DequantizeLinear"), ExactConversions::dequantize),
          Map.entry(OpType.onnx("DynamicQuantizeLinear"), ExactConversions::dynamicQuantize),
          Map.entry(OpType.onnx("QLinearConv"), ExactProducts::conv),
          Map.entry(OpType.onnx("ConvInteger"), ExactProducts::convInteger),
          Map.entry(OpType.onnx("QLinearMatMul"), ExactProducts::matMul),
          Map.entry(OpType.onnx("MatMulInteger"), ExactProducts::matMulInteger),
          Map.entry(microsoft("QGemm"), ExactProducts::gemm),
          Map.entry(microsoft("QLinearAdd"), ExactElementwise::add),
          Map.entry(microsoft("QLinearMul"), ExactElementwise::mul),
          Map.entry(microsoft("QLinearWhere"), ExactElementwise::where),
          Map.entry(microsoft("QLinearConcat"), ExactElementwise::concat),
          Map.entry(microsoft("QLinearLeakyRelu"), ExactElementwise::leakyRelu),
          Map.entry(IntegerDialect.REQUANTIZE, ExactElementwise::requantize),
          Map.entry(microsoft("QLinearSigmoid"), ExactExponentials::sigmoid),
          Map.entry(microsoft("QLinearSoftmax"), ExactExponentials::softmax),
          Map.entry(microsoft("QLinearAveragePool"), ExactMeans::averagePool),
          Map.entry(microsoft("QLinearGlobalAveragePool"), ExactMeans::globalAveragePool),
          Map.entry(microsoft("QLinearReduceMean"), ExactMeans::reduceMean));

  private ExactRules() {}

  /** Returns the rule of an operator; empty for one that only moves elements, or is in float. */
  public static Optional<ExactRule> find(OpType op) {
    return Optional.ofNullable(RULES.get(op));
  }

  /** Returns the operators that have a rule, in their order. */
  public static SortedSet<OpType> operators() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(RULES.keySet()));
  }
}
