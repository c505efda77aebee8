package dev.octet.kernels.floats;

import static dev.octet.api.graph.DataType.FLOAT;

import dev.octet.api.graph.Node;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.Operator;
import dev.octet.kernels.registry.Preparation;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Registers the operators of this package, which run on FLOAT only. */
public final class FloatKernels {

  private FloatKernels() {}

  /** Adds the operators of this package. */
  public static void register(KernelRegistry.Builder builder) {
    simple(builder);
    transcendental(builder);
    parametrised(builder);
    builder.add("PRelu", Operator.of(BinaryFunctions.PRELU::kernel).allTypes(FLOAT));
    products(builder);
    poolings(builder);
    normalisations(builder);
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

  private static void simple(KernelRegistry.Builder builder) {
    builder.add("Relu", unary(UnaryFunctions::relu));
    builder.add("Sqrt", unary(UnaryFunctions::squareRoot));
    builder.add("Reciprocal", unary(UnaryFunctions::reciprocal));
    builder.add("HardSwish", unary(UnaryFunctions::hardSwish));
    builder.add("Floor", inDouble(Math::floor));
    builder.add("Ceil", inDouble(Math::ceil));
    builder.add("Round", inDouble(Math::rint));
  }

  private static void transcendental(KernelRegistry.Builder builder) {
    builder.add("Exp", inDouble(StrictMath::exp));
    builder.add("Log", inDouble(StrictMath::log));
    builder.add("Tanh", inDouble(StrictMath::tanh));
    builder.add("Sin", inDouble(StrictMath::sin));
    builder.add("Cos", inDouble(StrictMath::cos));
    builder.add("Erf", inDouble(ErrorFunction::erf));
    builder.add("Sigmoid", inDouble(UnaryFunctions::sigmoid));
    builder.add("Softplus", inDouble(UnaryFunctions::softplus));
    builder.add("Softsign", inDouble(UnaryFunctions::softsign));
    builder.add("Mish", inDouble(UnaryFunctions::mish));
  }

  private static void parametrised(KernelRegistry.Builder builder) {
    builder.add("LeakyRelu", ofNode(UnaryFunctions::leakyRelu));
    builder.add("HardSigmoid", ofNode(UnaryFunctions::hardSigmoid));
    builder.add("ThresholdedRelu", ofNode(UnaryFunctions::thresholdedRelu));
    builder.add("Elu", ofNode(UnaryFunctions::elu));
    builder.add("Selu", ofNode(UnaryFunctions::selu));
    builder.add("Celu", ofNode(UnaryFunctions::celu));
    builder.add("Gelu", ofNode(UnaryFunctions::gelu));
    builder.add("Swish", ofNode(UnaryFunctions::swish));
  }

  private static void products(KernelRegistry.Builder builder) {
    builder.add("Conv", Operator.of(Conv::prepare).allTypes(FLOAT));
    builder.add("Gemm", Operator.of(Gemm::prepare).allTypes(FLOAT));
    builder.add("MatMul", Operator.of(MatMul::prepare).allTypes(FLOAT));
  }

  private static void poolings(KernelRegistry.Builder builder) {
    builder.add("AveragePool", Operator.of(Pooling::average).allTypes(FLOAT));
    builder.add("GlobalAveragePool", Operator.of(GlobalPooling::average).allTypes(FLOAT));
    builder.add("GlobalMaxPool", Operator.of(GlobalPooling::maximum).allTypes(FLOAT));
  }

  private static void normalisations(KernelRegistry.Builder builder) {
    builder.add(
        "BatchNormalization",
        Operator.of(BatchNormalization::prepare)
            .allTypes(FLOAT)
            .refusing(
                s ->
                    s.node().intAttribute("training_mode", 0) == 0 && s.node().results().size() == 1
                        ? Optional.empty()
                        : Optional.of("training is not supported")));
    builder.add("Softmax", Operator.of(Softmax::plain).allTypes(FLOAT));
    builder.add("LogSoftmax", Operator.of(Softmax::logarithm).allTypes(FLOAT));
    builder.add("LayerNormalization", Operator.of(LayerNormalization::prepare).allTypes(FLOAT));
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
