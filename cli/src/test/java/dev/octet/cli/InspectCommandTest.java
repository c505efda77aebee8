package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    Result result =
        octet.run(
            "quantize",
            "@m.onnx",
            "--backend",
            "cpu",
            "--data",
            "@d.yaml",
            "-o",
            "@q.onnx",
            "--keep",
            "@kept");
    assertEquals(0, result.exitCode(), result.err());
  }

  @Test
  void saysWhatIsInAFloatModel() {
    Tree.Mapping json = inspect("@m.onnx");
    assertEquals("model", json.get("kind").asText());
    assertEquals(13, json.get("opsets").asMapping().get("").asInt());
    Tree.Mapping input = json.get("inputs").asItems().get(0).asMapping();
    assertEquals("in", input.get("name").asText());
    assertEquals("FLOAT", input.get("type").asText());
    assertEquals(List.of("N", "4"), texts(input.get("shape")));
    Tree.Mapping gemm = json.get("operators").asItems().get(0).asMapping();
    assertEquals("Gemm", gemm.get("op").asText());
    assertEquals(2, gemm.get("count").asInt());
    assertTrue(gemm.get("runs").asBoolean());
    assertEquals("com.microsoft.QGemm", gemm.get("onIntegers").asText());
    String out = octet.run("inspect", "@m.onnx").out();
    assertTrue(out.matches("(?s).*Relu +1 +yes +dev\\.octet\\.Requantize.*"), out);
    Tree.Mapping node = json.get("nodes").asItems().get(0).asMapping();
    assertEquals(false, node.get("quantized").asBoolean());
    assertTrue(json.get("parameters").asMapping().entries().isEmpty());
  }

  @Test
  void describesAConvertedModelInTheWordsOfThePlan() {
    Tree.Mapping json = inspect("@q.onnx");
    List<Tree> nodes = json.get("nodes").asItems();
    assertEquals(3, nodes.size());
    Tree.Mapping hidden = nodes.get(0).asMapping();
    assertEquals(true, hidden.get("quantized").asBoolean());
    Tree.Mapping input = hidden.get("operands").asItems().get(0).asMapping();
    assertEquals("in", input.get("tensor").asText());
    assertEquals("int8", input.get("spec").asMapping().get("type").asText());
    Tree.Mapping weight = hidden.get("operands").asItems().get(1).asMapping();
    assertEquals("w1", weight.get("tensor").asText());
    assertEquals("per-channel", weight.get("spec").asMapping().get("granularity").asText());
    assertEquals(1, weight.get("spec").asMapping().get("axis").asInt());
    Tree.Mapping parameters =
        json.get("parameters").asMapping().get(weight.get("group").asInt() + "").asMapping();
    assertEquals(4, parameters.get("scale").asItems().size());
    assertEquals(List.of("0", "0", "0", "0"), texts(parameters.get("zeroPoint")));
    Tree.Mapping relu = nodes.get(1).asMapping();
    Tree.Mapping head = nodes.get(2).asMapping();
    Tree result = relu.get("results").asItems().get(0).asMapping().get("group");
    assertEquals(result, head.get("operands").asItems().get(0).asMapping().get("group"));
    Tree.Mapping scores = head.get("results").asItems().get(0).asMapping();
    assertEquals("scores", scores.get("tensor").asText());
  }

  @Test
  void saysWhichNodesOfAConvertedModelRunOnIntegers() {
    Tree.Mapping lowering = inspect("@q.onnx").get("lowering").asMapping();
    assertEquals("cpu", lowering.get("runtime").asText());
    assertEquals("reference kernels on plain loops", lowering.get("kernels").asText());
    assertEquals(3, lowering.get("integerNodes").asInt());
    assertEquals(0, lowering.get("floatNodes").asInt());
    List<Tree> nodes = lowering.get("nodes").asItems();
    assertEquals("com.microsoft.QGemm", nodes.get(0).asMapping().get("integerOp").asText());
    Tree.Mapping relu = nodes.get(1).asMapping();
    assertEquals("Relu", relu.get("op").asText());
    assertTrue(relu.get("reason").asText().startsWith("became bounds of "), relu.toString());
    String out = octet.run("inspect", "@q.onnx").out();
    assertTrue(
        out.contains("The cpu runtime (reference kernels on plain loops) runs 3 of 3 nodes"), out);
  }

  @Test
  void saysWhyANodeOfAQuantizedModelRunsInFloat() throws IOException {
    writeDynamicProduct("w_float");
    Tree.Mapping lowering = inspect("@dynamic.onnx").get("lowering").asMapping();
    assertEquals(1, lowering.get("integerNodes").asInt());
    assertEquals(1, lowering.get("floatNodes").asInt());
    Tree.Mapping product = lowering.get("nodes").asItems().get(1).asMapping();
    assertTrue(product.find("integerOp").isEmpty());
    assertEquals("operand 1 is not dequantized from integers", product.get("reason").asText());
    String out = octet.run("inspect", "@dynamic.onnx").out();
    assertTrue(
        out.contains("The cpu runtime (reference kernels on plain loops) runs 1 of 2 nodes"), out);
  }

  @Test
  void saysNothingOfIntegersWhereAModelHasNone() {
    assertTrue(inspect("@m.onnx").find("lowering").isEmpty());
  }

  @Test
  void describesBlocksAndParametersThatAreComputedInTheRun() throws IOException {
    writeDynamicProduct("w_dq");
    Tree.Mapping json = inspect("@dynamic.onnx");
    List<Tree> operands = json.get("nodes").asItems().get(1).asMapping().get("operands").asItems();
    Tree.Mapping x = operands.get(0).asMapping().get("spec").asMapping();
    assertEquals("observed", x.get("kind").asText());
    assertEquals("dynamic", x.get("mode").asText());
    assertEquals("uint8", x.get("type").asText());
    assertEquals("affine", x.get("scheme").asText());
    assertEquals("per-tensor", x.get("granularity").asText());
    Tree.Mapping w = operands.get(1).asMapping().get("spec").asMapping();
    assertEquals("per-group", w.get("granularity").asText());
    assertEquals(0, w.get("axis").asInt());
    assertEquals(2, w.get("groupSize").asInt());
    Map<String, Tree> parameters = json.get("parameters").asMapping().entries();
    assertEquals(List.of("1"), List.copyOf(parameters.keySet()));
    assertEquals(List.of("1", "2", "3", "4"), texts(parameters.get("1").asMapping().get("scale")));
    String out = octet.run("inspect", "@dynamic.onnx").out().replaceAll("\\s+", " ");
    assertTrue(out.contains("computed in each run, per-tensor"), out);
    assertTrue(out.contains("4 scales per-group on axis 0"), out);
  }

  /** A product of a dynamically quantized operand with a weight whose scales lie in blocks. */
  private void writeDynamicProduct(String right) throws IOException {
    List<Node> nodes =
        List.of(
            Node.of(
                "dynamic",
                OpType.onnx("DynamicQuantizeLinear"),
                List.of("x"),
                List.of("x_q", "x_scale", "x_zero")),
            Node.of(
                "x_dq",
                OpType.onnx("DequantizeLinear"),
                List.of("x_q", "x_scale", "x_zero"),
                List.of("x_dq")),
            Node.of(
                "w_dq",
                OpType.onnx("DequantizeLinear"),
                List.of("w", "w_scale"),
                List.of("w_dq"),
                Attribute.of("axis", 0),
                Attribute.of("block_size", 2)),
            Node.of("product", OpType.onnx("MatMul"), List.of("x_dq", right), List.of("y")));
    Map<String, Tensor> constants =
        Map.of(
            "w",
            Tensor.of(DataType.INT8, new byte[8], 4, 2),
            "w_float",
            Tensor.of(new float[8], 4, 2),
            "w_scale",
            Tensor.of(new float[] {1f, 2f, 3f, 4f}, 2, 2));
    Model model =
        CommandFixture.model(
            nodes,
            constants,
            21,
            CommandFixture.value("x", "N", 4),
            CommandFixture.value("y", "N", 2));
    new OnnxFormat().write(model, octet.file("dynamic.onnx"));
  }

  @Test
  void printsWhatThePlanFileSays() {
    Tree.Mapping json = inspect("@kept/plan.json");
    Tree.Mapping plan = JsonText.read(octet.file("kept/plan.json")).asMapping();
    assertEquals("plan", json.get("kind").asText());
    assertEquals(plan.get("nodes"), json.get("nodes"));
    assertEquals(plan.get("groups"), json.get("groups"));
  }

  @Test
  void saysWhatACalibrationSaw() {
    Tree.Mapping json = inspect("@kept/x.calib");
    assertEquals("calibration", json.get("kind").asText());
    assertEquals(CommandFixture.SAMPLES, json.get("samples").asInt());
    Tree.Mapping input = json.get("parameters").asMapping().get("in").asMapping();
    assertEquals(List.of("-11"), texts(input.get("observedMin")));
    assertEquals(List.of("12"), texts(input.get("observedMax")));
  }

  @Test
  void printsTablesThatFitTheTerminal() {
    for (String file : List.of("@m.onnx", "@q.onnx", "@kept/plan.json", "@kept/x.calib")) {
      Result result = octet.run("inspect", file);
      assertEquals(0, result.exitCode(), result.err());
      String tables =
          result.out().lines().filter(l -> l.startsWith("  ")).collect(Collectors.joining("\n"));
      assertTrue(tables.lines().allMatch(line -> line.length() <= 80), tables);
      assertTrue(tables.lines().count() > 2, tables);
    }
  }

  @Test
  void namesTheNodesThatAreNotRunWithTheReason() throws IOException {
    Node odd = Node.of("odd", new OpType("acme", "Odd"), List.of("x"), List.of("y"));
    Model model =
        CommandFixture.model(
            List.of(odd),
            Map.of(),
            13,
            CommandFixture.value("x", "N", 4),
            CommandFixture.value("y", "N", 4));
    new OnnxFormat().write(model.withOpset("acme", 1), octet.file("odd.onnx"));
    String out = octet.run("inspect", "@odd.onnx").out();
    assertTrue(out.contains("Nodes that are not run:"), out);
    assertTrue(out.matches("(?s).*odd +acme.Odd +there is no kernel.*"), out);
    assertTrue(out.matches("(?s).*acme.Odd +1 +no +there is no kernel.*"), out);
    Tree.Mapping node =
        octet
            .run("inspect", "@odd.onnx", "--json")
            .json()
            .get("nodes")
            .asItems()
            .get(0)
            .asMapping();
    assertEquals("odd", node.get("name").asText());
    assertEquals("there is no kernel for the operator", node.get("reason").asText());
  }

  /** As a file may have them: nothing of a file says how many an operator takes. */
  @Test
  void namesANodeThatHasNotTheOperandsAndResultsOfItsOperator() throws IOException {
    OpType quantize = OpType.onnx("QuantizeLinear");
    OpType cast = OpType.onnx("Cast");
    OpType mul = OpType.onnx("Mul");
    refused(Node.of("node", quantize, List.of(), List.of("y")), "operand 0, x, is missing");
    refused(Node.of("node", quantize, List.of("x", "x"), List.of()), "result 0, y, is missing");
    refused(Node.of("node", cast, List.of(), List.of("y")), "operand 0, input, is missing");
    refused(Node.of("node", mul, List.of("x", "x"), List.of("z", "y")), "it has result 1");
  }

  private void refused(Node node, String fact) throws IOException {
    Model model =
        CommandFixture.model(
            List.of(node),
            Map.of(),
            13,
            CommandFixture.value("x", "N", 4),
            CommandFixture.value("x", "N", 4));
    new OnnxFormat().write(model, octet.file("wrong.onnx"));
    Result result = octet.run("inspect", "@wrong.onnx", "--json");
    assertEquals("OCT-GRAPH-005", result.errorId(), result.err());
    assertEquals(3, result.exitCode());
    assertTrue(result.err().contains(fact) && result.err().contains("node 'node'"), result.err());
  }

  @Test
  void suchANodeIsNamedBeforeModelsAreCompared() throws IOException {
    Model quantized = new OnnxFormat().read(octet.file("q.onnx"));
    GraphEditor editor = new GraphEditor(quantized.graph());
    Node last = quantized.graph().nodes().get(quantized.graph().nodes().size() - 1);
    editor.insertAfter(
        last.name(), Node.of("node", OpType.onnx("QuantizeLinear"), List.of(), List.of("none")));
    new OnnxFormat().write(quantized.withGraph(editor.finish().graph()), octet.file("wrong.onnx"));
    Result result = octet.run("compare", "@m.onnx", "@wrong.onnx", "--data", "@d.yaml", "--json");
    assertEquals("OCT-GRAPH-005", result.errorId(), result.err());
  }

  @Test
  void namesAFileThatIsNoneOfThem() throws IOException {
    octet.write("text", "hello");
    Result result = octet.run("inspect", "@text", "--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-FMT-001", result.errorId());
    assertTrue(result.err().contains("Candidates: onnx."), result.err());
    octet.write("text.onnx", "hello");
    Result named = octet.run("inspect", "@text.onnx", "--json");
    assertTrue(named.errorId().startsWith("OCT-ONNX-"), named.err());
    assertEquals("OCT-FILE-001", octet.run("inspect", "@none", "--json").errorId());
    octet.write("object", "{}");
    assertEquals("OCT-PLAN-001", octet.run("inspect", "@object", "--json").errorId());
  }

  @Test
  void saysWhatAFileIsThatStartsAsAPlanDoes() throws IOException {
    octet.write("rules.json", octet.run("backends", "cpu", "--rules").out());
    refuses("rules.json", "OCT-PLAN-001", "it is a table of rules");
    octet.write("recipe.json", "{\"recipe\": 1, \"rules\": []}");
    refuses("recipe.json", "OCT-PLAN-001", "it is a recipe, for --recipe");
    octet.write("data.json", "{\"inputs\": {}}");
    refuses("data.json", "OCT-PLAN-001", "it is a description of data, for --data");
    octet.write("other.json", "{\"format\": \"gguf\"}");
    refuses("other.json", "OCT-PLAN-001", "its format is \"gguf\", not 'octet-plan'");
    octet.write("fields.json", "{\"b\": 1, \"a\": 2}");
    refuses("fields.json", "OCT-PLAN-001", "it is a map with the fields b, a");
    octet.write("data.yaml", "{inputs: {in: {file: x.npy}}}");
    refuses("data.yaml", "OCT-CLI-020", "starts with '{', as a plan does, but is no JSON");
  }

  private void refuses(String file, String id, String fact) {
    Result result = octet.run("inspect", "@" + file);
    assertEquals(3, result.exitCode());
    assertTrue(result.err().contains(id + ": "), result.err());
    assertTrue(result.err().contains(fact), result.err());
  }

  private Tree.Mapping inspect(String file) {
    Result result = octet.run("inspect", file, "--json");
    assertEquals(0, result.exitCode(), result.err());
    return result.json();
  }

  private static List<String> texts(Tree list) {
    return list.asItems().stream()
        .map(item -> item instanceof Tree.Num n ? n.value().toPlainString() : item.asText())
        .toList();
  }
}
