package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shape rules of operators on quantized integers. */
public final class QuantizedShapes {

  private QuantizedShapes() {}

  /** QuantizeLinear: the type of the zero point, else the attribute output_dtype, else UINT8. */
  public static List<Optional<TensorType>> quantize(ShapeContext context) {
    Optional<DataType> stated = OnnxTypes.of(context.node().intAttribute("output_dtype", 0));
    Optional<DataType> type =
        context.has(2) ? context.dataType(2) : stated.or(() -> Optional.of(DataType.UINT8));
    return ShapeContext.result(type, context.shape(0));
  }

  /** DequantizeLinear: the attribute output_dtype, else the type of the scale. */
  public static List<Optional<TensorType>> dequantize(ShapeContext context) {
    Optional<DataType> stated = OnnxTypes.of(context.node().intAttribute("output_dtype", 0));
    return ShapeContext.result(stated.or(() -> context.dataType(1)), context.shape(0));
  }

  /** DynamicQuantizeLinear: integers, scale and zero point. */
  public static List<Optional<TensorType>> dynamicQuantize(ShapeContext context) {
    Optional<Shape> scalar = Optional.of(Shape.of());
    return List.of(
        ShapeContext.type(Optional.of(DataType.UINT8), context.shape(0)),
        ShapeContext.type(Optional.of(DataType.FLOAT), scalar),
        ShapeContext.type(Optional.of(DataType.UINT8), scalar));
  }

  /** QLinearConv: input 0, weights 3, zero point of the result 7. */
  public static List<Optional<TensorType>> qLinearConv(ShapeContext context) {
    return ShapeContext.resultOf(
        context.dataType(7), WindowShapes.convolved(context.withOperands(0, 3)));
  }

  /** ConvInteger: input 0, weights 1. */
  public static List<Optional<TensorType>> convInteger(ShapeContext context) {
    return ShapeContext.resultOf(
        Optional.of(DataType.INT32), WindowShapes.convolved(context.withOperands(0, 1)));
  }

  /** QLinearMatMul: matrices 0 and 3, zero point of the result 7. */
  public static List<Optional<TensorType>> qLinearMatMul(ShapeContext context) {
    return ShapeContext.resultOf(
        context.dataType(7), MatrixShapes.multiplied(context.withOperands(0, 3)));
  }

  /** MatMulInteger: matrices 0 and 1. */
  public static List<Optional<TensorType>> matMulInteger(ShapeContext context) {
    return ShapeContext.resultOf(
        Optional.of(DataType.INT32), MatrixShapes.multiplied(context.withOperands(0, 1)));
  }

  /** QGemm: matrices 0 and 3; floats without a scale of the result (7). */
  public static List<Optional<TensorType>> qGemm(ShapeContext context) {
    Optional<DataType> integers = context.has(8) ? context.dataType(8) : context.dataType(0);
    return ShapeContext.resultOf(
        context.has(7) ? integers : Optional.of(DataType.FLOAT),
        MatrixShapes.gemmed(context.withOperands(0, 3)));
  }

  /** QLinearAdd, QLinearMul: operands 0 and 3 broadcast; zero point of the result 7. */
  public static List<Optional<TensorType>> qLinearBinary(ShapeContext context) {
    return ShapeContext.resultOf(
        context.has(7) ? context.dataType(7) : context.dataType(0),
        ElementwiseShapes.broadcastAll(context.withOperands(0, 3)));
  }

  /** QLinearWhere: condition 0 and parts 1 and 4 broadcast. */
  public static List<Optional<TensorType>> qLinearWhere(ShapeContext context) {
    return ShapeContext.resultOf(
        context.dataType(1), ElementwiseShapes.broadcastAll(context.withOperands(0, 1, 4)));
  }

  /** Functions of one operand: its shape; zero point of the result 4. */
  public static List<Optional<TensorType>> qLinearUnary(ShapeContext context) {
    return ShapeContext.result(resultType(context), context.shape(0));
  }

  /** QLinearAveragePool. */
  public static List<Optional<TensorType>> qLinearPool(ShapeContext context) {
    Optional<Shape> shape = WindowShapes.pool(context).get(0).flatMap(TensorType::shape);
    return ShapeContext.result(resultType(context), shape);
  }

  /** QLinearGlobalAveragePool: every dimension but the first and the channels' one becomes 1. */
  public static List<Optional<TensorType>> qLinearGlobalPool(ShapeContext context) {
    boolean last = context.node().intAttribute("channels_last", 0) != 0;
    return ShapeContext.resultOf(
        resultType(context), context.dimensions(0).map(input -> pooled(input, last)));
  }

  private static List<Dimension> pooled(List<Dimension> input, boolean channelsLast) {
    List<Dimension> result = new ArrayList<>(input);
    int channels = channelsLast ? input.size() - 1 : 1;
    for (int i = 1; i < result.size(); i++) {
      result.set(i, i == channels ? input.get(i) : Dimension.of(1));
    }
    return result;
  }

  /** QLinearReduceMean: attributes axes and keepdims. */
  public static List<Optional<TensorType>> qLinearReduce(ShapeContext context) {
    Optional<Shape> shape =
        ReduceShapes.reduce(context.withOperands(0)).get(0).flatMap(TensorType::shape);
    return ShapeContext.result(resultType(context), shape);
  }

  /** QLinearConcat: parts at 2, 5, 8 and so on; zero point of the result 1. */
  public static List<Optional<TensorType>> qLinearConcat(ShapeContext context) {
    int parts = (context.node().operands().size() - 2) / 3;
    int[] operands = new int[parts];
    for (int i = 0; i < parts; i++) {
      operands[i] = 2 + 3 * i;
    }
    Optional<Shape> shape =
        MovementShapes.concat(context.withOperands(operands)).get(0).flatMap(TensorType::shape);
    return ShapeContext.result(context.dataType(1), shape);
  }

  private static Optional<DataType> resultType(ShapeContext context) {
    return context.has(4) ? context.dataType(4) : context.dataType(0);
  }
}
