package dev.octet.workflow.source;

import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.source.LinearLayer.Form;

/**
 * What a layer reads.
 *
 * @param path the name by which the executor knows the value
 * @param tokenAxis the axis along which the numbers of a token run; -1 is the innermost
 */
record ObservedInput(String path, int tokenAxis) {

  static ObservedInput of(GraphValue value, Form form) {
    return new ObservedInput(value.path(), form.tokenAxis());
  }

  /**
   * Returns the tokens of a value, one behind the other.
   *
   * @param sizes of the value
   */
  float[] tokens(float[] elements, int count, int[] sizes) {
    int axis = tokenAxis < 0 ? sizes.length + tokenAxis : tokenAxis;
    int inner = 1;
    for (int i = axis + 1; i < sizes.length; i++) {
      inner *= sizes[i];
    }
    float[] tokens = new float[count];
    int width = sizes[axis];
    int stretch = width * inner;
    for (int i = 0; i < count; i++) {
      int within = i % stretch;
      tokens[(i / stretch * inner + within % inner) * width + within / inner] = elements[i];
    }
    return tokens;
  }
}
