package dev.octet.kernels.elementwise;

import static dev.octet.api.graph.DataType.INT16;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT64;
import static dev.octet.api.graph.DataType.INT8;
import static dev.octet.api.graph.DataType.UINT16;
import static dev.octet.api.graph.DataType.UINT32;
import static dev.octet.api.graph.DataType.UINT64;
import static dev.octet.api.graph.DataType.UINT8;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.shape.ElementwiseShapes;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/** Defines the operators on the bits of integers. */
final class BitOperators {

  private static final DataType[] INTEGERS = {
    INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64
  };

  private static final DataType[] UNSIGNED = {UINT8, UINT16, UINT32, UINT64};

  private BitOperators() {}

  static List<OperatorDefinition> definitions() {
    return List.of(
        binary("BitwiseAnd", (type, x, y) -> x & y),
        binary("BitwiseOr", (type, x, y) -> x | y),
        binary("BitwiseXor", (type, x, y) -> x ^ y),
        OperatorDefinition.of(
                "BitwiseNot",
                ElementwiseShapes::sameAsFirst,
                Operator.of(Unary.BITS::prepare).allTypes(INTEGERS))
            .since(18),
        OperatorDefinition.of(
                "BitShift",
                BitOperators::shiftShape,
                Operator.of(BitOperators::shift).allTypes(UNSIGNED))
            .since(11));
  }

  private static OperatorDefinition binary(String name, Arithmetic.OfIntegers function) {
    return OperatorDefinition.of(
            name,
            ElementwiseShapes::broadcast,
            Operator.of(p -> kernel(p, function)).allTypes(INTEGERS))
        .since(18);
  }

  private static Kernel kernel(Preparation preparation, Arithmetic.OfIntegers function) {
    return Arithmetic.kernel(
        preparation,
        function,
        (x, y) -> {
          throw new IllegalStateException("the bits of floats");
        });
  }

  private static List<Optional<TensorType>> shiftShape(ShapeContext context) {
    String direction = context.node().stringAttribute("direction", "");
    if (!direction.equals("LEFT") && !direction.equals("RIGHT")) {
      throw new ShapeMismatchException("direction is '" + direction + "', neither LEFT nor RIGHT");
    }
    return ElementwiseShapes.broadcast(context);
  }

  /** A shift by as many bits as the type has, or more, leaves 0. */
  private static Kernel shift(Preparation preparation) {
    boolean left = preparation.node().stringAttribute("direction", "").equals("LEFT");
    return kernel(
        preparation,
        (type, x, y) -> {
          if (Long.compareUnsigned(y, type.bits()) >= 0) {
            return 0;
          }
          return left ? x << y : x >>> y;
        });
  }
}
