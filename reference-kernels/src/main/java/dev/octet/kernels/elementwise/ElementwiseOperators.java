package dev.octet.kernels.elementwise;

import static dev.octet.api.graph.DataType.BFLOAT16;
import static dev.octet.api.graph.DataType.BOOL;
import static dev.octet.api.graph.DataType.DOUBLE;
import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.FLOAT16;
import static dev.octet.api.graph.DataType.INT16;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT64;
import static dev.octet.api.graph.DataType.INT8;
import static dev.octet.api.graph.DataType.UINT16;
import static dev.octet.api.graph.DataType.UINT32;
import static dev.octet.api.graph.DataType.UINT64;
import static dev.octet.api.graph.DataType.UINT8;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.elementwise.Arithmetic.OfIntegers;
import dev.octet.kernels.elementwise.Arithmetic.OfReals;
import dev.octet.kernels.floats.BinaryFunctions;
import dev.octet.kernels.floats.FloatBinary;
import dev.octet.kernels.floats.Pooling;
import dev.octet.kernels.floats.UnaryFunctions;
import dev.octet.kernels.shape.ContentRule;
import dev.octet.kernels.shape.ContentRules;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.MovementShapes;
import dev.octet.kernels.shape.ReduceShapes;
import dev.octet.kernels.shape.WindowShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Defines the operators that run on several element types, number by number. */
public final class ElementwiseOperators {

  private static final DataType[] REALS = {FLOAT, DOUBLE, FLOAT16, BFLOAT16};

  private static final DataType[] NUMBERS = {
    FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64
  };

  private static final DataType[] NUMBERS_AND_TRUTH = {
    FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, BOOL
  };

  private ElementwiseOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    List<OperatorDefinition> all = new ArrayList<>();
    arithmetic(all);
    comparisons(all);
    unary(all);
    conversions(all);
    reductions(all);
    accumulations(all);
    all.addAll(BitOperators.definitions());
    return all;
  }

  private static void accumulations(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of("CumSum", ElementwiseShapes::accumulated, accumulation(false))
            .since(11));
    all.add(
        OperatorDefinition.of("CumProd", ElementwiseShapes::accumulated, accumulation(true))
            .since(26));
  }

  private static Operator accumulation(boolean product) {
    return Operator.of(product ? Accumulation::product : Accumulation::sum)
        .types(0, NUMBERS)
        .types(1, INT32, INT64);
  }

  /** Returns an array that must be there. */
  static Object present(@Nullable Object array) {
    if (array == null) {
      throw new IllegalStateException("a required operand or result has no array");
    }
    return array;
  }

  private static void arithmetic(List<OperatorDefinition> all) {
    binary(all, "Add", BinaryFunctions.ADD, (t, x, y) -> x + y, Double::sum, ContentRules::sum);
    binary(
        all,
        "Sub",
        BinaryFunctions.SUB,
        (t, x, y) -> x - y,
        (x, y) -> x - y,
        ContentRules::difference);
    binary(
        all,
        "Mul",
        BinaryFunctions.MUL,
        (t, x, y) -> x * y,
        (x, y) -> x * y,
        ContentRules::product);
    binary(
        all,
        "Div",
        BinaryFunctions.DIV,
        Arithmetic::divide,
        (x, y) -> x / y,
        ContentRules::quotient);
    all.add(
        OperatorDefinition.of(
                "Mod",
                ElementwiseShapes::broadcast,
                Operator.of(ElementwiseOperators::modulo).allTypes(NUMBERS))
            .since(10));
    all.add(
        OperatorDefinition.of(
            "Pow",
            ElementwiseShapes::broadcast,
            Operator.of(p -> choose(p, BinaryFunctions.POW::kernel, Power::prepare))
                .allTypes(NUMBERS)));
    variadic(all, "Max", Variadic.MAX, BinaryFunctions.MAX::kernel);
    variadic(all, "Min", Variadic.MIN, BinaryFunctions.MIN::kernel);
    variadic(all, "Sum", Variadic.SUM, Variadic.SUM::prepare);
    variadic(all, "Mean", Variadic.MEAN, Variadic.MEAN::prepare);
    all.add(
        OperatorDefinition.of(
                "Clip", ElementwiseShapes::clip, Operator.of(Clip::prepare).allTypes(NUMBERS))
            .bounding(Clip::bounds));
    all.add(
        OperatorDefinition.of(
                "MaxPool",
                WindowShapes::pool,
                Operator.of(ElementwiseOperators::maxPool).allTypes(NUMBERS))
            .movingIntegers(MaxPool::requireNoIndices));
  }

  private static void binary(
      List<OperatorDefinition> all,
      String name,
      FloatBinary floats,
      OfIntegers integers,
      OfReals reals,
      ContentRule contents) {
    Operator kernel =
        Operator.of(p -> choose(p, floats::kernel, q -> Arithmetic.kernel(q, integers, reals)))
            .allTypes(NUMBERS);
    all.add(OperatorDefinition.of(name, ElementwiseShapes::broadcast, kernel).contents(contents));
  }

  private static void variadic(
      List<OperatorDefinition> all,
      String name,
      Variadic function,
      Function<Preparation, Kernel> pairsOfFloats) {
    Operator kernel =
        Operator.of(
                p ->
                    p.operands().size() == 2
                        ? choose(p, pairsOfFloats, function::prepare)
                        : function.prepare(p))
            .allTypes(NUMBERS);
    all.add(OperatorDefinition.of(name, ElementwiseShapes::broadcast, kernel));
  }

  /** Mod with fmod 0 takes the sign of the divisor, with fmod 1 that of the dividend. */
  private static Kernel modulo(Preparation preparation) {
    if (preparation.node().intAttribute("fmod", 0) != 0) {
      return choose(
          preparation,
          BinaryFunctions.FMOD::kernel,
          p -> Arithmetic.kernel(p, Arithmetic::remainder, (x, y) -> x % y));
    }
    return Arithmetic.kernel(
        preparation, Arithmetic::floorModulo, (x, y) -> x - Math.floor(x / y) * y);
  }

  private static Kernel maxPool(Preparation preparation) {
    return preparation.results().size() > 1
        ? MaxPool.prepare(preparation)
        : choose(preparation, Pooling::maximum, MaxPool::prepare);
  }

  /** A kernel of its own for nodes whose operands are all FLOAT, the slower one for others. */
  private static Kernel choose(
      Preparation preparation,
      Function<Preparation, Kernel> floats,
      Function<Preparation, Kernel> others) {
    boolean allFloat = true;
    for (int i = 0; i < preparation.operands().size(); i++) {
      allFloat &= preparation.operand(i).dataType() == FLOAT;
    }
    return (allFloat ? floats : others).apply(preparation);
  }

  private static void comparisons(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "Equal",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.EQUAL::prepare).allTypes(NUMBERS_AND_TRUTH)));
    all.add(
        OperatorDefinition.of(
            "Less",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.LESS::prepare).allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
            "Greater",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.GREATER::prepare).allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
                "LessOrEqual",
                ElementwiseShapes::comparison,
                Operator.of(Comparison.LESS_OR_EQUAL::prepare).allTypes(NUMBERS))
            .since(12));
    all.add(
        OperatorDefinition.of(
                "GreaterOrEqual",
                ElementwiseShapes::comparison,
                Operator.of(Comparison.GREATER_OR_EQUAL::prepare).allTypes(NUMBERS))
            .since(12));
    all.add(
        OperatorDefinition.of(
            "And",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.AND::prepare).allTypes(BOOL)));
    all.add(
        OperatorDefinition.of(
            "Or",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.OR::prepare).allTypes(BOOL)));
    all.add(
        OperatorDefinition.of(
            "Xor",
            ElementwiseShapes::comparison,
            Operator.of(Comparison.XOR::prepare).allTypes(BOOL)));
    all.add(
        OperatorDefinition.of(
                "Where", ElementwiseShapes::where, Operator.of(Where::prepare).types(0, BOOL))
            .since(9));
  }

  private static void unary(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
            "Neg",
            ElementwiseShapes::sameAsFirst,
            Operator.of(p -> choose(p, UnaryFunctions.NEGATE::kernel, Unary.NEG::prepare))
                .allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
            "Abs",
            ElementwiseShapes::sameAsFirst,
            Operator.of(p -> choose(p, UnaryFunctions.ABSOLUTE::kernel, Unary.ABS::prepare))
                .allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
                "Sign",
                ElementwiseShapes::sameAsFirst,
                Operator.of(Unary.SIGN::prepare).allTypes(NUMBERS))
            .since(9));
    all.add(
        OperatorDefinition.of(
            "Not",
            ElementwiseShapes::truthOfFirst,
            Operator.of(Unary.NOT::prepare).allTypes(BOOL)));
    all.add(
        OperatorDefinition.of(
                "IsNaN",
                ElementwiseShapes::truthOfFirst,
                Operator.of(Unary.IS_NAN::prepare).allTypes(REALS))
            .since(9));
    all.add(
        OperatorDefinition.of(
                "IsInf",
                ElementwiseShapes::truthOfFirst,
                Operator.of(Unary.IS_INF::prepare).allTypes(REALS))
            .since(10));
  }

  private static void conversions(List<OperatorDefinition> all) {
    all.add(
        OperatorDefinition.of(
                "Cast",
                MovementShapes::cast,
                Operator.of(Cast::prepare).refusing(ElementwiseOperators::castRefusal))
            .contents(ContentRules::sizes));
    all.add(
        OperatorDefinition.of(
                "CastLike",
                MovementShapes::castLike,
                Operator.of(Cast::prepare).refusing(ElementwiseOperators::likeRefusal))
            .since(15));
  }

  private static Optional<String> castRefusal(Signature signature) {
    long to = signature.node().intAttribute("to", 0);
    return sourceRefusal(signature).or(() -> Cast.refusal(DataType.ofOnnxNumber(to)));
  }

  private static Optional<String> likeRefusal(Signature signature) {
    return sourceRefusal(signature).or(() -> Cast.refusal(signature.operandType(1)));
  }

  private static Optional<String> sourceRefusal(Signature signature) {
    return signature
        .operandType(0)
        .filter(type -> !Cast.takes(type))
        .map(type -> "a cast from " + type + " is not supported");
  }

  private static void reductions(List<OperatorDefinition> all) {
    all.add(reduction("ReduceSum", Reduction.SUM));
    all.add(reduction("ReduceMean", Reduction.MEAN));
    all.add(reduction("ReduceMax", Reduction.MAX).movingIntegers());
    all.add(reduction("ReduceMin", Reduction.MIN).movingIntegers());
    all.add(reduction("ReduceProd", Reduction.PROD));
    all.add(reduction("ReduceL1", Reduction.L1));
    all.add(reduction("ReduceL2", Reduction.L2));
    all.add(reduction("ReduceSumSquare", Reduction.SUM_SQUARE));
    all.add(reduction("ReduceLogSum", Reduction.LOG_SUM));
    all.add(reduction("ReduceLogSumExp", Reduction.LOG_SUM_EXP));
    all.add(
        OperatorDefinition.of(
            "ArgMax",
            ReduceShapes::argument,
            Operator.of(ArgumentReduction::largest).allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
            "ArgMin",
            ReduceShapes::argument,
            Operator.of(ArgumentReduction::smallest).allTypes(NUMBERS)));
    all.add(
        OperatorDefinition.of(
            "TopK",
            TopK::shape,
            Operator.of(TopK::prepare).contents(1).types(0, NUMBERS).types(1, INT64)));
  }

  private static OperatorDefinition reduction(String name, Reduction reduction) {
    Operator operator = Operator.of(reduction::prepare).contents(1);
    Operator kernel =
        reduction.takesIntegers() ? operator.types(0, NUMBERS) : operator.types(0, REALS);
    return OperatorDefinition.of(name, ReduceShapes::reduce, kernel);
  }
}
