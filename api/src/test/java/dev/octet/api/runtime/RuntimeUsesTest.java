package dev.octet.api.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.OperatorUse.Value;
import dev.octet.api.spec.Granularity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuntimeUsesTest {

  private static final Granularity WHOLE = new Granularity.PerTensor();
  private static final Granularity CHANNELS = new Granularity.PerChannel(0);
  private static final Value INT8 = Value.quantized(DataType.INT8, WHOLE);
  private static final Value FLOAT = Value.plain(DataType.FLOAT);
  private static final ValueForm ACTIVATION = ValueForm.integers(DataType.INT8).perTensor();

  private static final RequantizationProfile VENDORS =
      RequantizationProfile.named("acme-shift", "(acc + 2^(shift - 1)) >> shift");

  private static final RuntimeUses ACME =
      RuntimeUses.of(
          DeclaredUse.ofDomain("").requantizedBy(RequantizationProfile.simulated()).bounded(2),
          DeclaredUse.of("Conv")
              .operand(0, ACTIVATION)
              .operand(1, ValueForm.integers(DataType.INT8).perTensor().perChannel())
              .operand(2, ValueForm.integers(DataType.INT32))
              .requantizedBy(RequantizationProfile.floatHalfEven())
              .exact(),
          DeclaredUse.of("Add")
              .everyOperand(ACTIVATION)
              .requantizedBy(VENDORS)
              .provided("the scales are powers of two")
              .exact(),
          DeclaredUse.of("Erf").unsupported("there is no table for it"),
          DeclaredUse.of("MatMul")
              .operand(0, ValueForm.integers(DataType.INT8).perToken())
              .requantizedBy(RequantizationProfile.simulated())
              .exact());

  private static OperatorUse use(String name, Value... operands) {
    OperatorUse.Builder use = OperatorUse.of(OpType.onnx(name));
    List.of(operands).forEach(use::operand);
    return use.result(INT8).build();
  }

  private static String support(OperatorUse use) {
    return ACME.support(use).toString();
  }

  @Test
  void eachUseHasItsOwnRuleAndBound() {
    assertEquals("exact, float-half-even", support(use("Conv", INT8, INT8)));
    assertEquals(
        "exact, float-half-even",
        support(use("Conv", INT8, Value.quantized(DataType.INT8, CHANNELS))));
    assertEquals("within 2 steps, simulated", support(use("Conv", FLOAT, INT8)));
    assertEquals("exact, acme-shift", support(use("Add", INT8, INT8)));
    assertEquals("within 2 steps, simulated", support(use("Add", INT8, FLOAT)));
    assertEquals("not on integers: there is no table for it", support(use("Erf", INT8)));
    assertEquals("within 2 steps, simulated", support(use("Gelu", INT8)));
  }

  @Test
  void scalesThatTheModelComputesAreAnotherUse() {
    Value rows = Value.dynamic(DataType.INT8, new Granularity.PerToken());
    assertEquals("exact, simulated", support(use("MatMul", rows, INT8)));
    assertEquals("within 2 steps, simulated", support(use("MatMul", INT8, INT8)));
    assertEquals(
        "within 2 steps, simulated",
        support(use("Conv", Value.dynamic(DataType.INT8, WHOLE), INT8)));
  }

  @Test
  void anOperandThatIsLeftOutKeepsAPromiseAndOneThatIsUnknownDoesNot() {
    OperatorUse leftOut =
        OperatorUse.of(OpType.onnx("Conv")).operand(INT8).operand(INT8).withoutOperand().build();
    assertEquals("exact, float-half-even", support(leftOut));
    assertEquals("within 2 steps, simulated", support(use("Conv", INT8, INT8, FLOAT)));
  }

  @Test
  void whatIsNotDeclaredIsNotSupported() {
    UseSupport support = ACME.support(OperatorUse.of(new OpType("acme", "Fancy")).build());
    assertEquals("not on integers: the runtime declares nothing of it", support.toString());
    assertTrue(support.requantization().isEmpty());
  }

  @Test
  void theOrderOfRowsMeansNothing() {
    List<DeclaredUse> reversed = new java.util.ArrayList<>(ACME.rows());
    java.util.Collections.reverse(reversed);
    for (String op : List.of("Conv", "Add", "Erf", "Gelu")) {
      assertEquals(
          ACME.support(use(op, INT8, INT8)), RuntimeUses.of(reversed).support(use(op, INT8, INT8)));
    }
  }

  @Test
  void rowsThatContradictEachOtherAreRefused() {
    DeclaredUse exact = DeclaredUse.of("Add", "Mul").operand(0, ACTIVATION).exact();
    DeclaredUse near = DeclaredUse.of("Add").everyOperand(ACTIVATION).bounded(1);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> RuntimeUses.of(exact, near));
    assertEquals(
        "two declarations contradict each other: 'Add, Mul; operand 0: int8 per-tensor: exact' and"
            + " 'Add; operands: int8 per-tensor: within 1 step'",
        e.getMessage());
    RuntimeUses.of(
        exact, DeclaredUse.of("Add").everyOperand(ValueForm.integers(DataType.UINT8)).bounded(1));
    RuntimeUses.of(exact, DeclaredUse.of("Add").operand(0, ACTIVATION).exact());
  }

  @Test
  void aRowSaysItselfInWords() {
    assertEquals(
        "Add; operands: int8 per-tensor: exact, acme-shift, provided that the scales are powers of"
            + " two",
        ACME.rows().get(2).toString());
    assertEquals("every operator of ai.onnx", ACME.rows().get(0).uses());
    assertEquals("MatMul; operand 0: int8 per-token, dynamic", ACME.rows().get(4).uses());
    assertEquals("float16, not quantized", ValueForm.plain(DataType.FLOAT16).toString());
  }

  @Test
  void exactnessIsToldApartByMatch() {
    assertEquals(
        List.of("0", "3", "no table"),
        List.of(
                new Exactness.Exact(),
                new Exactness.Bounded(3),
                new Exactness.Unsupported("no table"))
            .stream()
            .map(
                e ->
                    e.<String>match(
                        new Exactness.Cases<>(
                            x -> "0", b -> "" + b.steps(), Exactness.Unsupported::reason)))
            .toList());
    assertThrows(IllegalArgumentException.class, () -> new Exactness.Bounded(0));
  }

  @Test
  void aProfileOfTheVendorsOwnHasAName() {
    assertEquals("acme-shift", VENDORS.name());
    assertEquals(
        VENDORS, RequantizationProfile.named("acme-shift", "(acc + 2^(shift - 1)) >> shift"));
    assertThrows(
        IllegalArgumentException.class, () -> RequantizationProfile.named("simulated", "mine"));
    assertThrows(
        IllegalArgumentException.class, () -> RequantizationProfile.named("Acme Shift", "mine"));
  }

  @Test
  void readsTheUsesOfAConvertedModel() {
    Graph graph = converted();
    QdqGraph quantized = new QdqGraph(graph);
    OperatorUse use = OperatorUse.of(quantized, graph.node("mul").orElseThrow());
    assertEquals(
        List.of(
            Optional.of(INT8),
            Optional.of(Value.quantized(DataType.INT8, new Granularity.PerChannel(1)))),
        use.operands());
    assertEquals(List.of(Optional.of(FLOAT)), use.results());
  }

  private static Graph converted() {
    Map<String, Tensor> constants =
        Map.of(
            "s", Tensor.of(new float[] {0.5f}),
            "z", Tensor.of(DataType.INT8, new byte[] {0}),
            "w", Tensor.of(DataType.INT8, new byte[6], 2, 3),
            "ws", Tensor.of(new float[] {1, 2, 3}, 3),
            "wz", Tensor.of(DataType.INT8, new byte[3], 3));
    ValueInfo x = ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(4, 2)));
    ValueInfo y = ValueInfo.of("y", TensorType.of(DataType.FLOAT, Shape.of(4, 3)));
    return new Graph(
        "g",
        List.of(x),
        List.of(y),
        constants,
        List.of(
            Node.of("q", OpType.onnx("QuantizeLinear"), List.of("x", "s", "z"), List.of("xq")),
            Node.of("d", OpType.onnx("DequantizeLinear"), List.of("xq", "s", "z"), List.of("xd")),
            Node.of(
                "dw",
                OpType.onnx("DequantizeLinear"),
                List.of("w", "ws", "wz"),
                List.of("wd"),
                Attribute.of("axis", -1L)),
            Node.of("mul", OpType.onnx("MatMul"), List.of("xd", "wd"), List.of("y"))),
        Map.of(),
        Optional.empty());
  }
}
