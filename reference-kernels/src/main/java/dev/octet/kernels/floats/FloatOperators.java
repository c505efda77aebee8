package dev.octet.kernels.floats;

import static dev.octet.api.graph.DataType.FLOAT;

import dev.octet.api.graph.Node;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.Operator;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.MatrixShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.WindowShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Defines the operators of this package, which run on FLOAT only. */
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
            Operator.of(BinaryFunctions.PRELU::kernel).allTypes(FLOAT)));
    products(all);
    poolings(all);
    normalisations(all);
    return all;
  }

  /** Returns the kernels of operators that also run on other types, for nodes of FLOAT only. */
  public static Optional<Function<Preparation, Kernel>> floatPath(String onnxName) {
    return switch (onnxName) {
      case "Add" -> Optional.of(BinaryFunctions.ADD::kernel);
      case "Sub" -> Optional.of(BinaryFunctions.SUB::kernel);
      case "Mul" -> Optional.of(BinaryFunctions.MUL::kernel);
      case "Div" -> Optional.of(BinaryFunctions.DIV::kernel);
      case "Max" -> Optional.of(BinaryFunctions.MAX::kernel);
      case "Min" -> Optional.of(BinaryFunctions.MIN::kernel);
      case "Pow" -> Optional.of(BinaryFunctions.POW::kernel);
      case "Mod" -> Optional.of(BinaryFunctions.FMOD::kernel);
      case "MaxPool" -> Optional.of(Pooling::maximum);
      case "Neg" -> Optional.of(((FloatUnary) UnaryFunctions::negate)::kernel);
      case "Abs" -> Optional.of(((FloatUnary) UnaryFunctions::absolute)::kernel);
      default -> Optional.empty();
    };
  }

  private static void simple(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of("Relu", ElementwiseShapes::sameAsFirst, unary(UnaryFunctions::relu)));
    all.add(
        OperatorDefinition.of(
            "Sqrt", ElementwiseShapes::sameAsFirst, unary(UnaryFunctions::squareRoot)));
    all.add(
        OperatorDefinition.of(
            "Reciprocal", ElementwiseShapes::sameAsFirst, unary(UnaryFunctions::reciprocal)));
    all.add(
        OperatorDefinition.of(
            "HardSwish", ElementwiseShapes::sameAsFirst, unary(UnaryFunctions::hardSwish)));
    all.add(OperatorDefinition.of("Floor", ElementwiseShapes::sameAsFirst, inDouble(Math::floor)));
    all.add(OperatorDefinition.of("Ceil", ElementwiseShapes::sameAsFirst, inDouble(Math::ceil)));
    all.add(OperatorDefinition.of("Round", ElementwiseShapes::sameAsFirst, inDouble(Math::rint)));
  }

  private static void transcendental(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of("Exp", ElementwiseShapes::sameAsFirst, inDouble(StrictMath::exp)));
    all.add(
        OperatorDefinition.of("Log", ElementwiseShapes::sameAsFirst, inDouble(StrictMath::log)));
    all.add(
        OperatorDefinition.of("Tanh", ElementwiseShapes::sameAsFirst, inDouble(StrictMath::tanh)));
    all.add(
        OperatorDefinition.of("Sin", ElementwiseShapes::sameAsFirst, inDouble(StrictMath::sin)));
    all.add(
        OperatorDefinition.of("Cos", ElementwiseShapes::sameAsFirst, inDouble(StrictMath::cos)));
    all.add(
        OperatorDefinition.of("Erf", ElementwiseShapes::sameAsFirst, inDouble(ErrorFunction::erf)));
    all.add(
        OperatorDefinition.of(
            "Sigmoid", ElementwiseShapes::sameAsFirst, inDouble(UnaryFunctions::sigmoid)));
    all.add(
        OperatorDefinition.of(
            "Softplus", ElementwiseShapes::sameAsFirst, inDouble(UnaryFunctions::softplus)));
    all.add(
        OperatorDefinition.of(
            "Softsign", ElementwiseShapes::sameAsFirst, inDouble(UnaryFunctions::softsign)));
    all.add(
        OperatorDefinition.of(
            "Mish", ElementwiseShapes::sameAsFirst, inDouble(UnaryFunctions::mish)));
  }

  private static void parametrised(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "LeakyRelu", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::leakyRelu)));
    all.add(
        OperatorDefinition.of(
            "HardSigmoid", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::hardSigmoid)));
    all.add(
        OperatorDefinition.of(
            "ThresholdedRelu",
            ElementwiseShapes::sameAsFirst,
            ofNode(UnaryFunctions::thresholdedRelu)));
    all.add(
        OperatorDefinition.of("Elu", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::elu)));
    all.add(
        OperatorDefinition.of(
            "Selu", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::selu)));
    all.add(
        OperatorDefinition.of(
            "Celu", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::celu)));
    all.add(
        OperatorDefinition.of(
            "Gelu", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::gelu)));
    all.add(
        OperatorDefinition.of(
            "Swish", ElementwiseShapes::sameAsFirst, ofNode(UnaryFunctions::swish)));
  }

  private static void products(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "Conv", WindowShapes::conv, Operator.of(Conv::prepare).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "Gemm", MatrixShapes::gemm, Operator.of(Gemm::prepare).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "MatMul", MatrixShapes::matMul, Operator.of(MatMul::prepare).allTypes(FLOAT)));
  }

  private static void poolings(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "AveragePool", WindowShapes::pool, Operator.of(Pooling::average).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "GlobalAveragePool",
            WindowShapes::globalPool,
            Operator.of(GlobalPooling::average).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "GlobalMaxPool",
            WindowShapes::globalPool,
            Operator.of(GlobalPooling::maximum).allTypes(FLOAT)));
  }

  private static void normalisations(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "BatchNormalization",
            ElementwiseShapes::sameAsFirst,
            Operator.of(BatchNormalization::prepare)
                .allTypes(FLOAT)
                .refusing(
                    s ->
                        s.node().intAttribute("training_mode", 0) == 0
                                && s.node().results().size() == 1
                            ? Optional.empty()
                            : Optional.of("training is not supported"))));
    all.add(
        OperatorDefinition.of(
            "Softmax",
            ElementwiseShapes::sameAsFirst,
            Operator.of(Softmax::plain).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "LogSoftmax",
            ElementwiseShapes::sameAsFirst,
            Operator.of(Softmax::logarithm).allTypes(FLOAT)));
    all.add(
        OperatorDefinition.of(
            "LayerNormalization",
            ReduceShapes::layerNormalization,
            Operator.of(LayerNormalization::prepare).allTypes(FLOAT)));
  }

  private static Operator unary(FloatUnary function) {
    return Operator.of(function::kernel).allTypes(FLOAT);
  }

  private static Operator inDouble(DoubleUnaryOperator function) {
    return unary(UnaryFunctions.inDouble(function));
  }

  private static Operator ofNode(Function<Node, FloatUnary> function) {
    return Operator.of(p -> function.apply(p.node()).kernel(p)).allTypes(FLOAT);
  }
}
