package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A vendor's table, from the plan to the file that runs.
 *
 * @param plan the plan
 * @param quantized the model, written to a file and read again
 */
record VendorRun(Plan plan, Model quantized) {

  private static final OnnxFormat ONNX = new OnnxFormat();

  /**
   * Quantizes a model.
   *
   * @param samples what calibration sees, where it has to see something
   */
  static VendorRun of(BackendRules rules, Model model, Map<String, Tensor> samples) {
    Plan plan = plan(rules, model);
    QuantizedModel converted =
        plan.observedGroups().isEmpty()
            ? Quantization.convert(plan)
            : Quantization.convert(
                plan,
                Quantization.calibrate(
                    plan,
                    DataSource.of(plan.prepared().model().graph(), samples),
                    Execution.threads(1)));
    return new VendorRun(plan, ONNX.read(ONNX.toBytes(converted.model()), "quantized"));
  }

  /** The plan of a model, written to a file and read again. */
  static Plan plan(BackendRules rules, Model model) {
    Model read = ONNX.read(ONNX.toBytes(model), "float");
    QuantizerProvider provider = QuantizerProvider.of("acme", rules.quantizer());
    Plan plan = Quantization.plan(QuantizationRequest.of(read, provider));
    String text = JsonText.write(plan.document().toTree());
    PlanDocument document = PlanDocument.fromTree(JsonText.parse(text, "plan"));
    assertEquals(plan.document(), document);
    return Quantization.bind(document, read, provider);
  }

  /** Asserts that a plan is refused with {@code OCT-PLAN-027}, and returns what it says. */
  static String refusal(BackendRules rules, Model model) {
    OctetException refused = assertThrows(OctetException.class, () -> plan(rules, model));
    assertEquals("OCT-PLAN-027", refused.id());
    return refused.getMessage();
  }

  /** A constant of the file. */
  Tensor stored(String name) {
    return Optional.ofNullable(quantized.graph().initializers().get(name)).orElseThrow();
  }

  /** Asserts that a runtime computes what another model does in float, to the last bit. */
  void assertComputes(Model wanted, String runtime, Map<String, Tensor> inputs) {
    assertArrayEquals(run(wanted, "cpu", inputs), run(quantized, runtime, inputs), 0f, runtime);
  }

  /** Asserts that a runtime computes what the reference executor does, within a bound. */
  void assertComputesAsTheReference(String runtime, double bound, Map<String, Tensor> inputs) {
    float[] wanted = run(quantized, "cpu", inputs);
    float[] computed = run(quantized, runtime, inputs);
    assertEquals(wanted.length, computed.length);
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], computed[i], bound, runtime + " " + i);
    }
  }

  /** A model with other constants. */
  static Model with(Model model, String name, Tensor constant) {
    Graph graph = model.graph();
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    constants.put(name, constant);
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            constants,
            graph.nodes(),
            graph.values(),
            graph.origin()));
  }

  static float[] run(Model model, String runtime, Map<String, Tensor> inputs) {
    QuantizerCatalog catalog = QuantizerCatalog.discover(VendorRun.class.getClassLoader());
    try (ExecutableModel loaded =
        catalog.runtime(runtime).load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(inputs).get("y").floats();
    }
  }
}
