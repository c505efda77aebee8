package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  @Test
  void aReportOfWhatCannotBeReadReplacesNoData() throws IOException {
    octet.write("broken.onnx", "no model");
    byte[] data = Files.readAllBytes(octet.file("x.npy"));
    for (String report : List.of("@x.npy", "@report.xml", "@report.xml")) {
      Result result = octet.run("evaluate", "@broken.onnx", "--data", "@d.yaml", "--junit", report);
      assertEquals(3, result.exitCode(), result.err());
    }
    assertArrayEquals(data, Files.readAllBytes(octet.file("x.npy")));
    assertTrue(Files.readString(octet.file("report.xml")).contains("errors=\"1\""));
  }

  @Test
  void countsRightAnswers() throws IOException {
    // Samples 0, 3, 6, 9 are of class 0; here their label is 1, and 0 of class 1's.
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nlabelMap: [1, 0, 2]");
    Tree.Mapping json = evaluate("--json").json();
    assertEquals(CommandFixture.SAMPLES, json.get("samples").asInt());
    assertEquals(4 / 12.0, json.get("top1").asNumber().doubleValue());
    assertTrue(json.find("sqnrDb").isEmpty());
  }

  @Test
  void printsTheAccuracyForPeople() {
    Result result = evaluate();
    assertEquals("12 samples on 'cpu'\ntop-1 accuracy 1.0000 (12 of 12)\n", result.out());
  }

  @Test
  void givesNullForTheDistanceToItself() {
    Result result = evaluate("--reference", "@m.onnx", "--json");
    assertTrue(result.out().contains("\"sqnrDb\": null"), result.out());
    assertEquals(1, result.json().get("top1Agreement").asNumber().intValueExact());
  }

  @Test
  void looksAtTheQuantizedLayersOfAModel() {
    octet.run("source", "@m.onnx", "--scheme", "int8", "-o", "@s.onnx");
    Tree.Mapping json =
        octet
            .run(
                "evaluate",
                "@s.onnx",
                "--reference",
                "@m.onnx",
                "--layers",
                "--data",
                "@d.yaml",
                "--json")
            .json();
    List<Tree> layers = json.get("layerErrors").asItems();
    assertEquals(
        List.of("hidden", "head"),
        layers.stream().map(layer -> layer.asMapping().get("name").asText()).toList());
    assertEquals(json.get("sqnrDb").asNumber(), layers.get(1).asMapping().get("sqnrDb").asNumber());
    assertEquals(List.of(), json.get("likelyCauses").asItems());
    Result people =
        octet.run("evaluate", "@s.onnx", "--reference", "@m.onnx", "--layers", "--data", "@d.yaml");
    assertTrue(people.out().contains("no layer stands out"), people.out());
  }

  @Test
  void needsTheFloatModelToLookAtLayers() {
    Result result = evaluate("--layers", "--json");
    assertEquals(2, result.exitCode());
    assertEquals("OCT-CLI-030", result.errorId());
    assertTrue(
        result.out().contains("'--layers' compares with the float model, and there is none"),
        result.out());
  }

  @Test
  void measuresTheDistanceToAReference() throws IOException {
    // Every output is half of the reference: sum ref^2 / sum (ref / 2)^2 is 4.
    Model float32 = CommandFixture.classifier(13);
    Map<String, Tensor> halved = new LinkedHashMap<>(float32.graph().initializers());
    for (String name : List.of("w2", "b2")) {
      float[] values = halved.get(name).floats();
      for (int i = 0; i < values.length; i++) {
        values[i] /= 2;
      }
      halved.put(name, Tensor.of(values, halved.get(name).sizes()));
    }
    Graph graph = float32.graph();
    new OnnxFormat()
        .write(
            CommandFixture.model(
                graph.nodes(), halved, 13, graph.inputs().get(0), graph.outputs().get(0)),
            octet.file("half.onnx"));
    Tree.Mapping json =
        octet
            .run("evaluate", "@half.onnx", "--reference", "@m.onnx", "--data", "@d.yaml", "--json")
            .json();
    assertEquals(10 * Math.log10(4), json.get("sqnrDb").asNumber().doubleValue(), 1e-12);
    assertEquals(1, json.get("referenceTop1").asNumber().intValueExact());
    assertEquals(1, json.get("top1Agreement").asNumber().intValueExact());
    assertEquals(1, json.get("top1").asNumber().intValueExact());
  }

  @Test
  void evaluatesAQuantizedModel() {
    octet.run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
    Result result =
        octet.run("evaluate", "@q.onnx", "--reference", "@m.onnx", "--data", "@d.yaml", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.json().get("sqnrDb").asNumber().doubleValue() > 30, result.out());
    assertEquals(1, result.json().get("top1").asNumber().intValueExact());
  }

  @Test
  void givesTheSameNumbersForAnyNumberOfThreads() {
    String one = evaluate("--reference", "@m.onnx", "--json", "--threads", "1").untimed();
    assertEquals(one, evaluate("--reference", "@m.onnx", "--json", "--threads", "3").untimed());
  }

  @Test
  void refusesLabelsThatAreNoClasses() throws IOException {
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nlabelMap: [0, 1, 3]");
    Result result = evaluate("--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-CLI-011", result.errorId());
  }

  @Test
  void refusesAReferenceWithOtherOutputs() throws IOException {
    Graph graph = CommandFixture.classifier(13).graph();
    List<Node> nodes = graph.nodes().subList(0, 2);
    new OnnxFormat()
        .write(
            CommandFixture.model(
                nodes,
                graph.initializers(),
                13,
                graph.inputs().get(0),
                CommandFixture.value("r", "N", 4)),
            octet.file("other.onnx"));
    Result result = evaluate("--reference", "@other.onnx", "--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-CLI-009", result.errorId());
  }

  @Test
  void scoresTokensByTheirMeanNegativeLogLikelihood() throws IOException {
    // Scores are rows of a table: after token 0 all three are alike, after 1 token 2 has e^2.
    Map<String, Tensor> table =
        Map.of("table", Tensor.of(new float[] {0, 0, 0, 0, 0, 2, 0, 0, 0}, 3, 3));
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    Node.of(
                        "g", OpType.onnx("Gather"), List.of("table", "ids"), List.of("scores"))),
                table,
                13,
                CommandFixture.value("ids", DataType.INT64, 1, 3),
                CommandFixture.value("scores", 1, 3, 3)),
            octet.file("lm.onnx"));
    octet.write("t.json", "[[0, 1, 2, 0], [1]]");
    octet.write("t.yaml", "tokens: t.json");
    Result result = octet.run("evaluate", "@lm.onnx", "--data", "@t.yaml", "--json");
    assertEquals(0, result.exitCode(), result.err());
    double expected = (Math.log(3) + Math.log(2 + Math.exp(2)) - 2) / 2;
    assertEquals(2, result.json().get("predictions").asInt());
    assertEquals(expected, result.json().get("nll").asNumber().doubleValue(), 1e-12);
    assertFalse(result.json().find("top1").isPresent());
    Result compared =
        octet.run(
            "evaluate",
            "@lm.onnx",
            "--reference",
            "@lm.onnx",
            "--data",
            "@t.yaml",
            "--require",
            "nll-rise<=0",
            "--require",
            "nll<=0.5",
            "--json");
    assertEquals(1, compared.exitCode(), compared.err());
    assertEquals(expected, compared.json().get("referenceNll").asNumber().doubleValue(), 1e-12);
    assertEquals(
        List.of(true, false),
        compared.json().get("requirements").asItems().stream()
            .map(each -> each.asMapping().get("holds").asBoolean())
            .toList());
  }

  private Result evaluate(String... more) {
    String[] words = {"evaluate", "@m.onnx", "--data", "@d.yaml"};
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return octet.run(all);
  }
}
