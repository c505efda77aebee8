package dev.octet.kernels.movement;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.shape.ConstantValue;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Operators whose results do not depend on elements: Constant, ConstantOfShape, Shape, Size, Range.
 */
final class Constants {

  private Constants() {}

  /** A result that is known when the node is prepared. */
  private static Kernel known(Object values, int count) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        System.arraycopy(values, 0, Copies.present(results[0]), 0, count);
      }
    };
  }

  static Kernel constant(Preparation preparation) {
    Tensor value =
        ConstantValue.of(preparation.node())
            .orElseThrow(() -> new UnsupportedNodeException("its value is no dense tensor"));
    TensorArray array = TensorArray.of(value);
    return known(array.array(), array.type().count());
  }

  static Kernel constantOfShape(Preparation preparation) {
    ArrayType y = preparation.result(0);
    Object value =
        preparation
            .node()
            .tensorAttribute("value")
            .map(v -> TensorArray.of(v).array())
            .orElseGet(() -> y.kind().allocate(1));
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Elements.fill(y.kind(), Copies.present(results[0]), y.count(), value);
      }
    };
  }

  static Kernel shape(Preparation preparation) {
    long[] sizes =
        ConstantValue.shape(
            preparation.node(), preparation.operand(0).toTensorType().shape().orElseThrow());
    return known(sizes, sizes.length);
  }

  static Kernel size(Preparation preparation) {
    return known(new long[] {preparation.operand(0).count()}, 1);
  }

  /** Range: {@code start + i * delta}, for floats each in double and rounded once. */
  static Kernel range(Preparation preparation) {
    ArrayType y = preparation.result(0);
    DataType type = y.dataType();
    Object start = scalar(preparation.constant(0));
    Object delta = scalar(preparation.constant(2));
    Object values = y.kind().allocate(y.count());
    for (int i = 0; i < y.count(); i++) {
      if (Elements.isReal(type)) {
        double first = Elements.real(type, start, 0);
        Elements.putReal(type, values, i, first + i * Elements.real(type, delta, 0));
      } else {
        long first = Elements.integer(type, start, 0);
        Elements.putInteger(type, values, i, first + i * Elements.integer(type, delta, 0));
      }
    }
    return known(values, y.count());
  }

  private static Object scalar(Optional<TensorArray> constant) {
    return constant
        .orElseThrow(() -> new UnsupportedNodeException("its bounds are not known"))
        .array();
  }
}
