package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.cli.conformance.DecisionTable.Meant;
import dev.octet.cli.conformance.GoldenCases.GoldenCase;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows that the comparison of decisions finds equal what is equal, and nothing else. */
class DecisionComparisonTest {

  /** PyTorch folds a BatchNormalization into a convolution that has another reader. */
  private static final String FOLDED_WRONGLY = "conv_bn_shared_conv_two_users/";

  @ParameterizedTest
  @CsvSource({"xnnpack, 146, 0", "x86_inductor, 66, 0", "arm, 96, 5", "qualcomm, 90, 2"})
  void marksAreEqualToThemselvesAtEveryPointOfEveryFile(String family, int cases, int twice) {
    DecisionTable table =
        new DecisionTable(
            "golden marks of " + family,
            twice == 0
                ? List.of()
                : List.of(Meant.of(".*", "^marked twice in theirs", twice, "called twice")));
    for (GoldenCase golden : GoldenCases.patterns(family)) {
      golden.file().ifPresent(f -> table.add(golden, planOfGolden(golden)));
    }
    GoldenCases.models(family).forEach(golden -> table.add(golden, planOfGolden(golden)));
    System.out.println(table);
    assertEquals(List.of(), table.different());
    assertEquals(List.of(), table.miscounted());
    assertEquals(table.compared() - twice, table.equal());
    assertEquals(cases, table.cases());
  }

  @ParameterizedTest
  @CsvSource({"xnnpack, 506", "x86_inductor, 301", "arm, 259", "qualcomm, 192"})
  void constantsUnderTheGoldenMarksHaveTheBitsOfPyTorch(String family, int constants) {
    List<GoldenCase> cases = new ArrayList<>(GoldenCases.patterns(family));
    cases.addAll(GoldenCases.models(family));
    List<String> differences = new ArrayList<>();
    int equal = 0;
    for (GoldenCase golden : cases) {
      if (golden.file().isPresent()) {
        GoldenDecisions decisions = GoldenDecisions.read(golden.file().get());
        if (!decisions.trained()) {
          Model model = golden.read();
          ConstantComparison comparison =
              ConstantComparison.of(model, plan(model, new MarksOfGolden(decisions)), decisions);
          equal += comparison.equal();
          comparison.differences().forEach(d -> differences.add(golden.name() + ": " + d));
        }
      }
    }
    System.out.println(family + ": " + equal + " constants equal, different " + differences);
    assertEquals(constants, equal);
    assertEquals(
        List.of(), differences.stream().filter(d -> !d.startsWith(FOLDED_WRONGLY)).toList());
  }

  @Test
  void everyKindOfDifferenceIsFound() {
    GoldenCase golden = caseOf("maxpool/xnnpack.static_pc");
    List<String> found =
        DecisionComparison.of(
                planOfGolden(caseOf("maxpool/x86_inductor.default")),
                GoldenDecisions.read(golden.file().orElseThrow()))
            .differences();
    assertEquals(
        List.of(
            "spec: Conv operand 0 of '/0/Conv' ('x0') is uint8 0..255 affine per tensor, at least"
                + " 0x1.0p-12, static, in theirs int8 -128..127 affine per tensor, at least"
                + " 0x1.0p-12, static",
            "spec: Conv operand 1 of '/0/Conv' ('0.weight') is int8 -128..127 symmetric per channel"
                + " 0, at least 0x1.0p-12, static, in theirs int8 -127..127 symmetric per channel"
                + " 0, at least 0x1.0p-12, static",
            "float, quantized in theirs: Relu result 0 of '/1/Relu' ('/1/Relu_output_0')"),
        found.stream().filter(d -> !d.contains("MaxPool")).toList());
  }

  @Test
  void aGroupThatIsTornApartIsFound() {
    GoldenDecisions golden =
        GoldenDecisions.read(caseOf("cat_equal_ranges/xnnpack.static_pc").file().orElseThrow());
    Plan plan = planOfGolden(caseOf("cat_equal_ranges/xnnpack.static_pc"));
    assertEquals(3, DecisionComparison.of(plan, golden).equal());
    Plan apart =
        plan(
            caseOf("cat_equal_ranges/xnnpack.static_pc").read(),
            new MarksOfGolden(withOneGroupEach(golden)));
    List<String> differences = DecisionComparison.of(apart, golden).differences();
    assertEquals(3, differences.size());
    assertTrue(
        differences.get(0).startsWith("group: Concat operand 0 of '/Concat' ('x0') shares with"),
        differences.get(0));
  }

  @Test
  void anotherBackendIsFoundDifferentUnlessThatIsMeant() {
    GoldenCase golden = caseOf("conv_relu/xnnpack.static_pc");
    Plan plan = Quantization.plan(QuantizationRequest.of(golden.read(), new CpuProvider()));
    DecisionTable table = new DecisionTable("cpu", List.of());
    table.add(golden, plan);
    assertFalse(table.different().isEmpty());
    int points = table.different().size();
    Meant everything = Meant.of("conv_relu/.*", "", points, "another backend");
    Meant nothing = Meant.of("conv/.*", "", 1, "not there");
    DecisionTable explained = new DecisionTable("cpu", List.of(nothing, everything));
    explained.add(golden, plan);
    assertEquals(List.of(), explained.different());
    assertEquals(List.of(nothing + ": 0"), explained.miscounted());
  }

  @Test
  void policiesOfFilesSelectNodes() {
    for (String family : List.of("xnnpack", "x86_inductor")) {
      for (GoldenCase golden : GoldenCases.models(family)) {
        Model model = golden.read();
        GoldenDecisions decisions = GoldenDecisions.read(golden.file().orElseThrow());
        Policy policy = GoldenPolicy.of(decisions, model.graph());
        boolean has = golden.name().contains("_policy.");
        assertEquals(has, !policy.rules().isEmpty(), golden.name());
        if (has) {
          assertFalse(
              policy.decide(model.graph(), node -> List.of(node.name())).directives().isEmpty(),
              golden.name());
        }
      }
    }
  }

  private static GoldenDecisions withOneGroupEach(GoldenDecisions golden) {
    var specs = new java.util.HashMap<>(golden.specs());
    var annotations = new java.util.ArrayList<GoldenDecisions.TorchAnnotation>();
    int next = 100;
    for (GoldenDecisions.TorchAnnotation annotation : golden.annotations()) {
      var inputs = new java.util.ArrayList<GoldenDecisions.TorchInput>();
      for (GoldenDecisions.TorchInput input : annotation.inputs()) {
        specs.put(++next, golden.specs().get(input.group().orElseThrow()));
        inputs.add(
            new GoldenDecisions.TorchInput(
                input.operands(), input.producer(), java.util.OptionalInt.of(next)));
      }
      specs.put(++next, golden.specs().get(annotation.outputGroup().orElseThrow()));
      annotations.add(
          new GoldenDecisions.TorchAnnotation(
              annotation.node(), annotation.op(), inputs, java.util.OptionalInt.of(next)));
    }
    return new GoldenDecisions(
        golden.file(),
        golden.config(),
        golden.call(),
        golden.trained(),
        golden.nodes(),
        annotations,
        specs,
        golden.floors(),
        golden.constants());
  }

  private static GoldenCase caseOf(String name) {
    String family = name.contains("xnnpack") ? "xnnpack" : "x86_inductor";
    return GoldenCases.patterns(family).stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Plan planOfGolden(GoldenCase golden) {
    GoldenDecisions decisions = GoldenDecisions.read(golden.file().orElseThrow());
    return plan(golden.read(), new MarksOfGolden(decisions));
  }

  private static Plan plan(Model model, MarksOfGolden quantizer) {
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of("golden", quantizer)));
  }
}
