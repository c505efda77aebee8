package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Tensors written as text: the element type, the sizes, and the elements in row-major order, as in
 * {@code INT8[2,3] 1 2 3 -4 -5 -6}, {@code FLOAT[] NaN} for a scalar or {@code INT64[0]}.
 */
final class TensorLiteral {

  /** The bits of every binary16, by its value. */
  private static final Map<Double, Short> FLOAT16_BITS = float16Bits();

  private TensorLiteral() {}

  /** Returns the tensor that a text describes; floats of 16 bits are stated exactly. */
  static Tensor tensor(String text) {
    int open = text.indexOf('[');
    int close = text.indexOf(']');
    DataType type = DataType.valueOf(text.substring(0, open));
    String sizes = text.substring(open + 1, close);
    String elements = text.substring(close + 1).strip();
    return of(
        type,
        elements.isEmpty() ? new String[0] : elements.split("\\s+"),
        sizes.isEmpty()
            ? new long[0]
            : Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray());
  }

  /** Returns the tensor of some numbers, each in the notation of its type. */
  static Tensor of(DataType type, String[] elements, long... sizes) {
    int width = Math.max(Byte.SIZE, type.bits()) / Byte.SIZE;
    if (type.isInteger()) {
      return Tensor.ofIntegers(
          type, Arrays.stream(elements).mapToLong(text -> integer(type, text)).toArray(), sizes);
    }
    ByteBuffer data = ByteBuffer.allocate(elements.length * width).order(ByteOrder.LITTLE_ENDIAN);
    for (String element : elements) {
      switch (type) {
        case FLOAT -> data.putFloat(Float.parseFloat(element));
        case DOUBLE -> data.putDouble(Double.parseDouble(element));
        case FLOAT16 -> data.putShort(float16(Double.parseDouble(element)));
        case BFLOAT16 -> data.putShort(bfloat16(Float.parseFloat(element)));
        case BOOL -> data.put((byte) (element.equals("true") ? 1 : 0));
        default -> throw new IllegalArgumentException("no literal of " + type);
      }
    }
    return Tensor.ofBytes(type, sizes, data.flip());
  }

  /** Returns the elements of a tensor as text that {@link #of} reads. */
  static String[] elements(Tensor tensor) {
    IntFunction<String> element = reader(tensor);
    String[] elements = new String[(int) tensor.elementCount()];
    Arrays.setAll(elements, element);
    return elements;
  }

  private static IntFunction<String> reader(Tensor tensor) {
    switch (tensor.dataType()) {
      case FLOAT -> {
        float[] values = tensor.floats();
        return i -> Float.toString(values[i]);
      }
      case DOUBLE -> {
        double[] values = tensor.doubles();
        return i -> Double.toString(values[i]);
      }
      case FLOAT16 -> {
        short[] values = tensor.shorts();
        return i -> Double.toString(float16(values[i]));
      }
      case BFLOAT16 -> {
        short[] values = tensor.shorts();
        return i -> Float.toString(Float.intBitsToFloat(values[i] << 16));
      }
      case BOOL -> {
        byte[] values = tensor.bytes();
        return i -> Boolean.toString(values[i] != 0);
      }
      default -> {
        long[] values = tensor.integers();
        boolean unsigned = tensor.dataType() == DataType.UINT64;
        return i -> unsigned ? Long.toUnsignedString(values[i]) : Long.toString(values[i]);
      }
    }
  }

  private static long integer(DataType type, String text) {
    return type == DataType.UINT64 ? Long.parseUnsignedLong(text) : Long.parseLong(text);
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if ((bits & 0xFFFF) != 0) {
      throw new IllegalArgumentException(value + " is no BFLOAT16");
    }
    return (short) (bits >>> 16);
  }

  private static short float16(double value) {
    Short bits = FLOAT16_BITS.get(value);
    if (bits == null) {
      throw new IllegalArgumentException(value + " is no FLOAT16");
    }
    return bits;
  }

  private static Map<Double, Short> float16Bits() {
    Map<Double, Short> table = new HashMap<>();
    for (int bits = 0; bits < 1 << 16; bits++) {
      table.put(float16((short) bits), (short) bits);
    }
    return Map.copyOf(table);
  }

  /** The value of a binary16 by its definition. */
  private static double float16(short bits) {
    int exponent = (bits & 0x7FFF) >> 10;
    int mantissa = bits & ((1 << 10) - 1);
    double sign = bits < 0 ? -1 : 1;
    if (exponent == 31) {
      return mantissa == 0 ? sign / 0.0 : Double.NaN;
    }
    int whole = exponent == 0 ? mantissa : (1 << 10) + mantissa;
    return sign * Math.scalb((double) whole, Math.max(0, exponent - 1) - 24);
  }
}
