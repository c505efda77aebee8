package dev.octet.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tensors and their types written as text, see {@link ModelText}. */
final class TensorText {

  private static final List<String> TYPES =
      List.of(
          "UNDEFINED",
          "FLOAT",
          "UINT8",
          "INT8",
          "UINT16",
          "INT16",
          "INT32",
          "INT64",
          "STRING",
          "BOOL",
          "FLOAT16",
          "DOUBLE",
          "UINT32",
          "UINT64",
          "COMPLEX64",
          "COMPLEX128",
          "BFLOAT16",
          "FLOAT8E4M3FN",
          "FLOAT8E4M3FNUZ",
          "FLOAT8E5M2",
          "FLOAT8E5M2FNUZ",
          "UINT4",
          "INT4",
          "FLOAT4E2M1");

  private static final Map<String, Integer> INTEGERS =
      Map.of("INT64", 7, "UINT32", 11, "UINT64", 11);

  private static final int OTHER_INTEGERS = 5;
  private static final int MOST_FILLED = 1 << 12;

  private TensorText() {}

  /** Returns what a text says of a value: {@code FLOAT[1,N]}; without text FLOAT of any shape. */
  static byte[] value(String name, List<String> words) {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    String type = words.isEmpty() ? "FLOAT" : words.get(0);
    tensor.writeBytes(Wire.field(1, type(type)));
    if (type.contains("[")) {
      tensor.writeBytes(Wire.field(2, shape(type)));
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.writeBytes(ModelText.text(1, name));
    value.writeBytes(Wire.field(2, Wire.field(1, tensor.toByteArray())));
    return value.toByteArray();
  }

  private static byte[] shape(String type) {
    ByteArrayOutputStream shape = new ByteArrayOutputStream();
    for (String size : sizes(type)) {
      boolean number = size.matches("-?\\d+");
      shape.writeBytes(
          Wire.field(1, number ? Wire.field(1, integer(size)) : ModelText.text(2, size)));
    }
    return shape.toByteArray();
  }

  private static List<String> sizes(String type) {
    String inside = type.substring(type.indexOf('[') + 1).replace("]", "");
    return inside.isEmpty() || !type.contains("[") ? List.of() : List.of(inside.split(",", -1));
  }

  private static int type(String text) {
    return Math.max(0, TYPES.indexOf(text.replaceFirst("\\[.*", "")));
  }

  /** Returns a tensor: its type, and its elements. */
  static byte[] tensor(String name, List<String> words) {
    String type = words.isEmpty() ? "FLOAT[]" : words.get(0);
    List<String> elements = words.subList(Math.min(1, words.size()), words.size());
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    tensor.writeBytes(dims(1, type));
    tensor.writeBytes(Wire.field(2, type(type)));
    tensor.writeBytes(elements(type, filled(type, elements)));
    tensor.writeBytes(ModelText.text(8, name));
    return tensor.toByteArray();
  }

  /** Returns a tensor whose elements are bytes, as most writers store them. */
  static byte[] raw(String name, List<String> words) {
    String type = words.isEmpty() ? "FLOAT[]" : words.get(0);
    List<String> elements = filled(type, words.subList(Math.min(1, words.size()), words.size()));
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * elements.size()).order(ByteOrder.LITTLE_ENDIAN);
    elements.forEach(element -> put(bytes, type.replaceFirst("\\[.*", ""), element));
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    tensor.writeBytes(dims(1, type));
    tensor.writeBytes(Wire.field(2, type(type)));
    tensor.writeBytes(ModelText.text(8, name));
    tensor.writeBytes(Wire.field(9, Arrays.copyOf(bytes.array(), bytes.position())));
    return tensor.toByteArray();
  }

  private static void put(ByteBuffer bytes, String type, String element) {
    switch (type) {
      case "FLOAT" -> bytes.putFloat((float) real(element));
      case "DOUBLE" -> bytes.putDouble(real(element));
      case "INT64", "UINT64" -> bytes.putLong(integer(element));
      case "INT32", "UINT32" -> bytes.putInt((int) integer(element));
      case "INT16", "UINT16", "FLOAT16", "BFLOAT16" -> bytes.putShort((short) integer(element));
      default -> bytes.put((byte) integer(element));
    }
  }

  static byte[] dims(int field, String type) {
    return integers(field, sizes(type));
  }

  private static byte[] elements(String type, List<String> elements) {
    String name = type.replaceFirst("\\[.*", "");
    return switch (name) {
      case "FLOAT" -> reals(4, elements);
      case "DOUBLE" -> doubles(elements);
      case "STRING" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        elements.forEach(element -> out.writeBytes(ModelText.text(6, element)));
        yield out.toByteArray();
      }
      default -> integers(INTEGERS.getOrDefault(name, OTHER_INTEGERS), elements);
    };
  }

  /** Puts small numbers in the place of an ellipsis. */
  private static List<String> filled(String type, List<String> elements) {
    if (elements.isEmpty() || !elements.get(elements.size() - 1).equals("...")) {
      return elements;
    }
    long count = 1;
    for (String size : sizes(type)) {
      count = Math.min(MOST_FILLED, count * Math.max(0, integer(size)));
    }
    // Of 4 bits two are in one.
    count = type.contains("INT4[") ? (count + 1) / 2 : count;
    List<String> all = new ArrayList<>(elements.subList(0, elements.size() - 1));
    while (all.size() < count) {
      all.add(Integer.toString(all.size() * 7 % 5 - 2));
    }
    return all;
  }

  static byte[] reals(int field, List<String> texts) {
    ByteBuffer packed = ByteBuffer.allocate(4 * texts.size()).order(ByteOrder.LITTLE_ENDIAN);
    texts.forEach(text -> packed.putFloat((float) real(text)));
    // One number alone is not packed: that is a field of a message which is not repeated.
    return field == 2 ? Wire.fixed(field, packed.array()) : Wire.field(field, packed.array());
  }

  private static byte[] doubles(List<String> texts) {
    ByteBuffer packed = ByteBuffer.allocate(8 * texts.size()).order(ByteOrder.LITTLE_ENDIAN);
    texts.forEach(text -> packed.putDouble(real(text)));
    return Wire.field(10, packed.array());
  }

  static byte[] integers(int field, List<String> texts) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    texts.forEach(text -> packed.writeBytes(Wire.varint(integer(text))));
    return Wire.field(field, packed.toByteArray());
  }

  private static double real(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return text.length();
    }
  }

  /** Returns the integer that a text is; its length where it is none. */
  static long integer(String text) {
    try {
      return switch (text) {
        case "true" -> 1;
        case "false" -> 0;
        default -> text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
      };
    } catch (NumberFormatException e) {
      return text.length();
    }
  }
}
