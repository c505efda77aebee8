package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.NodePattern;
import dev.octet.annotation.rules.RuleTree;
import dev.octet.annotation.rules.Specs;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Points that become a narrower float. */
class NarrowFloatTest {

  private static final QuantizationSpec FLOAT16 =
      new QuantizationSpec.NarrowFloat(DataType.FLOAT16);
  private static final QuantizationSpec HALVES =
      QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0.5f, 0);

  private static final float[] EXACT = {
    1 + 0x1p-11f,
    1 + 0x3p-11f,
    1 + 0x1.001p-11f,
    65504,
    65519.996f,
    65520,
    -1e9f,
    0x1p-25f,
    0x1.8p-25f,
    -0x1p-24f,
    -0f,
    Float.NaN,
    Float.NEGATIVE_INFINITY
  };

  /** Half to even; half a step beyond the largest is infinite; below half the smallest is 0. */
  private static final float[] ROUNDED = {
    1,
    1 + 0x1p-9f,
    1 + 0x1p-10f,
    65504,
    65504,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0,
    0x1p-24f,
    -0x1p-24f,
    -0f,
    Float.NaN,
    Float.NEGATIVE_INFINITY
  };

  private static Model negated() {
    return new Models()
        .input("x", EXACT.length)
        .node("neg", "Neg", List.of("x"), "y")
        .node("abs", "Abs", List.of("y"), "z")
        .output("y", 1)
        .output("z", 1)
        .model(13);
  }

  private static Model dense() {
    return new Models()
        .samples("x", 2)
        .constant("w", Tensor.of(new float[] {1 + 0x1p-11f, -2, 0.25f, 65519}, 2, 2))
        .node("dense", "MatMul", List.of("x", "w"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Model convert(Model model, Map<Point, QuantizationSpec> marks) {
    return Quantization.convert(MarkingQuantizer.plan(model, marks)).model();
  }

  private static Map<String, Tensor> run(Model model, Tensor x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", x));
    }
  }

  private static List<String> ops(Model model) {
    return model.graph().nodes().stream().map(node -> node.op().name()).toList();
  }

  private static float[] negative(float[] values) {
    float[] negative = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negative[i] = -values[i];
    }
    return negative;
  }

  @Test
  void anOperandIsRoundedHalfToEvenAndOverflowsToInfinity() {
    Model model = convert(negated(), Map.of(Point.operand("neg", 0), FLOAT16));
    assertEquals(List.of("Cast", "Cast", "Neg", "Abs"), ops(model));
    assertArrayEquals(
        negative(ROUNDED), run(model, Tensor.of(EXACT, EXACT.length)).get("y").floats());
  }

  @Test
  void aResultIsRoundedForEveryoneUnderItsName() {
    Model model =
        convert(
            negated(), Map.of(Point.result("neg", 0), FLOAT16, Point.operand("abs", 0), FLOAT16));
    assertEquals(List.of("Neg", "Cast", "Cast", "Abs"), ops(model), "rounded once");
    Map<String, Tensor> outputs = run(model, Tensor.of(EXACT, EXACT.length));
    assertArrayEquals(negative(ROUNDED), outputs.get("y").floats());
    assertEquals(1, outputs.get("z").floats()[0]);
    assertEquals(DataType.FLOAT, outputs.get("y").dataType());
  }

  @Test
  void aConstantIsStoredAsFloat16() {
    Model model =
        convert(
            dense(),
            Map.of(Point.operand("dense", 0), FLOAT16, Point.operand("dense", 1), FLOAT16));
    assertEquals(List.of("w_float16"), List.copyOf(model.graph().initializers().keySet()));
    Tensor stored = model.graph().initializers().get("w_float16");
    assertEquals(DataType.FLOAT16, stored.dataType());
    assertArrayEquals(new short[] {0x3c00, (short) 0xc000, 0x3400, 0x7bff}, stored.shorts());
    Tensor x = Tensor.of(new float[] {1 + 0x3p-11f, 0}, 1, 2);
    assertArrayEquals(new float[] {1 + 0x1p-9f, -2 - 0x1p-8f}, run(model, x).get("y").floats());
  }

  @Test
  void standsBesideIntegersAtOneValue() {
    Model both =
        new Models()
            .input("x", 2)
            .node("neg", "Neg", List.of("x"), "y")
            .node("abs", "Abs", List.of("x"), "z")
            .output("y", 1)
            .output("z", 1)
            .model(13);
    Model model =
        convert(both, Map.of(Point.operand("neg", 0), FLOAT16, Point.operand("abs", 0), HALVES));
    Map<String, Tensor> outputs = run(model, Tensor.of(new float[] {1 + 0x1p-11f, -100.3f}, 2));
    assertArrayEquals(new float[] {-1, 100.3125f}, outputs.get("y").floats());
    assertArrayEquals(new float[] {1, 64}, outputs.get("z").floats());
    Model output =
        convert(negated(), Map.of(Point.result("neg", 0), FLOAT16, Point.output("y"), HALVES));
    assertEquals(
        List.of("Neg", "Cast", "Cast", "QuantizeLinear", "Abs"), ops(output), "Abs reads float16");
    assertEquals(
        -2, run(output, Tensor.of(EXACT, EXACT.length)).get("y").integers()[0], "of -1 in halves");
  }

  @Test
  void aTableAsksForItAndNoDataIsNeeded() {
    BackendRules rules =
        BackendRules.named("acme")
            .rule("dense", NodePattern.op("MatMul").constantOperand(1))
            .activation(Specs.float16())
            .weight(Specs.float16())
            .output(Specs.bfloat16())
            .build();
    assertEquals(rules, RuleTree.fromTree(RuleTree.toTree(rules)));
    Plan plan =
        Quantization.plan(
            QuantizationRequest.of(dense(), QuantizerProvider.of("acme", rules.quantizer())));
    assertEquals(List.of(), plan.observedGroups());
    assertEquals(
        Map.of(
            Point.operand("dense", 0), DataType.FLOAT16,
            Point.operand("dense", 1), DataType.FLOAT16,
            Point.result("dense", 0), DataType.BFLOAT16),
        plan.narrowFloats());
    assertTrue(plan.nodes().get(0).quantized());
    String text = JsonText.write(plan.document().toTree());
    assertTrue(text.contains("\"kind\": \"narrow-float\""), text);
    assertTrue(text.contains("\"type\": \"bfloat16\""), text);
    PlanDocument read = PlanDocument.fromTree(JsonText.parse(text, "plan.json"));
    assertEquals(plan.document(), read);
    assertEquals(
        plan.narrowFloats(), Plan.bind(read, plan.prepared(), plan.backend()).narrowFloats());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ"})
  void otherTypesArePlannedWithAFindingAndNotConverted(DataType type) {
    Plan plan =
        MarkingQuantizer.plan(
            negated(), Map.of(Point.operand("neg", 0), new QuantizationSpec.NarrowFloat(type)));
    assertEquals("OCT-PLAN-101", plan.findings().get(0).id());
    String why =
        "the operand 0 of 'neg' is to be " + type + ", which can be planned, but not yet converted";
    assertTrue(plan.findings().get(0).message().contains(why), plan.findings().toString());
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-025", e.id());
    assertEquals(why, e.fact());
  }

  private static Plan narrow(DataType type, float... weights) {
    Model model =
        new Models()
            .samples("x", 2)
            .constant("w", Tensor.of(weights, 2, weights.length / 2))
            .node("dense", "MatMul", List.of("x", "w"), "y")
            .output("y", weights.length / 2)
            .model(13);
    QuantizationSpec spec = new QuantizationSpec.NarrowFloat(type);
    return MarkingQuantizer.plan(model, Map.of(Point.operand("dense", 1), spec));
  }

  private static List<String> messages(Plan plan) {
    return plan.findings().stream()
        .filter(finding -> finding.id().equals("OCT-PLAN-103"))
        .map(Finding::message)
        .toList();
  }

  @Test
  void aConstantBeyondFloat16IsAFinding() {
    Plan plan = narrow(DataType.FLOAT16, 1e5f, -2e6f, 65519.996f, 1);
    assertEquals(
        List.of(
            "Constant 'w', operand 1 of 'dense', is to be float16, whose largest number is"
                + " 65504.0, and holds -2000000.0: 2 of its 4 elements become infinite."),
        messages(plan));
    Finding finding =
        plan.findings().stream().filter(f -> f.id().equals("OCT-PLAN-103")).findFirst().get();
    assertEquals(Optional.of("dense"), finding.node());
    QuantizedModel converted = Quantization.convert(plan);
    assertTrue(converted.report().findings().contains(finding));
    assertEquals(
        Float.NEGATIVE_INFINITY,
        run(converted.model(), Tensor.of(new float[] {1, 1}, 1, 2)).get("y").floats()[1]);
    assertEquals(List.of(), messages(narrow(DataType.FLOAT16, 65519.996f, -65504, 0, 1)));
    assertEquals(1, messages(narrow(DataType.FLOAT16, 65520, 0, 0, 0)).size());
    // What is infinite already is not the type's doing.
    assertEquals(
        List.of(), messages(narrow(DataType.FLOAT16, Float.POSITIVE_INFINITY, Float.NaN, 0, 1)));
  }

  /** A window has 2^18 floats. */
  @Test
  void everyWindowOfAConstantIsLookedAt() {
    float[] weights = new float[(1 << 19) + 2];
    weights[0] = 1e5f;
    weights[weights.length - 1] = -2e6f;
    assertEquals(
        List.of(
            "Constant 'w', operand 1 of 'dense', is to be float16, whose largest number is"
                + " 65504.0, and holds -2000000.0: 2 of its 524290 elements become infinite."),
        messages(narrow(DataType.FLOAT16, weights)));
  }

  @Test
  void aConstantThatBecomesZeroIsAFinding() {
    assertEquals(
        List.of(
            "Constant 'w', operand 1 of 'dense', is to be float16, and all of it becomes 0: its"
                + " largest element is -2.9802322E-8."),
        messages(narrow(DataType.FLOAT16, 1e-12f, -0x1p-25f, 0, 0)));
    assertEquals(List.of(), messages(narrow(DataType.FLOAT16, 0x1.000002p-25f, 1e-12f, 0, 0)));
    assertEquals(List.of(), messages(narrow(DataType.FLOAT16, 0, 0, 0, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "BFLOAT16, 3.3961776e38, 3.3895314E38, become infinite",
    "FLOAT8E4M3FN, 449, 448.0, saturates",
    "FLOAT8E4M3FNUZ, 241, 240.0, saturates",
    "FLOAT8E5M2, 57345, 57344.0, saturates",
    "FLOAT8E5M2FNUZ, 57345, 57344.0, saturates"
  })
  void everyNarrowFloatSaysWhatBecomesOfWhatLiesBeyond(
      DataType type, float beyond, float largest, String becomes) {
    assertEquals(List.of(), messages(narrow(type, largest, -largest, 0, 1)));
    String message = messages(narrow(type, 1, 0, -beyond, 1)).get(0);
    assertTrue(message.contains("whose largest number is " + largest), message);
    assertTrue(message.contains(": 1 of its 4 elements "), message);
    assertTrue(message.contains(becomes), message);
  }

  @Test
  void whatCannotBecomeANarrowerFloatIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new QuantizationSpec.NarrowFloat(DataType.FLOAT));
    assertThrows(
        IllegalArgumentException.class, () -> new QuantizationSpec.NarrowFloat(DataType.INT8));
    OctetException boundary =
        assertThrows(
            OctetException.class,
            () -> MarkingQuantizer.plan(negated(), Map.of(Point.input("x"), FLOAT16)));
    assertEquals("OCT-PLAN-027", boundary.id());
    Model integers =
        new Models()
            .input("x", 2)
            .constant("n", Tensor.of(new long[] {2}, 1))
            .node("reshape", "Reshape", List.of("x", "n"), "y")
            .output("y", 1)
            .model(13);
    OctetException other =
        assertThrows(
            OctetException.class,
            () -> MarkingQuantizer.plan(integers, Map.of(Point.operand("reshape", 1), FLOAT16)));
    assertEquals("OCT-PLAN-027", other.id());
    assertTrue(other.fact().endsWith("it is INT64, and only FLOAT becomes a narrower float"));
    OctetException shared =
        assertThrows(
            OctetException.class,
            () ->
                MarkingQuantizer.plan(
                    negated(),
                    Map.of(
                        Point.operand("neg", 0),
                        FLOAT16,
                        Point.result("neg", 0),
                        new QuantizationSpec.Shared(Point.operand("neg", 0)))));
    assertEquals("OCT-RES-002", shared.id());
  }
}
