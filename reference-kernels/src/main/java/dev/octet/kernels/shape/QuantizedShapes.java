package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shape rules of operators on quantized integers. */
public final class QuantizedShapes {

  private QuantizedShapes() {}

  /** QuantizeLinear: the type of the zero point, else the attribute output_dtype, else UINT8. */
  public static ShapeRule quantize(QuantizedSlot x) {
    return context -> {
      Optional<DataType> stated =
          DataType.ofOnnxNumber(context.node().intAttribute("output_dtype", 0));
      Optional<DataType> type =
          context.has(x.zeroPoint())
              ? context.dataType(x.zeroPoint())
              : stated.or(() -> Optional.of(DataType.UINT8));
      return ShapeContext.result(type, context.shape(x.value()));
    };
  }

  /** DequantizeLinear: the attribute output_dtype, else the type of the scale. */
  public static ShapeRule dequantize(QuantizedSlot x) {
    return context -> {
      Optional<DataType> stated =
          DataType.ofOnnxNumber(context.node().intAttribute("output_dtype", 0));
      return ShapeContext.result(
          stated.or(() -> context.dataType(x.scale())), context.shape(x.value()));
    };
  }

  /** DynamicQuantizeLinear: integers, scale and zero point. */
  public static ShapeRule dynamicQuantize(int x) {
    Optional<Shape> scalar = Optional.of(Shape.of());
    return context ->
        List.of(
            ShapeContext.type(Optional.of(DataType.UINT8), context.shape(x)),
            ShapeContext.type(Optional.of(DataType.FLOAT), scalar),
            ShapeContext.type(Optional.of(DataType.UINT8), scalar));
  }

  /** QLinearConv: the type of the result's zero point. */
  public static ShapeRule qLinearConv(QuantizedSlot x, QuantizedSlot w, ParameterSlot y, int bias) {
    return context -> {
      Optional<List<Dimension>> result =
          WindowShapes.convolved(context.withOperands(x.value(), w.value()));
      requireParameters(context, x, Dimension.of(1));
      requireParameters(context, y);
      if (result.isPresent()) {
        requireParameters(context, w, result.get().get(1));
        context.requireSizes(bias, result.get().get(1));
      }
      return ShapeContext.resultOf(context.dataType(y.zeroPoint()), result);
    };
  }

  /** A scale and a zero point for all elements, or one for each of as many as a size says. */
  private static void requireParameters(
      ShapeContext context, QuantizedSlot slot, Dimension channels) {
    context.requireOneOr(slot.scale(), channels);
    context.requireOneOr(slot.zeroPoint(), channels);
  }

  private static void requireParameters(ShapeContext context, ParameterSlot slot) {
    context.requireOne(slot.scale());
    context.requireOne(slot.zeroPoint());
  }

  /** The last size of a product is that of its columns; of a vector that is the only one. */
  private static Dimension columns(ShapeContext context, int right) {
    return context
        .dimensions(right)
        .filter(sizes -> sizes.size() > 1)
        .map(sizes -> sizes.get(sizes.size() - 1))
        .orElse(Dimension.of(1));
  }

  /** QLinearConvTranspose: the type of the result's zero point. */
  public static ShapeRule qLinearConvTranspose(QuantizedSlot x, QuantizedSlot w, ParameterSlot y) {
    return context -> {
      requireParameters(context, x, Dimension.of(1));
      requireParameters(context, y);
      context
          .dimensions(w.value())
          .filter(sizes -> sizes.size() > 1)
          .ifPresent(sizes -> requireParameters(context, w, sizes.get(1)));
      return ShapeContext.resultOf(
          context.dataType(y.zeroPoint()),
          WindowShapes.transposed(context.withOperands(x.value(), w.value())));
    };
  }

  /** ConvInteger. */
  public static ShapeRule convInteger(int x, int w, int xZero, int wZero) {
    return context -> {
      Optional<List<Dimension>> result = WindowShapes.convolved(context.withOperands(x, w));
      context.requireOne(xZero);
      result.ifPresent(sizes -> context.requireOneOr(wZero, sizes.get(1)));
      return ShapeContext.resultOf(Optional.of(DataType.INT32), result);
    };
  }

  /** QLinearMatMul: the type of the result's zero point. */
  public static ShapeRule qLinearMatMul(QuantizedSlot a, QuantizedSlot b, ParameterSlot y) {
    return context -> {
      requireParameters(context, a, rows(context, a.value()));
      requireParameters(context, b, columns(context, b.value()));
      requireParameters(context, y);
      return ShapeContext.resultOf(
          context.dataType(y.zeroPoint()),
          MatrixShapes.multiplied(context.withOperands(a.value(), b.value())));
    };
  }

  /** MatMulInteger. */
  public static ShapeRule matMulInteger(int a, int b, int aZero, int bZero) {
    return context -> {
      context.requireOneOr(aZero, rows(context, a));
      context.requireOneOr(bZero, columns(context, b));
      return ShapeContext.resultOf(
          Optional.of(DataType.INT32), MatrixShapes.multiplied(context.withOperands(a, b)));
    };
  }

  private static Dimension rows(ShapeContext context, int left) {
    return context
        .dimensions(left)
        .filter(sizes -> sizes.size() > 1)
        .map(sizes -> sizes.get(sizes.size() - 2))
        .orElse(Dimension.of(1));
  }

  /** dev.octet MatMulIntegerToFloat. */
  public static ShapeRule matMulIntegerToFloat(QuantizedSlot a, QuantizedSlot b) {
    return context -> {
      ShapeContext factors = context.withOperands(a.value(), b.value());
      boolean transposed = context.node().intAttribute(IntegerDialect.TRANSPOSED_RIGHT, 0) != 0;
      return ShapeContext.resultOf(
          Optional.of(DataType.FLOAT), MatrixShapes.rowsMultiplied(factors, transposed));
    };
  }

  /** QGemm: the type of the result's zero point or else of a; floats without the result's scale. */
  public static ShapeRule qGemm(QuantizedSlot a, QuantizedSlot b, ParameterSlot y) {
    return context ->
        ShapeContext.resultOf(
            context.has(y.scale()) ? resultType(context, a, y) : Optional.of(DataType.FLOAT),
            MatrixShapes.gemmed(context.withOperands(a.value(), b.value())));
  }

  /** QLinearAdd, QLinearMul: both broadcast; the type of the result's zero point, else of a. */
  public static ShapeRule qLinearBinary(QuantizedSlot a, QuantizedSlot b, ParameterSlot c) {
    return context ->
        ShapeContext.resultOf(
            resultType(context, a, c),
            ElementwiseShapes.broadcastAll(context.withOperands(a.value(), b.value())));
  }

  /** QLinearWhere: the condition and both parts broadcast. */
  public static ShapeRule qLinearWhere(int condition, QuantizedSlot x, QuantizedSlot y) {
    return context ->
        ShapeContext.resultOf(
            context.dataType(x.value()),
            ElementwiseShapes.broadcastAll(context.withOperands(condition, x.value(), y.value())));
  }

  /** Functions of one operand: its shape; the type of the result's zero point, else of x. */
  public static ShapeRule qLinearUnary(QuantizedSlot x, ParameterSlot y) {
    return context -> ShapeContext.result(resultType(context, x, y), context.shape(x.value()));
  }

  /** Lookup: the shape of the places, the type of the table. */
  public static ShapeRule lookup(int x, int table) {
    return context -> ShapeContext.result(context.dataType(table), context.shape(x));
  }

  /** QLinearAveragePool. */
  public static ShapeRule qLinearPool(QuantizedSlot x, ParameterSlot y) {
    return context -> {
      ShapeContext pooled = context.withOperands(x.value());
      Optional<Shape> shape = WindowShapes.pool(pooled).get(0).flatMap(TensorType::shape);
      return ShapeContext.result(resultType(context, x, y), shape);
    };
  }

  /** QLinearGlobalAveragePool: every dimension but the first and the channels' one becomes 1. */
  public static ShapeRule qLinearGlobalPool(QuantizedSlot x, ParameterSlot y) {
    return context -> {
      boolean last = context.node().intAttribute("channels_last", 0) != 0;
      return ShapeContext.resultOf(
          resultType(context, x, y),
          context.dimensions(x.value()).map(input -> pooled(input, last)));
    };
  }

  private static List<Dimension> pooled(List<Dimension> input, boolean channelsLast) {
    if (input.size() < 2) {
      throw new ShapeMismatchException("a global pooling of " + input);
    }
    List<Dimension> result = new ArrayList<>(input);
    int channels = channelsLast ? input.size() - 1 : 1;
    for (int i = 1; i < result.size(); i++) {
      result.set(i, i == channels ? input.get(i) : Dimension.of(1));
    }
    return result;
  }

  /** QLinearReduceMean and QLinearReduceSum: attributes axes and keepdims. */
  public static ShapeRule qLinearReduce(QuantizedSlot x, ParameterSlot y) {
    return context -> {
      ShapeContext reduced = context.withOperands(x.value());
      Optional<Shape> shape = ReduceShapes.reduce(reduced).get(0).flatMap(TensorType::shape);
      return ShapeContext.result(resultType(context, x, y), shape);
    };
  }

  /** QLinearConcat: the type of the result's zero point. */
  public static ShapeRule qLinearConcat(Slots slots, String part, ParameterSlot y) {
    return context -> {
      int count = context.node().operands().size();
      int[] operands =
          slots.quantizedParts(part, count).stream().mapToInt(QuantizedSlot::value).toArray();
      Optional<Shape> shape =
          MovementShapes.concat(context.withOperands(operands)).get(0).flatMap(TensorType::shape);
      return ShapeContext.result(context.dataType(y.zeroPoint()), shape);
    };
  }

  /** QLinearSoftmax: as {@link #qLinearUnary}; the attribute opset says what the axis means. */
  public static ShapeRule qLinearSoftmax(QuantizedSlot x, ParameterSlot y) {
    return context -> {
      long opset = context.node().intAttribute("opset", 0);
      ShapeContext softmax =
          new ShapeContext(context.node(), opset, context.operands(), context.contents());
      NormalizationShapes.softmax(softmax);
      context.requireRank(x.value(), 1, Integer.MAX_VALUE);
      return qLinearUnary(x, y).infer(context);
    };
  }

  private static Optional<DataType> resultType(
      ShapeContext context, QuantizedSlot x, ParameterSlot y) {
    return context.dataType(context.has(y.zeroPoint()) ? y.zeroPoint() : x.value());
  }
}
