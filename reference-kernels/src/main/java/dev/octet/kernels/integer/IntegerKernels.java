package dev.octet.kernels.integer;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.registry.KernelRegistry;

/** Registers the integer kernels. */
public final class IntegerKernels {

  /** The domain of ONNX Runtime's own operators. */
  public static final String MICROSOFT = "com.microsoft";

  /** The domain of the operators that only Octet's own integer graphs have. */
  public static final String OCTET = "dev.octet";

  /**
   * The change of scale and zero point of an 8-bit tensor: operands x, x_scale, x_zero_point,
   * y_scale, y_zero_point.
   */
  public static final OpType REQUANTIZE = new OpType(OCTET, "Requantize");

  /** The attribute that raises the smallest integer of a result: what a Relu or Clip became. */
  public static final String OUTPUT_MIN = IntegerRange.OUTPUT_MIN;

  /** The attribute that lowers the largest integer of a result: what a Clip became. */
  public static final String OUTPUT_MAX = IntegerRange.OUTPUT_MAX;

  /** The attribute of a QLinearAveragePool, 1 for true, that adds the zero point after rounding. */
  public static final String ROUND_FIRST = QLinearAveragePool.ROUND_FIRST;

  private IntegerKernels() {}

  /** Adds the kernels of this package. */
  public static void register(KernelRegistry.Builder builder) {
    builder
        .add("QuantizeLinear", QuantizeOperators.quantize())
        .add("DequantizeLinear", QuantizeOperators.dequantize())
        .add(microsoft("QuantizeLinear"), QuantizeOperators.quantize())
        .add(microsoft("DequantizeLinear"), QuantizeOperators.dequantize())
        .add("DynamicQuantizeLinear", new DynamicQuantizeLinear())
        .add("QLinearConv", new QLinearConv())
        .add("ConvInteger", new ConvInteger())
        .add("QLinearMatMul", new QLinearMatMul())
        .add("MatMulInteger", new MatMulInteger())
        .add(microsoft("QGemm"), new QGemm())
        .add(microsoft("QLinearAdd"), QLinearBinary.add())
        .add(microsoft("QLinearMul"), QLinearBinary.mul())
        .add(microsoft("QLinearAveragePool"), new QLinearAveragePool())
        .add(microsoft("QLinearGlobalAveragePool"), QLinearMean.globalAveragePool())
        .add(microsoft("QLinearReduceMean"), QLinearMean.reduceMean())
        .add(microsoft("QLinearConcat"), new QLinearConcat())
        .add(microsoft("QLinearWhere"), new QLinearWhere())
        .add(microsoft("QLinearSoftmax"), new QLinearSoftmax())
        .add(microsoft("QLinearSigmoid"), QLinearUnary.sigmoid())
        .add(microsoft("QLinearLeakyRelu"), QLinearUnary.leakyRelu())
        .add(REQUANTIZE, QLinearUnary.requantize());
  }

  private static OpType microsoft(String name) {
    return new OpType(MICROSOFT, name);
  }
}
