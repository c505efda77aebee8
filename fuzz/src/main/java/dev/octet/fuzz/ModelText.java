package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX models written as text, so that damage to one is damage to what it says, and no fault of the
 * text itself: what it says need not fit together. What is no statement is left out.
 *
 * <p>Statements end at a line or semicolon. {@code opset 13} or {@code opset 1 com.microsoft};
 * {@code meta KEY VALUE}; {@code in x FLOAT[1,N]}; {@code out y} or {@code out y FLOAT[1]}; {@code
 * const w FLOAT[2] 0.5 1}, where {@code ...} at the end fills up what is missing; {@code raw w
 * FLOAT[2] 0.5 1}, the same as bytes; {@code sparse w FLOAT[6] 1 2 | 0 3}, values and places, or
 * with as many indices for each as there are axes; {@code outside w FLOAT[2] 0 8}, offset and
 * length in {@code data.bin}; {@code node Conv x w - -> y | ints pads 1 1}, with {@code -} for an
 * operand that is left out. {@code graph NAME} begins a graph that an attribute {@code graph body
 * NAME} holds, {@code function DOMAIN.NAME a b -> c} a function; the main graph stands before all
 * of them.
 *
 * @see <a href="https://onnx.ai/onnx/repo-docs/IR.html">The representation</a>
 */
final class ModelText {

  /** The name of the file that constants outside of the model are in. */
  static final String OUTSIDE = "data.bin";

  private final Map<String, byte[]> graphs = new HashMap<>();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int inputField = 11;
  private int nodeField = 1;
  private int nodes;

  private ModelText() {}

  /** Returns the file that a text describes. */
  static byte[] toBytes(String text) {
    ModelText model = new ModelText();
    model.file.writeBytes(Wire.field(1, 10));
    List<List<String>> blocks = blocks(text);
    for (List<String> inner : blocks.subList(1, blocks.size())) {
      model.addInner(inner);
    }
    model.begin(11, 1);
    blocks.get(0).forEach(model::add);
    model.file.writeBytes(Wire.field(7, model.block.toByteArray()));
    return model.file.toByteArray();
  }

  /** Returns the statements of the main graph, and of each block behind it. */
  private static List<List<String>> blocks(String text) {
    List<List<String>> blocks = new ArrayList<>(List.of(new ArrayList<>()));
    for (String statement : text.split("[;\n]", -1)) {
      String line = statement.strip();
      if (line.startsWith("graph ") || line.startsWith("function ")) {
        blocks.add(new ArrayList<>());
      }
      blocks.get(blocks.size() - 1).add(line);
    }
    return blocks;
  }

  private void begin(int inputs, int ofNodes) {
    block = new ByteArrayOutputStream();
    inputField = inputs;
    nodeField = ofNodes;
    nodes = 0;
  }

  /** A graph is known to those behind it; a function goes into the file. */
  private void addInner(List<String> statements) {
    List<String> words = words(statements.get(0));
    boolean function = words.get(0).equals("function");
    begin(11, function ? 7 : 1);
    if (function && words.size() > 1) {
      beginFunction(words.subList(1, words.size()));
    }
    statements.subList(1, statements.size()).forEach(this::add);
    if (function) {
      file.writeBytes(Wire.field(25, block.toByteArray()));
    } else if (words.size() > 1) {
      graphs.put(words.get(1), block.toByteArray());
    }
  }

  private void beginFunction(List<String> words) {
    String name = words.get(0);
    int dot = name.lastIndexOf('.');
    block.writeBytes(text(1, name.substring(dot + 1)));
    block.writeBytes(text(10, dot < 0 ? "" : name.substring(0, dot)));
    block.writeBytes(Wire.field(9, Wire.field(2, 17)));
    names(words.subList(1, words.size()), 4, 5);
  }

  private void add(String statement) {
    String[] parts = statement.split("\\|", -1);
    List<String> words = words(parts[0]);
    if (words.size() < 2) {
      return;
    }
    List<String> rest = words.subList(2, words.size());
    String name = words.get(1);
    switch (words.get(0)) {
      case "opset" -> file.writeBytes(Wire.field(8, opset(name, rest)));
      case "meta" -> file.writeBytes(Wire.field(14, entry(name, String.join(" ", rest))));
      case "in" -> block.writeBytes(Wire.field(inputField, TensorText.value(name, rest)));
      case "out" -> block.writeBytes(Wire.field(12, TensorText.value(name, rest)));
      case "const" -> block.writeBytes(Wire.field(5, TensorText.tensor(name, rest)));
      case "raw" -> block.writeBytes(Wire.field(5, TensorText.raw(name, rest)));
      case "outside" -> block.writeBytes(Wire.field(5, outside(name, rest)));
      case "sparse" -> block.writeBytes(Wire.field(15, sparse(name, rest, parts)));
      case "node" -> block.writeBytes(Wire.field(nodeField, node(name, rest, parts)));
      default -> nodes++;
    }
  }

  static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private static byte[] opset(String version, List<String> domain) {
    byte[] number = Wire.field(2, TensorText.integer(version));
    return domain.isEmpty() ? number : joined(text(1, domain.get(0)), number);
  }

  static byte[] entry(String key, String value) {
    return joined(text(1, key), text(2, value));
  }

  private static byte[] outside(String name, List<String> words) {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    tensor.writeBytes(TensorText.tensor(name, words.subList(0, Math.min(1, words.size()))));
    tensor.writeBytes(Wire.field(13, entry("location", words.size() > 3 ? words.get(3) : OUTSIDE)));
    if (words.size() > 2) {
      tensor.writeBytes(Wire.field(13, entry("offset", words.get(1))));
      tensor.writeBytes(Wire.field(13, entry("length", words.get(2))));
    }
    tensor.writeBytes(Wire.field(14, 1));
    return tensor.toByteArray();
  }

  private static byte[] sparse(String name, List<String> words, String[] parts) {
    List<String> places = parts.length > 1 ? words(parts[1]) : List.of();
    String type = words.isEmpty() ? "FLOAT[]" : words.get(0);
    List<String> values = words.subList(Math.min(1, words.size()), words.size());
    List<String> stored = new ArrayList<>(values);
    stored.add(0, type.replaceFirst("\\[.*", "") + "[" + values.size() + "]");
    List<String> indices = new ArrayList<>(places);
    boolean byAxis = !values.isEmpty() && places.size() > values.size();
    String sizes =
        byAxis ? values.size() + "," + places.size() / values.size() : "" + places.size();
    indices.add(0, "INT64[" + sizes + "]");
    return joined(
        Wire.field(1, TensorText.tensor(name, stored)),
        joined(Wire.field(2, TensorText.tensor("", indices)), TensorText.dims(3, type)));
  }

  private byte[] node(String operator, List<String> values, String[] parts) {
    ByteArrayOutputStream outer = block;
    block = new ByteArrayOutputStream();
    int at = operator.lastIndexOf('.');
    names(values, 1, 2);
    block.writeBytes(text(3, "n" + nodes++));
    block.writeBytes(text(4, operator.substring(at + 1)));
    block.writeBytes(text(7, at < 0 ? "" : operator.substring(0, at)));
    for (int i = 1; i < parts.length; i++) {
      attribute(words(parts[i]));
    }
    byte[] node = block.toByteArray();
    block = outer;
    return node;
  }

  /** Adds the names before an arrow to a field, those behind it to another. */
  private void names(List<String> words, int before, int behind) {
    int arrow = words.indexOf("->");
    int end = arrow < 0 ? words.size() : arrow;
    for (int i = 0; i < words.size(); i++) {
      if (i != end) {
        block.writeBytes(
            text(i < end ? before : behind, words.get(i).equals("-") ? "" : words.get(i)));
      }
    }
  }

  private void attribute(List<String> words) {
    if (words.size() < 2) {
      return;
    }
    List<String> values = words.subList(2, words.size());
    String first = values.isEmpty() ? "" : values.get(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(text(1, words.get(1)));
    switch (words.get(0)) {
      case "int" -> typed(out, 2, Wire.field(3, TensorText.integer(first)));
      case "float" -> typed(out, 1, TensorText.reals(2, List.of(first)));
      case "text" -> typed(out, 3, text(4, first));
      case "tensor" -> typed(out, 4, Wire.field(5, TensorText.tensor("", values)));
      case "graph" -> typed(out, 5, Wire.field(6, graphs.getOrDefault(first, new byte[0])));
      case "floats" -> typed(out, 6, TensorText.reals(7, values));
      case "ints" -> typed(out, 7, TensorText.integers(8, values));
      default -> typed(out, 8, joined(values.stream().map(value -> text(9, value)).toList()));
    }
    block.writeBytes(Wire.field(5, out.toByteArray()));
  }

  private static void typed(ByteArrayOutputStream out, int type, byte[] value) {
    out.writeBytes(value);
    out.writeBytes(Wire.field(20, type));
  }

  static byte[] text(int field, String text) {
    return Wire.field(field, text.getBytes(UTF_8));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return joined(List.of(first, second));
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
