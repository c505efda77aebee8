package dev.octet.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputChannelsTest {

  private static int axis(OpType op, int rank, Attribute... attributes) {
    Node node = Node.of("n", op, List.of("x", "w"), List.of("y"), attributes);
    return OutputChannels.axis(node, () -> rank);
  }

  @Test
  void runAlongTheAxisThatTheOperatorSays() {
    assertEquals(0, axis(OpType.onnx("Conv"), 3));
    assertEquals(0, axis(OpType.onnx("Conv"), 4));
    assertEquals(1, axis(OpType.onnx("ConvTranspose"), 4));
    assertEquals(1, axis(OpType.onnx("Gemm"), 2));
    assertEquals(0, axis(OpType.onnx("Gemm"), 2, Attribute.of("transB", 1)));
    assertEquals(0, axis(OpType.onnx("MatMul"), 1));
    assertEquals(1, axis(OpType.onnx("MatMul"), 2));
    assertEquals(2, axis(OpType.onnx("MatMul"), 3));
  }

  @Test
  void runAlongTheFirstAxisOfOtherOperators() {
    assertEquals(0, axis(OpType.onnx("PRelu"), 4));
    assertEquals(0, axis(new OpType("some.domain", "Gemm"), 2));
  }
}
