package com.lyra.octet;

import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import java.util.OptionalLong;

/**
 * Integers with what they mean.
 *
 * @param name the name of the integers
 * @param scales the scale, or one for each index of the axis
 * @param zero the zero point, the same for all
 * @param axis the axis whose indices have a scale each, which may count from the innermost, -1;
 *     empty for one scale
 */
record Stored(String name, float[] scales, int zero, OptionalLong axis) {

  /**
   * Reads what a graph says.
   *
   * @throws Kernel.Unfit if scales are no constants, run in blocks, or come with different zero
   *     points
   */
  static Stored of(QdqValue value) {
    return value.match(
        QdqValue.Cases.<Stored>otherwise(
                other -> {
                  throw new Kernel.Unfit("scales of '" + other.value() + "' are no constants");
                })
            .constant(Stored::known));
  }

  private static Stored known(QuantizedValue value) {
    int zero = (int) value.firstZero();
    if (value.zero().isPresent()) {
      for (long each : value.zero().get().integers()) {
        if (each != zero) {
          throw new Kernel.Unfit("'" + value.value() + "' has several zero points");
        }
      }
    }
    OptionalLong axis =
        value
            .layout()
            .match(
                QdqLayout.Cases.<OptionalLong>otherwise(
                        other -> {
                          throw new Kernel.Unfit("'" + value.value() + "' has scales in blocks");
                        })
                    .perTensor(whole -> OptionalLong.empty())
                    .perChannel(channel -> OptionalLong.of(channel.axis())));
    return new Stored(value.value(), value.scale().floats(), zero, axis);
  }

  /**
   * Returns the one scale and zero point.
   *
   * @throws Kernel.Unfit if there are several scales
   */
  Affine affine() {
    if (axis.isPresent()) {
      throw new Kernel.Unfit("'" + name + "' has several scales");
    }
    return new Affine(scales[0], zero);
  }

  /** Returns the scale of an index of the axis. */
  float scale(int channel) {
    return scales[axis.isPresent() ? channel : 0];
  }
}
