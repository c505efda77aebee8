package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelReadingTest {

  @Test
  void readsGraphInputsConstantsAndTypes() {
    Model model = new OnnxFormat().read(RichModel.build().toByteArray(), "rich.onnx");
    Graph graph = model.graph();
    assertEquals(Map.of("", 21L, "custom", 3L), model.opsets());
    assertEquals(
        List.of("x", "s", "condition", "m", "o", "q", "p"),
        graph.inputs().stream().map(ValueInfo::name).toList());
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(4)));
    assertEquals(ValueType.TensorType.of(DataType.FLOAT, shape), graph.type("h").orElseThrow());
    assertEquals("seq(opaque(some name))", graph.type("q").orElseThrow().toString());
    assertEquals(Tensor.of(new float[] {1, 2, 3, 4}, 4), graph.initializers().get("w"));
    assertEquals(Tensor.of(new float[] {1.5f}), graph.initializers().get("t"));
    assertEquals(Map.of("module", "m"), graph.nodes().get(0).metadata());
    assertEquals(2, graph.nodes().get(3).subgraphs().size());
  }

  @Test
  void readsAndWritesTheMetadataOfAModel() {
    ModelProto file =
        RichModel.build().toBuilder()
            .clearMetadataProps()
            .addMetadataProps(Protos.entry("author", "a"))
            .addMetadataProps(Protos.entry("author", "b"))
            .addMetadataProps(Protos.entry("octet.input.x", "old"))
            .build();
    OnnxFormat format = new OnnxFormat();
    Model model = format.read(file.toByteArray(), "rich.onnx");
    assertEquals(Map.of("author", "b", "octet.input.x", "old"), model.metadata());
    assertEquals(file.getMetadataPropsList(), written(model).getMetadataPropsList());
    Model changed = model.withMetadata(Map.of("octet.input.x", "new"));
    assertEquals(
        List.of(Protos.entry("author", "b"), Protos.entry("octet.input.x", "new")),
        written(changed).getMetadataPropsList());
  }

  private static ModelProto written(Model model) {
    return assertDoesNotThrow(() -> ModelProto.parseFrom(new OnnxFormat().toBytes(model)));
  }

  @Test
  void keepsTheNameOfAValueOnceHoweverOftenItIsRead() {
    Graph graph = new OnnxFormat().read(RichModel.build().toByteArray(), "rich.onnx").graph();
    int read = 0;
    for (Node node : graph.nodes()) {
      for (String result : node.results()) {
        for (Point use : graph.uses(result)) {
          Node reader = graph.node(use.node()).orElseThrow();
          assertSame(result, reader.operands().get(use.index()));
          read++;
        }
      }
    }
    assertTrue(read > 0);
  }

  @Test
  void namesNodesWithoutANameOfTheirOwn() {
    Graph graph = new OnnxFormat().read(RichModel.build().toByteArray(), "rich.onnx").graph();
    assertEquals(
        List.of(
            "mul",
            "Add_1",
            "all",
            "one_add",
            "two_add",
            "three_add",
            "mul_6",
            "then_add",
            "else_add"),
        graph.nodesWithSubgraphs().stream().map(Node::name).toList());
  }

  @Test
  void avoidsNamesThatAreTaken() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1))
            .addNode(Protos.node("", "Abs", List.of("x"), List.of("a")))
            .addNode(Protos.node("Abs_0", "Abs", List.of("a"), List.of("b")))
            .addNode(Protos.node("Abs_0", "Abs", List.of("b"), List.of("c")))
            .addNode(Protos.node("Abs_0_2", "Abs", List.of("c"), List.of("d")));
    Model model = Protos.read(Protos.model(8, 17, graph));
    assertEquals(
        List.of("Abs_0_1", "Abs_0", "Abs_0_2_1", "Abs_0_2"),
        model.graph().nodes().stream().map(Node::name).toList());
    assertEquals(graph.getNodeList(), Protos.write(model).getGraph().getNodeList());
  }

  @Test
  void writesTheNameOfARenamedNode() {
    Model model =
        Protos.read(
            Protos.model(
                8,
                17,
                relu().clearNode().addNode(Protos.node("", "Relu", List.of("x"), List.of("y")))));
    Node node = model.graph().nodes().get(0);
    GraphEditor editor = new GraphEditor(model.graph());
    editor.replace(
        node.name(),
        List.of(
            new Node(
                "renamed",
                node.op(),
                node.operands(),
                node.results(),
                node.attributes(),
                node.metadata(),
                node.origin())));
    assertEquals(
        "renamed",
        Protos.write(model.withGraph(editor.finish().graph())).getGraph().getNode(0).getName());
  }

  @Test
  void putsNodesInOrderThatAreNot() {
    GraphProto branch =
        GraphProto.newBuilder()
            .addNode(Protos.node("inner", "Abs", List.of("b"), List.of("r")))
            .addOutput(Protos.value("r", 1))
            .build();
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1))
            .addInput(Protos.value("c", 9))
            .addNode(
                Protos.node("if", "If", List.of("c"), List.of("d"))
                    .addAttribute(Protos.graph("then_branch", branch))
                    .addAttribute(Protos.graph("else_branch", branch)))
            .addNode(Protos.node("second", "Abs", List.of("a"), List.of("b")))
            .addNode(Protos.node("first", "Abs", List.of("x"), List.of("a")))
            .addNode(Protos.node("free", "Abs", List.of("x"), List.of("e")))
            .addOutput(Protos.value("d", 1));
    assertEquals(
        List.of("first", "second", "if", "free"),
        Protos.read(Protos.model(8, 17, graph)).graph().nodes().stream().map(Node::name).toList());
  }

  @Test
  void readsOldModelsWithoutOperatorSets() {
    ModelProto.Builder model = Protos.model(2, 1, relu()).clearOpsetImport();
    assertEquals(1, Protos.read(model).opset());
    assertEquals(model.build(), Protos.write(Protos.read(model)));
    assertEquals(0, Protos.read(model.setIrVersion(3)).opset());
  }

  @Test
  void takesAiOnnxForTheDefaultDomain() {
    ModelProto.Builder model = Protos.model(8, 17, relu());
    model.getOpsetImportBuilder(0).setDomain("ai.onnx");
    model.getGraphBuilder().getNodeBuilder(0).setDomain("ai.onnx");
    Model read = Protos.read(model);
    assertEquals(17, read.opset());
    assertTrue(read.graph().nodes().get(0).op().is("Relu"));
    assertEquals(model.build(), Protos.write(read));
    ModelProto raised = Protos.write(OpsetRaising.raise(read, 18).model());
    assertEquals("ai.onnx", raised.getOpsetImport(0).getDomain());
    assertEquals(1, raised.getOpsetImportCount());
  }

  @Test
  void addsAnOperatorSetThatANodeNeeds() {
    Model model = Protos.read(Protos.model(8, 17, relu())).withOpset("com.microsoft", 1);
    ModelProto written = Protos.write(model);
    assertEquals(
        OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1).build(),
        written.getOpsetImport(1));
    assertEquals(8, written.getIrVersion());
  }

  @Test
  void writesConstantsThatAreInputsWhereTheyStood() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("w", 1, 1))
            .addInput(Protos.value("x", 1, 1))
            .addInput(Protos.value("v", 1, 1))
            .addInput(Protos.value("z", 1, 1))
            .addInitializer(Protos.floats("v", 1))
            .addInitializer(Protos.floats("w", 1))
            .addNode(Protos.node("n", "Sum", List.of("w", "x", "v"), List.of("y")))
            .addOutput(Protos.value("y", 1));
    Model model = Protos.read(Protos.model(3, 8, graph));
    assertEquals(List.of("x", "z"), model.graph().inputs().stream().map(ValueInfo::name).toList());
    assertEquals(graph.build(), Protos.write(model).getGraph());
    GraphEditor editor = new GraphEditor(model.graph());
    editor.setOperand("n", 0, "x");
    editor.removeInitializer("w");
    editor.putInitializer("v", Tensor.of(new double[] {1, 2}, 2));
    editor.setInputs(List.of(model.graph().inputs().get(1), model.graph().inputs().get(0)));
    GraphProto edited = Protos.write(model.withGraph(editor.finish().graph())).getGraph();
    assertEquals(
        List.of("z", "x", "v"),
        edited.getInputList().stream().map(ValueInfoProto::getName).toList());
    assertEquals(11, edited.getInput(2).getType().getTensorType().getElemType());
  }

  @Test
  void raisesTheFileVersionForAConstantThatIsNoInput() {
    Model model = Protos.read(Protos.model(3, 8, relu()));
    assertEquals(3, Protos.write(model).getIrVersion());
    GraphEditor editor = new GraphEditor(model.graph());
    editor.putInitializer("c", Tensor.of(new float[] {1}));
    assertEquals(4, Protos.write(model.withGraph(editor.finish().graph())).getIrVersion());
    editor.putInitializer("d", Tensor.ofIntegers(DataType.INT4, new long[] {1, -2, 3}, 3));
    assertEquals(10, Protos.write(model.withGraph(editor.finish().graph())).getIrVersion());
  }

  @Test
  void dropsTheTypeOfAValueThatIsGone() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1, 1))
            .addNode(Protos.node("a", "Relu", List.of("x"), List.of("h")))
            .addNode(Protos.node("b", "Relu", List.of("h"), List.of("y")))
            .addValueInfo(Protos.value("h", 1, 1))
            .addValueInfo(Protos.value("never", 1, 1))
            .addOutput(Protos.value("y", 1));
    Model model = Protos.read(Protos.model(8, 17, graph));
    GraphEditor editor = new GraphEditor(model.graph());
    editor.setOperand("b", 0, "x");
    editor.remove("a", "b");
    editor.putValue(ValueInfo.of("new", ValueType.TensorType.of(DataType.INT8, Shape.of(1, 2))));
    GraphProto edited = Protos.write(model.withGraph(editor.finish().graph())).getGraph();
    assertEquals(
        List.of(Protos.value("never", 1, 1), Protos.value("new", 3, 1, 2)),
        edited.getValueInfoList());
  }

  @Test
  void writesAModelThatOctetMade() {
    Graph graph =
        new Graph(
            "",
            List.of(ValueInfo.of("x", ValueType.TensorType.of(DataType.FLOAT, Shape.of(2)))),
            List.of(ValueInfo.of("y", ValueType.TensorType.of(DataType.FLOAT, Shape.of(2)))),
            Map.of("w", Tensor.of(new float[] {1, 2}, 2)),
            List.of(Node.of("n", OpType.onnx("Mul"), List.of("x", "w"), List.of("y"))),
            Map.of(),
            Optional.empty());
    ModelProto.Builder expected =
        Protos.model(8, 17, GraphProto.newBuilder())
            .setProducerName("octet")
            .setGraph(
                GraphProto.newBuilder()
                    .setName("graph")
                    .addNode(Protos.node("n", "Mul", List.of("x", "w"), List.of("y")))
                    .addInitializer(Protos.floats("w", 1, 2))
                    .addInput(Protos.value("x", 1, 2))
                    .addOutput(Protos.value("y", 1, 2)));
    assertEquals(expected.build(), Protos.write(Model.of(graph, 17)));
  }

  @Test
  void refusesWhatIsNoModel() {
    assertRefused("OCT-ONNX-002", new byte[0]);
    assertRefused("OCT-ONNX-004", "a text file, not a model".getBytes(StandardCharsets.UTF_8));
    assertRefused("OCT-ONNX-004", new byte[] {0x50, 0x4b, 3, 4, 0, 0});
    byte[] whole = RichModel.build().toByteArray();
    assertRefused("OCT-ONNX-003", Arrays.copyOf(whole, whole.length / 2));
    assertRefused("OCT-ONNX-003", Arrays.copyOf(whole, whole.length - 1));
    Protos.assertRefused("OCT-ONNX-004", Protos.model(8, 17, relu()).clearIrVersion());
    Protos.assertRefused("OCT-ONNX-005", Protos.model(8, 17, relu()).clearGraph());
  }

  @Test
  void refusesContradictingOperatorSets() {
    OctetException e =
        Protos.assertRefused(
            "OCT-ONNX-006",
            Protos.model(8, 17, relu())
                .addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain("ai.onnx").setVersion(18)));
    assertTrue(e.getMessage().contains("17 and 18"), e.getMessage());
  }

  @Test
  void refusesWhatIsNoGraph() {
    assertGraphRefused("OCT-ONNX-015", "value 'y'", relu().addNode(relu().getNode(0)));
    assertGraphRefused("OCT-ONNX-015", "value 'x'", relu().addInput(Protos.value("x", 1)));
    assertGraphRefused(
        "OCT-ONNX-015",
        "initializer 'w'",
        relu().addInitializer(Protos.floats("w", 1)).addInitializer(Protos.floats("w", 1)));
    assertGraphRefused(
        "OCT-ONNX-016",
        "value 'gone' is read but never defined (at test.onnx, node 'm')",
        relu().addNode(Protos.node("m", "Abs", List.of("gone"), List.of("z"))));
    assertGraphRefused("OCT-ONNX-016", "'z'", relu().addOutput(Protos.value("z", 1)));
    assertGraphRefused(
        "OCT-ONNX-014", "initializer ''", relu().addInitializer(Protos.floats("", 1)));
    assertGraphRefused(
        "OCT-ONNX-018", "node 'm'", relu().addNode(NodeProto.newBuilder().setName("m")));
    assertGraphRefused(
        "OCT-ONNX-017",
        "[a, b]",
        relu()
            .addNode(Protos.node("a", "Abs", List.of("q"), List.of("p")))
            .addNode(Protos.node("b", "Abs", List.of("p"), List.of("q"))));
    NodeProto.Builder twice =
        Protos.node("m", "Abs", List.of("x"), List.of("z"))
            .addAttribute(Protos.integer("k", 1))
            .addAttribute(AttributeProto.newBuilder().setName("k"));
    assertGraphRefused("OCT-ONNX-019", "attribute 'k'", relu().addNode(twice));
  }

  @Test
  void refusesAValueOfASubgraphOutsideIt() {
    GraphProto branch =
        GraphProto.newBuilder()
            .addNode(Protos.node("i", "Abs", List.of("x"), List.of("inside")))
            .addOutput(Protos.value("inside", 1))
            .build();
    NodeProto.Builder node =
        Protos.node("if", "If", List.of("x"), List.of("z"))
            .addAttribute(Protos.graph("then_branch", branch));
    assertGraphRefused(
        "OCT-ONNX-016",
        "'inside'",
        relu().addNode(node).addNode(Protos.node("m", "Abs", List.of("inside"), List.of("u"))));
  }

  @Test
  void saysWhichFileCannotBeRead(@TempDir Path folder) {
    Path missing = folder.resolve("missing.onnx");
    OctetException e = assertThrows(OctetException.class, () -> new OnnxFormat().read(missing));
    assertEquals("OCT-ONNX-001", e.id());
    assertEquals(missing.toString(), e.place().get());
    assertEquals(
        "OCT-ONNX-001",
        assertThrows(OctetException.class, () -> new OnnxFormat().read(folder)).id());
  }

  @Test
  void readsFromAStreamAndLeavesTheCallersBytesAlone() {
    byte[] bytes =
        Protos.model(8, 17, relu().addInitializer(Protos.floats("w", 1))).build().toByteArray();
    Model model = new OnnxFormat().read(new ByteArrayInputStream(bytes), "stream");
    Model other = new OnnxFormat().read(bytes, "bytes");
    Arrays.fill(bytes, (byte) 0);
    assertEquals(Tensor.of(new float[] {1}, 1), model.graph().initializers().get("w"));
    assertEquals(Tensor.of(new float[] {1}, 1), other.graph().initializers().get("w"));
  }

  private static GraphProto.Builder relu() {
    return Protos.single(Protos.node("n", "Relu", List.of("x"), List.of("y")), 4);
  }

  private static void assertRefused(String id, byte[] bytes) {
    OctetException e =
        assertThrows(OctetException.class, () -> new OnnxFormat().read(bytes, "test.onnx"));
    assertEquals(id, e.id(), e.getMessage());
  }

  private static void assertGraphRefused(String id, String part, GraphProto.Builder graph) {
    OctetException e = Protos.assertRefused(id, Protos.model(8, 17, graph));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
