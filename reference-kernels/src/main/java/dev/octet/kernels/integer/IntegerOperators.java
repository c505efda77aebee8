package dev.octet.kernels.integer;

import dev.octet.kernels.definition.OperatorDefinition;
import java.util.ArrayList;
import java.util.List;

/** Lists the operators on quantized integers; each is defined beside its kernel. */
public final class IntegerOperators {

  private IntegerOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>(QuantizeOperators.definitions());
    all.add(DynamicQuantizeLinear.definition());
    all.add(QLinearConv.definition());
    all.add(QLinearConvTranspose.definition());
    all.add(ConvInteger.definition());
    all.add(QLinearMatMul.definition());
    all.add(MatMulInteger.definition());
    all.add(QGemm.definition());
    all.add(MatMulIntegerToFloat.definition());
    all.addAll(QLinearBinary.definitions());
    all.addAll(QLinearReading.definitions());
    all.add(QLinearAveragePool.definition());
    all.addAll(QLinearReduction.definitions());
    all.add(QLinearConcat.definition());
    all.add(QLinearWhere.definition());
    all.add(QLinearSoftmax.definition());
    all.addAll(QLinearUnary.definitions());
    all.add(Lookup.definition());
    return all;
  }
}
