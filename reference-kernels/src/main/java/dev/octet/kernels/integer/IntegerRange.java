package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.primitive.Saturation;
import dev.octet.kernels.quantize.QuantizeLinear;

/**
 * The integers that a result may hold: those of its type, narrowed by the attributes {@code
 * output_min} and {@code output_max} of a node that a Relu or Clip was fused into.
 *
 * @param min the smallest
 * @param max the largest
 */
record IntegerRange(int min, int max) {

  /** Returns the whole range of a type of at most 32 bits. */
  static IntegerRange of(DataType type) {
    Storage storage = storage(type);
    return new IntegerRange((int) storage.min(), (int) storage.max());
  }

  /** Returns the range of a node's result of some type. */
  static IntegerRange of(Node node, DataType type) {
    IntegerRange whole = of(type);
    long min = node.intAttribute(IntegerDialect.OUTPUT_MIN, whole.min);
    long max = node.intAttribute(IntegerDialect.OUTPUT_MAX, whole.max);
    return new IntegerRange((int) Math.max(min, whole.min), (int) Math.min(max, whole.max));
  }

  /** Returns {@code clamp(rne(x / s) + z)}: ONNX QuantizeLinear, see {@link QuantizeLinear}. */
  int quantize(float x, float scale, int zeroPoint) {
    return (int) QuantizeLinear.quantize(x, scale, zeroPoint, min, max, NumericProfile.onnx());
  }

  /** Returns the clamp to this range, of at most 16 bits, around a zero point. */
  Saturation around(int zeroPoint) {
    return new Saturation(zeroPoint, min, max);
  }

  private static Storage storage(DataType type) {
    for (Storage storage : Storage.values()) {
      if (storage.dataType() == type) {
        return storage;
      }
    }
    throw new IllegalArgumentException(type + " is not a quantized type");
  }
}
