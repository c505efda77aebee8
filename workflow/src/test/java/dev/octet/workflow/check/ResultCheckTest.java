package dev.octet.workflow.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.IntegerTypes;
import dev.octet.annotation.rules.StaticIntegerRules;
import dev.octet.api.error.ErrorId;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultCheckTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());

  /** Values around 0 are moved by a number that takes the whole range, and moved back. */
  private static Model shifted(float shift) {
    float[] weights = new float[16];
    Random random = new Random(7);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat() - 0.5f;
    }
    return new Models()
        .samples("x", 4)
        .constant("w", Tensor.of(weights, 4, 4))
        .vector("up", shift)
        .vector("down", -shift)
        .node("first", "MatMul", List.of("x", "w"), "a")
        .node("rise", "Add", List.of("a", "up"), "b")
        .node("fall", "Add", List.of("b", "down"), "c")
        .node("second", "MatMul", List.of("c", "w"), "y")
        .output("y", 2)
        .model(13);
  }

  private static DataSource samples(Model model) {
    float[] values = new float[40 * 4];
    Random random = new Random(8);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return DataSource.of(model.graph(), Map.of("x", Tensor.of(values, 40, 4)));
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

  private static ResultCheck check(Model model, CheckSettings settings, int threads) {
    DataSource data = samples(model);
    Plan plan = plan(model);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(threads));
    QuantizedModel quantized = Quantization.convert(plan, calibration);
    return ResultCheck.of(
        plan,
        quantized,
        changed -> Quantization.convert(changed, calibration),
        data,
        settings,
        CPU,
        Execution.threads(threads));
  }

  @Test
  void aModelThatIsFineIsNotTouched() {
    ResultCheck checked = check(shifted(0.25f), CheckSettings.standard(), 1);
    assertTrue(checked.keptFloat().isEmpty());
    assertTrue(checked.asPlanned().isEmpty());
    assertTrue(checked.plan().nodes().stream().allMatch(PlannedNode::quantized));
    assertEquals(List.of(), checked.report().findings());
    assertTrue(ResultCheck.decibels(checked.outputs()) > 25);
  }

  @Test
  void moreSamplesRunOnlyWhereTheFirstLeaveADoubt() {
    assertEquals(4, samplesOf(check(shifted(0.25f), CheckSettings.standard(), 1)));
    assertEquals(8, samplesOf(check(shifted(0.25f), CheckSettings.standard().atLeast(200), 1)));
    assertEquals(8, samplesOf(check(shifted(1000), CheckSettings.standard(), 1)));
    assertEquals(1, new CheckSettings(1, 15, 25, true).firstSamples());
  }

  private static int samplesOf(ResultCheck checked) {
    return checked
        .report()
        .json(true)
        .asMapping()
        .get("check")
        .asMapping()
        .get("samples")
        .asNumber()
        .intValue();
  }

  @Test
  void fewNodesAreKeptInFloatWhereThatMendsAModel() {
    ResultCheck checked = check(shifted(1000), CheckSettings.standard(), 1);
    assertTrue(ResultCheck.decibels(checked.asPlanned().orElseThrow()) < 3);
    assertTrue(ResultCheck.decibels(checked.outputs()) > 25);
    assertEquals(Set.of("rise", "fall"), checked.keptFloat().keySet());
    PlannedNode rise =
        checked.plan().nodes().stream().filter(n -> n.name().equals("rise")).findFirst().get();
    assertEquals("measured", rise.decidedBy());
    assertTrue(
        rise.reason()
            .orElseThrow()
            .matches("the worst output has -?[0-9.]+ dB with it quantized, and [0-9.]+ dB without"),
        rise.toString());
    assertEquals(
        List.of("OCT-CHK-102"), checked.report().findings().stream().map(Finding::id).toList());
    assertTrue(
        checked.quantized().report().floatNodes().stream()
            .anyMatch(node -> node.name().equals("rise")));
  }

  @Test
  void asPlannedIsAsPlannedAndSaysWhatItIs() {
    ResultCheck checked = check(shifted(1000), CheckSettings.standard().mending(false), 1);
    assertTrue(checked.plan().nodes().stream().allMatch(PlannedNode::quantized));
    assertTrue(checked.keptFloat().isEmpty());
    Finding finding = checked.report().findings().get(0);
    assertEquals("OCT-CHK-101", finding.id());
    assertTrue(finding.message().startsWith("Output 'y' has "), finding.message());
    assertTrue(finding.message().contains(" on 8 samples, less than 15.0 dB."), finding.message());
    assertTrue(finding.message().contains("The error grows most at '"), finding.message());
  }

  @Test
  void theBoundIsAnOption() {
    ResultCheck lax = check(shifted(1000), CheckSettings.standard().atLeast(-60), 1);
    assertTrue(lax.keptFloat().isEmpty());
    assertEquals(List.of(), lax.report().findings());
    ResultCheck strict = check(shifted(0.25f), CheckSettings.standard().atLeast(200), 1);
    assertFalse(strict.report().findings().isEmpty());
  }

  @Test
  void threadsChangeNothing() {
    ResultCheck one = check(shifted(1000), CheckSettings.standard(), 1);
    ResultCheck four = check(shifted(1000), CheckSettings.standard(), 4);
    assertEquals(one.keptFloat(), four.keptFloat());
    assertEquals(JsonText.write(one.report().json(true)), JsonText.write(four.report().json(true)));
    assertEquals(one.plan().document(), four.plan().document());
  }

  @Test
  void anOutputThatIsZeroInFloatIsNotJudged() {
    Model zero =
        new Models()
            .samples("x", 4)
            .vector("none", 0f)
            .node("product", "Mul", List.of("x", "none"), "y")
            .output("y", 2)
            .model(13);
    ResultCheck checked = check(zero, CheckSettings.standard(), 1);
    assertEquals(List.of(), checked.report().findings());
  }

  /** Three of four values are less than half a step, and become 0. */
  @Test
  void outputsOfAsManyElementsAsValuesSayAreSaidToBeUnchecked() {
    Model selecting =
        new Models()
            .samples("x", 4)
            .vector("factors", 1f, 1e-5f, 1e-5f, 1e-5f)
            .node("scale", "Mul", List.of("x", "factors"), "c")
            .node("places", "NonZero", List.of("c"), "p")
            .node("turn", "Transpose", List.of("p"), "t")
            .node("select", "GatherND", List.of("c", "t"), "y")
            .output("y", 1)
            .model(13);
    ResultCheck checked = check(selecting, CheckSettings.standard(), 1);
    List<Finding> findings = checked.report().findings();
    assertEquals(List.of("OCT-CHK-103"), findings.stream().map(Finding::id).toList());
    String message = findings.get(0).message();
    assertTrue(message.contains("output 'y' has"), message);
    assertTrue(message.endsWith("values decide how many there are"), message);
  }

  @Test
  void aModelThatCannotBeRunIsSaidToBeUnchecked() {
    Model model = shifted(0.25f);
    Plan plan = plan(model);
    DataSource data = samples(model);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    QuantizedModel quantized = Quantization.convert(plan, calibration);
    NamedRuntime broken = NamedRuntime.of("broken", new BrokenRuntime());
    ResultCheck checked =
        ResultCheck.of(
            plan,
            quantized,
            changed -> quantized,
            data,
            CheckSettings.standard(),
            broken,
            Execution.threads(1));
    assertSame(quantized, checked.quantized());
    assertEquals("OCT-CHK-103", checked.report().findings().get(0).id());
    assertTrue(checked.report().findings().get(0).message().contains("the device is off"));
  }

  @Test
  void whatOctetDoesNotRunIsCheckedElsewhereAndNotMended() {
    Model model = shifted(1000);
    Plan plan = plan(model);
    DataSource data = samples(model);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    QuantizedModel quantized = Quantization.convert(plan, calibration);
    NamedRuntime broken = NamedRuntime.of("cpu", new BrokenRuntime());
    NamedRuntime acme = NamedRuntime.of("acme", new ReferenceRuntime());
    ResultCheck checked =
        check(plan, quantized, calibration, data, CheckRuntimes.of(broken).orOn(acme));
    assertSame(quantized, checked.quantized());
    assertEquals(
        check(model, CheckSettings.standard(), 1).asPlanned(), Optional.of(checked.outputs()));
    List<String> ids = checked.report().findings().stream().map(Finding::id).toList();
    assertEquals(List.of("OCT-CHK-104", "OCT-CHK-101"), ids);
    assertTrue(checked.report().findings().get(0).message().contains("on 'acme'"));
    ResultCheck neither =
        check(plan, quantized, calibration, data, CheckRuntimes.of(broken).orOn(broken));
    assertEquals("OCT-CHK-103", neither.report().findings().get(0).id());
  }

  private static ResultCheck check(
      Plan plan,
      QuantizedModel quantized,
      Calibration calibration,
      DataSource data,
      CheckRuntimes runtimes) {
    return ResultCheck.of(
        plan,
        quantized,
        changed -> Quantization.convert(changed, calibration),
        data,
        CheckSettings.standard(),
        runtimes,
        Execution.threads(1));
  }

  /** Refuses every model. */
  private static final class BrokenRuntime implements BackendRuntime {

    @Override
    public RuntimeUses uses(Options options) {
      return new ReferenceRuntime().uses(options);
    }

    @Override
    public ExecutableModel load(LoadRequest request) {
      throw ErrorId.backend("ACME-RUN-001", "The device is off.", "Turn it on.")
          .error("the device is off")
          .build();
    }
  }
}
