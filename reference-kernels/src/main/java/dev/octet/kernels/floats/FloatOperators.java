package dev.octet.kernels.floats;

import static dev.octet.api.graph.DataType.DOUBLE;

import dev.octet.api.graph.Node;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.definition.BoundRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealTypes;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.MatrixShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.WindowShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Defines the operators that run on floats, of at most 32 bits where nothing else is said. */
public final class FloatOperators {

  private FloatOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>();
    simple(all);
    transcendental(all);
    parametrised(all);
    all.add(
        OperatorDefinition.of(
            "PRelu",
            ElementwiseShapes::sameAsFirst,
            Operator.of(BinaryFunctions.PRELU::kernel).onFloats()));
    products(all);
    poolings(all);
    inDoubleThroughout(all);
    normalisations(all);
    return all;
  }

  private static void simple(List<OperatorDefinition> all) {
    all.add(
        function("Relu", unary(UnaryFunctions::relu))
            .bounding(relu -> BoundRule.Bounds.atLeast(0f)));
    all.add(function("Sqrt", unary(UnaryFunctions::squareRoot)));
    all.add(function("Reciprocal", unary(UnaryFunctions::reciprocal)));
    all.add(function("HardSwish", unary(UnaryFunctions::hardSwish)).since(14));
    all.add(function("Floor", inDouble(Math::floor)));
    all.add(function("Ceil", inDouble(Math::ceil)));
    all.add(function("Round", inDouble(Math::rint)).since(11));
  }

  private static void transcendental(List<OperatorDefinition> all) {
    all.add(function("Exp", inDouble(StrictMath::exp)));
    all.add(function("Log", inDouble(StrictMath::log)));
    all.add(function("Tanh", inDouble(StrictMath::tanh)));
    all.add(function("Sin", inDouble(StrictMath::sin)));
    all.add(function("Cos", inDouble(StrictMath::cos)));
    all.add(function("Tan", inDouble(StrictMath::tan)));
    all.add(function("Asin", inDouble(StrictMath::asin)));
    all.add(function("Acos", inDouble(StrictMath::acos)));
    all.add(function("Atan", inDouble(StrictMath::atan)));
    all.add(function("Sinh", inDouble(StrictMath::sinh)).since(9));
    all.add(function("Cosh", inDouble(StrictMath::cosh)).since(9));
    all.add(function("Asinh", inDouble(UnaryFunctions::inverseSinh)).since(9));
    all.add(function("Acosh", inDouble(UnaryFunctions::inverseCosh)).since(9));
    all.add(function("Atanh", inDouble(UnaryFunctions::inverseTanh)).since(9));
    all.add(function("Erf", inDouble(ErrorFunction::erf)).since(9));
    all.add(function("Sigmoid", inDouble(UnaryFunctions::sigmoid)));
    all.add(function("Softplus", inDouble(UnaryFunctions::softplus)));
    all.add(function("Softsign", inDouble(UnaryFunctions::softsign)));
    all.add(function("Mish", inDouble(UnaryFunctions::mish)).since(18));
  }

  private static void parametrised(List<OperatorDefinition> all) {
    all.add(function("LeakyRelu", ofNode(UnaryFunctions::leakyRelu)));
    all.add(function("HardSigmoid", ofNode(UnaryFunctions::hardSigmoid)));
    all.add(function("ThresholdedRelu", ofNode(UnaryFunctions::thresholdedRelu)).since(10));
    all.add(function("Elu", ofNode(UnaryFunctions::elu)));
    all.add(function("Selu", ofNode(UnaryFunctions::selu)));
    all.add(function("Celu", ofNode(UnaryFunctions::celu)).since(12));
    all.add(function("Shrink", ofNode(UnaryFunctions::shrink)).since(9));
    all.add(function("Gelu", ofNode(UnaryFunctions::gelu)).since(20));
    all.add(
        OperatorDefinition.of(
                "SwiGLU", GatedUnit::shape, Operator.of(GatedUnit::prepare).onFloats())
            .since(28));
    all.add(function("Swish", ofNode(UnaryFunctions::swish)).since(24));
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
            ElementwiseShapes::sameAsFirst,
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
            "Softmax", ElementwiseShapes::sameAsFirst, Operator.of(Softmax::plain).onFloats()));
    all.add(
        OperatorDefinition.of(
            "LogSoftmax",
            ElementwiseShapes::sameAsFirst,
            Operator.of(Softmax::logarithm).onFloats()));
    all.add(
        OperatorDefinition.of(
                "LayerNormalization",
                ReduceShapes::layerNormalization,
                Operator.of(LayerNormalization::prepare).onFloats())
            .since(17));
    all.add(MatMulNBits.definition());
  }

  /** A function of each element, which leaves the shape as it is. */
  private static OperatorDefinition function(String onnxName, Operator kernel) {
    return OperatorDefinition.of(onnxName, ElementwiseShapes::sameAsFirst, kernel);
  }

  private static Operator unary(FloatUnary function) {
    return Operator.of(function::kernel).onFloats();
  }

  private static Operator inDouble(DoubleUnaryOperator function) {
    FloatUnary floats = UnaryFunctions.inDouble(function);
    return Operator.of(
            p ->
                p.operand(0).dataType() == DOUBLE
                    ? UnaryFunctions.ofDoubles(function, p.operand(0).count())
                    : floats.kernel(p))
        .onFloats(DOUBLE);
  }

  private static Operator ofNode(Function<Node, FloatUnary> function) {
    return Operator.of(p -> function.apply(p.node()).kernel(p)).onFloats();
  }
}
