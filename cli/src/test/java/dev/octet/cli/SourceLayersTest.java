package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.tree.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layers {@code octet source} quantizes, and what is lost by each of them. */
class SourceLayersTest {

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
  }

  private CommandFixture.Result run(String... words) {
    CommandFixture.Result result = octet.run(words);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private List<String> quantizedBy(String... filters) {
    List<String> words =
        new ArrayList<>(
            List.of("source", "@m.onnx", "--scheme", "int8", "-o", "@s.onnx", "--json"));
    for (String filter : filters) {
      words.addAll(List.of("--filter", filter));
    }
    return run(words.toArray(String[]::new)).json().get("layers").asItems().stream()
        .map(Tree::asMapping)
        .filter(layer -> layer.get("quantized").asBoolean())
        .map(layer -> layer.get("name").asText())
        .toList();
  }

  @Test
  void filtersByNameOperatorAndShape() {
    assertEquals(List.of("hidden", "head"), quantizedBy("op:Gemm"));
    assertEquals(List.of("head"), quantizedBy("h?ad"));
    assertEquals(List.of("head"), quantizedBy("shape:4x3"));
    assertEquals(List.of("hidden"), quantizedBy("!shape:*x3"));
    assertEquals(List.of("hidden"), quantizedBy("h*", "!shape:*x3"));
    // What leaves out counts, also where what takes is of a higher rank.
    assertEquals(List.of("head"), quantizedBy("shape:4x*", "!node:hidden"));
    CommandFixture.Result none =
        octet.run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8",
            "--filter",
            "!shape:5x5",
            "-o",
            "@s.onnx",
            "--json");
    assertEquals("OCT-POL-001", none.errorId());
  }

  @Test
  void saysWithDataWhatIsLost() {
    Tree.Mapping report =
        run("source", "@m.onnx", "--scheme", "int8", "--data", "@d.yaml", "-o", "@s.onnx", "--json")
            .json();
    assertEquals(1, report.get("top1").asNumber().doubleValue());
    assertEquals(2, report.get("layerErrors").asItems().size());
    assertTrue(report.get("sqnrDb").asNumber().doubleValue() > 30, report.toString());
    assertTrue(report.get("bytesAfter").asLong() > 0);
  }

  private static String corpus(String file) {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    return Path.of(corpora, file).toString();
  }

  /** The products before the logarithm of an audio front end, and the one behind it. */
  private static final List<String> FRONT_END =
      List.of("!MatMul_7", "!MatMul_10", "!MatMul_14", "!MatMul_19");

  /** Accuracies on 500 clips; ONNX Runtime takes a fifth of the time of the reference kernels. */
  @Test
  void aKeywordSpotterKeepsItsAccuracyWithItsFrontEndInFloat() {
    String model = corpus("models/kwt1/kwt1.onnx");
    assertEquals(0.924, accuracy(model));
    double int8 = spotter(model, FRONT_END, "int8dyn-int8");
    double int4 = spotter(model, FRONT_END, "int8dyn-int4", "--group-size", "32");
    double allInt8 = spotter(model, List.of(), "int8dyn-int8", "--mapping", "asymmetric");
    double allInt4 = spotter(model, List.of(), "int8dyn-int4", "--group-size", "32");
    System.out.printf(
        Locale.ROOT,
        "top-1: float 0.924; with the front end in float int8 x int8 %.3f, int8 x int4 %.3f; of all"
            + " layers %.3f, %.3f%n",
        int8,
        int4,
        allInt8,
        allInt4);
    assertEquals(0.924, int8, 0.005);
    assertEquals(0.924, int4, 0.015);
    assertTrue(allInt8 < 0.85, "without the filter " + allInt8);
    assertTrue(allInt4 < 0.92, "without the filter " + allInt4);
  }

  private double spotter(String model, List<String> filters, String scheme, String... options) {
    List<String> words =
        new ArrayList<>(List.of("source", model, "--scheme", scheme, "-o", "@s.onnx"));
    words.addAll(List.of(options));
    filters.forEach(filter -> words.addAll(List.of("--filter", filter)));
    run(words.toArray(String[]::new));
    return accuracy("@s.onnx");
  }

  private double accuracy(String model) {
    String data = corpus("descriptions/kwt_all.yaml");
    return run("evaluate", model, "--data", data, "--runtime", "onnxruntime", "--json")
        .json()
        .get("top1")
        .asNumber()
        .doubleValue();
  }

  /** The report tells from values alone which layers do the harm. */
  @Test
  void namesTheFrontEndOfAKeywordSpotterAsTheLikelyCause() throws IOException {
    String clips = corpus("data/speech_commands_kws01/audio_i16_16000.npy");
    octet.write(
        "clips.yaml",
        "inputs: {audio: {file: '%s', steps: [{multiply: 0.000030517578125}]}}\ntake: 5\n"
            .formatted(clips));
    Tree.Mapping report =
        run(
                "source",
                corpus("models/kwt1/kwt1.onnx"),
                "--scheme",
                "int8dyn-int8",
                "--data",
                "@clips.yaml",
                "-o",
                "@s.onnx",
                "--json")
            .json();
    assertEquals(
        List.of("MatMul_7", "MatMul_10", "MatMul_14"),
        report.get("likelyCauses").asItems().stream().map(Tree::asText).toList());
    assertEquals(
        List.of("MatMul_19"),
        report.get("behindCauses").asItems().stream().map(Tree::asText).toList());
    Tree.Mapping finding =
        report.get("findings").asItems().stream()
            .map(Tree::asMapping)
            .filter(each -> each.get("id").asText().equals("OCT-CLI-102"))
            .findFirst()
            .orElseThrow();
    String message = finding.get("message").asText();
    assertTrue(message.contains("likely causes: 'MatMul_7', 'MatMul_10', 'MatMul_14'; "), message);
    assertTrue(message.contains("first behind them: 'MatMul_19' (reads -"), message);
    assertTrue(message.contains(", its own weight has 49."), message);
  }
}
