package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/java.md and of README.md compiles, runs, and does what the command does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaGuideTest {

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Path SAMPLE = Path.of("..", "examples", "sample");
  private static final int MOST_LINES = 15;
  private static final String IMPORTS =
      """
      import dev.octet.api.error.OctetException;
      import dev.octet.api.graph.*;
      import dev.octet.api.option.Options;
      import dev.octet.workflow.*;
      import dev.octet.workflow.calibrate.Calibration;
      import dev.octet.workflow.compare.*;
      import dev.octet.workflow.convert.QuantizedModel;
      import dev.octet.workflow.data.*;
      import dev.octet.workflow.check.*;
      import dev.octet.workflow.diff.Diff;
      import dev.octet.workflow.evaluate.*;
      import dev.octet.workflow.execution.*;
      import dev.octet.workflow.inspect.Inspection;
      import dev.octet.workflow.plan.*;
      import dev.octet.workflow.report.Report;
      import dev.octet.workflow.run.NamedRuntime;
      import java.nio.file.Path;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.concurrent.atomic.AtomicBoolean;
      """;

  private CommandFixture octet;
  private String inMemory = "";
  private URLClassLoader compiled;

  @BeforeAll
  void compileThePages(@TempDir Path folder) throws Exception {
    octet = new CommandFixture(folder);
    for (String name : List.of("shapes.onnx", "shapes.npz", "calibration.yaml", "test.yaml")) {
      Files.copy(SAMPLE.resolve(name), folder.resolve(name));
    }
    List<String> blocks = blocks(Path.of("..", "docs", "java.md"));
    StringBuilder steps = new StringBuilder(blocks.get(0));
    for (String block : blocks.subList(1, blocks.size())) {
      if (block.startsWith("static")) {
        inMemory = block;
      } else {
        steps.append("{\n").append(block).append("}\n");
      }
    }
    String readme = blocks(Path.of("..", "README.md")).get(0);
    Path source = folder.resolve("Guide.java");
    Files.writeString(
        source,
        IMPORTS
            + "public class Guide {\n"
            + "public static void steps(Path folder, ClassLoader loader) {\n"
            + steps.toString().replace("Path.of(\"", "folder.resolve(\"")
            + "}\npublic "
            + inMemory
            + "public static void readme(Path folder, ClassLoader loader, DataSource data, "
            + "Execution execution, String backend) {\n"
            + readme
                .replace("Path.of(\"", "folder.resolve(\"")
                .replace("catalogs.backend(\"cpu\")", "catalogs.backend(backend)")
            + "}\n}\n");
    compile(source, folder);
    compiled =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, JavaGuideTest.class.getClassLoader());
  }

  /** Compiles a source against the class path of the test. */
  static void compile(Path source, Path folder) {
    int result =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, result, "the pages do not compile");
  }

  @AfterAll
  void close() throws Exception {
    compiled.close();
  }

  private static List<String> blocks(Path page) throws Exception {
    List<String> blocks = new ArrayList<>();
    BLOCK.matcher(Files.readString(page)).results().forEach(b -> blocks.add(b.group(1)));
    return blocks;
  }

  private String output(String method, Object... arguments) throws Exception {
    Method found =
        Arrays.stream(compiled.loadClass("Guide").getMethods())
            .filter(each -> each.getName().equals(method))
            .findFirst()
            .orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (PrintStream stream = new PrintStream(out, true, UTF_8)) {
      System.setOut(stream);
      found.invoke(null, arguments);
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8);
  }

  @Test
  void theStepsOfThePageDoWhatTheCommandsDo() throws Exception {
    String out = output("steps", octet.folder(), JavaGuideTest.class.getClassLoader());
    assertTrue(out.startsWith(octet.run("inspect", "@shapes.onnx").out()), out);
    Result plan =
        octet.run(
            "plan",
            "@shapes.onnx",
            "--backend",
            "cpu",
            "--option",
            "exclude=op:Gemm",
            "-o",
            "@cli.json");
    assertEquals(0, plan.exitCode(), plan.err());
    assertEquals(-1, Files.mismatch(octet.file("plan.json"), octet.file("cli.json")));
    assertEquals(-1, Files.mismatch(octet.file("x.calib"), octet.file("all.calib")));
    octet.run(
        "calibrate",
        "@shapes.onnx",
        "--plan",
        "@cli.json",
        "--data",
        "@calibration.yaml",
        "-o",
        "@cli.calib");
    assertEquals(-1, Files.mismatch(octet.file("x.calib"), octet.file("cli.calib")));
    octet.run(
        "convert",
        "@shapes.onnx",
        "--plan",
        "@cli.json",
        "--calibration",
        "@cli.calib",
        "-o",
        "@cli.onnx");
    assertEquals(-1, Files.mismatch(octet.file("shapes.most.onnx"), octet.file("cli.onnx")));
    String differences = octet.run("diff", "@shapes.onnx", "@shapes.most.onnx").out();
    assertTrue(differences.lines().count() > 10 && out.contains(differences), out);
    assertTrue(out.contains("OCT-RUN-007\n"), out);
    assertTrue(out.contains("\nChecked on 4 samples: SQNR "), out);
    assertTrue(out.contains("true\n18 tensors on 'cpu', 200 samples; the worst first\n"), out);
    assertTrue(out.endsWith("true\n"), out);
  }

  @Test
  void fifteenLinesQuantizeAndEvaluateTensorsInMemoryAsTheCommandsDo() throws Exception {
    long lines = inMemory.strip().lines().count();
    assertTrue(lines <= MOST_LINES, lines + " lines");
    Path model = octet.file("shapes.onnx");
    Path written = octet.file("shapes.int8.onnx");
    String out;
    Model read = new OnnxFormat().read(model);
    try (DataSource train = DataSource.open(octet.file("calibration.yaml"), read);
        DataSource test = DataSource.open(octet.file("test.yaml"), read)) {
      Map<String, Tensor> seen = train.batch(0, train.size());
      Map<String, Tensor> unseen = test.batch(0, test.size());
      out = output("quantize", model, written, seen, unseen, test.labels().orElseThrow());
    }
    byte[] bytes = Files.readAllBytes(written);
    Result quantize =
        octet.run(
            "quantize",
            "@shapes.onnx",
            "--backend",
            "cpu",
            "--data",
            "@calibration.yaml",
            "-o",
            "@shapes.int8.onnx");
    Result evaluate =
        octet.run(
            "evaluate", "@shapes.int8.onnx", "--reference", "@shapes.onnx", "--data", "@test.yaml");
    String checked = "(?m)^Checked on 4 samples: .*\n";
    assertTrue(Pattern.compile(checked).matcher(quantize.out()).find(), quantize.out());
    assertEquals(quantize.out().replaceFirst(checked, "") + evaluate.out(), out);
    assertEquals(0, evaluate.exitCode(), evaluate.err());
    // Arrays of floats are other data than the arrays of bytes that they were made of.
    Model inMemory = new OnnxFormat().read(bytes, "in memory");
    Optional<String> stored = Claims.of(new OnnxFormat().read(written)).get(Claim.DATA);
    assertNotEquals(stored, Claims.of(inMemory).get(Claim.DATA));
    assertArrayEquals(
        Files.readAllBytes(written),
        new OnnxFormat().toBytes(Claims.of(inMemory).with(Claim.DATA, stored).mark(inMemory)));
  }

  /** Scales of each channel have no word before operator set 13. */
  @Test
  void theProgramOfTheReadmeRaisesAModelSoThatOnnxRuntimeLoadsIt() throws Exception {
    new OnnxFormat().write(CommandFixture.classifier(11), octet.file("model.onnx"));
    Tensor samples = Tensor.of(new float[] {1, 0, 0, -1, 0, 2, 0, -2, 0, 0, 3, 1}, 3, 4);
    Model read = new OnnxFormat().read(octet.file("model.onnx"));
    DataSource data = DataSource.of(read.graph(), Map.of("in", samples));
    Execution two = Execution.threads(2);
    output("readme", octet.folder(), JavaGuideTest.class.getClassLoader(), data, two, "cpu");
    Model quantized = new OnnxFormat().read(octet.file("model.int8.onnx"));
    assertTrue(quantized.opset() >= 13, "operator set " + quantized.opset());
    assertTrue(
        quantized.graph().nodes().stream()
            .anyMatch(node -> node.attributes().toString().contains("axis")),
        quantized.graph().toString());
    BackendRuntime onnxRuntime = new OnnxRuntimeProvider().runtime().orElseThrow();
    try (ExecutableModel loaded =
        onnxRuntime.load(LoadRequest.of(quantized, Parallelism.threads(1)))) {
      float[] scores = loaded.run(Map.of("in", samples)).get("scores").floats();
      assertTrue(scores[0] > scores[1] && scores[4] > scores[3], scores[0] + " " + scores[4]);
    }
  }

  @Test
  void theProgramOfTheReadmeWorksForABackendWithAnObserverOfItsOwn(@TempDir Path vendor)
      throws Exception {
    Path jar = CommandFixture.vendor("acme", VendorObserverTest.SOURCE).build(vendor, "acme.jar");
    new OnnxFormat().write(CommandFixture.classifier(13), octet.file("model.onnx"));
    Tensor samples = Tensor.of(new float[] {1, 0, 0, -1, 0, 2, 0, -2}, 2, 4);
    Model read = new OnnxFormat().read(octet.file("model.onnx"));
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {jar.toUri().toURL()}, QuantizerProvider.class.getClassLoader())) {
      DataSource data = DataSource.of(read.graph(), Map.of("in", samples));
      output("readme", octet.folder(), loader, data, Execution.threads(1), "acme");
    }
    assertTrue(
        new OnnxFormat()
            .read(octet.file("model.int8.onnx")).graph().nodes().stream()
                .anyMatch(node -> node.op().is("QuantizeLinear")));
  }
}
