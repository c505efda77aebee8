package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** What {@code octet evaluate --json} prints is of its schema, and so is what its page shows. */
class EvaluateSchemaTest {

  private static final Path DOCS = Path.of("../docs");

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private static List<String> broken(String json) {
    return JsonSchemas.broken("evaluate", json);
  }

  private String printed(String model, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", model, "--data", "@d.yaml", "--json"));
    words.addAll(List.of(more));
    Result result = octet.run(words.toArray(String[]::new));
    assertTrue(result.exitCode() <= 1, result.err());
    return result.out();
  }

  @Test
  void aModelByItselfAndOneWithEverythingAreOfTheSchema() throws IOException {
    assertEquals(List.of(), broken(printed("@m.onnx")));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\nlabels: labels.npy\nclasses: [a, b, c]\n");
    octet.run("quantize", "@m.onnx", "--backend", "cpu", "--data", "@d.yaml", "-o", "@q.onnx");
    octet.write(
        "d.yaml",
        "inputs: {in: {file: x.npy, steps: [{multiply: 100}]}}\n"
            + "labels: labels.npy\nclasses: [a, b, c]\n");
    String all =
        printed(
            "@q.onnx",
            "--reference",
            "@m.onnx",
            "--layers",
            "--accept",
            "OCT-CLI-103",
            "--require",
            "sqnr>=20",
            "--require",
            "top1-drop<=0.5",
            "--require",
            "agreement:scores>=1");
    assertEquals(List.of(), broken(all));
    for (String field : List.of("classes", "top1", "inputs", "layerErrors", "accepted", "value")) {
      assertTrue(all.contains("\"" + field + "\""), field + " is not shown: " + all);
    }
    assertEquals(List.of(), broken(printed("@m.onnx", "--reference", "@m.onnx")));
  }

  @Test
  void whatTheSchemaDoesNotNameIsNotOfIt() throws IOException {
    String more = printed("@m.onnx").replaceFirst("\\{", "{\"time\": 1,");
    assertEquals(1, broken(more).size());
  }

  @Test
  void theExampleOfThePageIsOfTheSchema() throws IOException {
    Matcher example =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS.resolve("evaluate.md")));
    assertTrue(example.find());
    assertEquals(List.of(), broken(example.group(1)));
  }
}
