package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Provenance;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.format.onnx.OnnxFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/runtime.md compiles against the API and does what the page says. */
class RuntimeGuideTest {

  private static final Path PAGE = Path.of("..", "docs", "runtime.md");
  private static final int SAMPLES = 11;

  @TempDir Path folder;
  @TempDir Path vendors;
  private CommandFixture octet;
  private String jars = "";

  private static List<String> blocks(String language) throws IOException {
    Pattern block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    return block.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
  }

  @BeforeEach
  void buildsWhatThePageSays() throws IOException {
    octet = new CommandFixture(folder);
    List<String> code = blocks("java");
    assertEquals(5, code.size());
    Path backend =
        new VendorJar(QuantizerProvider.class)
            .knowing(RuleBackend.class)
            .source("acme.Fancy", code.get(0))
            .source("acme.Chip", code.get(1))
            .source("acme.ChipModel", code.get(2))
            .provider("acme.Provider", code.get(3))
            .build(vendors, "acme.jar");
    Path compiler =
        new VendorJar(ModelFormat.class)
            .provider("acme.Compiler", code.get(4))
            .build(vendors, "compiler.jar");
    jars = backend + File.pathSeparator + compiler;
    writeModel("m.onnx", "Relu");
    float[] samples = new float[4 * SAMPLES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i * 29 % 47 - 23) / 8f;
    }
    octet.npy("x.npy", Tensor.of(samples, SAMPLES, 4));
    octet.write("d.yaml", "inputs: {in: {file: x.npy}}");
  }

  private void writeModel(String file, String last) {
    Model model =
        CommandFixture.model(
            List.of(
                Node.of("fancy", new OpType("acme", "FancyOp"), List.of("in"), List.of("f")),
                Node.of(
                    last.toLowerCase(java.util.Locale.ROOT),
                    OpType.onnx(last),
                    List.of("f"),
                    List.of("out"))),
            Map.of(),
            13,
            CommandFixture.value("in", "N", 4),
            CommandFixture.value("out", "N", 4));
    new OnnxFormat().write(model.withOpset("acme", 1), octet.file(file));
  }

  private Result octet(String... words) {
    Stream<String> all = Stream.concat(Stream.of(words), Stream.of("--class-path", jars));
    return octet.run(all.toArray(String[]::new));
  }

  private void succeed(String... words) {
    Result result = octet(words);
    assertEquals(0, result.exitCode(), result.err());
  }

  private void quantize(String output) {
    succeed("quantize", "@m.onnx", "--backend", "acme", "--data", "@d.yaml", "-o", output);
  }

  private float[] run(String model, String... more) throws IOException {
    String[] words = {"run", model, "--data", "@d.yaml", "-o", "@out"};
    succeed(Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
    return NpyFile.read(octet.file("out/out.npy")).floats();
  }

  @Test
  void theModelGoesFromThePlanToTheChip() throws IOException {
    quantize("@q.onnx");
    float[] exact = run("@m.onnx");
    float[] cpu = run("@q.onnx");
    float[] even = run("@q.onnx", "--runtime", "acme");
    float[] up = run("@q.onnx", "--runtime", "acme", "--runtime-option", "rounding=up");
    assertArrayEquals(cpu, even);
    Model quantized = new OnnxFormat().read(octet.file("q.onnx"));
    float step = quantized.graph().initializers().get("out_scale").floats()[0];
    for (int i = 0; i < exact.length; i++) {
      float x = (i * 29 % 47 - 23) / 8f;
      assertEquals(Math.max(0, x * Math.abs(x)), exact[i], 0);
      assertEquals(exact[i], cpu[i], 3 * step, "element " + i);
      assertEquals(cpu[i], up[i], 2.001 * step, "element " + i);
    }
    assertEquals("acme", Provenance.of(quantized).orElseThrow().backend());
  }

  @Test
  void thePageOfTheBackendShowsWhatTheRuntimePromises() throws IOException {
    Result result = octet("backends", "acme");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains(blocks("text").get(0)), result.out());
    assertTrue(result.out().contains("rounding: even | up, even when not given"), result.out());
  }

  @Test
  void theChipRefusesEveryNodeThatItDoesNotRun() {
    writeModel("e.onnx", "Erf");
    Result result =
        octet("run", "@e.onnx", "--data", "@d.yaml", "-o", "@out", "--runtime", "acme", "--json");
    assertEquals(5, result.exitCode());
    assertEquals("OCT-GRAPH-001", result.errorId());
    assertTrue(
        result.err().contains("'erf' (Erf: the chip computes Relu and operators of its own)"),
        result.err());
    assertTrue(result.err().contains("from backend 'acme', acme.Provider in "), result.err());
  }

  @Test
  void theCompilerWritesWhatTheDeviceLoads() throws IOException {
    quantize("@x.acme");
    List<String> program = Files.readAllLines(octet.file("x.acme"));
    assertTrue(program.get(0).matches("plan [0-9a-f]{64}"), program.get(0));
    assertEquals(blocks("text").get(1).lines().toList(), program.subList(1, program.size()));
  }

  @Test
  void inspectKnowsTheOperatorsThatBackendsBring() {
    quantize("@q.onnx");
    Tree operator =
        octet("inspect", "@m.onnx", "--json").json().get("operators").asItems().stream()
            .filter(one -> one.asMapping().get("op").asText().equals("acme.FancyOp"))
            .findFirst()
            .orElseThrow();
    assertTrue(operator.asMapping().get("runs").asBoolean());
    String shown = octet("inspect", "@q.onnx").out();
    assertTrue(shown.matches("(?s).*acme\\.FancyOp +1 +yes.*"), shown);
    String unknown = octet.run("inspect", "@m.onnx").out();
    assertTrue(unknown.matches("(?s).*acme\\.FancyOp +1 +no.*"), unknown);
  }
}
