package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.qnn.QnnProvider;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.check.CheckSettings;
import dev.octet.workflow.check.ResultCheck;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the check says of ranges that do not fit the values: fixed grids, and probabilities. */
class FittingGridsTest {

  private static final Execution ONE = Execution.threads(1);

  private static Node node(String name, String op, String result, String... operands) {
    return Node.of(name, OpType.onnx(op), List.of(operands), List.of(result));
  }

  private static Model of(int columns, Map<String, Tensor> constants, Node... nodes) {
    return Model.of(
        new Graph(
            "g",
            List.of(CommandFixture.value("x", "N", columns)),
            List.of(CommandFixture.value("y", "N", columns)),
            constants,
            List.of(nodes),
            Map.of(),
            Optional.empty()),
        17);
  }

  /** Values around a mean, and a last one that lies far above. */
  private static DataSource data(Model model, int columns, float mean, float last) {
    Random random = new Random(5);
    float[] values = new float[8 * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + (float) random.nextGaussian();
    }
    values[values.length - 1] = last;
    return DataSource.of(model.graph(), Map.of("x", Tensor.of(values, 8, columns)));
  }

  private static List<Finding> findings(
      QuantizerProvider provider, Options options, Model model, DataSource data) {
    Plan plan = Quantization.plan(QuantizationRequest.of(model, provider).options(options));
    Calibration calibration = Quantization.calibrate(plan, data, ONE);
    return ResultCheck.of(
            plan,
            Quantization.convert(plan, calibration),
            changed -> Quantization.convert(changed, calibration),
            data,
            CheckSettings.standard().mending(false),
            NamedRuntime.of("cpu", new ReferenceRuntime()),
            ONE)
        .report()
        .findings();
  }

  private static Optional<Finding> find(List<Finding> findings, String id) {
    return findings.stream().filter(finding -> finding.id().equals(id)).findFirst();
  }

  @Test
  void aFixedGridThatTheValuesDoNotReachIsNamedWithItsSteps() {
    Model model = of(64, Map.of(), node("squash", "Sigmoid", "y", "x"));
    List<Finding> far = findings(new QnnProvider(), Options.none(), model, data(model, 64, -9, -9));
    Finding finding = find(far, "OCT-CHK-105").orElseThrow(() -> new AssertionError(far));
    assertEquals("squash", finding.node().orElseThrow());
    assertTrue(finding.message().contains("'y' of node 'squash' runs from"), finding.message());
    assertTrue(finding.message().contains("of the 256 steps of 0.003906"), finding.message());
    assertTrue(
        finding.message().contains("activation-bits=16 gives it 16 bits"), finding.message());
    List<Finding> near = findings(new QnnProvider(), Options.none(), model, data(model, 64, 0, 9));
    assertEquals(Optional.empty(), find(near, "OCT-CHK-105"));
  }

  /** Who converts by a calibration has no samples to run, and is told what calibration saw. */
  @Test
  void convertingNamesAFixedGridThatWhatCalibrationSawDoesNotReach() {
    Model model = of(64, Map.of(), node("squash", "Sigmoid", "y", "x"));
    Plan plan = Quantization.plan(QuantizationRequest.of(model, new QnnProvider()));
    Calibration far = Quantization.calibrate(plan, data(model, 64, -9, -9), ONE);
    QuantizedModel converted = Quantization.convert(plan, far);
    Finding finding = find(converted.report().findings(), "OCT-CONV-111").orElseThrow();
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("'y' runs from "), finding.message());
    assertTrue(finding.message().contains(" of the 256 steps of 0.003906."), finding.message());
    assertEquals(Optional.empty(), find(converted.measured().report().findings(), "OCT-CONV-111"));
    Calibration near = Quantization.calibrate(plan, data(model, 64, 0, 9), ONE);
    Calibration unwatched =
        new Calibration(
            far.modelHash(),
            far.seen(),
            far.restrictedTo(plan.observedGroups(), plan.observers()).groups());
    for (Calibration fine : List.of(near, unwatched)) {
      QuantizedModel other = Quantization.convert(plan, fine);
      assertEquals(Optional.empty(), find(other.report().findings(), "OCT-CONV-111"));
    }
    assertEquals(
        converted.model().graph().nodes(),
        Quantization.convert(plan, unwatched).model().graph().nodes());
  }

  @Test
  void probabilitiesOverManyKeysSayWhatEightBitsCost() {
    Model model = of(2000, Map.of(), node("attend", "Softmax", "y", "x"));
    for (QuantizerProvider provider : List.of(new CpuProvider(), new QnnProvider())) {
      // The largest probability of all rows sets the scale, and the others have few steps.
      List<Finding> found = findings(provider, Options.none(), model, data(model, 2000, 0, 7));
      Finding finding = find(found, "OCT-CHK-107").orElseThrow(() -> new AssertionError(found));
      assertEquals(Finding.Severity.INFO, finding.severity());
      assertTrue(
          finding.message().contains("'y' of node 'attend' has rows of up to 2000"),
          finding.message());
      assertTrue(finding.message().contains(" dB"), finding.message());
      String bits =
          provider.name().equals("qnn")
              ? "activation-bits=16 gives it 16 bits"
              : "the backend has no 16 bits for Softmax";
      assertTrue(finding.message().contains(bits), finding.message());
      Model few = of(16, Map.of(), node("attend", "Softmax", "y", "x"));
      assertEquals(
          Optional.empty(),
          find(findings(provider, Options.none(), few, data(few, 16, 0, 2)), "OCT-CHK-107"));
    }
  }

  @Test
  void whatAnObserverClipsMoreThanALittleIsNamed() {
    Model model =
        of(64, Map.of("one", Tensor.of(new float[] {1}, 1)), node("add", "Add", "y", "x", "one"));
    List<Finding> found =
        findings(
            watchedBy(ObserverSpec.percentile(90)), Options.none(), model, data(model, 64, 0, 3));
    Finding finding = find(found, "OCT-CHK-106").orElseThrow(() -> new AssertionError(found));
    assertEquals("add", finding.node().orElseThrow());
    assertTrue(finding.message().contains("'y' of node 'add'"), finding.message());
    List<Finding> whole =
        findings(watchedBy(ObserverSpec.minMax()), Options.none(), model, data(model, 64, 0, 3));
    assertEquals(Optional.empty(), find(whole, "OCT-CHK-106"));
  }

  private static QuantizerProvider watchedBy(ObserverSpec observer) {
    IntegerTypes types =
        new IntegerTypes(
            QuantizedType.of(Storage.INT8), new QuantizedType(Storage.INT8, -127, 127), observer);
    return QuantizerProvider.of("test", StaticIntegerRules.of("test", types).quantizer());
  }
}
