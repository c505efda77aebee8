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
import dev.octet.kernels.elementwise.Arithmetic.OfIntegers;
import dev.octet.kernels.elementwise.Arithmetic.OfReals;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.Operator;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.shape.OnnxTypes;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Registers the operators of this package. Those that also run on FLOAT with a kernel of their own
 * get it from the caller.
 */
public final class ElementwiseKernels {

  private static final DataType[] REALS = {FLOAT, DOUBLE, FLOAT16, BFLOAT16};

  private static final DataType[] NUMBERS = {
    FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64
  };

  private static final DataType[] NUMBERS_AND_TRUTH = {
    FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, BOOL
  };

  private ElementwiseKernels() {}

  /** Kernels for nodes whose operands are all FLOAT. */
  @FunctionalInterface
  public interface FloatPaths {
    /** Returns how such a node is prepared; empty for operators without a kernel of their own. */
    Optional<Function<Preparation, Kernel>> find(String onnxName);
  }

  /**
   * Adds the operators of this package.
   *
   * @param builder the registry
   * @param floats how nodes whose operands are all FLOAT are prepared, by operator name; an
   *     operator that is not among them uses the slower path of all types
   */
  public static void register(KernelRegistry.Builder builder, FloatPaths floats) {
    arithmetic(builder, floats);
    comparisons(builder);
    unary(builder, floats);
    conversions(builder);
    reductions(builder);
  }

  /** Returns an array that must be there. */
  static Object present(@Nullable Object array) {
    if (array == null) {
      throw new IllegalStateException("a required operand or result has no array");
    }
    return array;
  }

  private static void arithmetic(KernelRegistry.Builder builder, FloatPaths floats) {
    binary(builder, floats, "Add", (t, x, y) -> x + y, Double::sum);
    binary(builder, floats, "Sub", (t, x, y) -> x - y, (x, y) -> x - y);
    binary(builder, floats, "Mul", (t, x, y) -> x * y, (x, y) -> x * y);
    binary(builder, floats, "Div", Arithmetic::divide, (x, y) -> x / y);
    builder.add("Mod", Operator.of(p -> modulo(p, floats)).allTypes(NUMBERS));
    builder.add(
        "Pow", Operator.of(p -> choose(p, floats.find("Pow"), Power::prepare)).allTypes(NUMBERS));
    variadic(builder, floats, "Max", Variadic.MAX);
    variadic(builder, floats, "Min", Variadic.MIN);
    variadic(builder, floats, "Sum", Variadic.SUM);
    variadic(builder, floats, "Mean", Variadic.MEAN);
    builder.add("Clip", Operator.of(Clip::prepare).allTypes(NUMBERS));
    builder.add("MaxPool", Operator.of(p -> maxPool(p, floats)).allTypes(NUMBERS));
  }

  private static void binary(
      KernelRegistry.Builder builder,
      FloatPaths floats,
      String name,
      OfIntegers integers,
      OfReals reals) {
    builder.add(
        name,
        Operator.of(p -> choose(p, floats.find(name), q -> Arithmetic.kernel(q, integers, reals)))
            .allTypes(NUMBERS));
  }

  private static void variadic(
      KernelRegistry.Builder builder, FloatPaths floats, String name, Variadic function) {
    builder.add(
        name,
        Operator.of(
                p ->
                    p.operands().size() == 2
                        ? choose(p, floats.find(name), function::prepare)
                        : function.prepare(p))
            .allTypes(NUMBERS));
  }

  /** Mod with fmod 0 takes the sign of the divisor, with fmod 1 that of the dividend. */
  private static Kernel modulo(Preparation preparation, FloatPaths floats) {
    if (preparation.node().intAttribute("fmod", 0) != 0) {
      return choose(
          preparation,
          floats.find("Mod"),
          p -> Arithmetic.kernel(p, Arithmetic::remainder, (x, y) -> x % y));
    }
    return Arithmetic.kernel(
        preparation, Arithmetic::floorModulo, (x, y) -> x - Math.floor(x / y) * y);
  }

  private static Kernel maxPool(Preparation preparation, FloatPaths floats) {
    return preparation.results().size() > 1
        ? MaxPool.prepare(preparation)
        : choose(preparation, floats.find("MaxPool"), MaxPool::prepare);
  }

  private static Kernel choose(
      Preparation preparation,
      Optional<Function<Preparation, Kernel>> floats,
      Function<Preparation, Kernel> others) {
    boolean allFloat = true;
    for (int i = 0; i < preparation.operands().size(); i++) {
      allFloat &= preparation.operand(i).dataType() == FLOAT;
    }
    return (allFloat ? floats.orElse(others) : others).apply(preparation);
  }

  private static void comparisons(KernelRegistry.Builder builder) {
    builder.add("Equal", Operator.of(Comparison.EQUAL::prepare).allTypes(NUMBERS_AND_TRUTH));
    builder.add("Less", Operator.of(Comparison.LESS::prepare).allTypes(NUMBERS));
    builder.add("Greater", Operator.of(Comparison.GREATER::prepare).allTypes(NUMBERS));
    builder.add("LessOrEqual", Operator.of(Comparison.LESS_OR_EQUAL::prepare).allTypes(NUMBERS));
    builder.add(
        "GreaterOrEqual", Operator.of(Comparison.GREATER_OR_EQUAL::prepare).allTypes(NUMBERS));
    builder.add("And", Operator.of(Comparison.AND::prepare).allTypes(BOOL));
    builder.add("Or", Operator.of(Comparison.OR::prepare).allTypes(BOOL));
    builder.add("Xor", Operator.of(Comparison.XOR::prepare).allTypes(BOOL));
    builder.add("Where", Operator.of(Where::prepare).types(0, BOOL));
  }

  private static void unary(KernelRegistry.Builder builder, FloatPaths floats) {
    builder.add(
        "Neg",
        Operator.of(p -> choose(p, floats.find("Neg"), Unary.NEG::prepare)).allTypes(NUMBERS));
    builder.add(
        "Abs",
        Operator.of(p -> choose(p, floats.find("Abs"), Unary.ABS::prepare)).allTypes(NUMBERS));
    builder.add("Sign", Operator.of(Unary.SIGN::prepare).allTypes(NUMBERS));
    builder.add("Not", Operator.of(Unary.NOT::prepare).allTypes(BOOL));
    builder.add("IsNaN", Operator.of(Unary.IS_NAN::prepare).allTypes(REALS));
    builder.add("IsInf", Operator.of(Unary.IS_INF::prepare).allTypes(REALS));
  }

  private static void conversions(KernelRegistry.Builder builder) {
    builder.add("Cast", Operator.of(Cast::prepare).refusing(ElementwiseKernels::castRefusal));
    builder.add("CastLike", Operator.of(Cast::prepare).refusing(ElementwiseKernels::likeRefusal));
  }

  private static Optional<String> castRefusal(Signature signature) {
    long to = signature.node().intAttribute("to", 0);
    return OnnxTypes.of(to).isEmpty()
        ? Optional.of("a cast to type " + to + " is not supported")
        : sourceRefusal(signature).or(() -> Cast.refusal(OnnxTypes.of(to)));
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

  private static void reductions(KernelRegistry.Builder builder) {
    reduction(builder, "ReduceSum", Reduction.SUM);
    reduction(builder, "ReduceMean", Reduction.MEAN);
    reduction(builder, "ReduceMax", Reduction.MAX);
    reduction(builder, "ReduceMin", Reduction.MIN);
    reduction(builder, "ReduceProd", Reduction.PROD);
    reduction(builder, "ReduceL1", Reduction.L1);
    reduction(builder, "ReduceL2", Reduction.L2);
    reduction(builder, "ReduceSumSquare", Reduction.SUM_SQUARE);
    reduction(builder, "ReduceLogSum", Reduction.LOG_SUM);
    reduction(builder, "ReduceLogSumExp", Reduction.LOG_SUM_EXP);
    builder.add("ArgMax", Operator.of(ArgumentReduction::largest).allTypes(NUMBERS));
    builder.add("ArgMin", Operator.of(ArgumentReduction::smallest).allTypes(NUMBERS));
  }

  private static void reduction(KernelRegistry.Builder builder, String name, Reduction reduction) {
    Operator operator = Operator.of(reduction::prepare).contents(1);
    builder.add(
        name, reduction.takesIntegers() ? operator.types(0, NUMBERS) : operator.types(0, REALS));
  }
}
