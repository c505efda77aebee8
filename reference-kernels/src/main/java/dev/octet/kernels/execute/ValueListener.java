package dev.octet.kernels.execute;

/** Hears of float values while a graph runs. */
@FunctionalInterface
public interface ValueListener {

  /**
   * A value was computed, or an input was given.
   *
   * @param name the value's name
   * @param data the elements in row-major order from index 0; read only, and only until this method
   *     returns, for later nodes reuse the array
   * @param count number of elements; the array may be longer
   * @param sizes sizes of the dimensions; read only
   */
  void value(String name, float[] data, int count, int[] sizes);
}
