package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.PngFile;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of one data set that differ in shape go through every command that takes data. */
class UnlikeShapesTest {

  private static final int TOKENS = 6;

  @TempDir Path folder;
  private CommandFixture octet;

  /** ids [N, T] -> Gather of a table -> MatMul -> Relu -> MatMul -> scores [N, T, 6]. */
  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    List<Node> nodes =
        List.of(
            Node.of("look", OpType.onnx("Gather"), List.of("table", "ids"), List.of("rows")),
            Node.of("first", OpType.onnx("MatMul"), List.of("rows", "w"), List.of("a")),
            Node.of("relu", OpType.onnx("Relu"), List.of("a"), List.of("r")),
            Node.of("second", OpType.onnx("MatMul"), List.of("r", "v"), List.of("scores")));
    Map<String, Tensor> constants =
        Map.of("table", random(1, TOKENS, 8), "w", random(2, 8, 8), "v", random(3, 8, TOKENS));
    new OnnxFormat()
        .write(
            CommandFixture.model(
                nodes,
                constants,
                13,
                CommandFixture.value("ids", DataType.INT64, "N", "T"),
                CommandFixture.value("scores", "N", "T", TOKENS)),
            octet.file("m.onnx"));
    octet.write("t.json", "[[1, 2, 3], [0, 4, 5], [5, 4, 3, 2, 1, 0, 1, 2], [2], [3, 3]]");
    octet.write("t.yaml", "tokens: t.json\n");
  }

  private static Tensor random(long seed, int rows, int columns) {
    Random random = new Random(seed);
    float[] elements = new float[rows * columns];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return Tensor.of(elements, rows, columns);
  }

  private Result done(String... words) {
    Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  @Test
  void theyCalibrateTogetherAndInPartsToTheSameBytes() throws IOException {
    done("plan", "@m.onnx", "--backend", "cpu", "--option", "observer=entropy", "-o", "@p.json");
    String[] words = {"calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@t.yaml"};
    for (String runtime : List.of("cpu", "onnxruntime")) {
      calibrate(words, runtime, "@all.calib", "--threads", "1");
      calibrate(words, runtime, "@threads.calib", "--threads", "3");
      calibrate(words, runtime, "@a.calib", "--shard", "1/2");
      calibrate(words, runtime, "@b.calib", "--shard", "2/2");
      done("merge", "@b.calib", "@a.calib", "-o", "@merged.calib");
      byte[] all = Files.readAllBytes(octet.file("all.calib"));
      assertArrayEquals(all, Files.readAllBytes(octet.file("threads.calib")), runtime);
      assertArrayEquals(all, Files.readAllBytes(octet.file("merged.calib")), runtime);
    }
  }

  private void calibrate(String[] words, String runtime, String output, String name, String value) {
    String[] all = new String[words.length + 6];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(
        new String[] {"--runtime", runtime, "-o", output, name, value}, 0, all, words.length, 6);
    done(all);
  }

  @Test
  void theyAreQuantizedEvaluatedAndComparedOnAnyRuntime() {
    for (String runtime : List.of("cpu", "onnxruntime")) {
      done(
          "quantize",
          "@m.onnx",
          "--backend",
          runtime,
          "-o",
          "@q.onnx",
          "--data",
          "@t.yaml",
          "--runtime",
          runtime);
      Result evaluated =
          done(
              "evaluate",
              "@q.onnx",
              "--reference",
              "@m.onnx",
              "--json",
              "--data",
              "@t.yaml",
              "--runtime",
              runtime);
      assertEquals(5, evaluated.json().get("samples").asInt());
      assertTrue(evaluated.json().get("sqnrDb").asNumber().doubleValue() > 25, evaluated.out());
      Result compared =
          done(
              "compare", "@m.onnx", "@q.onnx", "--json", "--data", "@t.yaml", "--runtime", runtime);
      assertEquals(5, compared.json().get("samples").asInt());
    }
  }

  @Test
  void whatTheyGiveHasAFileForEach() throws IOException {
    done("run", "@m.onnx", "--data", "@t.yaml", "-o", "@all");
    Result result = done("run", "@m.onnx", "--data", "@t.yaml", "-o", "@all", "--json");
    List<Tree> outputs = result.json().get("outputs").asItems();
    int[] lengths = {3, 3, 8, 1, 2};
    assertEquals(5, outputs.size());
    for (int i = 0; i < lengths.length; i++) {
      Tree.Mapping output = outputs.get(i).asMapping();
      assertEquals(octet.path("@all/scores." + i + ".npy"), output.get("file").asText());
      assertEquals("[1, " + lengths[i] + ", 6]", shape(output));
      octet.write("one.yaml", "tokens: t.json\nskip: " + i + "\ntake: 1\n");
      done("run", "@m.onnx", "--data", "@one.yaml", "-o", "@one");
      byte[] own = Files.readAllBytes(octet.file("all/scores." + i + ".npy"));
      byte[] alone = Files.readAllBytes(octet.file("one/scores.npy"));
      assertArrayEquals(elements(alone, 24 * lengths[i]), elements(own, 24 * lengths[i]));
    }
    assertEquals(5, new CommandFixture(octet.file("all")).files().size());
    String text = done("run", "@m.onnx", "--data", "@t.yaml", "-o", "@all").out();
    assertTrue(text.contains("of each sample its own"), text);
    assertTrue(text.replaceAll("\\s+", "").contains("scores.0.npytoscores.4.npy"), text);
  }

  @Test
  void aFileOfTheDataIsNotWrittenOver() throws IOException {
    octet.write("scores.2.npy", "[[1, 2], [1, 2], [3]]");
    octet.write("odd.yaml", "tokens: scores.2.npy\n");
    Result refused = octet.run("run", "@m.onnx", "--data", "@odd.yaml", "-o", "@.", "--json");
    assertEquals("OCT-CLI-003", refused.errorId());
    assertEquals("[[1, 2], [1, 2], [3]]", Files.readString(octet.file("scores.2.npy")));
    assertEquals(List.of("m.onnx", "odd.yaml", "scores.2.npy", "t.json", "t.yaml"), octet.files());
  }

  @Test
  void twoOutputsDoNotShareAFile() throws IOException {
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    Node.of("id", OpType.onnx("Identity"), List.of("ids"), List.of("y")),
                    Node.of("shape", OpType.onnx("Shape"), List.of("ids"), List.of("y.0"))),
                Map.of(),
                13,
                CommandFixture.value("ids", DataType.INT64, "N", "T"),
                CommandFixture.value("y", DataType.INT64, "N", "T"),
                CommandFixture.value("y.0", DataType.INT64, 2)),
            octet.file("two.onnx"));
    Result refused = octet.run("run", "@two.onnx", "--data", "@t.yaml", "-o", "@r", "--json");
    assertEquals("OCT-CLI-004", refused.errorId());
    assertEquals(List.of(), new CommandFixture(octet.file("r")).files());
  }

  @Test
  void imagesOfUnlikeSizesAreDataForAModelThatTakesAny() throws IOException {
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    Node.of("conv", OpType.onnx("Conv"), List.of("x", "k"), List.of("c")),
                    Node.of("relu", OpType.onnx("Relu"), List.of("c"), List.of("y"))),
                Map.of("k", Tensor.of(random(4, 4, 27).floats(), 4, 3, 3, 3)),
                13,
                CommandFixture.value("x", "N", 3, "H", "W"),
                CommandFixture.value("y", "N", 4, "h", "w")),
            octet.file("conv.onnx"));
    Files.createDirectories(octet.file("photos"));
    int[][] sizes = {{5, 4}, {8, 9}, {5, 4}, {3, 7}};
    for (int i = 0; i < sizes.length; i++) {
      int[] levels = new Random(i).ints((long) sizes[i][0] * sizes[i][1], 0, 1 << 24).toArray();
      new PngFile(octet.file("photos/" + i + ".png")).colour(sizes[i][0], sizes[i][1], levels);
    }
    octet.write(
        "photos.yaml",
        "inputs: {x: {file: photos, steps: [{transpose: NHWC -> NCHW}, {multiply: 0.00392}]}}\n");
    for (String runtime : List.of("cpu", "onnxruntime")) {
      Result quantized =
          done(
              "quantize",
              "@conv.onnx",
              "--backend",
              runtime,
              "-o",
              "@q.onnx",
              "--json",
              "--data",
              "@photos.yaml",
              "--runtime",
              runtime);
      assertTrue(quantized.out().contains("OCT-DATA-103"), quantized.out());
      Result evaluated =
          done(
              "evaluate",
              "@q.onnx",
              "--reference",
              "@conv.onnx",
              "--json",
              "--data",
              "@photos.yaml",
              "--runtime",
              runtime);
      assertTrue(evaluated.json().get("sqnrDb").asNumber().doubleValue() > 25, evaluated.out());
      done("compare", "@conv.onnx", "@q.onnx", "--data", "@photos.yaml", "--runtime", runtime);
      Result ran =
          done(
              "run",
              "@q.onnx",
              "-o",
              "@y",
              "--json",
              "--data",
              "@photos.yaml",
              "--runtime",
              runtime);
      List<Tree> outputs = ran.json().get("outputs").asItems();
      assertEquals(4, outputs.size());
      assertEquals("[1, 4, 7, 6]", shape(outputs.get(1).asMapping()));
    }
  }

  private static String shape(Tree.Mapping output) {
    return output.get("shape").asItems().stream().map(Tree::asInt).toList().toString();
  }

  /** Returns the last bytes of a file. */
  private static byte[] elements(byte[] file, int count) {
    byte[] last = new byte[count];
    System.arraycopy(file, file.length - count, last, 0, count);
    return last;
  }
}
