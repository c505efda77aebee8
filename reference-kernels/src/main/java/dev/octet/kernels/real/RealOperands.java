package dev.octet.kernels.real;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operands of a run, widened: floats as doubles, integers and truth values as longs. */
public final class RealOperands {

  private final List<Optional<ArrayType>> types;
  private final @Nullable Object[] arrays;

  RealOperands(List<Optional<ArrayType>> types, @Nullable Object[] arrays) {
    this.types = types;
    this.arrays = arrays;
  }

  /** Tells whether an operand is present. */
  public boolean has(int operand) {
    return operand < arrays.length && arrays[operand] != null;
  }

  /** Returns a float operand as an array of exactly its elements, which the kernel may change. */
  public double[] reals(int operand) {
    ArrayType type = type(operand);
    Object array = array(operand);
    double[] values = new double[type.count()];
    if (type.dataType() == DataType.FLOAT) {
      float[] floats = (float[]) array;
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = Elements.real(type.dataType(), array, i);
      }
    }
    return values;
  }

  /** Returns a float operand, or a number in the place of each element where it is left out. */
  public double[] reals(int operand, int count, double absent) {
    if (has(operand)) {
      return reals(operand);
    }
    double[] values = new double[count];
    Arrays.fill(values, absent);
    return values;
  }

  /** Returns an operand of integers or truth values as an array of exactly its elements. */
  public long[] integers(int operand) {
    ArrayType type = type(operand);
    Object array = array(operand);
    long[] values = new long[type.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Elements.integer(type.dataType(), array, i);
    }
    return values;
  }

  private ArrayType type(int operand) {
    if (operand >= types.size() || types.get(operand).isEmpty()) {
      throw new ShapeMismatchException("operand " + operand + " is left out");
    }
    return types.get(operand).orElseThrow();
  }

  private Object array(int operand) {
    Object array = operand < arrays.length ? arrays[operand] : null;
    if (array == null) {
      throw new ShapeMismatchException("operand " + operand + " is left out");
    }
    return array;
  }
}
