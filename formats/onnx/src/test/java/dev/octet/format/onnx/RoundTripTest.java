package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundTripTest {

  @Test
  void writesEveryNodeTestOfOnnxAsItWasRead() throws IOException {
    Map<String, byte[]> models = nodeTests();
    List<String> failures = new ArrayList<>();
    models.forEach((name, bytes) -> check(name, bytes, failures));
    assertEquals(List.of(), failures);
    assertEquals(1802, models.size());
  }

  @Test
  void changesNothingButTheEditInEveryNodeTestOfOnnx() throws IOException {
    List<String> failures = new ArrayList<>();
    int edited = 0;
    for (Map.Entry<String, byte[]> model : nodeTests().entrySet()) {
      edited += checkEdit(model.getKey(), model.getValue(), failures) ? 1 : 0;
    }
    assertEquals(List.of(), failures);
    assertTrue(edited > 1500, "only " + edited + " models have a node with an operand");
  }

  @Test
  void writesRealModelsAsTheyWereRead() throws IOException {
    checkAll(Corpora.models("octet.corpora", "models"));
  }

  @Test
  void writesGoldenModelsAsTheyWereRead() throws IOException {
    checkAll(Corpora.models("octet.goldens", "."));
  }

  private static Map<String, byte[]> nodeTests() throws IOException {
    Path archive = Corpora.require("octet.corpora", Corpora.NODE_TESTS);
    return Corpora.tarGz(archive, name -> name.endsWith(".onnx"));
  }

  private static void checkAll(List<Path> files) throws IOException {
    List<String> failures = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      check(file.toString(), bytes, failures);
      checkEdit(file.toString(), bytes, failures);
    }
    assertEquals(List.of(), failures);
    assertTrue(files.size() > 0);
  }

  private static void check(String name, byte[] bytes, List<String> failures) {
    try {
      ModelProto before = ModelProto.parseFrom(bytes);
      Model model = new OnnxFormat().read(bytes, name);
      ModelProto after = ModelProto.parseFrom(new OnnxFormat().toBytes(model));
      if (!before.equals(after)) {
        failures.add(name + " differs");
      }
    } catch (IOException | RuntimeException e) {
      failures.add(name + ": " + e);
    }
  }

  private static boolean checkEdit(String name, byte[] bytes, List<String> failures) {
    try {
      Model model = new OnnxFormat().read(bytes, name);
      Optional<Node> target =
          model.graph().nodes().stream().filter(n -> n.operand(0).isPresent()).findFirst();
      if (target.isPresent()) {
        ModelProto after =
            ModelProto.parseFrom(
                new OnnxFormat().toBytes(quantizeFirstOperand(model, target.get())));
        ModelProto before = ModelProto.parseFrom(bytes);
        if (!undo(after, target.get().operands().get(0), before.getIrVersion()).equals(before)) {
          failures.add(name + " differs behind the edit");
        }
      }
      return target.isPresent();
    } catch (IOException | RuntimeException e) {
      failures.add(name + ": " + e);
      return false;
    }
  }

  private static Model quantizeFirstOperand(Model model, Node target) {
    GraphEditor editor = new GraphEditor(model.graph());
    String value = target.operands().get(0);
    editor.putInitializer("t_scale", Tensor.of(new float[] {0.5f}));
    editor.putInitializer("t_zero_point", Tensor.of(DataType.INT8, new byte[] {3}));
    List<String> parameters = List.of("t_scale", "t_zero_point");
    Node quantize =
        Node.of(
            "t_QuantizeLinear",
            OpType.onnx("QuantizeLinear"),
            List.of(value, "t_scale", "t_zero_point"),
            List.of("t_quantized"));
    Node dequantize =
        Node.of(
            "t_DequantizeLinear",
            OpType.onnx("DequantizeLinear"),
            List.of("t_quantized", parameters.get(0), parameters.get(1)),
            List.of("t_dequantized"));
    editor.insertBefore(target.name(), quantize);
    editor.insertBefore(target.name(), dequantize);
    editor.setOperand(target.name(), 0, "t_dequantized");
    return model.withGraph(editor.finish().graph());
  }

  /** Takes the edit back in the message itself. */
  private static ModelProto undo(ModelProto edited, String value, long irVersion) {
    GraphProto.Builder graph = edited.getGraph().toBuilder();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      if (graph.getNode(i).getName().startsWith("t_")) {
        graph.removeNode(i);
      } else if (graph.getNode(i).getInputCount() > 0
          && graph.getNode(i).getInput(0).equals("t_dequantized")) {
        graph.getNodeBuilder(i).setInput(0, value);
      }
    }
    for (int i = graph.getInitializerCount() - 1; i >= 0; i--) {
      if (graph.getInitializer(i).getName().startsWith("t_")) {
        graph.removeInitializer(i);
      }
    }
    assertEquals(Math.max(4, irVersion), edited.getIrVersion());
    return edited.toBuilder().setGraph(graph).setIrVersion(irVersion).build();
  }
}
