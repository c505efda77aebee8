package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's backend demands scales of a grid, from the plan to the integers that run. */
class ScaleGridTest {

  private static final String SOURCE =
      """
      package acme;
      import static dev.octet.annotation.rules.NodePattern.*;
      import static dev.octet.annotation.rules.Specs.*;
      import dev.octet.annotation.rules.*;
      import dev.octet.api.option.*;
      import dev.octet.api.provider.*;
      import dev.octet.api.spec.*;
      import java.util.*;

      @BuiltFor(ApiVersion.CURRENT)
      public final class Provider extends RuleBackend {
        public Provider() { super("acme", "a backend with scales of a grid"); }
        public List<OptionDescriptor> options() {
          return List.of(OptionDescriptor.text("grid", "The grid.").defaultValue("any"));
        }
        public List<ScaleGridKind> scaleGrids() { return List.of(new Thrice()); }
        public BackendRules rules(Options options) {
          String name = options.word("grid");
          ScaleGrid grid = name.equals("multiple-of")
              ? ScaleGrid.multiplesOf(0x1p-20f) : ScaleGrid.named(name);
          return BackendRules.named("acme")
              .rule("dense", op("Gemm").constantOperand(1).constantIfPresent(2).optionally("Relu"))
              .activation(uint8().scales(grid))
              .weight(int8().symmetric().perChannel(outputChannel()).scales(grid))
              .bias(derivedFromInputAndWeight())
              .output(uint8().scales(grid))
              .build();
        }
      }

      /** Three times a power of two. */
      final class Thrice implements ScaleGridKind {
        public String name() { return "acme-thrice"; }
        public String documentation() { return "Three times a power of two."; }
        public float atLeast(float scale) {
          float thrice = 3 * Float.MIN_NORMAL;
          while (thrice < scale) { thrice *= 2; }
          return thrice;
        }
      }
      """;

  @TempDir Path folder;
  private CommandFixture octet;
  private String jar = "";

  @BeforeEach
  void build() throws Exception {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    jar =
        CommandFixture.vendor("acme", SOURCE)
            .knowing(RuleBackend.class)
            .build(folder, "acme")
            .toString();
  }

  /** Column 0 of the first weight has no element worth the name. */
  private void writeModel(float bias) {
    Model model = CommandFixture.classifier(13);
    Map<String, Tensor> constants = new LinkedHashMap<>(model.graph().initializers());
    float[] first = model.graph().initializers().get("w1").floats().clone();
    first[0] = 1e-7f;
    constants.put("w1", Tensor.of(first, 4, 4));
    constants.put("b1", Tensor.of(new float[] {bias, 0.25f, 0, 0}, 4));
    new OnnxFormat()
        .write(model.withGraph(withConstants(model.graph(), constants)), octet.file("m.onnx"));
  }

  private static Graph withConstants(Graph graph, Map<String, Tensor> constants) {
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        constants,
        graph.nodes(),
        graph.values(),
        graph.origin());
  }

  private Result run(String... words) {
    Stream<String> more = Stream.of("--json", "--class-path", jar);
    Result result = octet.run(Stream.concat(Stream.of(words), more).toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.out() + result.err());
    return result;
  }

  /** Plans, calibrates and converts; tells whether room was made for the bias. */
  private boolean grows(String grid, float bias) {
    writeModel(bias);
    run("plan", "@m.onnx", "--backend", "acme", "--option", "grid=" + grid, "-o", "@p.json");
    run("calibrate", "@m.onnx", "--plan", "@p.json", "--data", "@d.yaml", "-o", "@x.calib");
    return run(
            "convert", "@m.onnx", "--plan", "@p.json", "--calibration", "@x.calib", "-o", "@q.onnx")
        .out()
        .contains("OCT-CONV-101");
  }

  private Graph converted() {
    return new OnnxFormat().read(octet.file("q.onnx")).graph();
  }

  private void assertRuns() {
    Result evaluated =
        run(
            "evaluate",
            "@q.onnx",
            "--reference",
            "@m.onnx",
            "--data",
            "@d.yaml",
            "--runtime",
            "cpu");
    assertTrue(
        evaluated.json().get("top1Agreement").asNumber().doubleValue() > 0.9, evaluated.out());
  }

  private static void assertScales(Graph graph, boolean biases, Predicate<Float> on) {
    int seen = 0;
    for (Map.Entry<String, Tensor> constant : graph.initializers().entrySet()) {
      String name = constant.getKey();
      boolean scale = name.endsWith("_scale") && constant.getValue().dataType() == DataType.FLOAT;
      if (scale && (biases || !name.startsWith("b"))) {
        for (float one : constant.getValue().floats()) {
          assertTrue(on.test(one), name + " holds " + one);
          seen++;
        }
      }
    }
    // Three activations, 4 + 3 channels of weights, and as many of biases.
    assertEquals(biases ? 17 : 10, seen);
  }

  @Test
  void everyScaleIsAPowerOfTwoAfterRoomWasMadeForABias() {
    assertTrue(grows("power-of-two", 60f));
    assertScales(converted(), true, s -> s == Math.scalb(1f, Math.getExponent(s)));
    Tensor bias = converted().initializers().get("b1_quantized");
    float scale = converted().initializers().get("b1_scale").floats()[0];
    assertEquals(60f, bias.int32s()[0] * scale);
    assertTrue(2 * 60f / scale > 0x1p31f, "half the scale would not have done");
    assertRuns();
  }

  @Test
  void everyScaleIsTheReciprocalOfAnInteger() {
    Predicate<Float> reciprocal = s -> s == 1f / (float) Math.rint(1 / (double) s);
    assertTrue(grows("one-over-integer", 60f));
    assertScales(converted(), false, reciprocal);
    assertFalse(grows("one-over-integer", 10f));
    assertScales(converted(), false, reciprocal);
    assertRuns();
  }

  @Test
  void everyScaleIsAMultipleOfTheStep() {
    assertFalse(grows("multiple-of", 60f));
    assertScales(converted(), false, s -> s * 0x1p20f == (float) Math.rint(s * 0x1p20f));
    assertRuns();
  }

  @Test
  void everyScaleIsOnTheGridThatTheBackendBrings() {
    assertTrue(grows("acme-thrice", 60f));
    assertScales(converted(), false, s -> (s / 3) == Math.scalb(1f, Math.getExponent(s / 3)));
    assertRuns();
  }

  @Test
  void theGridStandsInThePlanAndWithoutTheBackendItIsNotKnown() {
    grows("acme-thrice", 60f);
    Tree plan = JsonText.read(octet.file("p.json"));
    List<Tree> groups = plan.asMapping().get("groups").asItems();
    assertEquals(
        Tree.of("acme-thrice"), groups.get(0).asMapping().get("spec").asMapping().get("grid"));
    Result alone = octet.run("inspect", "@x.calib", "--json");
    assertEquals(3, alone.exitCode(), alone.out());
    assertEquals("OCT-CAL-025", alone.errorId());
    assertTrue(alone.err().contains("acme-thrice"), alone.err());
  }

  @Test
  void saysThatAGridIsNotKnownWhenAPlanIsMade() {
    writeModel(0);
    Result unknown =
        octet.run(
            "plan",
            "@m.onnx",
            "--backend",
            "acme",
            "--option",
            "grid=acme-twice",
            "--class-path",
            jar,
            "--json",
            "-o",
            "@p.json");
    assertEquals(4, unknown.exitCode(), unknown.out());
    assertEquals("OCT-CAL-025", unknown.errorId());
    assertTrue(unknown.err().contains("acme-thrice"), unknown.err());
    assertTrue(unknown.err().contains("for 'in'"), unknown.err());
  }
}
