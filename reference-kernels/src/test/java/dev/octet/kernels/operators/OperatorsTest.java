package dev.octet.kernels.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorsTest {

  @Test
  void anIntegerFormDoesTheWorkOfWhatItIsLoweredFrom() {
    assertEquals(Optional.of(OpType.onnx("QLinearConv")), onIntegers("Conv"));
    assertEquals(Optional.of(IntegerDialect.REQUANTIZE), onIntegers("Relu"));
  }

  @Test
  void whatMovesElementsAndWhatComputesOnIntegersDoesItsOwnWork() {
    assertEquals(Optional.of(OpType.onnx("MaxPool")), onIntegers("MaxPool"));
    assertEquals(Optional.of(OpType.onnx("MatMulInteger")), onIntegers("MatMulInteger"));
  }

  @Test
  void whatRunsOnFloatsAloneAndWhatIsUnknownHasNone() {
    assertEquals(Optional.empty(), onIntegers("Erf"));
    assertEquals(Optional.empty(), Operators.onIntegers(new OpType("acme", "Odd")));
  }

  private static Optional<OpType> onIntegers(String onnxName) {
    return Operators.onIntegers(OpType.onnx(onnxName));
  }
}
