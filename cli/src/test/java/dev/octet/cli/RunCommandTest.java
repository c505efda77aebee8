package dev.octet.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void makeFixture() {
    octet = new CommandFixture(folder);
  }

  @Test
  void stacksOutputsOverSamples() throws IOException {
    octet.writeClassifier(13);
    Result result = run("@m.onnx", "@d.yaml", "--json", "--threads", "2");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(12, result.json().get("samples").asInt());
    String header = header("results/scores.npy");
    assertTrue(header.contains("'shape': (12, 3)"), header);
    assertTrue(header.contains("'descr': '<f4'"), header);
    // Sample 3 is [4, 0, 0, -3]: class 0 has 2 * (1 * 4 + 0.5).
    float[] scores = floats("results/scores.npy");
    assertArrayEquals(
        new float[] {9f, 0.625f, 0f}, new float[] {scores[9], scores[10], scores[11]});
    assertEquals(List.of("scores.npy"), new CommandFixture(octet.file("results")).files());
  }

  @Test
  void givesTheRuntimeItsOptions() throws IOException {
    octet.writeClassifier(13);
    Result plain = runOptimised("none");
    assertEquals(0, plain.exitCode(), plain.err());
    Result unfit = runOptimised("most");
    assertEquals(2, unfit.exitCode());
    assertEquals("OCT-OPT-003", unfit.errorId());
    assertTrue(unfit.err().contains("the runtime of backend 'onnxruntime'"), unfit.err());
    Result none = run("@m.onnx", "@d.yaml", "--runtime-option", "threads=2", "--json");
    assertEquals("OCT-OPT-001", none.errorId());
    String fact = "the runtime of backend 'cpu' has no option 'threads'";
    assertTrue(none.err().contains(fact), none.err());
  }

  private Result runOptimised(String level) {
    return run(
        "@m.onnx",
        "@d.yaml",
        "--runtime",
        "onnxruntime",
        "--runtime-option",
        "graph-optimization=" + level,
        "--json");
  }

  @Test
  void givesAnAxisForSamplesToOutputsWithoutOne() throws IOException {
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    CommandFixture.node(
                        "ReduceSum", "in", "total/sum:0", Attribute.of("keepdims", 0L))),
                Map.of(),
                13,
                CommandFixture.value("in", 2),
                CommandFixture.value("total/sum:0")),
            octet.file("m.onnx"));
    octet.npy("x.npy", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    Result result = run("@m.onnx", "@d.yaml");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(header("results/total_sum_0.npy").contains("'shape': (3,)"));
    assertArrayEquals(new float[] {3, 7, 11}, floats("results/total_sum_0.npy"));
  }

  @Test
  void runsSamplesOneByOneWhereTheModelHasNoTrueBatchDimension() throws IOException {
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(CommandFixture.node("Flatten", "in", "out", Attribute.of("axis", 0L))),
                Map.of(),
                13,
                CommandFixture.value("in", "N", 2),
                CommandFixture.value("out", 1, "M")),
            octet.file("m.onnx"));
    octet.npy("x.npy", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
    Result result = run("@m.onnx", "@d.yaml");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(header("results/out.npy").contains("'shape': (3, 2)"));
  }

  @Test
  void refusesOutputsWithOneFileName() throws IOException {
    octet.writeTwoOutputsOfOneFileName();
    Result result = run("@m.onnx", "@d.yaml", "--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-CLI-004", result.errorId());
    assertEquals(List.of(), new CommandFixture(octet.file("results")).files());
  }

  @Test
  void runsOnnxTestData() throws IOException {
    octet.writeClassifier(13);
    Path set = Files.createDirectories(octet.file("test_data_set_0"));
    Files.write(
        set.resolve("input_0.pb"), tensorProto(new float[] {4, 0, 0, -3, 0, 1, 0, 0}, 2, 4));
    Result result = run("@m.onnx", "@test_data_set_0", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, result.json().get("samples").asInt());
    assertTrue(header("results/scores.npy").contains("'shape': (2, 3)"));
    Result empty = run("@m.onnx", "@results", "--json");
    assertEquals("OCT-ONNX-050", empty.errorId());
  }

  /** Every input has five of its terms first, and the product has none. */
  @Test
  void runsOnnxTestDataWithoutAnAxisOfSamples() throws IOException {
    Graph product =
        new Graph(
            "product",
            List.of(floats("a", Shape.of(5)), floats("b", Shape.of(5, 3))),
            List.of(floats("y", new Shape(List.of(new Dimension.Symbolic("n"))))),
            Map.of(),
            List.of(Node.of("product", OpType.onnx("MatMul"), List.of("a", "b"), List.of("y"))),
            Map.of(),
            Optional.empty());
    new OnnxFormat().write(Model.of(product, 17), octet.file("m.onnx"));
    for (int set = 0; set < 2; set++) {
      Path folder = Files.createDirectories(octet.file("sets/test_data_set_" + set));
      float[] ones = new float[15];
      Arrays.fill(ones, 1 + set);
      Files.write(folder.resolve("input_0.pb"), tensorProto(new float[] {1, 2, 3, 4, 5}, 5));
      Files.write(folder.resolve("input_1.pb"), tensorProto(ones, 5, 3));
    }
    Result result = run("@m.onnx", "@sets", "--json");
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(2, result.json().get("samples").asInt());
    assertTrue(header("results/y.npy").contains("'shape': (2, 3)"));
    assertArrayEquals(new float[] {15, 15, 15, 30, 30, 30}, floats("results/y.npy"));
  }

  private static ValueInfo floats(String name, Shape shape) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape));
  }

  @Test
  void namesARuntimeThatThereIsNot() throws IOException {
    octet.writeClassifier(13);
    Result result = run("@m.onnx", "@d.yaml", "--runtime", "none", "--json");
    assertEquals(2, result.exitCode());
    assertEquals("OCT-REG-001", result.errorId());
    assertFalse(Files.exists(octet.file("results")));
  }

  @Test
  void leavesNothingBehindWhenASampleFails() throws IOException {
    octet.writeClassifier(13);
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\ntake: 99\n");
    Result result = run("@m.onnx", "@d.yaml", "--json");
    assertEquals(3, result.exitCode());
    assertEquals("OCT-DATA-014", result.errorId());
    assertFalse(Files.exists(octet.file("results")));
  }

  private Result run(String model, String data, String... more) {
    String[] words = {"run", model, "--data", data, "-o", "@results"};
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return octet.run(all);
  }

  private String header(String name) throws IOException {
    String text = Files.readString(octet.file(name), ISO_8859_1);
    return text.substring(0, text.indexOf('\n'));
  }

  private float[] floats(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(octet.file(name));
    int start = header(name).length() + 1;
    float[] values = new float[(bytes.length - start) / 4];
    ByteBuffer.wrap(bytes, start, bytes.length - start)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  /** The message TensorProto by hand: dims (field 1), data_type (2) 1 for FLOAT, raw_data (9). */
  private static byte[] tensorProto(float[] values, int... sizes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int size : sizes) {
      out.write(new byte[] {0x08, (byte) size});
    }
    out.write(new byte[] {0x10, 1, 0x4a, (byte) (4 * values.length)});
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    out.write(raw.array());
    return out.toByteArray();
  }
}
