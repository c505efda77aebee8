package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.format.onnx.OnnxFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linear layers rewritten from the command line, and what is lost by that. */
class SourceCommandTest {

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

  /** The file runs as any other, and what it says of itself is the same. */
  @Test
  void rewritesTheLayersOfAModelWithoutData() {
    Tree.Mapping report =
        run("source", "@m.onnx", "--scheme", "int8dyn-int8", "-o", "@s.onnx", "--json").json();
    List<Tree> layers = report.get("layers").asItems();
    assertTrue(
        layers.stream().anyMatch(layer -> layer.asMapping().get("quantized").asBoolean()),
        layers.toString());
    assertTrue(report.get("quantizedLayers").asLong() > 0);
    assertTrue(report.get("bytesBefore").asLong() > 0);
    run("inspect", "@s.onnx");
    Tree.Mapping evaluated =
        run("evaluate", "@s.onnx", "--data", "@d.yaml", "--reference", "@m.onnx", "--json").json();
    assertTrue(evaluated.get("sqnrDb").asNumber().doubleValue() > 20, evaluated.toString());
  }

  /** Writes a layer that does not look at the first of its inputs, which is large, and another. */
  private void writeTwoLayers() throws IOException {
    int width = 32;
    float[] blind = new float[width * width];
    float[] weights = new float[width * width];
    for (int i = 0; i < weights.length; i++) {
      blind[i] = i < width ? 0 : (i * 37 % 101 - 50) / 50f;
      weights[i] = (i * 53 % 97 - 48) / 48f;
    }
    new OnnxFormat()
        .write(
            CommandFixture.model(
                List.of(
                    Node.of("first", OpType.onnx("MatMul"), List.of("in", "v"), List.of("h")),
                    Node.of("second", OpType.onnx("MatMul"), List.of("h", "w"), List.of("y"))),
                Map.of("v", Tensor.of(blind, width, width), "w", Tensor.of(weights, width, width)),
                13,
                CommandFixture.value("in", "N", width),
                CommandFixture.value("y", "N", width)),
            octet.file("m.onnx"));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}\n");
    float[] samples = new float[10 * width];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i % width == 0 ? 1000 : (i * 29 % 89 - 44) / 44f;
    }
    octet.npy("x.npy", Tensor.of(samples, 10, width));
  }

  @Test
  void aResultThatIsFarFromFloatIsSaidAndMendedWhereThatIsAsked() throws IOException {
    writeTwoLayers();
    String[] words = {
      "source",
      "@m.onnx",
      "--scheme",
      "int8dyn-int8",
      "--data",
      "@d.yaml",
      "-o",
      "@s.onnx",
      "--json"
    };
    Tree.Mapping asMade = run(words).json();
    assertEquals(2, asMade.get("quantizedLayers").asLong());
    assertEquals(List.of("OCT-CHK-101"), findings(asMade));
    Tree.Mapping mended =
        run(Stream.concat(Stream.of(words), Stream.of("--repair")).toArray(String[]::new)).json();
    assertEquals(1, mended.get("quantizedLayers").asLong());
    assertEquals(List.of("OCT-CHK-102"), findings(mended));
    assertTrue(mended.get("sqnrDb").asNumber().doubleValue() > 25, mended.toString());
    run("verify", "@s.onnx", "--model", "@m.onnx");
  }

  private static List<String> findings(Tree.Mapping report) {
    return report.get("findings").asItems().stream()
        .map(finding -> finding.asMapping().get("id").asText())
        .filter(id -> id.startsWith("OCT-CHK"))
        .toList();
  }

  @Test
  void namesWhatThereIsInsteadOfAWrongSchemeOptionOrFilter() {
    assertEquals(
        "OCT-SRC-006",
        octet
            .run("source", "@m.onnx", "--scheme", "int8dyn-int3", "-o", "@s.onnx", "--json")
            .errorId());
    assertEquals(
        "OCT-SRC-005",
        octet
            .run("source", "@m.onnx", "--scheme", "int8", "--bits", "4", "-o", "@s.onnx", "--json")
            .errorId());
    CommandFixture.Result filtered =
        octet.run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8",
            "--filter",
            "nobody*",
            "-o",
            "@s.onnx",
            "--json");
    assertEquals("OCT-POL-001", filtered.errorId());
    assertEquals(2, filtered.exitCode());
    assertEquals(false, Files.exists(octet.file("s.onnx")));
  }

  /** A format of a vendor whose write does nothing. */
  private static final String SILENT =
      """
      package acme;

      import dev.octet.api.format.ModelFormat;
      import dev.octet.api.format.RaisedModel;
      import dev.octet.api.format.StoredForm;
      import dev.octet.api.graph.Model;
      import dev.octet.api.provider.ApiVersion;
      import dev.octet.api.provider.BuiltFor;
      import java.nio.file.Path;
      import java.util.Collection;
      import java.util.List;

      @BuiltFor(ApiVersion.CURRENT)
      public final class Silent implements ModelFormat {
        public String name() { return "acme"; }

        public List<String> extensions() { return List.of("acme"); }

        public boolean recognises(Path file, byte[] start) { return false; }

        public Model read(Path file) { throw new IllegalStateException(); }

        public void write(Model model, Path file) {}

        public List<Path> dataFiles(Model model) { return List.of(); }

        public RaisedModel raise(Model model, Collection<StoredForm> forms) {
          return new RaisedModel(model, List.of());
        }
      }
      """;

  @Test
  void saysThatAFormatWroteNoFile(@TempDir Path vendors) throws IOException {
    Path jar =
        new VendorJar(ModelFormat.class).provider("acme.Silent", SILENT).build(vendors, "acme");
    CommandFixture.Result result =
        octet.run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8",
            "-o",
            "@s.acme",
            "--json",
            "--class-path",
            jar.toString());
    assertEquals("OCT-FMT-008", result.errorId());
    assertTrue(result.err().contains("s.acme' wrote no file"), result.err());
  }

  /** ONNX Runtime's operator has no word for activations by token, and the report says so. */
  @Test
  void writesOnnxRuntimesOperatorAndSaysWhatThatChanges() {
    CommandFixture.Result result =
        run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8dyn-int8",
            "--form",
            "matmulnbits",
            "--data",
            "@d.yaml",
            "-o",
            "@n.onnx",
            "--json");
    assertTrue(
        result.err().contains("OCT-SRC-121: 2 layers quantize their activations"), result.err());
    assertEquals("matmulnbits", result.json().get("form").asText());
    assertEquals(0.0, result.json().get("top1Difference").asNumber().doubleValue());
    CommandFixture.Result inspected = run("inspect", "@n.onnx");
    assertTrue(inspected.out().contains("MatMulNBits"), inspected.out());
    Tree.Mapping evaluated =
        run("evaluate", "@n.onnx", "--data", "@d.yaml", "--reference", "@m.onnx", "--json").json();
    assertTrue(evaluated.get("sqnrDb").asNumber().doubleValue() > 20, evaluated.toString());
    run("run", "@n.onnx", "--data", "@d.yaml", "-o", "@out");
  }

  /** Weight-only layers compute in float in either form. */
  @Test
  void aFormOfFloatActivationsChangesNothing() {
    CommandFixture.Result result =
        run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8",
            "--form",
            "matmulnbits",
            "--data",
            "@d.yaml",
            "-o",
            "@n.onnx",
            "--json");
    assertTrue(!result.err().contains("OCT-SRC-121"), result.err());
    assertEquals(0.0, result.json().get("top1Difference").asNumber().doubleValue());
    run("source", "@m.onnx", "--scheme", "int8", "-o", "@s.onnx");
    Tree.Mapping same =
        run("evaluate", "@n.onnx", "--data", "@d.yaml", "--reference", "@s.onnx", "--json").json();
    assertEquals(1.0, same.get("top1Agreement").asNumber().doubleValue());
  }

  @Test
  void namesTheFormsThatThereAreAndTheLayersThatHaveNone() {
    CommandFixture.Result unknown =
        octet.run(
            "source", "@m.onnx", "--scheme", "int8", "--form", "matmul", "-o", "@s.onnx", "--json");
    assertEquals("OCT-SRC-020", unknown.errorId());
    assertTrue(unknown.err().contains("there is no form 'matmul'"), unknown.err());
    CommandFixture.Result rounded =
        run(
            "source",
            "@m.onnx",
            "--scheme",
            "int8dyn-int8",
            "--precision",
            "float16",
            "--form",
            "matmulnbits",
            "-o",
            "@r.onnx");
    assertTrue(rounded.err().contains("OCT-SRC-122 (node 'hidden')"), rounded.err());
  }

  /** Two weights a byte: the integers, a float for each group, and little else. */
  @Test
  void filesAreAsSmallAsPackingPromises() {
    String model = Decoder.model().toString();
    long floats = Decoder.model().toFile().length();
    for (String form : List.of("qdq", "matmulnbits")) {
      Tree.Mapping report =
          run(
                  "source",
                  model,
                  "--scheme",
                  "int8dyn-int4",
                  "--group-size",
                  "32",
                  "--padding",
                  "--form",
                  form,
                  "-o",
                  "@s.onnx",
                  "--json")
              .json();
      long before = 0;
      long after = 0;
      for (Tree layer : report.get("layers").asItems()) {
        if (layer.asMapping().get("quantized").asBoolean()) {
          before += layer.asMapping().get("bytesBefore").asLong();
          after += layer.asMapping().get("bytesAfter").asLong();
        }
      }
      long written = report.get("bytesAfter").asLong();
      System.out.printf(Locale.ROOT, "%s: %d bytes of %d%n", form, written, floats);
      // Each layer has a few nodes of its own with names of their own.
      assertTrue(written < floats - before + after + 36 * 5000, form + " has " + written);
    }
  }

  /** Mean negative log likelihoods of five stories; the float model has 1.2511. */
  @Test
  void aDecoderKeepsItsLikelihood() {
    String corpora = System.getProperty("octet.corpora", "");
    assumeTrue(!corpora.isEmpty(), "the models are absent: set the system property octet.corpora");
    String model = Path.of(corpora, "models/stories260K/stories260K_T256.onnx").toString();
    String data = Path.of(corpora, "descriptions/stories_test.yaml").toString();
    double floats = likelihood(model, data);
    assertEquals(1.2511, floats, 0.001);
    double asymmetric = rewritten(model, data, "int8dyn-int8", "--mapping", "asymmetric");
    double symmetric = rewritten(model, data, "int8dyn-int8");
    double int4 = rewritten(model, data, "int8dyn-int4", "--group-size", "32", "--padding");
    double kept = rewritten(model, data, "int8dyn-int4", "--group-size", "32");
    System.out.printf(
        Locale.ROOT,
        "NLL: float %.4f; int8 x int8 asymmetric %.4f, symmetric %.4f; int8 x int4 in groups of 32"
            + " %.4f, with w2 left float %.4f%n",
        floats,
        asymmetric,
        symmetric,
        int4,
        kept);
    assertEquals(floats, asymmetric, 0.01);
    assertTrue(int4 - floats <= 0.18, int4 + " against " + floats);
    assertTrue(kept < int4, kept + " against " + int4);
  }

  private double rewritten(String model, String data, String scheme, String... options) {
    List<String> words =
        new ArrayList<>(List.of("source", model, "--scheme", scheme, "-o", "@s.onnx", "--json"));
    words.addAll(List.of(options));
    Tree.Mapping report = run(words.toArray(String[]::new)).json();
    long before = 0;
    long after = 0;
    for (Tree layer : report.get("layers").asItems()) {
      if (layer.asMapping().get("quantized").asBoolean()) {
        before += layer.asMapping().get("bytesBefore").asLong();
        after += layer.asMapping().get("bytesAfter").asLong();
      }
    }
    double most = scheme.endsWith("int4") ? 0.20 : 0.27;
    assertTrue(after < most * before, after + " of " + before);
    return likelihood(octet.file("s.onnx").toString(), data);
  }

  private double likelihood(String model, String data) {
    return run("evaluate", model, "--data", data, "--json")
        .json()
        .get("nll")
        .asNumber()
        .doubleValue();
  }
}
