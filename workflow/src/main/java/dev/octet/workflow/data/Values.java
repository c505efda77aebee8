package dev.octet.workflow.data;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.quantize.FloatPrecision;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** The elements of some samples, in row-major order, on their way from a file to a model. */
sealed interface Values {

  /**
   * Elements in float32.
   *
   * @param elements the elements, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Floats(float[] elements) implements Values {}

  /**
   * Integers or truth values.
   *
   * @param type the element type; truth values are 0 and 1, UINT64 keeps its 64 bits
   * @param elements the elements, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Integers(DataType type, long[] elements) implements Values {}

  /** Returns the elements in float32, each rounded to the nearest, ties to even. */
  default float[] floats() {
    if (this instanceof Floats floats) {
      return floats.elements();
    }
    Integers integers = (Integers) this;
    boolean unsigned64 = integers.type() == DataType.UINT64;
    float[] converted = new float[integers.elements().length];
    for (int i = 0; i < converted.length; i++) {
      long element = integers.elements()[i];
      converted[i] = unsigned64 ? unsigned(element) : (float) element;
    }
    return converted;
  }

  /** Returns the elements picked by an index list, once for each sample. */
  default Values gather(int[] picks, int samples) {
    int size = picks.length;
    if (this instanceof Floats floats) {
      float[] moved = new float[Math.multiplyExact(size, samples)];
      for (int i = 0; i < moved.length; i++) {
        moved[i] = floats.elements()[i - i % size + picks[i % size]];
      }
      return new Floats(moved);
    }
    Integers integers = (Integers) this;
    long[] moved = new long[Math.multiplyExact(size, samples)];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = integers.elements()[i - i % size + picks[i % size]];
    }
    return new Integers(integers.type(), moved);
  }

  /** Returns the elements of some values of one kind behind each other. */
  static Values joined(List<Values> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    if (parts.get(0) instanceof Floats) {
      int total = parts.stream().mapToInt(part -> part.floats().length).sum();
      FloatBuffer all = FloatBuffer.allocate(total);
      parts.forEach(part -> all.put(part.floats()));
      return new Floats(all.array());
    }
    List<Integers> integers = parts.stream().map(Integers.class::cast).toList();
    long[] all = integers.stream().flatMapToLong(i -> Arrays.stream(i.elements())).toArray();
    return new Integers(integers.get(0).type(), all);
  }

  /**
   * Converts to another element type: floats to the nearest float16, ties to even; floats to
   * integers towards zero, clamped to the type, NaN to 0; integers to narrower ones by their low
   * bits; everything but 0 to true.
   */
  default Values cast(DataType target) {
    if (target == DataType.FLOAT || target == DataType.DOUBLE) {
      return new Floats(floats());
    }
    if (target == DataType.FLOAT16) {
      float[] elements = floats();
      float[] rounded = new float[elements.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = FloatPrecision.FLOAT16.round(elements[i]);
      }
      return new Floats(rounded);
    }
    long[] converted =
        this instanceof Integers integers ? integers.elements().clone() : truncated(target);
    for (int i = 0; i < converted.length; i++) {
      converted[i] = narrow(converted[i], target);
    }
    return new Integers(target, converted);
  }

  /** Returns the tensor of a type that these values were brought to. */
  default Tensor tensor(DataType type, long[] sizes) {
    if (type == DataType.FLOAT16) {
      return FloatPrecision.FLOAT16.tensor(floats(), sizes);
    }
    if (type == DataType.DOUBLE) {
      float[] elements = floats();
      double[] widened = new double[elements.length];
      for (int i = 0; i < widened.length; i++) {
        widened[i] = elements[i];
      }
      return Tensor.of(widened, sizes);
    }
    if (this instanceof Floats floats) {
      return Tensor.of(floats.elements(), sizes);
    }
    long[] elements = ((Integers) this).elements();
    if (type != DataType.BOOL) {
      return Tensor.ofIntegers(type, elements, sizes);
    }
    boolean[] truths = new boolean[elements.length];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = elements[i] != 0;
    }
    return Tensor.of(truths, sizes);
  }

  /** Halving keeps the lowest bit sticky, so that doubling the rounded float is exact. */
  private static float unsigned(long element) {
    return element >= 0 ? (float) element : 2f * (float) ((element >>> 1) | (element & 1));
  }

  private long[] truncated(DataType target) {
    float[] elements = floats();
    long[] whole = new long[elements.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] =
          target == DataType.BOOL
              ? elements[i] != 0 ? 1 : 0
              : Math.max(least(target), Math.min(most(target), (long) elements[i]));
    }
    return whole;
  }

  private static long narrow(long element, DataType target) {
    if (target == DataType.BOOL) {
      return element != 0 ? 1 : 0;
    }
    int unused = Long.SIZE - target.bits();
    long high = element << unused;
    return target.isSignedInteger() ? high >> unused : high >>> unused;
  }

  private static long least(DataType type) {
    return type.isSignedInteger() ? Long.MIN_VALUE >> (Long.SIZE - type.bits()) : 0;
  }

  /** For UINT64 the largest long: float32 values above it clamp there. */
  private static long most(DataType type) {
    int valueBits = type.isSignedInteger() ? type.bits() - 1 : Math.min(type.bits(), 63);
    return Long.MAX_VALUE >> (63 - valueBits);
  }
}
