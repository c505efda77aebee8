package dev.octet.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.format.onnx.OnnxFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A decoder of 260 000 weights with a fixed length of 256 tokens, and a copy that takes any. */
final class Decoder {

  static final int LENGTH = 256;
  static final int VOCABULARY = 512;

  private Decoder() {}

  static Path file(String name) {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    return Path.of(corpora, name);
  }

  static Path model() {
    return file("models/stories260K/stories260K_T256.onnx");
  }

  static Path tokenizer() {
    return file("models/stories260K/tok512.bin");
  }

  /** Returns the model with a symbolic length. */
  static Model ofAnyLength() {
    Model fixed = new OnnxFormat().read(model());
    GraphEditor editor = new GraphEditor(fixed.graph());
    String anchor = fixed.graph().nodes().get(0).name();
    editor.setInputs(List.of(value(fixed.graph().inputs().get(0), 1)));
    editor.setOutputs(List.of(value(fixed.graph().outputs().get(0), 1)));
    editor.putInitializer("first", Tensor.of(new long[] {1}, 1));
    editor.putInitializer("second", Tensor.of(new long[] {2}, 1));
    editor.insertBefore(anchor, node("Shape", List.of("input_ids"), "sizes"));
    editor.insertBefore(anchor, node("Slice", List.of("sizes", "first", "second"), "length"));
    fixed.graph().initializers().forEach((name, tensor) -> shorten(editor, anchor, name, tensor));
    return fixed.withGraph(editor.finish().graph());
  }

  private static ValueInfo value(ValueInfo info, int axis) {
    TensorType type = info.tensorType().orElseThrow();
    List<Dimension> sizes = new ArrayList<>(type.shape().orElseThrow().dimensions());
    sizes.set(axis, new Dimension.Symbolic("length"));
    return ValueInfo.of(info.name(), TensorType.of(type.dataType(), new Shape(sizes)));
  }

  /** Shapes get -1 in the place of the length, and what is as long as the length is cut. */
  private static void shorten(GraphEditor editor, String anchor, String name, Tensor tensor) {
    if (tensor.dataType() == DataType.INT64) {
      long[] sizes = tensor.integers();
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = sizes[i] == LENGTH ? -1 : sizes[i];
      }
      editor.putInitializer(name, Tensor.of(sizes, tensor.sizes()));
      return;
    }
    String read = name;
    for (int axis = 0; axis < tensor.rank(); axis++) {
      if (tensor.sizes()[axis] == LENGTH) {
        String shorter = name + "_to_length_" + axis;
        editor.putInitializer("from_" + shorter, Tensor.of(new long[] {0}, 1));
        editor.putInitializer("axes_" + shorter, Tensor.of(new long[] {axis}, 1));
        List<String> operands = List.of(read, "from_" + shorter, "length", "axes_" + shorter);
        editor.replaceUses(read, shorter);
        editor.insertBefore(anchor, node("Slice", operands, shorter));
        read = shorter;
      }
    }
  }

  private static Node node(String op, List<String> operands, String result, Attribute... none) {
    return Node.of(result + "_" + op, OpType.onnx(op), operands, List.of(result), none);
  }

  /** Returns an input of the first tokens of a story. */
  static Map<String, Tensor> tokens(long[] story, int count, int length) {
    long[] tokens = new long[length];
    System.arraycopy(story, 0, tokens, 0, count);
    return Map.of("input_ids", Tensor.of(tokens, 1, length));
  }
}
