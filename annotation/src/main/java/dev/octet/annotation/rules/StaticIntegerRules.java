package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.anyIn;
import static dev.octet.annotation.rules.NodePattern.anyOf;
import static dev.octet.annotation.rules.NodePattern.op;

import dev.octet.api.pattern.NodeCondition;

/**
 * The rules of backends that run convolutional and dense networks on integers, with parameters
 * found before the model runs.
 *
 * <p>A convolution, a transposed one or a dense layer with a constant weight, together with a Relu
 * or Clip that alone reads its result; element-wise Add, Sub and Mul, Max and Min of two operands,
 * Div by one constant; averages and sums; PRelu, HardSwish and Sigmoid; Concat; Softmax; and,
 * behind a quantized value, flat functions of one value, and operators that only move values, with
 * its parameters. What is moved may be a constant, too, such as a table of embeddings that a Gather
 * reads.
 *
 * <p>What reads probabilities, the result of a Softmax, reads them with the parameters that they
 * have: a grid of their own would round them twice.
 */
public final class StaticIntegerRules {

  /**
   * Functions of one value whose slope is nowhere much above 1: a step of the operand is at most
   * about a step of the result, so that integers lose little. What is steep somewhere (Exp, Log,
   * Sqrt, Reciprocal, Pow), periodic or in steps is not among them, nor is Swish, which ONNX
   * Runtime 1.29 does not have. HardSigmoid has a rule of its own: its results gather at 0 and 1,
   * and searches for a range cut one of these off.
   */
  private static final String[] FLAT_FUNCTIONS = {
    "Abs",
    "Atan",
    "Celu",
    "Elu",
    "Erf",
    "Gelu",
    "LeakyRelu",
    "Mish",
    "Neg",
    "Selu",
    "Softplus",
    "Softsign",
    "Tanh"
  };

  // Patterns are made once, since a table is made for each model that is annotated.

  private static final NodePattern CONVOLUTION =
      fused(op("Conv").constantOperand(1).constantIfPresent(2));
  private static final NodePattern TRANSPOSED_CONVOLUTION =
      fused(op("ConvTranspose").constantOperand(1).constantIfPresent(2));
  private static final NodePattern DENSE = fused(LayerPatterns.gemmWithBias());
  private static final NodePattern DENSE_MATMUL =
      fused(op("MatMul").constantOperand(1).where(Conditions.rankIn(1, 2)));
  private static final NodePattern MATMUL = fused(op("MatMul").variableOperand(1));
  private static final NodePattern ELEMENT_WISE = fused(anyOf("Add", "Sub", "Mul"));
  private static final NodePattern LARGER_SMALLER =
      fused(anyOf("Max", "Min").where(Conditions.absentOperand(2)));
  private static final NodePattern QUOTIENT = fused(op("Div").where(oneDivisor()));
  private static final NodePattern SLOPE = op("PRelu");
  private static final NodePattern AVERAGE =
      fused(
          anyOf("GlobalAveragePool", "AveragePool", "ReduceMean")
              .where(LayerPatterns.plainAverage()));
  private static final NodePattern SUM = fused(op("ReduceSum"));
  private static final NodePattern ACTIVATION_FUNCTION =
      anyOf("Relu", "Clip", "HardSwish", "Sigmoid").constantIfPresent(1).constantIfPresent(2);
  private static final NodePattern FUNCTION = anyOf(FLAT_FUNCTIONS);
  private static final NodePattern RAMP = op("HardSigmoid");
  private static final NodePattern PASS_THROUGH =
      anyIn(
              "Reshape Flatten Transpose Slice Squeeze Unsqueeze Identity Gather Expand Tile "
                  + "DepthToSpace SpaceToDepth ReduceMax ReduceMin Dropout")
          .where(Conditions.unusedResult(1));
  private static final NodePattern RESIZE_NEAREST = op("Resize").where(nearest());
  private static final NodePattern RESIZE = op("Resize").where(Conditions.not(nearest()));
  private static final NodePattern MAX_POOL = op("MaxPool").where(Conditions.unusedResult(1));
  private static final NodePattern PAD =
      op("Pad")
          .where(
              Conditions.any(
                  Conditions.textAttributeIn("mode", "edge", "reflect", "wrap"),
                  Conditions.all(
                      Conditions.textAttributeIn("mode", "constant"),
                      Conditions.floatAttributeIs("value", 0),
                      Conditions.constantValue(2, 0))));
  private static final NodePattern CONCAT = op("Concat");
  private static final NodePattern SOFTMAX = op("Softmax");
  private static final NodePattern SPLIT = op("Split");

  private StaticIntegerRules() {}

  /**
   * Returns the rules.
   *
   * @param backend the backend's name
   * @param types its integer types
   */
  public static BackendRules of(String backend, IntegerTypes types) {
    IntegerSpecs specs = types.specs();
    BackendRules.Builder table =
        movements(computations(layers(BackendRules.named(backend), specs), specs), specs);
    return NormalizationRules.to(SpeltOutFunctions.to(table, specs), specs).build();
  }

  private static BackendRules.Builder layers(BackendRules.Builder table, IntegerSpecs specs) {
    return table
        .rule("convolution", CONVOLUTION)
        .activation(specs.activation())
        .weight(specs.weight())
        .bias(Specs.derivedFromInputAndWeight())
        .output(specs.activation())
        .rule("transposed-convolution", TRANSPOSED_CONVOLUTION)
        .activation(specs.activation())
        .weight(specs.weight())
        .bias(Specs.derivedFromInputAndWeight())
        .output(specs.activation())
        .rule("dense", DENSE)
        .activation(specs.activation())
        .weight(specs.weight())
        .bias(Specs.derivedFromInputAndWeight())
        .output(specs.activation())
        .rule("dense-matmul", DENSE_MATMUL)
        .activation(specs.activation())
        .whereMadeBy("Softmax", specs.probability())
        .weight(specs.weight())
        .output(specs.activation())
        .and();
  }

  private static BackendRules.Builder computations(BackendRules.Builder table, IntegerSpecs specs) {
    ofOperands(table, "matmul", MATMUL, specs);
    ofOperands(table, "element-wise", ELEMENT_WISE, specs);
    ofOperands(table, "larger-smaller", LARGER_SMALLER, specs);
    ofOperands(table, "quotient", QUOTIENT, specs);
    ofOperands(table, "slope", SLOPE, specs);
    reducing(table, "average", AVERAGE, specs);
    reducing(table, "sum", SUM, specs);
    functions(table, specs);
    ofOperands(table, "concat", CONCAT, specs);
    return table
        .rule("softmax", SOFTMAX)
        .activation(specs.activation())
        .output(specs.probability())
        .and();
  }

  /** Adds a rule of operands that may be constants, and probabilities, which keep their scale. */
  private static void ofOperands(
      BackendRules.Builder table, String name, NodePattern pattern, IntegerSpecs specs) {
    table
        .rule(name, pattern)
        .inputs(specs.activation(), specs.exactRange())
        .whereMadeBy("Softmax", specs.probability())
        .output(specs.activation());
  }

  private static void reducing(
      BackendRules.Builder table, String name, NodePattern pattern, IntegerSpecs specs) {
    table
        .rule(name, pattern)
        .activation(specs.activation())
        .whereMadeBy("Softmax", specs.probability())
        .output(specs.activation());
  }

  private static void functions(BackendRules.Builder table, IntegerSpecs specs) {
    table
        .rule("activation-function", ACTIVATION_FUNCTION)
        .activation(specs.activation())
        .output(specs.activation())
        .rule("function", FUNCTION)
        .whereInputIsQuantized()
        .output(specs.activation())
        .rule("ramp", RAMP)
        .whereInputIsQuantized()
        .output(specs.exactRange());
  }

  private static BackendRules.Builder movements(BackendRules.Builder table, IntegerSpecs specs) {
    return table
        .rule("pass-through", PASS_THROUGH)
        .whereInputIsQuantizedOrConstant(specs.activation())
        .outputSharesInput()
        .rule("split", SPLIT)
        .whereInputIsQuantized()
        .resultsShareInput()
        .rule("resize-nearest", RESIZE_NEAREST)
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("resize", RESIZE)
        .whereInputIsQuantized()
        .output(specs.activation())
        .rule("max-pool", MAX_POOL)
        .whereInputIsQuantized()
        .outputSharesInput()
        .rule("pad", PAD)
        .whereInputIsQuantized()
        .outputSharesInput()
        .and();
  }

  /**
   * A divisor that is one constant, which integers hold as it is. One of many values would be
   * rounded to steps of its largest, and small ones to 0.
   */
  private static NodeCondition oneDivisor() {
    return Conditions.because(
        Conditions.all(
            Conditions.constantOperand(1), Conditions.not(Conditions.elementsAtLeast(1, 2))),
        "its divisor is not one constant: integers would round small divisors to 0");
  }

  /** Elements are chosen, and all of them come from the input. */
  private static NodeCondition nearest() {
    return Conditions.all(
        Conditions.textAttributeIn("mode", "nearest"),
        Conditions.not(
            Conditions.textAttributeIn("coordinate_transformation_mode", "tf_crop_and_resize")));
  }

  /** A Relu or Clip behind an operator is computed with it. */
  private static NodePattern fused(NodePattern pattern) {
    return pattern.optionally("Relu", "Clip").constantIfPresent(1).constantIfPresent(2);
  }
}
