package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatOrigin;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionInliningTest {

  private static FunctionProto.Builder function(String name, NodeProto.Builder... nodes) {
    FunctionProto.Builder function =
        FunctionProto.newBuilder()
            .setDomain("my")
            .setName(name)
            .addInput("a")
            .addOutput("b")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17));
    for (NodeProto.Builder node : nodes) {
      function.addNode(node);
    }
    return function;
  }

  private static NodeProto.Builder call(String node, String name, String from, String to) {
    return Protos.node(node, name, List.of(from), List.of(to)).setDomain("my");
  }

  private static ModelProto.Builder model(NodeProto.Builder... nodes) {
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName("g").addInput(Protos.value("x", 1, 2));
    for (NodeProto.Builder node : nodes) {
      graph.addNode(node);
    }
    graph.addOutput(Protos.value("y", 1, 2));
    return Protos.model(8, 17, graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("my").setVersion(1));
  }

  private static List<String> nodes(Graph graph) {
    return graph.nodes().stream()
        .map(n -> n.name() + " " + n.op() + " " + n.operands() + " " + n.results())
        .toList();
  }

  private static NodeProto.Builder onnx(String name, String op, String from, String to) {
    return Protos.node(name, op, List.of(from), List.of(to));
  }

  @Test
  void putsTheNodesOfAFunctionInThePlaceOfItsCalls() {
    FunctionProto.Builder block =
        function("Block", onnx("", "Relu", "a", "t"), onnx("e", "Exp", "t", "b"));
    Model read =
        Protos.read(
            model(call("one", "Block", "x", "h"), call("two", "Block", "h", "y"))
                .addFunctions(block));
    assertEquals(
        List.of(
            "one/Relu Relu [x] [one/t]",
            "one/e Exp [one/t] [h]",
            "two/Relu Relu [h] [two/t]",
            "two/e Exp [two/t] [y]"),
        nodes(read.graph()));
  }

  @Test
  void saysWhichFunctionsStayAndWhy() {
    Model older =
        Protos.read(
            model(call("n", "Old", "x", "y"))
                .addFunctions(
                    function("Old", onnx("s", "Softmax", "a", "b"))
                        .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(11))));
    assertEquals(
        Map.of(new OpType("my", "Old"), "function 'my.Old' is of operator set 11, the model of 17"),
        FormatOrigin.functionsOf(older));
  }

  @Test
  void functionsCallFunctionsAndNamesDoNotMeet() {
    FunctionProto.Builder inner = function("Inner", onnx("r", "Relu", "a", "b"));
    FunctionProto.Builder outer =
        function("Outer", call("c", "Inner", "a", "t"), onnx("e", "Exp", "t", "b"));
    Model read =
        Protos.read(
            model(onnx("n", "Abs", "x", "c/t"), call("c", "Outer", "c/t", "y"))
                .addFunctions(outer)
                .addFunctions(inner));
    assertEquals(
        List.of("n Abs [x] [c/t]", "c_1/c/r Relu [c/t] [c_1/t]", "c_1/e Exp [c_1/t] [y]"),
        nodes(read.graph()));
  }

  @Test
  void attributesThatReferToOnesOfTheCallHaveTheirValuesOrTheDefault() {
    AttributeProto reference =
        AttributeProto.newBuilder()
            .setName("alpha")
            .setType(AttributeType.FLOAT)
            .setRefAttrName("slope")
            .build();
    FunctionProto.Builder block =
        function("Block", onnx("l", "LeakyRelu", "a", "b").addAttribute(reference));
    AttributeProto half = slope(0.5f);
    ModelProto.Builder stated =
        model(call("c", "Block", "x", "h").addAttribute(half), call("d", "Block", "h", "y"));
    Model plain = Protos.read(stated.clone().addFunctions(block));
    assertEquals(List.of(0.5f, 0.01f), slopes(plain));
    Model withDefault = Protos.read(stated.addFunctions(block.addAttributeProto(slope(2f))));
    assertEquals(List.of(0.5f, 2f), slopes(withDefault));
  }

  private static AttributeProto slope(float value) {
    return AttributeProto.newBuilder()
        .setName("slope")
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static List<Float> slopes(Model model) {
    return model.graph().nodes().stream().map(n -> n.floatAttribute("alpha", 0.01f)).toList();
  }

  @Test
  void callsInSubgraphsAreInlinedAndSubgraphsOfFunctionsRenamed() {
    GraphProto.Builder branch =
        GraphProto.newBuilder()
            .setName("branch")
            .addNode(call("c", "Block", "x", "z"))
            .addOutput(Protos.value("z", 1, 2));
    NodeProto.Builder condition =
        Protos.node("if", "If", List.of("x"), List.of("y"))
            .addAttribute(graph("then_branch", branch))
            .addAttribute(graph("else_branch", branch));
    Model read =
        Protos.read(model(condition).addFunctions(function("Block", onnx("r", "Relu", "a", "b"))));
    Node node = read.graph().nodes().get(0);
    assertEquals(2, node.subgraphs().size());
    assertEquals(List.of("c/r Relu [x] [z]"), nodes(node.subgraphs().get(0)));
    GraphProto.Builder own =
        GraphProto.newBuilder()
            .setName("own")
            .addNode(onnx("r", "Relu", "a", "u"))
            .addOutput(Protos.value("u", 1, 2));
    FunctionProto.Builder choice =
        function(
            "Choice",
            onnx("if", "If", "a", "b")
                .addAttribute(graph("then_branch", own))
                .addAttribute(graph("else_branch", own)));
    Model renamed = Protos.read(model(call("k", "Choice", "x", "y")).addFunctions(choice));
    Graph inside = renamed.graph().nodes().get(0).subgraphs().get(0);
    assertEquals(List.of("k/r Relu [x] [k/u]"), nodes(inside));
    assertEquals("k/u", inside.outputs().get(0).name());
  }

  private static AttributeProto graph(String name, GraphProto.Builder graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  @Test
  void aFunctionThatMeansSomethingElseStays() {
    FunctionProto.Builder old =
        function("Old", onnx("s", "Softmax", "a", "b"))
            .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(11));
    assertEquals(
        List.of("k my.Old [x] [y]"),
        nodes(Protos.read(model(call("k", "Old", "x", "y")).addFunctions(old)).graph()));
  }

  @Test
  void functionsThatCallThemselvesOrEachOtherWithoutEndAreRefused() {
    assertRefused(
        model(call("k", "Endless", "x", "y"))
            .addFunctions(function("Endless", call("c", "Endless", "a", "b"))),
        "function 'my.Endless' calls itself");
    ModelProto.Builder deep = model(call("k", "F0", "x", "y"));
    for (int i = 0; i < 5000; i++) {
      deep.addFunctions(function("F" + i, call("c", "F" + (i + 1), "a", "b")));
    }
    assertRefused(deep, "functions call each other more than 200 deep");
  }

  private static void assertRefused(ModelProto.Builder model, String fact) {
    OctetException e = assertThrows(OctetException.class, () -> Protos.read(model));
    assertEquals("OCT-ONNX-034", e.id());
    assertEquals(fact, e.fact());
  }

  @Test
  void functionsThatDoubleTheNodesAtEachCallAreRefused() {
    ModelProto.Builder model = model(call("k", "F0", "x", "y"));
    for (int i = 0; i < 30; i++) {
      model.addFunctions(
          function(
              "F" + i, call("l", "F" + (i + 1), "a", "t"), call("r", "F" + (i + 1), "t", "b")));
    }
    model.addFunctions(function("F30", onnx("n", "Relu", "a", "b")));
    assertRefused(model, "the functions would be more than 262144 nodes");
  }

  @Test
  void aModelThatIsReadWithoutItsFunctionsIsWrittenWithoutThem() {
    FunctionProto.Builder block = function("Block", onnx("r", "Relu", "a", "b"));
    FunctionProto.Builder unused = function("Unused", onnx("r", "Relu", "a", "b"));
    Model read =
        Protos.read(model(call("k", "Block", "x", "y")).addFunctions(block).addFunctions(unused));
    ModelProto written = Protos.write(read);
    assertEquals(
        List.of("Unused"),
        written.getFunctionsList().stream().map(FunctionProto::getName).toList());
    assertEquals("Relu", written.getGraph().getNode(0).getOpType());
  }
}
