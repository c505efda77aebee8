package dev.octet.kernels.floats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The functions of one value. Each is defined here once: its operator on floats and the tables of
 * its integers are made of it.
 */
public final class ElementFunctions {

  private static final List<ElementFunction> OF_FLOATS = ofFloats();
  private static final Map<String, ElementFunction> BY_OPERATOR = byName();

  private ElementFunctions() {}

  /** Returns all by the names of their operators. */
  public static Map<String, ElementFunction> byOperator() {
    return BY_OPERATOR;
  }

  /**
   * Returns the function of an operator.
   *
   * @throws IllegalArgumentException if it computes none of one value
   */
  public static ElementFunction of(String operator) {
    return Optional.ofNullable(BY_OPERATOR.get(operator))
        .orElseThrow(() -> new IllegalArgumentException(operator + " is no function of one value"));
  }

  /** Returns those whose operators have one operand and run on floats alone. */
  static List<ElementFunction> ofFloatsAlone() {
    return OF_FLOATS;
  }

  private static List<ElementFunction> ofFloats() {
    List<ElementFunction> all = new ArrayList<>();
    simple(all);
    transcendental(all);
    parametrised(all);
    return Collections.unmodifiableList(all);
  }

  private static Map<String, ElementFunction> byName() {
    Map<String, ElementFunction> all = new TreeMap<>();
    OF_FLOATS.forEach(function -> all.put(function.operator(), function));
    List<ElementFunction> ofMoreTypes =
        List.of(
            ElementFunction.of("Abs", UnaryFunctions.ABSOLUTE),
            ElementFunction.of("Neg", UnaryFunctions.NEGATE),
            ElementFunction.ofNode("Pow", UnaryFunctions::power));
    ofMoreTypes.forEach(function -> all.put(function.operator(), function));
    return Collections.unmodifiableMap(all);
  }

  private static void simple(List<ElementFunction> all) {
    all.add(ElementFunction.of("Relu", UnaryFunctions::relu));
    all.add(ElementFunction.of("Sqrt", UnaryFunctions::squareRoot));
    all.add(ElementFunction.of("Reciprocal", UnaryFunctions::reciprocal));
    all.add(ElementFunction.of("HardSwish", UnaryFunctions::hardSwish).since(14));
    all.add(ElementFunction.inDouble("Floor", Math::floor));
    all.add(ElementFunction.inDouble("Ceil", Math::ceil));
    all.add(ElementFunction.inDouble("Round", Math::rint).since(11));
  }

  private static void transcendental(List<ElementFunction> all) {
    all.add(ElementFunction.inDouble("Exp", StrictMath::exp));
    all.add(ElementFunction.inDouble("Log", StrictMath::log));
    all.add(ElementFunction.inDouble("Tanh", StrictMath::tanh));
    all.add(ElementFunction.inDouble("Sin", StrictMath::sin));
    all.add(ElementFunction.inDouble("Cos", StrictMath::cos));
    all.add(ElementFunction.inDouble("Tan", StrictMath::tan));
    all.add(ElementFunction.inDouble("Asin", StrictMath::asin));
    all.add(ElementFunction.inDouble("Acos", StrictMath::acos));
    all.add(ElementFunction.inDouble("Atan", StrictMath::atan));
    all.add(ElementFunction.inDouble("Sinh", StrictMath::sinh).since(9));
    all.add(ElementFunction.inDouble("Cosh", StrictMath::cosh).since(9));
    all.add(ElementFunction.inDouble("Asinh", UnaryFunctions::inverseSinh).since(9));
    all.add(ElementFunction.inDouble("Acosh", UnaryFunctions::inverseCosh).since(9));
    all.add(ElementFunction.inDouble("Atanh", UnaryFunctions::inverseTanh).since(9));
    all.add(ElementFunction.inDouble("Erf", ErrorFunction::erf).since(9));
    all.add(ElementFunction.inDouble("Sigmoid", UnaryFunctions::sigmoid));
    all.add(ElementFunction.inDouble("Softplus", UnaryFunctions::softplus));
    all.add(ElementFunction.inDouble("Softsign", UnaryFunctions::softsign));
    all.add(ElementFunction.inDouble("Mish", UnaryFunctions::mish).since(18));
  }

  private static void parametrised(List<ElementFunction> all) {
    all.add(ElementFunction.ofNode("LeakyRelu", UnaryFunctions::leakyRelu));
    all.add(ElementFunction.ofNode("HardSigmoid", UnaryFunctions::hardSigmoid));
    all.add(ElementFunction.ofNode("ThresholdedRelu", UnaryFunctions::thresholdedRelu).since(10));
    all.add(ElementFunction.ofNode("Elu", UnaryFunctions::elu));
    all.add(ElementFunction.ofNode("Selu", UnaryFunctions::selu));
    all.add(ElementFunction.ofNode("Celu", UnaryFunctions::celu).since(12));
    all.add(ElementFunction.ofNode("Shrink", UnaryFunctions::shrink).since(9));
    all.add(ElementFunction.ofNode("Gelu", UnaryFunctions::gelu).since(20));
    all.add(ElementFunction.ofNode("Swish", UnaryFunctions::swish).since(24));
  }
}
