package dev.octet.api.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorSignatureTest {

  private static OperatorSignature onnx(String name) {
    return OperatorSignature.of(OpType.onnx(name)).orElseThrow();
  }

  @Test
  void operatorsOfOtherDomainsAndUnknownOnesHaveNone() {
    assertEquals(Optional.empty(), OperatorSignature.of(new OpType("com.acme", "Conv")));
    assertEquals(Optional.empty(), OperatorSignature.of(OpType.onnx("Convv")));
    assertEquals(203, OperatorSignature.onnx().size());
  }

  @Test
  void anOperatorSetHasTheVersionThatWasDefinedLast() {
    OperatorSignature clip = onnx("Clip");
    assertEquals(Set.of(1L, 6L, 11L, 12L, 13L), clip.versions());
    assertEquals(OptionalLong.of(6), clip.since(10));
    assertEquals(OptionalLong.of(11), clip.since(11));
    assertEquals(OptionalLong.of(13), clip.since(Long.MAX_VALUE));
    assertEquals(OptionalLong.empty(), onnx("Mish").since(17));
  }

  @Test
  void operandsAndResultsAreThoseOfAnyOperatorSet() {
    OperatorSignature conv = onnx("Conv");
    assertEquals(List.of("X", "W", "B"), conv.operandNames());
    assertTrue(conv.hasOperand(2));
    assertFalse(conv.hasOperand(3));
    assertTrue(conv.hasResult(0));
    assertFalse(conv.hasResult(1));
    // The statistics of a training step were results before operator set 14.
    assertTrue(onnx("BatchNormalization").hasResult(4));
    assertEquals(
        List.of("Y", "running_mean", "running_var"), onnx("BatchNormalization").resultNames());
    assertFalse(onnx("Constant").hasOperand(0));
  }

  @Test
  void variadicOperandsAndResultsHaveNoEnd() {
    assertTrue(onnx("Concat").hasOperand(1_000_000));
    assertTrue(onnx("Split").hasResult(1_000_000));
    assertEquals(List.of("outputs"), onnx("Split").resultNames());
  }

  @Test
  void attributesOfAnOperatorSetAreThoseOfItsVersion() {
    assertEquals(Set.of("consumed_inputs", "max", "min"), onnx("Clip").attributes(1));
    assertEquals(Set.of("max", "min"), onnx("Clip").attributes(10));
    assertEquals(Set.of(), onnx("Clip").attributes(11));
    assertEquals(Set.of(), onnx("Clip").attributes(21));
    assertEquals(Set.of(), onnx("Gelu").attributes(19));
    assertEquals(Set.of("approximate"), onnx("Gelu").attributes(20));
  }

  @Test
  void attributesAreThoseOfAnyOperatorSet() {
    assertEquals(Set.of("consumed_inputs", "max", "min"), onnx("Clip").attributes());
    assertEquals(Set.of("ints"), onnx("Conv").kinds("dilations"));
    assertEquals(Set.of("int", "string"), onnx("Cast").kinds("to"));
    assertEquals(Set.of(), onnx("Conv").kinds("groups"));
    assertTrue(onnx("Cast").requires("to"));
    assertFalse(onnx("Conv").requires("group"));
    assertFalse(onnx("Conv").requires("groups"));
    // Left out at will before operator set 4.
    assertTrue(onnx("Concat").requires("axis"));
  }

  @Test
  void anAbsentAttributeMeansWhatAllOperatorSetsSay() {
    assertEquals(Optional.of(new Attribute.IntValue(1)), onnx("Conv").whenAbsent("group"));
    assertEquals(
        Optional.of(new Attribute.FloatValue(0.01f)), onnx("LeakyRelu").whenAbsent("alpha"));
    assertEquals(
        Optional.of(new Attribute.StringValue("NOTSET")), onnx("Conv").whenAbsent("auto_pad"));
    assertEquals(
        Optional.of(new Attribute.StringsValue(List.of("Tanh", "Tanh"))),
        onnx("RNN").whenAbsent("activations"));
    assertEquals(Optional.empty(), onnx("Conv").whenAbsent("dilations"));
    // 1 before operator set 13, -1 from then on.
    assertEquals(Optional.empty(), onnx("Softmax").whenAbsent("axis"));
  }
}
