package dev.octet.kernels.floats;

import static dev.octet.api.graph.DataType.DOUBLE;
import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.definition.BoundRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.MatrixShapes;
import dev.octet.kernels.shape.NormalizationShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.WindowShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Defines the operators that run on floats, of at most 32 bits where nothing else is said. */
public final class FloatOperators {

  private FloatOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>();
    ElementFunctions.ofFloatsAlone().forEach(function -> all.add(definition(function)));
    all.add(
        OperatorDefinition.of(
                "SwiGLU", GatedUnit::shape, Operator.of(GatedUnit::prepare).onFloats())
            .since(28));
    all.add(
        OperatorDefinition.of(
            "PRelu",
            ElementwiseShapes::broadcastToFirst,
            Operator.of(BinaryFunctions.PRELU::kernel).onFloats()));
    products(all);
    poolings(all);
    inDoubleThroughout(all);
    normalisations(all);
    fused(all);
    return all;
  }

  private static void products(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of("Conv", WindowShapes::conv, Operator.of(Conv::prepare).onFloats()));
    all.add(
        OperatorDefinition.of("Gemm", MatrixShapes::gemm, Operator.of(Gemm::prepare).onFloats()));
    all.add(
        OperatorDefinition.of(
            "MatMul", MatrixShapes::matMul, Operator.of(MatMul::prepare).onFloats()));
  }

  private static void poolings(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "AveragePool", WindowShapes::pool, Operator.of(Pooling::average).onFloats()));
    all.add(
        OperatorDefinition.of(
            "GlobalAveragePool",
            WindowShapes::globalPool,
            Operator.of(GlobalPooling::average).onFloats()));
    all.add(
        OperatorDefinition.of(
            "GlobalMaxPool",
            WindowShapes::globalPool,
            Operator.of(GlobalPooling::maximum).onFloats()));
  }

  private static void inDoubleThroughout(List<OperatorDefinition> all) {
    all.add(OperatorDefinition.of("LpPool", LpPooling::shape, RealTypes.all(LpPooling::windows)));
    all.add(
        OperatorDefinition.of(
            "GlobalLpPool", LpPooling::globalShape, RealTypes.all(LpPooling::global)));
    all.add(
        OperatorDefinition.of("Det", Determinant::shape, RealTypes.all(Determinant::prepare))
            .since(11));
    all.add(
        OperatorDefinition.of("Einsum", Einsum::shape, RealTypes.all(Einsum::prepare)).since(12));
  }

  private static void normalisations(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "BatchNormalization",
            NormalizationShapes::batchNormalization,
            Operator.of(BatchNormalization::prepare)
                .onFloats()
                .refusing(
                    s ->
                        s.node().intAttribute("training_mode", 0) == 0
                                && s.node().results().size() == 1
                            ? Optional.empty()
                            : Optional.of("training is not supported"))));
    all.add(
        OperatorDefinition.of(
            "Softmax", NormalizationShapes::softmax, Operator.of(Softmax::plain).onFloats()));
    all.add(
        OperatorDefinition.of(
            "LogSoftmax",
            NormalizationShapes::softmax,
            Operator.of(Softmax::logarithm).onFloats()));
    all.add(
        OperatorDefinition.of(
                "LayerNormalization",
                ReduceShapes::layerNormalization,
                Operator.of(LayerNormalization::prepare).onFloats())
            .since(17));
    all.add(MatMulNBits.definition());
  }

  /** ONNX Runtime's own, which its optimizer and exporters for it write. */
  private static void fused(List<OperatorDefinition> all) {
    FloatUnary gelu = UnaryFunctions.inDouble(UnaryFunctions::geluByErf);
    FloatUnary fastGelu = UnaryFunctions.inDouble(UnaryFunctions::geluByTanh);
    all.add(
        OperatorDefinition.of(
            microsoft("Gelu"),
            ElementwiseShapes::sameAsFirst,
            Operator.of(gelu::kernel).onFloats()));
    all.add(
        OperatorDefinition.of(
            microsoft("QuickGelu"),
            ElementwiseShapes::sameAsFirst,
            Operator.of(p -> UnaryFunctions.quickGelu(p.node()).kernel(p)).onFloats()));
    all.add(
        OperatorDefinition.of(
            microsoft("BiasGelu"),
            BiasedFunction::shape,
            Operator.of(BiasedFunction.of(node -> gelu)).onFloats()));
    all.add(
        OperatorDefinition.of(
            microsoft("FastGelu"),
            BiasedFunction::shape,
            Operator.of(BiasedFunction.of(node -> fastGelu)).onFloats()));
    all.add(
        OperatorDefinition.of(
            microsoft("BiasAdd"), BiasedSum::shape, RealTypes.all(BiasedSum::prepare)));
    all.add(
        OperatorDefinition.of(
            microsoft("FusedMatMul"),
            MatrixShapes::fusedMatMul,
            Operator.of(MatMul::scaled)
                .onFloats()
                .refusing(
                    s ->
                        s.node().intAttribute("transBatchA", 0) == 0
                                && s.node().intAttribute("transBatchB", 0) == 0
                            ? Optional.empty()
                            : Optional.of("a batch that is transposed is not supported"))));
    all.add(
        OperatorDefinition.of(
            microsoft("FusedConv"),
            WindowShapes::fusedConv,
            Operator.of(FollowedProduct::conv).onFloats().refusing(FollowedProduct::refusal)));
    all.add(
        OperatorDefinition.of(
            microsoft("FusedGemm"),
            MatrixShapes::gemm,
            Operator.of(FollowedProduct::gemm).onFloats().refusing(FollowedProduct::refusal)));
  }

  /** A function of each element leaves the shape as it is; Relu bounds its operand. */
  private static OperatorDefinition definition(ElementFunction function) {
    OperatorDefinition definition =
        OperatorDefinition.of(function.operator(), ElementwiseShapes::sameAsFirst, kernel(function))
            .since(function.since());
    return function.operator().equals("Relu")
        ? definition.bounding(relu -> BoundRule.Bounds.atLeast(0f))
        : definition;
  }

  private static Operator kernel(ElementFunction function) {
    Operator floats = Operator.of(p -> function.floats().apply(p.node()).kernel(p)).onFloats();
    return function.doubles().map(doubles -> kernel(function, doubles)).orElse(floats);
  }

  private static Operator kernel(ElementFunction function, DoubleUnaryOperator doubles) {
    return Operator.of(
            p ->
                p.operand(0).dataType() == DOUBLE
                    ? UnaryFunctions.ofDoubles(doubles, p.operand(0).count())
                    : function.floats().apply(p.node()).kernel(p))
        .onFloats(DOUBLE);
  }
}
