package dev.octet.kernels.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperatorsTest {

  private static boolean refuses(OperatorDefinition definition, int operand, DataType type) {
    OperatorKernel kernel = definition.kernel().orElseThrow();
    List<Optional<DataType>> types = new ArrayList<>();
    for (int i = 0; i < definition.slots().names().size(); i++) {
      types.add(i == operand ? Optional.of(type) : Optional.empty());
    }
    Node node = Node.of("n", definition.op(), definition.slots().names(), List.of("result"));
    return kernel.refusal(new Signature(node, 21, types)).isPresent();
  }

  @Test
  void kernelsFindScalesAndZeroPointsWhereTheOperandsAreNamed() {
    int named = 0;
    for (OperatorDefinition definition : Operators.byType().values()) {
      for (String name : definition.slots().names()) {
        int operand = definition.slots().index(name);
        boolean scale = name.endsWith("scale");
        if (scale || name.endsWith("zero_point")) {
          named++;
          String what = definition + " " + name;
          assertEquals(scale, refuses(definition, operand, DataType.INT8), what);
          assertEquals(!scale, refuses(definition, operand, DataType.FLOAT), what);
        }
      }
    }
    assertTrue(named > 50, named + " operands");
  }

  @Test
  void findsScalesAndZeroPointsOfEveryPart() {
    Slots slots = Slots.of("Y_scale", "Y_zero_point").repeating("X", "X_scale", "X_zero_point");
    assertEquals(new ParameterSlot(0, 1), slots.parameters("Y"));
    assertEquals(List.of(), slots.quantizedParts("X", 2));
    assertEquals(List.of(new QuantizedSlot(2, 3, 4)), slots.quantizedParts("X", 5));
    assertEquals(
        List.of(new QuantizedSlot(2, 3, 4), new QuantizedSlot(5, 6, 7)),
        slots.quantizedParts("X", 8));
    assertEquals("Y_scale, Y_zero_point, (X, X_scale, X_zero_point)...", slots.toString());
    assertEquals(
        "operand Y_scale is not repeated in " + slots,
        assertThrows(IllegalArgumentException.class, () -> slots.quantizedParts("Y_scale", 5))
            .getMessage());
  }

  @Test
  void namesAnUnknownOperandAndARepeatedOne() {
    Slots slots = Slots.of("x", "scale");
    assertEquals(1, slots.index("scale"));
    assertEquals(
        "there is no operand zero among x, scale",
        assertThrows(IllegalArgumentException.class, () -> slots.index("zero")).getMessage());
    assertEquals(
        "two operands share a name: [x, x]",
        assertThrows(IllegalArgumentException.class, () -> Slots.of("x", "x")).getMessage());
  }

  @Test
  void anIntegerFormDoesTheWorkOfWhatItIsLoweredFrom() {
    assertEquals(Optional.of(OpType.onnx("QLinearConv")), onIntegers("Conv"));
    assertEquals(Optional.of(IntegerDialect.REQUANTIZE), onIntegers("Relu"));
  }

  @Test
  void whatBoundsItsOperandAndNothingElseBecomesARequantize() {
    Set<OpType> bounding =
        Operators.byType().values().stream()
            .filter(definition -> definition.bound().isPresent())
            .map(OperatorDefinition::op)
            .collect(Collectors.toSet());
    assertEquals(bounding, Operators.find(IntegerDialect.REQUANTIZE).orElseThrow().loweredFrom());
  }

  @Test
  void whatMovesElementsAndWhatComputesOnIntegersDoesItsOwnWork() {
    assertEquals(Optional.of(OpType.onnx("MaxPool")), onIntegers("MaxPool"));
    assertEquals(Optional.of(OpType.onnx("MatMulInteger")), onIntegers("MatMulInteger"));
  }

  @Test
  void whatRunsOnFloatsAloneAndWhatIsUnknownHasNone() {
    assertEquals(Optional.empty(), onIntegers("CumSum"));
    assertEquals(Optional.empty(), Operators.onIntegers(new OpType("acme", "Odd")));
  }

  private static Optional<OpType> onIntegers(String onnxName) {
    return Operators.onIntegers(OpType.onnx(onnxName));
  }
}
