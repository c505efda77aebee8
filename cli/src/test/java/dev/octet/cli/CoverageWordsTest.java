package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a model is quantized, in words: of small models and of those with many nodes. */
class CoverageWordsTest {

  private static final OpType UNKNOWN = new OpType("acme", "Blah");

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  private void write(List<Node> nodes, Map<String, Tensor> constants) {
    ValueInfo in = CommandFixture.value("x", 1, 4);
    ValueInfo out = CommandFixture.value("y", 1, 4);
    new OnnxFormat()
        .write(
            CommandFixture.model(nodes, constants, 17, in, out).withOpset("acme", 1),
            octet.file("m.onnx"));
  }

  private Result plan(String... more) {
    List<String> words = new ArrayList<>(List.of("plan", "@m.onnx", "--backend", "cpu"));
    words.addAll(List.of("-o", "@p.json"));
    words.addAll(List.of(more));
    Result result = octet.run(words.toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private static Node matMul(String from) {
    return Node.of("mm", OpType.onnx("MatMul"), List.of(from, "w"), List.of("y"));
  }

  private static Map<String, Tensor> weight() {
    return Map.of("w", Tensor.of(new float[16], 4, 4));
  }

  @Test
  void whatIsComputedBeforehandIsNoNodeThatStaysFloat() {
    Tensor table = Tensor.of(new float[16], 4, 4);
    write(
        List.of(
            Node.of(
                "k",
                OpType.onnx("Constant"),
                List.of(),
                List.of("c"),
                Attribute.of("value", table)),
            CommandFixture.node("Transpose", "c", "w"),
            CommandFixture.node("Sin", "x", "s"),
            matMul("s")),
        Map.of());
    Result result = plan();
    assertTrue(
        result
            .out()
            .startsWith(
                "1 of 2 nodes are quantized for backend 'cpu'; 2 more compute nothing when it"
                    + " runs\n"),
        result.out());
    assertFalse(result.out().contains("computed beforehand"), result.out());
    Tree.Mapping json = plan("--json").json();
    assertEquals(4, json.get("nodes").asInt());
    assertEquals(1, json.get("quantizedNodes").asInt());
    assertEquals(2, json.get("constantNodes").asInt());
    assertEquals(3, json.get("floatNodes").asItems().size());
  }

  @Test
  void nodesByTheHundredAreCountedByOperatorAndReason() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String from = i == 0 ? "x" : "v" + (i - 1);
      nodes.add(
          Node.of(
              "n" + i, OpType.onnx(i % 2 == 0 ? "Sin" : "Cos"), List.of(from), List.of("v" + i)));
    }
    nodes.add(matMul("v119"));
    write(nodes, weight());
    String out = plan().out();
    assertTrue(
        out.contains("  60     n0     Sin       no rule of backend 'cpu' matches Sin\n"), out);
    assertTrue(out.contains("(120 nodes; --all lists each)"), out);
    assertFalse(out.contains("n119"), out);
    assertTrue(plan("--all").out().contains("  n119  Cos "), "--all");
    assertEquals(120, plan("--json").json().get("floatNodes").asItems().size());
    String inspected = octet.run("inspect", "@p.json").out();
    assertTrue(inspected.contains("(121 nodes; --all lists each)"), inspected);
    assertTrue(octet.run("inspect", "@p.json", "--all").out().contains("  n119  Cos "), "--all");
  }

  @Test
  void findingsThatSayTheSameOfManyNodesAreCounted() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      nodes.add(Node.of("b" + i, UNKNOWN, List.of("x"), List.of("z" + i)));
    }
    nodes.add(matMul("z8"));
    write(nodes, weight());
    String err = plan().err();
    assertTrue(err.contains("(node 'b4')"), err);
    assertFalse(err.contains("(node 'b5')"), err);
    assertTrue(err.contains("octet: 4 more of OCT-PLAN-010 say the same of other nodes\n"), err);
    assertTrue(plan("--all").err().contains("(node 'b8')"), "--all");
  }

  @Test
  void whereATypeIsNotKnownItIsSaidHowToStateIt() {
    write(List.of(Node.of("b", UNKNOWN, List.of("x"), List.of("z")), matMul("z")), weight());
    List<Tree> floats = plan("--json").json().get("floatNodes").asItems();
    assertEquals(
        "type of input is not known, not FLOAT: state the type of 'z' in the model (value_info)",
        floats.get(1).asMapping().get("reason").asText());
  }

  /** A body's operator that no kernel runs does not run, as the node whose body it is. */
  @Test
  void anOperatorOfABranchRunsWhereTheBranchDoes() {
    Graph then = branch("then", Node.of("inner", UNKNOWN, List.of("x"), List.of("then_out")));
    Graph otherwise = branch("else", CommandFixture.node("Neg", "x", "else_out"));
    write(
        List.of(
            Node.of(
                "if",
                OpType.onnx("If"),
                List.of("c"),
                List.of("y"),
                attribute("then_branch", then),
                attribute("else_branch", otherwise))),
        Map.of("c", Tensor.of(new boolean[] {true})));
    Result result = octet.run("inspect", "@m.onnx", "--json");
    for (Tree operator : result.json().get("operators").asItems()) {
      Tree.Mapping fields = operator.asMapping();
      assertEquals(
          fields.get("op").asText().equals("Neg"), fields.get("runs").asBoolean(), result.out());
    }
    String text = octet.run("inspect", "@m.onnx").out();
    assertTrue(text.contains("  inner  acme.Blah  there is no kernel for the operator"), text);
  }

  private static Attribute attribute(String name, Graph branch) {
    return new Attribute(name, new Attribute.GraphValue(branch), Optional.empty());
  }

  private static Graph branch(String name, Node node) {
    return new Graph(
        name,
        List.of(),
        List.of(CommandFixture.value(name + "_out", DataType.FLOAT, 1, 4)),
        Map.of(),
        List.of(node),
        Map.of(),
        Optional.empty());
  }
}
