package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.cli.GuidePage.Section;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/from-pt2e.md compiles, and what the page shows under it is what comes out. */
class Pt2eGuideTest {

  private static final String IMPORTS =
      """
      import static dev.octet.annotation.rules.NodePattern.*;
      import static dev.octet.annotation.rules.Specs.*;
      import dev.octet.annotation.rules.*;
      """;

  private static final String STEPS =
      """
      package steps;
      import dev.octet.annotation.policy.*;
      import dev.octet.api.graph.Model;
      import dev.octet.api.option.Options;
      import dev.octet.workflow.*;
      import dev.octet.workflow.calibrate.Calibration;
      import dev.octet.workflow.convert.QuantizedModel;
      import dev.octet.workflow.data.DataSource;
      import dev.octet.workflow.execution.Execution;
      import dev.octet.workflow.plan.Plan;
      public final class Steps {
        public static QuantizedModel run(
            Catalogs catalogs, Model model, DataSource data, Execution execution) {
      %s
          return quantized;
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void theStepsQuantizeAndThePolicyIsHeard() throws Exception {
    GuidePage page = GuidePage.read("from-pt2e.md");
    Path source = folder.resolve("Steps.java");
    Files.writeString(source, STEPS.formatted(page.section("The steps").code().get(0)));
    JavaGuideTest.compile(source, folder);
    try (URLClassLoader loader = loader(folder)) {
      Catalogs catalogs = Catalogs.discover(getClass().getClassLoader());
      DataSource data = DataSource.of(model().graph(), Map.of("x", ramp(3, 4)));
      Execution one = Execution.threads(1);
      QuantizedModel quantized =
          (QuantizedModel)
              loader
                  .loadClass("steps.Steps")
                  .getMethod("run", Catalogs.class, Model.class, DataSource.class, Execution.class)
                  .invoke(null, catalogs, model(), data, one);
      Map<String, Tensor> constants = quantized.model().graph().initializers();
      assertTrue(constants.containsKey("w1_quantized"), constants.keySet().toString());
      assertEquals(1, constants.get("w1_scale").elementCount(), "per tensor");
      assertTrue(constants.containsKey("w2"), "fc2 is excluded");
    }
  }

  @Test
  void theTableAndTheQuantizerByHandDoWhatThePageShows() throws Exception {
    GuidePage page = GuidePage.read("from-pt2e.md");
    Section section = page.section("A quantizer");
    int table = section.outcome().indexOf("fc2 result 0: int8 affine per-tensor min-max") + 1;
    Section first = new Section("table", section.code(), section.outcome().subList(0, table));
    Section second =
        new Section(
            "by hand", section.code(), section.outcome().subList(table, section.outcome().size()));
    try (URLClassLoader loader = loader(page.build(folder, IMPORTS).get("acme"))) {
      Object rules =
          loader.loadClass("acme." + page.tableClass(section)).getMethod("rules").invoke(null);
      first.assertShown(plan(((BackendRules) rules).quantizer()));
      Object byHand = loader.loadClass("acme.Linear").getConstructor().newInstance();
      second.assertShown(plan((Quantizer) byHand));
    }
  }

  private static URLClassLoader loader(Path place) throws Exception {
    return new URLClassLoader(
        new URL[] {place.toUri().toURL()}, Pt2eGuideTest.class.getClassLoader());
  }

  private static Plan plan(Quantizer quantizer) {
    return Quantization.plan(
        QuantizationRequest.of(model(), QuantizerProvider.of("acme", quantizer)));
  }

  /** Two linear layers with a relu between them. */
  private static Model model() {
    Graph graph =
        new Graph(
            "g",
            List.of(CommandFixture.value("x", DataType.FLOAT, 3, 4)),
            List.of(CommandFixture.value("fc2", DataType.FLOAT, 3, 2)),
            Map.of("w1", ramp(4, 4), "b1", ramp(4), "w2", ramp(4, 2), "b2", ramp(2)),
            List.of(
                Node.of("fc1", OpType.onnx("Gemm"), List.of("x", "w1", "b1"), List.of("fc1")),
                Node.of("relu1", OpType.onnx("Relu"), List.of("fc1"), List.of("relu1")),
                Node.of("fc2", OpType.onnx("Gemm"), List.of("relu1", "w2", "b2"), List.of("fc2"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, 13);
  }

  private static Tensor ramp(long... sizes) {
    return AnnotationGuideTest.ramp(sizes);
  }
}
