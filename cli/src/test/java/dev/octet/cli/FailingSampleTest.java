package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which sample it is that a model cannot be run on. */
class FailingSampleTest {

  private static final int ROWS = 5;
  private static final int SAMPLES = 9;

  @TempDir Path folder;
  private CommandFixture octet;

  /**
   * ids [N, 2] -> Gather of a table with 5 rows -> MatMul -> out [N, 2, 3]; sample 7 asks for 6.
   */
  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    float[] table = ramp(ROWS * 4);
    float[] weight = ramp(12);
    List<Node> nodes =
        List.of(
            Node.of("look", OpType.onnx("Gather"), List.of("table", "ids"), List.of("rows")),
            Node.of("layer", OpType.onnx("MatMul"), List.of("rows", "w"), List.of("out")));
    Map<String, Tensor> constants =
        Map.of("table", Tensor.of(table, ROWS, 4), "w", Tensor.of(weight, 4, 3));
    new OnnxFormat()
        .write(
            CommandFixture.model(
                nodes,
                constants,
                13,
                CommandFixture.value("ids", DataType.INT64, "N", 2),
                CommandFixture.value("out", "N", 2, 3)),
            octet.file("m.onnx"));
    long[] ids = new long[2 * SAMPLES];
    Arrays.setAll(ids, i -> i % ROWS);
    ids[15] = ROWS + 1;
    octet.npy("ids.npy", Tensor.of(ids, SAMPLES, 2));
    octet.write("all.yaml", "inputs: {ids: {file: ids.npy}}\n");
    octet.write("late.yaml", "inputs: {ids: {file: ids.npy}}\nskip: 3\n");
    octet.write("good.yaml", "inputs: {ids: {file: ids.npy}}\ntake: 7\n");
  }

  private static float[] ramp(int count) {
    float[] ramp = new float[count];
    for (int i = 0; i < count; i++) {
      ramp[i] = i / 4f - 2;
    }
    return ramp;
  }

  @Test
  void runNamesIt() {
    assertNamed("all.yaml", 7, octet.run("run", "@m.onnx", "--data", "@all.yaml", "-o", "@r"));
    assertNamed("late.yaml", 4, octet.run("run", "@m.onnx", "--data", "@late.yaml", "-o", "@r"));
  }

  @Test
  void evaluateNamesIt() {
    assertNamed("all.yaml", 7, octet.run("evaluate", "@m.onnx", "--data", "@all.yaml"));
  }

  @Test
  void calibrateNamesIt() {
    assertEquals(0, octet.run("plan", "@m.onnx", "--backend", "cpu", "-o", "@p.json").exitCode());
    String[] words = {"calibrate", "@m.onnx", "--plan", "@p.json", "-o", "@x.calib", "--data"};
    for (String threads : List.of("1", "2")) {
      String[] late = {"@late.yaml", "--threads", threads};
      assertNamed("late.yaml", 4, octet.run(all(words, late)));
    }
    assertEquals(0, octet.run(all(words, "@good.yaml")).exitCode());
  }

  /** Its own words differ from release to release; the sample is Octet's. */
  @Test
  void onnxRuntimeHasItNamed() {
    Result result =
        octet.run("run", "@m.onnx", "--data", "@late.yaml", "-o", "@r", "--runtime", "onnxruntime");
    assertEquals(5, result.exitCode(), result.err());
    assertTrue(result.err().contains("sample 4, '" + octet.file("ids.npy") + "'[7]"), result.err());
  }

  @Test
  void fittingWeightsNamesIt() {
    String[] words = {"source", "@m.onnx", "--scheme", "int8dyn-int4-gptq", "--group-size", "4"};
    Result result = octet.run(all(words, "--padding", "--data", "@late.yaml", "-o", "@q.onnx"));
    assertNamed("late.yaml", 4, result);
  }

  private void assertNamed(String data, int sample, Result result) {
    assertEquals(3, result.exitCode(), data + ": " + result.err());
    String place = "sample " + sample + ", '" + octet.file("ids.npy") + "'[7]";
    assertTrue(result.err().contains("OCT-RUN-005: index 6 lies outside an axis of 5"), data);
    assertTrue(result.err().contains("(at node 'look', Gather; " + place + ")"), result.err());
    assertFalse(result.err().contains("samples "), result.err());
  }

  private static String[] all(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }
}
