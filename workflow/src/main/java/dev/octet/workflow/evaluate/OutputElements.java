package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;

/** Reads outputs as numbers. */
final class OutputElements {

  private OutputElements() {}

  /**
   * Returns the elements of an output as float64, which holds every float of 32 and 16 bits and
   * every integer below 2^53 exactly; true is 1.
   *
   * @throws OctetException {@code OCT-CLI-010} if they are no numbers that can be compared
   */
  static double[] of(String output, Tensor tensor) {
    DataType type = tensor.dataType();
    boolean real = Elements.isReal(type);
    if (!real && !type.isInteger() && type != DataType.BOOL) {
      throw EvaluationErrors.NO_NUMBERS
          .error("output '" + output + "' of type " + type + " cannot be compared")
          .build();
    }
    Object array = TensorArray.of(tensor).array();
    double[] elements = new double[Math.toIntExact(tensor.elementCount())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = real ? Elements.real(type, array, i) : Elements.integer(type, array, i);
    }
    return elements;
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
