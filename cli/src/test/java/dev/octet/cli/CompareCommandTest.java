package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {

  private static final Path DOCS = Path.of("../docs");

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void quantize() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    octet.run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
  }

  private Result compare(String quantized, String... more) {
    List<String> words = new ArrayList<>(List.of("compare", "@m.onnx", quantized));
    words.addAll(List.of("--data", "@d.yaml"));
    words.addAll(List.of(more));
    return octet.run(words.toArray(String[]::new));
  }

  private static List<String> broken(String json) {
    return JsonSchemas.broken("compare", json);
  }

  private static List<String> names(Tree.Mapping json, String field) {
    return json.get(field).asItems().stream()
        .map(each -> each.asMapping().get("name").asText())
        .toList();
  }

  @Test
  void listsTheTensorsOfAConvertedModelTheWorstFirst() {
    Result result = compare("@q.onnx", "--json");
    assertEquals(0, result.exitCode(), result.err());
    Tree.Mapping json = result.json();
    List<Double> decibels =
        json.get("tensors").asItems().stream()
            .map(each -> each.asMapping().get("sqnrDb").asNumber().doubleValue())
            .toList();
    assertEquals(decibels.stream().sorted().toList(), decibels);
    assertEquals(List.of("in", "r", "scores"), names(json, "tensors").stream().sorted().toList());
    assertEquals(List.of("h"), names(json, "notCompared"));
    assertEquals(CommandFixture.SAMPLES, json.get("samples").asInt());
  }

  @Test
  void theLastTensorIsAsFarAsEvaluateSays() {
    Tree.Mapping evaluated =
        octet
            .run("evaluate", "@q.onnx", "--reference", "@m.onnx", "--data", "@d.yaml", "--json")
            .json();
    Tree.Mapping scores = tensor(compare("@q.onnx", "--json").json(), "scores");
    assertEquals(evaluated.get("sqnrDb").asNumber(), scores.get("sqnrDb").asNumber());
    assertEquals(
        evaluated.get("outputs").asItems().get(0).asMapping().get("largestError").asNumber(),
        scores.get("largestError").asNumber());
  }

  private static Tree.Mapping tensor(Tree.Mapping json, String name) {
    return json.get("tensors").asItems().stream()
        .map(Tree::asMapping)
        .filter(each -> each.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsModelsWhoseInputsAndOutputsAreIntegers() {
    Result quantized =
        octet.run(
            "quantize",
            "@m.onnx",
            "--backend",
            "cpu",
            "--option",
            "integers=*",
            "--data",
            "@d.yaml",
            "-o",
            "@i.onnx");
    assertEquals(0, quantized.exitCode(), quantized.err());
    assertEquals(
        compare("@q.onnx", "--json").json().get("tensors"),
        compare("@i.onnx", "--json").json().get("tensors"));
  }

  @Test
  void printsAsManyTensorsAsAreAskedFor() {
    Result one = compare("@q.onnx", "--top", "1");
    assertTrue(one.out().contains("3 tensors on 'cpu', 12 samples; the worst first"), one.out());
    assertTrue(one.out().contains("2 more are not as bad; --all lists them"), one.out());
    Result all = compare("@q.onnx", "--top", "1", "--all");
    assertFalse(all.out().contains("more are not as bad"), all.out());
    assertEquals("", compare("@q.onnx", "-q").out());
    Result none = compare("@q.onnx", "--top", "0", "--json");
    assertEquals(2, none.exitCode());
    assertEquals("OCT-CMP-004", none.errorId());
  }

  @Test
  void theJsonIsOfTheSchema() throws IOException {
    assertEquals(List.of(), broken(compare("@q.onnx", "--json").out()));
    assertEquals(List.of(), broken(compare("@m.onnx", "--json").out()));
    octet.run("source", "@m.onnx", "--scheme", "int8", "-o", "@s.onnx");
    assertEquals(List.of(), broken(compare("@s.onnx", "--json").out()));
    octet.write("d.yaml", "inputs: {in: {file: x.npy, steps: [{multiply: 100}]}}\n");
    Result clipped = compare("@q.onnx", "--json", "--accept", "OCT-CMP-101", "--fail-on", "info");
    assertEquals(0, clipped.exitCode(), clipped.err());
    assertEquals(List.of(), broken(clipped.out()));
    assertTrue(clipped.out().contains("\"accepted\""), clipped.out());
  }

  @Test
  void theExampleOfThePageIsOfTheSchema() throws IOException {
    Matcher example =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS.resolve("compare.md")));
    assertTrue(example.find());
    assertEquals(List.of(), broken(example.group(1)));
  }

  @Test
  void givesTheSameNumbersForAnyNumberOfThreads() {
    assertEquals(
        compare("@q.onnx", "--json", "--threads", "1").untimed(),
        compare("@q.onnx", "--json", "--threads", "3").untimed());
  }

  @Test
  void writesAPageBesideTheTable() throws IOException {
    Result result = compare("@q.onnx", "--html", "@p.html");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("the worst first"), result.out());
    String page = Files.readString(octet.file("p.html"));
    assertTrue(page.contains("<h1>q.onnx beside m.onnx</h1>"), page);
    assertEquals(page, compare("@q.onnx", "--html", "-", "--threads", "3").out());
    assertEquals(3, Pattern.compile("<tr id=\"t\\d+\"").matcher(page).results().count());
  }

  @Test
  void aPageGoesWhereNothingIsLost() {
    assertEquals("OCT-CLI-003", compare("@q.onnx", "--html", "@q.onnx", "--json").errorId());
    assertEquals("OCT-CLI-002", compare("@q.onnx", "--html", "@no/p.html", "--json").errorId());
    assertEquals("OCT-CLI-041", compare("@q.onnx", "--html", "-", "--json").errorId());
  }
}
