package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What commands say of models and data that they cannot work with. */
class CommandErrorsTest {

  private static final long FLOAT = 1;
  private static final long BFLOAT16 = 16;

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  @Test
  void refusesAnOutputThatNumPyHasNoTypeFor() throws IOException {
    model(cast(BFLOAT16), floats(), CommandFixture.value("out", DataType.BFLOAT16, "N", 4));
    Result result = octet.run("run", "@o.onnx", "--data", "@d.yaml", "-o", "@r", "--json");
    assertRefused(5, "OCT-CLI-005", "output 'out' of type BFLOAT16 has no NumPy form", result);
  }

  @Test
  void refusesAnOutputThatDoesNotCountTheSamples() throws IOException {
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    model(CommandFixture.node("ReduceSum", "in", "out"), value("in", 4, 4), value("out", 1, 1));
    Result result = octet.run("run", "@o.onnx", "--data", "@d.yaml", "-o", "@r", "--json");
    assertRefused(5, "OCT-CLI-008", "output 'out' does not count the 4 samples of a run", result);
  }

  @Test
  void namesTheOutputThatCannotBeWritten() throws IOException {
    Files.createDirectories(octet.file("r/scores.npy"));
    Result result = octet.run("run", "@m.onnx", "--data", "@d.yaml", "-o", "@r", "--json");
    assertEquals("OCT-CLI-002", result.errorId(), result.err());
    assertEquals(2, result.exitCode());
    assertTrue(result.err().contains(octet.path("@r/scores.npy")), result.err());
  }

  @Test
  void comparesTruthValuesAndFloatsOfAnyWidth() throws IOException {
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    Map<DataType, String> figures =
        Map.of(DataType.BOOL, "1.0000 equal", DataType.BFLOAT16, "equal");
    for (DataType type : figures.keySet()) {
      model(cast(type.onnxNumber()), floats(), CommandFixture.value("out", type, "N", 4));
      Result result =
          octet.run("evaluate", "@o.onnx", "--reference", "@o.onnx", "--data", "@d.yaml");
      assertEquals(0, result.exitCode(), result.err());
      assertTrue(result.out().contains("out     " + figures.get(type)), result.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "-2147483648"})
  void refusesLessThanOneThread(String threads) {
    Result result =
        octet.run("evaluate", "@m.onnx", "--data", "@d.yaml", "--threads=" + threads, "--json");
    assertRefused(2, "OCT-CLI-012", "--threads is " + threads, result);
  }

  @Test
  void refusesTokensForAModelThatScoresNone() throws IOException {
    tokens("[[1, 2]]");
    model(cast(FLOAT), ids(), value("out", "N", "T"));
    Result result = octet.run("evaluate", "@o.onnx", "--data", "@t.yaml", "--json");
    assertRefused(
        3,
        "OCT-CLI-013",
        "the first output is FLOAT[1, 2], not [batch, length, vocabulary]",
        result);
  }

  @Test
  void refusesTokensBeyondTheVocabulary() throws IOException {
    tokens("[[0, 2]]");
    Node gather = Node.of("g", OpType.onnx("Gather"), List.of("table", "in"), List.of("out"));
    Map<String, Tensor> table = Map.of("table", Tensor.of(new float[6], 3, 2));
    new OnnxFormat()
        .write(
            CommandFixture.model(List.of(gather), table, 13, ids(), value("out", "N", "T", 2)),
            octet.file("o.onnx"));
    Result result = octet.run("evaluate", "@o.onnx", "--data", "@t.yaml", "--json");
    assertRefused(3, "OCT-CLI-013", "token 2 is not in the vocabulary of 2", result);
  }

  @Test
  void findsThatADistanceIsNoNumber() throws IOException {
    model(CommandFixture.node("Relu", "in", "out"), floats(), value("out", "N", 4));
    Files.move(octet.file("o.onnx"), octet.file("r.onnx"));
    model(CommandFixture.node("Log", "in", "out"), floats(), value("out", "N", 4));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    Result result =
        octet.run("evaluate", "@o.onnx", "--reference", "@r.onnx", "--data", "@d.yaml", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("\"OCT-CLI-101\""), result.out());
    assertTrue(result.json().find("sqnrDb").isEmpty(), result.out());
  }

  @Test
  void refusesAFolderOfTestDataForAModelWithoutAFormat() {
    DataOption option = new DataOption();
    CommandLine.populateCommand(option, "--data", folder.toString());
    OctetException e =
        assertThrows(OctetException.class, () -> option.open(CommandFixture.classifier(13)));
    assertEquals("OCT-FMT-003", e.id());
    assertEquals(ErrorKind.INPUT, e.kind());
    assertEquals(folder.toString(), e.place().orElseThrow());
  }

  @Test
  void refusesTestDataThatLacksAnInput() throws IOException {
    // A FLOAT scalar: field 2 is the element type, field 9 the bytes.
    byte[] scalar = {0x10, 1, 0x4a, 4, 0, 0, 0, 0};
    Path first = Files.createDirectories(octet.file("sets/test_data_set_0"));
    Files.write(first.resolve("input_0.pb"), scalar);
    Path second = Files.createDirectories(octet.file("sets/test_data_set_1"));
    Files.write(second.resolve("output_0.pb"), scalar);
    Result result = octet.run("run", "@m.onnx", "--data", "@sets", "-o", "@r", "--json");
    assertRefused(3, "OCT-FMT-004", "the model's input 'in' is missing", result);
  }

  @Test
  void refusesABackendWithoutARuntime() {
    Result result =
        octet.run("evaluate", "@m.onnx", "--data", "@d.yaml", "--runtime", "x86", "--json");
    assertRefused(5, "OCT-REG-005", "backend 'x86' has no runtime here", result);
    assertEquals(
        "[cpu, onnxruntime]",
        result.json().get("error").asMapping().get("candidates").asItems().stream()
            .map(item -> item.asText())
            .toList()
            .toString());
  }

  private static void assertRefused(int exitCode, String id, String fact, Result result) {
    assertEquals(id, result.errorId(), result.err());
    assertEquals(fact, result.json().get("error").asMapping().get("fact").asText());
    assertEquals(exitCode, result.exitCode());
  }

  private void tokens(String json) throws IOException {
    octet.write("t.json", json);
    octet.write("t.yaml", "tokens: t.json");
  }

  private void model(Node node, ValueInfo input, ValueInfo output) {
    new OnnxFormat()
        .write(
            CommandFixture.model(List.of(node), Map.of(), 13, input, output), octet.file("o.onnx"));
  }

  private static Node cast(long type) {
    return CommandFixture.node("Cast", "in", "out", Attribute.of("to", type));
  }

  private static ValueInfo floats() {
    return value("in", "N", 4);
  }

  private static ValueInfo ids() {
    return CommandFixture.value("in", DataType.INT64, "N", "T");
  }

  private static ValueInfo value(String name, Object... dimensions) {
    return CommandFixture.value(name, dimensions);
  }
}
