package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Granularity;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpsetRaisingTest {

  @Test
  void everyConversionIsOfAVersionOfItsOperator() {
    for (String name : OperatorConversions.names()) {
      String[] words = name.split(" ", -1);
      long version = Long.parseLong(words[1]);
      assertEquals(OptionalLong.of(version), OperatorHistory.since(words[0], version), name);
      assertEquals(
          OptionalLong.of(version),
          OperatorHistory.nextConversion(words[0], version - 1, version),
          name);
    }
  }

  @Test
  void leavesAModelOfTheTargetAlone() {
    Model model = single(13, 4, Protos.node("n", "Relu", List.of("x"), List.of("y")));
    RaisedModel raised = OpsetRaising.raise(model, 13);
    assertSame(model, raised.model());
    assertEquals(List.of(), raised.findings());
  }

  @Test
  void statesOperatorSetAndFileVersion() {
    Model model = Protos.read(Protos.model(3, 8, relu()));
    RaisedModel raised = OpsetRaising.raise(model, 13);
    ModelProto written = Protos.write(raised.model());
    assertEquals(13, written.getOpsetImport(0).getVersion());
    assertEquals(7, written.getIrVersion());
    assertEquals("OCT-ONNX-044", raised.findings().get(0).id());
    assertEquals(1, raised.findings().size());
  }

  @Test
  void keepsAFileVersionThatIsNewEnough() {
    Model raised = OpsetRaising.raise(Protos.read(Protos.model(9, 8, relu())), 13).model();
    assertEquals(9, Protos.write(raised).getIrVersion());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 6, 26})
  void saysWhichOperatorSetsItUnderstands(long opset) {
    Model model = Protos.read(Protos.model(13, opset, relu()));
    OctetException e = assertThrows(OctetException.class, () -> OpsetRaising.raise(model, 13));
    assertEquals("OCT-ONNX-040", e.id());
    assertEquals(ErrorKind.QUANTIZATION, e.kind());
    assertTrue(e.getMessage().contains("operator set " + opset), e.getMessage());
  }

  @Test
  void namesEveryNodeThatCannotBeRaised() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1, 1, 2, 4, 4))
            .addOutput(Protos.value("y", 1))
            .addNode(
                Protos.node("first", "BatchNormalization", List.of("x"), List.of("h"))
                    .addAttribute(Protos.integer("spatial", 0)))
            .addNode(Protos.node("second", "Unheard", List.of("h"), List.of("y")));
    Model model = Protos.read(Protos.model(4, 7, graph));
    OctetException e = assertThrows(OctetException.class, () -> OpsetRaising.raise(model, 13));
    assertEquals("OCT-ONNX-041", e.id());
    assertTrue(e.getMessage().contains("'first' (BatchNormalization)"), e.getMessage());
    assertTrue(e.getMessage().contains("'second' (Unheard)"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "Squeeze, 11, 13, axes, 1",
    "Unsqueeze, 7, 13, axes, 1",
    "ReduceSum, 11, 13, axes, 1",
    "ReduceMean, 13, 18, axes, 1",
    "ReduceMax, 7, 25, axes, 1",
    "Split, 11, 13, split, 1",
    "Pad, 7, 11, pads, 1"
  })
  void turnsAttributesOfIntegersIntoOperands(
      String op, long from, long to, String attribute, int operand) {
    Model model =
        single(
            from,
            4,
            Protos.node("n", op, List.of("x"), List.of("y"))
                .addAttribute(Protos.ints(attribute, 0, 2)));
    Graph raised = raise(model, to, "n");
    Node node = raised.nodes().get(0);
    assertFalse(node.attributes().containsKey(attribute));
    assertEquals(operand + 1, node.operands().size());
    Tensor constant = raised.initializers().get(node.operands().get(operand));
    assertArrayEquals(new long[] {0, 2}, constant.int64s());
    assertArrayEquals(new long[] {2}, constant.sizes());
  }

  @Test
  void leavesReduceMeanAloneBelowOperatorSet18() {
    Model model =
        single(
            11,
            4,
            Protos.node("n", "ReduceMean", List.of("x"), List.of("y"))
                .addAttribute(Protos.ints("axes", 1)));
    RaisedModel raised = OpsetRaising.raise(model, 17);
    assertEquals(List.of(1L), raised.model().graph().nodes().get(0).intsAttribute("axes").get());
    assertEquals(1, raised.findings().size());
  }

  @Test
  void turnsTheAttributesOfSliceIntoOperands() {
    Graph raised =
        raise(
            single(
                7,
                4,
                Protos.node("n", "Slice", List.of("x"), List.of("y"))
                    .addAttribute(Protos.ints("starts", 1))
                    .addAttribute(Protos.ints("ends", 3))
                    .addAttribute(Protos.ints("axes", -1))),
            10,
            "n");
    assertEquals(List.of("x", "n_starts", "n_ends", "n_axes"), raised.nodes().get(0).operands());
    assertArrayEquals(new long[] {3}, raised.initializers().get("n_ends").int64s());
  }

  @Test
  void turnsTheBoundsOfClipIntoScalarsOfTheDataType() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 10, 4))
            .addOutput(Protos.value("y", 10))
            .addNode(
                Protos.node("n", "Clip", List.of("x"), List.of("y"))
                    .addAttribute(Protos.number("max", 6f)));
    Graph raised = raise(Protos.read(Protos.model(3, 8, graph)), 11, "n");
    assertEquals(List.of("x", "", "n_max"), raised.nodes().get(0).operands());
    Tensor max = raised.initializers().get("n_max");
    assertEquals(DataType.FLOAT16, max.dataType());
    assertEquals(0, max.rank());
    assertEquals(0x4600, max.shorts()[0]);
  }

  @Test
  void refusesABoundOfUnknownType() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1, 4))
            .addInput(Protos.value("d", 11, 4))
            .addOutput(Protos.value("y", 1))
            .addNode(Protos.node("r", "Relu", List.of("x"), List.of("h")))
            .addNode(
                Protos.node("n", "Clip", List.of("h"), List.of("i"))
                    .addAttribute(Protos.number("max", 6f)))
            .addNode(Protos.node("s", "Relu", List.of("i"), List.of("y")));
    Model model = Protos.read(Protos.model(3, 8, graph));
    OctetException e = assertThrows(OctetException.class, () -> OpsetRaising.raise(model, 11));
    assertTrue(e.getMessage().contains("'n' (Clip): the element type"), e.getMessage());
  }

  @Test
  void statesTheFormerDefaultAxisOfSoftmaxWhereItIsTheLast() {
    Graph raised =
        raise(single(7, 2, Protos.node("n", "Softmax", List.of("x"), List.of("y"))), 13, "n");
    assertEquals(1, raised.nodes().size());
    assertEquals(-1, raised.nodes().get(0).intAttribute("axis", 99));
  }

  /** Exporters write the number of the last axis, and state no shapes inside of a model. */
  @Test
  void leavesASoftmaxAlongTheLastAxisOfWhatAttentionComputes() {
    GraphProto.Builder attention =
        GraphProto.newBuilder()
            .setName("g")
            .addInput(Protos.value("x", 1, 1, 2, 8))
            .addInput(Protos.value("m", 1, 1, 2))
            .addInitializer(longs("heads", 1, 2, 2, 4))
            .addNode(Protos.node("split", "Reshape", List.of("x", "heads"), List.of("h")))
            .addNode(
                Protos.node("turn", "Transpose", List.of("h"), List.of("t"))
                    .addAttribute(Protos.ints("perm", 0, 1, 3, 2)))
            .addNode(Protos.node("product", "MatMul", List.of("h", "t"), List.of("p")))
            .addNode(
                Protos.node("wide", "Unsqueeze", List.of("m"), List.of("w"))
                    .addAttribute(Protos.ints("axes", 1, 2)))
            .addNode(Protos.node("mask", "Add", List.of("p", "w"), List.of("l")))
            .addNode(
                Protos.node("soft", "Softmax", List.of("l"), List.of("s"))
                    .addAttribute(Protos.integer("axis", 3)))
            .addNode(Protos.node("out", "Relu", List.of("s"), List.of("y")))
            .addOutput(Protos.value("y", 1, 1, 2, 2, 2));
    RaisedModel raised = OpsetRaising.raise(Protos.read(Protos.model(6, 11, attention)), 13);
    List<String> names = raised.model().graph().nodes().stream().map(Node::name).toList();
    assertTrue(names.containsAll(List.of("mask", "soft")), names.toString());
    assertFalse(names.contains("soft_Flatten"), names.toString());
  }

  private static TensorProto longs(String name, long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(7);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor.addDims(values.length).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
  void flattensAroundASoftmaxOverSeveralAxes(String op) {
    Graph raised = raise(single(11, 4, Protos.node("n", op, List.of("x"), List.of("y"))), 13, "n");
    assertEquals(
        List.of("n_Shape", "n_Flatten", "n", "n_Reshape"),
        raised.nodes().stream().map(Node::name).toList());
    assertEquals(1, raised.node("n_Flatten").get().intAttribute("axis", 99));
    assertEquals(-1, raised.node("n").get().intAttribute("axis", 99));
    assertEquals(List.of("n_flat_result", "n_shape"), raised.node("n_Reshape").get().operands());
    assertEquals("n_Reshape", raised.producer("y").get().name());
  }

  @Test
  void turnsUpsampleIntoResizeWithTheFormerCoordinates() {
    AttributeProto scales =
        AttributeProto.newBuilder()
            .setName("scales")
            .setType(AttributeProto.AttributeType.FLOATS)
            .addAllFloats(List.of(1f, 1f, 2f, 2f))
            .build();
    Graph raised =
        raise(
            single(
                7,
                4,
                Protos.node("n", "Upsample", List.of("x"), List.of("y")).addAttribute(scales)),
            13,
            "n");
    Node node = raised.nodes().get(0);
    assertTrue(node.op().is("Resize"));
    assertEquals(List.of("x", "", "n_scales"), node.operands());
    assertEquals("asymmetric", node.stringAttribute("coordinate_transformation_mode", ""));
    assertEquals("floor", node.stringAttribute("nearest_mode", ""));
    assertArrayEquals(new float[] {1, 1, 2, 2}, raised.initializers().get("n_scales").floats());
  }

  @Test
  void knowsThatUpsampleNeverShrinks() {
    GraphProto.Builder graph =
        Protos.single(Protos.node("n", "Upsample", List.of("x", "s"), List.of("y")), 1, 2, 3, 4)
            .addInput(Protos.value("s", 1, 4));
    Node node = raise(Protos.read(Protos.model(4, 9, graph)), 11, "n").nodes().get(0);
    assertEquals(List.of("x", "n_roi", "s"), node.operands());
    assertEquals("floor", node.stringAttribute("nearest_mode", ""));
  }

  @Test
  void refusesToGuessHowScalesRound() {
    GraphProto.Builder graph =
        Protos.single(Protos.node("n", "Resize", List.of("x", "s"), List.of("y")), 1, 2, 3, 4)
            .addInput(Protos.value("s", 1, 4));
    Model model = Protos.read(Protos.model(5, 10, graph));
    assertThrows(OctetException.class, () -> OpsetRaising.raise(model, 11));
  }

  @Test
  void leavesOutTheMaskOfDropoutThatNobodyReads() {
    Graph raised =
        raise(
            single(
                7,
                4,
                Protos.node("n", "Dropout", List.of("x"), List.of("y", "mask"))
                    .addAttribute(Protos.number("ratio", 0.25f))),
            12,
            "n");
    Node node = raised.nodes().get(0);
    assertEquals(List.of("y"), node.results());
    assertEquals(0.25f, raised.initializers().get(node.operands().get(1)).floats()[0]);
  }

  @Test
  void statesTheNumberOfEqualParts() {
    Graph raised =
        raise(single(13, 4, Protos.node("n", "Split", List.of("x"), List.of("y", "z"))), 18, "n");
    assertEquals(2, raised.nodes().get(0).intAttribute("num_outputs", 0));
  }

  @Test
  void raisesNodesOfSubgraphsWithConstantsBesideThem() {
    GraphProto branch =
        GraphProto.newBuilder()
            .setName("b")
            .addNode(
                Protos.node("inner", "Unsqueeze", List.of("x"), List.of("r"))
                    .addAttribute(Protos.ints("axes", 0)))
            .addOutput(Protos.value("r", 1))
            .build();
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(Protos.value("x", 1, 4))
            .addInput(Protos.value("c", 9))
            .addOutput(Protos.value("y", 1))
            .addNode(
                Protos.node("n", "If", List.of("c"), List.of("y"))
                    .addAttribute(Protos.graph("then_branch", branch))
                    .addAttribute(Protos.graph("else_branch", branch)));
    Graph raised = raise(Protos.read(Protos.model(6, 11, graph)), 13, "inner");
    for (Graph each : raised.nodes().get(0).subgraphs()) {
      Node inner = each.nodes().get(0);
      assertEquals(List.of(0L), box(each.initializers().get(inner.operands().get(1)).int64s()));
    }
    assertEquals(0, raised.initializers().size());
  }

  @Test
  void refusesWhenAFunctionWouldBeOutdated() {
    FunctionProto function =
        FunctionProto.newBuilder()
            .setName("f")
            .setDomain("custom")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(11))
            .addNode(Protos.node("n", "Softmax", List.of("a"), List.of("b")))
            .build();
    Model model = Protos.read(Protos.model(8, 11, relu()).addFunctions(function));
    OctetException e = assertThrows(OctetException.class, () -> OpsetRaising.raise(model, 13));
    assertTrue(e.getMessage().contains("function 'f'"), e.getMessage());
    assertEquals(12, OpsetRaising.raise(model, 12).model().opset());
  }

  @Test
  void leavesOtherDomainsAlone() {
    NodeProto.Builder foreign =
        Protos.node("n", "Squeeze", List.of("x"), List.of("y"))
            .setDomain("custom")
            .addAttribute(Protos.ints("axes", 0));
    RaisedModel raised = OpsetRaising.raise(single(11, 4, foreign), 13);
    assertEquals(1, raised.model().graph().nodes().get(0).operands().size());
  }

  @Test
  void knowsWhatQuantizedFormsNeed() {
    Granularity tensor = new Granularity.PerTensor();
    Granularity channel = new Granularity.PerChannel(0);
    Granularity group = new Granularity.PerGroup(1, 32);
    Granularity block = new Granularity.PerBlock(List.of(2L, 2L));
    assertEquals(
        OptionalLong.of(11), OpsetRaising.neededFor(new StoredForm(DataType.UINT8, tensor, false)));
    assertEquals(
        OptionalLong.of(13), OpsetRaising.neededFor(new StoredForm(DataType.INT8, channel, false)));
    assertEquals(
        OptionalLong.of(13),
        OpsetRaising.neededFor(new StoredForm(DataType.INT32, channel, false)));
    assertEquals(
        OptionalLong.of(21), OpsetRaising.neededFor(new StoredForm(DataType.INT8, group, false)));
    assertEquals(
        OptionalLong.of(21), OpsetRaising.neededFor(new StoredForm(DataType.INT4, tensor, false)));
    assertEquals(
        OptionalLong.of(21),
        OpsetRaising.neededFor(new StoredForm(DataType.UINT16, channel, false)));
    assertEquals(
        OptionalLong.of(25), OpsetRaising.neededFor(new StoredForm(DataType.INT2, group, false)));
    assertEquals(
        OptionalLong.empty(), OpsetRaising.neededFor(new StoredForm(DataType.INT8, block, false)));
    assertEquals(
        OptionalLong.empty(),
        OpsetRaising.neededFor(new StoredForm(DataType.FLOAT, tensor, false)));
    assertEquals(
        OptionalLong.of(11), OpsetRaising.neededFor(new StoredForm(DataType.INT8, tensor, true)));
    Granularity token = new Granularity.PerToken();
    assertEquals(
        OptionalLong.of(21), OpsetRaising.neededFor(new StoredForm(DataType.INT8, token, true)));
    assertEquals(
        OptionalLong.empty(), OpsetRaising.neededFor(new StoredForm(DataType.INT8, token, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0000",
    "-0.0, 8000",
    "1, 3C00",
    "-0.3, B4CD",
    "65504, 7BFF",
    "65519.99, 7BFF",
    "65520, 7C00",
    "-3.4e38, FC00",
    "5.9604645e-8, 0001",
    "2.9802322e-8, 0000",
    "2.9802326e-8, 0001",
    "6.1035156e-5, 0400",
    "6.097555e-5, 03FF",
    "1.00048828125, 3C00",
    "1.00146484375, 3C02",
    "1.9999, 4000"
  })
  void roundsHalfFloatsToEven(float value, String bits) {
    assertEquals(bits, String.format("%04X", FloatScalars.half(value) & 0xffff));
  }

  private static GraphProto.Builder relu() {
    return Protos.single(Protos.node("n", "Relu", List.of("x"), List.of("y")), 4);
  }

  private static Model single(long opset, int rank, NodeProto.Builder node) {
    int[] dims = java.util.stream.IntStream.range(2, 2 + rank).toArray();
    return Protos.read(Protos.model(8, opset, Protos.single(node, dims)));
  }

  /** Raises a model and checks that the node is reported. */
  private static Graph raise(Model model, long target, String node) {
    RaisedModel raised = OpsetRaising.raise(model, target);
    assertEquals(target, raised.model().opset());
    assertTrue(
        raised.findings().stream()
            .anyMatch(
                f ->
                    f.severity() == Finding.Severity.INFO
                        && f.message().contains("'" + node + "'")));
    return raised.model().graph();
  }

  private static List<Long> box(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  @Test
  void tellsOnceOfNodesThatChangedInOneWay() {
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName("g").addInput(Protos.value("x0", 1, 4));
    for (int i = 0; i < 5; i++) {
      graph.addNode(
          Protos.node("n" + i, "Unsqueeze", List.of("x" + i), List.of("x" + (i + 1)))
              .addAttribute(Protos.ints("axes", 0)));
    }
    Model model =
        Protos.read(Protos.model(7, 11, graph.addOutput(Protos.value("x5", 1, 1, 1, 1, 1, 1, 4))));
    List<Finding> findings = OpsetRaising.raise(model, 13).findings();
    assertEquals(2, findings.size(), findings.toString());
    assertEquals("OCT-ONNX-045", findings.get(1).id());
    assertEquals(Optional.empty(), findings.get(1).node());
    assertEquals(
        "5 nodes (Unsqueeze: 'n0', 'n1', 'n2' and 2 more) are raised: attribute axes becomes"
            + " operand 1",
        findings.get(1).message());
  }

  @Test
  void tellsOfANodeThatChangedItsForm() {
    Model model =
        single(
            9,
            4,
            Protos.node("n", "Slice", List.of("x"), List.of("y"))
                .addAttribute(Protos.ints("starts", 0))
                .addAttribute(Protos.ints("ends", 1)));
    List<Finding> findings = OpsetRaising.raise(model, 13).findings();
    Finding changed =
        findings.stream().filter(finding -> finding.node().isPresent()).findFirst().orElseThrow();
    assertEquals("OCT-ONNX-045", changed.id());
    assertEquals(Finding.Severity.INFO, changed.severity());
    assertEquals(Optional.of("n"), changed.node());
  }
}
