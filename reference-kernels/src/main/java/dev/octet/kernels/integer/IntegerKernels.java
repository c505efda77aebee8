package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.registry.KernelRegistry;

/** Registers the integer kernels. */
public final class IntegerKernels {

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
        .add(IntegerDialect.REQUANTIZE, QLinearUnary.requantize());
  }
}
