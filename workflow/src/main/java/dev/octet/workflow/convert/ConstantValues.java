package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.workflow.plan.GraphValue;
import java.nio.FloatBuffer;

/** Reads constants that are to be quantized. */
final class ConstantValues {

  /** Elements that are in memory at a time. */
  private static final int PART = 1 << 16;

  private ConstantValues() {}

  /**
   * Returns the content of a constant.
   *
   * @throws OctetException {@code OCT-CONV-011} if it is not of floats
   */
  static Tensor of(GraphValue constant) {
    Tensor tensor = constant.constant().orElseThrow();
    if (tensor.dataType() != DataType.FLOAT) {
      throw ConversionErrors.CONSTANT_TYPE
          .error("constant '" + constant.name() + "' is " + tensor + ", not FLOAT")
          .build();
    }
    return tensor;
  }

  /**
   * Returns a copy of the elements of a constant.
   *
   * @throws OctetException {@code OCT-CONV-003} if one is NaN or an infinity; as {@link #of}
   */
  static float[] floats(GraphValue constant) {
    float[] elements = of(constant).floats();
    requireFinite(constant, elements, elements.length, 0);
    return elements;
  }

  /** Receives some of the elements of a constant. */
  @FunctionalInterface
  interface Part {
    /**
     * Receives the next elements.
     *
     * @param elements an array that holds them from index 0; used again
     * @param first the index of the first one in the constant
     * @param count how many
     */
    void accept(float[] elements, int first, int count);
  }

  /**
   * Reads the elements of a constant part by part, of which there is one in memory at a time.
   *
   * @throws OctetException as {@link #floats}
   */
  static void forEachPart(GraphValue constant, Part part) {
    float[] elements = new float[PART];
    of(constant)
        .forEachWindow(
            (offset, window) -> {
              FloatBuffer floats = window.asFloatBuffer();
              int first = Math.toIntExact(offset / Float.BYTES);
              while (floats.hasRemaining()) {
                int count = Math.min(PART, floats.remaining());
                floats.get(elements, 0, count);
                requireFinite(constant, elements, count, first);
                part.accept(elements, first, count);
                first += count;
              }
            });
  }

  private static void requireFinite(GraphValue constant, float[] elements, int count, int first) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(elements[i])) {
        throw ConversionErrors.NOT_FINITE
            .error(
                "constant '"
                    + constant.name()
                    + "' holds "
                    + elements[i]
                    + " at element "
                    + (first + i))
            .build();
      }
    }
  }

  /**
   * Returns which elements of a constant share a scale.
   *
   * @throws OctetException {@code OCT-CONV-012} if the granularity does not fit its shape
   */
  static ParameterLayout layout(GraphValue constant, Granularity granularity) {
    Tensor tensor = of(constant);
    try {
      return ParameterLayout.of(granularity, tensor.sizes());
    } catch (IllegalArgumentException e) {
      throw unfit(constant, granularity, "it is " + tensor);
    }
  }

  /** Says why a granularity, of an edited plan as a rule, does not fit a constant. */
  static OctetException unfit(GraphValue constant, Granularity granularity, String why) {
    return ConversionErrors.UNFIT_GRANULARITY
        .error(granularity + " does not fit the constant '" + constant.name() + "': " + why)
        .build();
  }
}
