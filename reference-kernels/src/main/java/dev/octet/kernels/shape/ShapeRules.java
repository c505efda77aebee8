package dev.octet.kernels.shape;

import dev.octet.api.graph.OpType;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shape rules by operator. Immutable and thread-safe. */
public final class ShapeRules {

  private static final ShapeRules STANDARD = ofAllOperators();

  private final SortedMap<OpType, ShapeRule> rules;

  private ShapeRules(SortedMap<OpType, ShapeRule> rules) {
    this.rules = rules;
  }

  /** Returns the rules of all operators that Octet knows. */
  public static ShapeRules standard() {
    return STANDARD;
  }

  private static ShapeRules ofAllOperators() {
    Builder builder = new Builder();
    elementwise(builder);
    reductions(builder);
    windows(builder);
    movement(builder);
    quantized(builder);
    return builder.build();
  }

  /** Returns the rule of an operator; empty when there is none. */
  public Optional<ShapeRule> find(OpType op) {
    return Optional.ofNullable(rules.get(op));
  }

  private static void elementwise(Builder builder) {
    builder.addAll(
        ElementwiseShapes::sameAsFirst,
        "Abs, Acos, Acosh, Asin, Asinh, Atan, Atanh, Ceil, Celu, Clip, Cos, Cosh, Elu, Erf, Exp,"
            + " Floor, Gelu, HardSigmoid, HardSwish, Identity, LeakyRelu, Log, LogSoftmax, Mish,"
            + " Neg, PRelu, Reciprocal, Relu, Round, Selu, Shrink, Sigmoid, Sign, Sin, Sinh, Softmax,"
            + " Softplus, Softsign, Sqrt, Swish, Tan, Tanh, ThresholdedRelu, BatchNormalization,"
            + " InstanceNormalization, CumSum, Trilu");
    builder.addAll(
        ElementwiseShapes::broadcast, "Add, Sub, Mul, Div, Pow, Mod, Max, Min, Sum, Mean");
    builder.addAll(
        ElementwiseShapes::comparison,
        "Equal, Less, Greater, LessOrEqual, GreaterOrEqual, And, Or, Xor");
    builder.addAll(ElementwiseShapes::truthOfFirst, "Not, IsNaN, IsInf");
    builder.add("Where", ElementwiseShapes::where);
    builder.add("Cast", MovementShapes::cast);
    builder.add("CastLike", MovementShapes::castLike);
    builder.add("Dropout", MovementShapes::dropout);
    builder.add("LayerNormalization", ReduceShapes::layerNormalization);
  }

  private static void reductions(Builder builder) {
    builder.addAll(
        ReduceShapes::reduce,
        "ReduceMean, ReduceSum, ReduceMax, ReduceMin, ReduceProd, ReduceL1, ReduceL2,"
            + " ReduceSumSquare, ReduceLogSum, ReduceLogSumExp");
    builder.addAll(ReduceShapes::argument, "ArgMax, ArgMin");
    builder.add("Gemm", MatrixShapes::gemm);
    builder.add("MatMul", MatrixShapes::matMul);
  }

  private static void windows(Builder builder) {
    builder.add("Conv", WindowShapes::conv);
    builder.addAll(WindowShapes::pool, "MaxPool, AveragePool");
    builder.addAll(WindowShapes::globalPool, "GlobalAveragePool, GlobalMaxPool");
  }

  private static void movement(Builder builder) {
    builder.add("Reshape", ReshapeShapes::reshape);
    builder.add("Flatten", ReshapeShapes::flatten);
    builder.add("Squeeze", ReshapeShapes::squeeze);
    builder.add("Unsqueeze", ReshapeShapes::unsqueeze);
    builder.add("Transpose", MovementShapes::transpose);
    builder.add("Concat", MovementShapes::concat);
    builder.add("Slice", MovementShapes::slice);
    builder.add("Split", MovementShapes::split);
    builder.add("Pad", MovementShapes::pad);
    builder.add("Gather", MovementShapes::gather);
    builder.add("GatherElements", MovementShapes::gatherElements);
    builder.add("Expand", MovementShapes::expand);
    builder.add("Tile", MovementShapes::tile);
    builder.add("Constant", MovementShapes::constant);
    builder.add("ConstantOfShape", MovementShapes::constantOfShape);
    builder.add("Shape", MovementShapes::shape);
    builder.add("Size", MovementShapes::size);
    builder.add("Range", MovementShapes::range);
    builder.add("DepthToSpace", MovementShapes::depthToSpace);
    builder.add("SpaceToDepth", MovementShapes::spaceToDepth);
  }

  private static void quantized(Builder builder) {
    builder.add("QuantizeLinear", QuantizedShapes::quantize);
    builder.add("DequantizeLinear", QuantizedShapes::dequantize);
    builder.add(microsoft("QuantizeLinear"), QuantizedShapes::quantize);
    builder.add(microsoft("DequantizeLinear"), QuantizedShapes::dequantize);
    builder.add("DynamicQuantizeLinear", QuantizedShapes::dynamicQuantize);
    builder.add("QLinearConv", QuantizedShapes::qLinearConv);
    builder.add("ConvInteger", QuantizedShapes::convInteger);
    builder.add("QLinearMatMul", QuantizedShapes::qLinearMatMul);
    builder.add("MatMulInteger", QuantizedShapes::matMulInteger);
    builder.add(microsoft("QGemm"), QuantizedShapes::qGemm);
    builder.add(microsoft("QLinearAdd"), QuantizedShapes::qLinearBinary);
    builder.add(microsoft("QLinearMul"), QuantizedShapes::qLinearBinary);
    builder.add(microsoft("QLinearWhere"), QuantizedShapes::qLinearWhere);
    builder.add(microsoft("QLinearConcat"), QuantizedShapes::qLinearConcat);
    builder.add(microsoft("QLinearAveragePool"), QuantizedShapes::qLinearPool);
    builder.add(microsoft("QLinearGlobalAveragePool"), QuantizedShapes::qLinearGlobalPool);
    builder.add(microsoft("QLinearReduceMean"), QuantizedShapes::qLinearReduce);
    builder.add(microsoft("QLinearSoftmax"), QuantizedShapes::qLinearUnary);
    builder.add(microsoft("QLinearSigmoid"), QuantizedShapes::qLinearUnary);
    builder.add(microsoft("QLinearLeakyRelu"), QuantizedShapes::qLinearUnary);
    builder.add(new OpType("dev.octet", "Requantize"), QuantizedShapes::qLinearUnary);
  }

  private static OpType microsoft(String name) {
    return new OpType("com.microsoft", name);
  }

  /** Collects rules. */
  private static final class Builder {
    private final SortedMap<OpType, ShapeRule> rules = new TreeMap<>();

    void addAll(ShapeRule rule, String onnxNames) {
      for (String name : onnxNames.split(", ", -1)) {
        add(name, rule);
      }
    }

    Builder add(String onnxName, ShapeRule rule) {
      return add(OpType.onnx(onnxName), rule);
    }

    Builder add(OpType op, ShapeRule rule) {
      if (rules.putIfAbsent(op, rule) != null) {
        throw new IllegalStateException("operator " + op + " has two shape rules");
      }
      return this;
    }

    ShapeRules build() {
      return new ShapeRules(new TreeMap<>(rules));
    }
  }
}
