package dev.octet.workflow.data;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;

/**
 * What some samples look like between two steps.
 *
 * @param type the element type
 * @param sizes the sizes of one sample; not copied
 * @param axes a letter for each axis, that of the samples first; empty when the axes have no names
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Layout(DataType type, long[] sizes, String axes) {

  /** Returns the number of elements of one sample. */
  int elements() {
    return Math.toIntExact(Shape.count(sizes));
  }

  Layout withType(DataType newType) {
    return new Layout(newType, sizes, axes);
  }

  Layout withAxes(String newAxes) {
    return new Layout(type, sizes, newAxes);
  }

  /** Returns type and sizes with {@code N} for the samples, such as {@code UINT8[N, 32, 32, 3]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(type.toString()).append("[N");
    for (long size : sizes) {
      text.append(", ").append(size);
    }
    return text.append(']').toString();
  }
}
