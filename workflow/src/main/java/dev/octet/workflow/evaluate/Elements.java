package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;

/** Reads outputs as numbers. */
final class Elements {

  private Elements() {}

  /**
   * Returns the elements of an output as float64, which holds every float32 and every integer below
   * 2^53 exactly.
   *
   * @throws OctetException {@code OCT-CLI-010} if they are no numbers that can be compared
   */
  static double[] of(String output, Tensor tensor) {
    if (tensor.dataType() == DataType.DOUBLE) {
      return tensor.doubles();
    }
    if (tensor.dataType() == DataType.FLOAT) {
      float[] floats = tensor.floats();
      double[] elements = new double[floats.length];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = floats[i];
      }
      return elements;
    }
    if (tensor.dataType().isInteger()) {
      return Arrays.stream(tensor.integers()).asDoubleStream().toArray();
    }
    throw EvaluationErrors.NO_NUMBERS
        .error("output '" + output + "' of type " + tensor.dataType() + " cannot be compared")
        .build();
  }

  /** Returns the index of the largest element of a run, the first of equal ones; NaN loses. */
  static int largest(double[] elements, int from, int count) {
    int largest = 0;
    for (int i = 1; i < count; i++) {
      double best = elements[from + largest];
      double element = elements[from + i];
      if (element > best || (Double.isNaN(best) && !Double.isNaN(element))) {
        largest = i;
      }
    }
    return largest;
  }
}
