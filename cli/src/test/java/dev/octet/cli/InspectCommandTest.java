package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
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
    Tree.Mapping input = json.get("parameters").asMapping().get("0").asMapping();
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
    OnnxFormat.write(model.withOpset("acme", 1), octet.file("odd.onnx"));
    String out = octet.run("inspect", "@odd.onnx").out();
    assertTrue(out.contains("Nodes that are not run:"), out);
    assertTrue(out.matches("(?s).*odd +acme.Odd +there is no kernel.*"), out);
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

  @Test
  void namesAFileThatIsNoneOfThem() throws IOException {
    octet.write("text", "hello");
    Result result = octet.run("inspect", "@text", "--json");
    assertEquals(3, result.exitCode());
    assertTrue(result.errorId().startsWith("OCT-ONNX-"), result.err());
    assertEquals("OCT-FILE-002", octet.run("inspect", "@none", "--json").errorId());
    octet.write("object", "{}");
    assertEquals("OCT-PLAN-001", octet.run("inspect", "@object", "--json").errorId());
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
