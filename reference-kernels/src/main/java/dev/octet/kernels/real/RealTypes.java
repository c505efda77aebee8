package dev.octet.kernels.real;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Preparation;
import java.util.function.Function;

/** Operators whose operands are floats of any width, computed by a {@link RealKernel}. */
public final class RealTypes {

  private static final DataType[] REALS = {
    DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16
  };

  private static final DataType[] INDICES = {DataType.INT32, DataType.INT64};

  private RealTypes() {}

  /** Returns an operator whose operands are all floats. */
  public static Operator all(Function<Preparation, RealKernel.Body> body) {
    return operator(body).allTypes(REALS);
  }

  /** Returns an operator that leaves the types of its operands to be restricted. */
  public static Operator operator(Function<Preparation, RealKernel.Body> body) {
    return Operator.of(preparation -> RealKernel.of(preparation, body.apply(preparation)));
  }

  /** Returns an operator of which some operands are floats, restricted to those. */
  public static Operator reals(Operator operator, int... operands) {
    Operator restricted = operator;
    for (int operand : operands) {
      restricted = restricted.types(operand, REALS);
    }
    return restricted;
  }

  /** Returns an operator of which some operands are INT32 or INT64, restricted to those. */
  public static Operator indices(Operator operator, int... operands) {
    Operator restricted = operator;
    for (int operand : operands) {
      restricted = restricted.types(operand, INDICES);
    }
    return restricted;
  }
}
