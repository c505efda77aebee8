package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReachedPlanTest {

  private static final Tensor WEIGHT = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);

  private static Attribute branch(String name, String node, String result) {
    ValueInfo output =
        ValueInfo.of(result, ValueType.TensorType.of(DataType.FLOAT, Shape.of(3, 2)));
    Graph body =
        new Graph(
            name,
            List.of(),
            List.of(output),
            Map.of(),
            List.of(
                Node.of(node, OpType.onnx("MatMul"), List.of("a", "w"), List.of(node + "_r")),
                Node.of(result, OpType.onnx("Sign"), List.of(node + "_r"), List.of(result))),
            Map.of(),
            Optional.empty());
    return new Attribute(name, new Attribute.GraphValue(body), Optional.empty());
  }

  /** Two products, one of them in a branch; the other branch is never taken. */
  private static Model branches() {
    return new Models()
        .input("x", 3, 2)
        .constant("w", WEIGHT)
        .constant("yes", Tensor.of(DataType.BOOL, new byte[] {1}))
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node(
            "if",
            "If",
            List.of("yes"),
            "y",
            branch("then_branch", "taken", "t"),
            branch("else_branch", "untaken", "e"))
        .output("y", 2)
        .model(13);
  }

  private static Plan plan(Model model) {
    IntegerTypes types =
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverSpec.minMax());
    return Quantization.plan(
        QuantizationRequest.of(
            model, QuantizerProvider.of("cpu", StaticIntegerRules.of("test", types).quantizer())));
  }

  private static Calibration calibrate(Plan plan) {
    float[] values = {0.5f, -1, 2, 0.25f, -0.75f, 1};
    Model model = plan.prepared().original();
    return Quantization.calibrate(
        plan,
        DataSource.of(model.graph(), Map.of("x", Tensor.of(values, 3, 2))),
        Execution.threads(1));
  }

  @Test
  void aBranchThatIsNeverTakenStaysFloatAndTheRestIsQuantized() {
    Plan plan = plan(branches());
    Calibration calibration = calibrate(plan);
    assertEquals(List.of("if/else_branch/untaken_r"), calibration.unreached());
    QuantizedModel quantized = Quantization.convert(plan, calibration);
    Map<String, String> floats =
        quantized.report().floatNodes().stream()
            .collect(
                Collectors.toMap(
                    ConversionReport.FloatNode::name, ConversionReport.FloatNode::reason));
    assertEquals("no sample reaches 'if/else_branch/untaken_r'", floats.get("untaken"));
    assertTrue(!floats.containsKey("taken") && !floats.containsKey("first"), floats.toString());
    Finding finding =
        quantized.report().findings().stream()
            .filter(each -> each.id().equals("OCT-CAL-103"))
            .findFirst()
            .orElseThrow();
    assertTrue(
        finding.message().startsWith("No sample reached 'if/else_branch/untaken_r'."),
        finding.message());
  }

  @Test
  void onAnotherRuntimeBodiesStayFloatWithThatReason() {
    Plan plan = plan(branches());
    Model model = plan.prepared().original();
    Calibration calibration =
        Quantization.calibrate(
            plan,
            DataSource.of(
                model.graph(), Map.of("x", Tensor.of(new float[] {1, -1, 2, 3, 0, 1}, 3, 2))),
            NamedRuntime.of("acme", new ReferenceRuntime()),
            Execution.threads(1));
    ConversionReport report = Quantization.convert(plan, calibration).report();
    Map<String, String> floats =
        report.floatNodes().stream()
            .collect(
                Collectors.toMap(
                    ConversionReport.FloatNode::name, ConversionReport.FloatNode::reason));
    assertEquals(
        "'if/then_branch/taken_r' is computed inside of a body, where nothing is seen on 'acme'",
        floats.get("taken"));
    assertTrue(!floats.containsKey("first"), floats.toString());
    assertTrue(
        report.findings().stream()
            .anyMatch(
                each -> each.message().contains("What bodies of If, Loop and Scan compute is not")),
        report.findings().toString());
  }

  @Test
  void theFileSaysThePlanThatWasGiven() {
    Plan plan = plan(branches());
    String text = Quantization.convert(plan, calibrate(plan)).model().metadata().toString();
    assertTrue(text.contains(plan.contentHash()), text);
  }

  @Test
  void whereNothingIsReachedThereIsNothingToQuantize() {
    Model empty =
        new Models()
            .input("x", 3, 2)
            .constant("w", WEIGHT)
            .constant("from", Tensor.of(new long[] {2}, 1))
            .constant("to", Tensor.of(new long[] {1}, 1))
            .node("none", "Slice", List.of("x", "from", "to"), "s")
            .node("product", "MatMul", List.of("s", "w"), "y")
            .output("y", 2)
            .model(13);
    Plan plan = plan(empty);
    OctetException e = assertThrows(OctetException.class, () -> calibrate(plan));
    assertEquals("OCT-CAL-003", e.id());
  }
}
