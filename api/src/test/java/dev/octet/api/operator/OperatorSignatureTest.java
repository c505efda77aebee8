package dev.octet.api.operator;

import static dev.octet.api.graph.DataType.BOOL;
import static dev.octet.api.graph.DataType.FLOAT;
import static dev.octet.api.graph.DataType.INT64;
import static dev.octet.api.graph.DataType.INT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperatorSignatureTest {

  private static final Attribute BODY =
      new Attribute(
          "body",
          new Attribute.GraphValue(
              new Graph(
                  "b", List.of(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty())),
          Optional.empty());

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
  void operatorsThatOnnxRuntimeContributesAreInItsDomain() {
    OperatorSignature gemm =
        OperatorSignature.contributed(new OpType("com.microsoft", "QGemm")).orElseThrow();
    assertEquals(List.of("Y"), gemm.resultNames());
    assertEquals(9, gemm.operandNames().size());
    assertEquals(Set.of("alpha", "transA", "transB"), gemm.attributes());
    assertEquals(Optional.empty(), OperatorSignature.contributed(OpType.onnx("Conv")));
    assertEquals(Optional.empty(), OperatorSignature.contributed(new OpType("com.acme", "QGemm")));
    assertEquals(
        Optional.empty(), OperatorSignature.contributed(new OpType("com.microsoft", "QGemms")));
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

  private static Optional<String> misuse(
      String name, long opset, List<Optional<DataType>> types, Attribute... attributes) {
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      operands.add(types.get(i).isPresent() ? "v" + i : "");
    }
    Node node = Node.of("n", OpType.onnx(name), operands, List.of("y"), attributes);
    return onnx(name).misuse(node, opset, types);
  }

  private static List<Optional<DataType>> types(DataType... types) {
    return Stream.of(types).map(Optional::of).toList();
  }

  @Test
  void aNodeOfItsSignatureIsNoMisuse() {
    Attribute axis = Attribute.of("axis", 0);
    assertEquals(Optional.empty(), misuse("Add", 7, types(FLOAT, FLOAT)));
    assertEquals(Optional.empty(), misuse("Concat", 13, types(INT8, INT8, INT8), axis));
    assertEquals(Optional.empty(), misuse("Loop", 13, types(INT64, BOOL), BODY));
    assertEquals(Optional.empty(), misuse("Loop", 13, types(INT64, BOOL, FLOAT, INT8), BODY));
    // Types of other versions of an operator are taken, and those that are not known fit.
    assertEquals(Optional.empty(), misuse("Relu", 6, types(INT8)));
    Node unknown = Node.of("n", OpType.onnx("Add"), List.of("a", "b"), List.of("y"));
    assertEquals(
        Optional.empty(),
        onnx("Add").misuse(unknown, 14, List.of(Optional.empty(), Optional.of(INT8))));
    // No version is as old as this operator set: the first one says how many, and no types.
    assertEquals(Optional.empty(), misuse("Mish", 17, types(INT8)));
    assertEquals(
        Optional.of("it has operand 1, which Mish has not"), misuse("Mish", 17, types(INT8, INT8)));
  }

  @Test
  void operandsThatAreMissingOrTooManyAreAMisuse() {
    assertEquals(Optional.of("operand 1, B, is missing"), misuse("Add", 14, types(FLOAT)));
    assertEquals(
        Optional.of("operand 0, inputs, is missing"),
        misuse("Concat", 13, List.of(), Attribute.of("axis", 0)));
    assertEquals(
        Optional.of("it has operand 2, which Add has not"),
        misuse("Add", 14, types(FLOAT, FLOAT, FLOAT)));
    List<Optional<DataType>> leftOut = List.of(Optional.of(FLOAT), Optional.empty());
    assertEquals(Optional.empty(), misuse("Relu", 14, leftOut));
  }

  @Test
  void resultsThatAreMissingOrTooManyAreAMisuse() {
    assertEquals(
        Optional.of("it has result 1, which Relu has not"),
        misuseGiving("Relu", List.of("y", "z")));
    assertEquals(Optional.empty(), misuseGiving("Relu", List.of("y", "")));
    assertEquals(Optional.empty(), misuseGiving("Split", List.of("y", "z", "w")));
    assertEquals(Optional.of("result 0, Y, is missing"), misuseGiving("Relu", List.of()));
    assertEquals(Optional.of("result 0, Y, is missing"), misuseGiving("Relu", List.of("")));
    assertEquals(Optional.of("result 0, output, is missing"), misuseGiving("Dropout", List.of()));
    assertEquals(Optional.empty(), misuseGiving("Dropout", List.of("y")));
    assertEquals(Optional.empty(), misuseGiving("Split", List.of()));
  }

  private static Optional<String> misuseGiving(String name, List<String> results) {
    Node node = Node.of("n", OpType.onnx(name), List.of("x"), results);
    return onnx(name).misuse(node, 13, types(FLOAT));
  }

  @Test
  void elementTypesThatDoNotFitAreAMisuse() {
    assertEquals(
        Optional.of(
            "operand 0, A, of type FLOAT and operand 1, B, of type INT64 should be of one type"),
        misuse("Add", 13, types(FLOAT, INT64)));
    Node reshape = Node.of("n", OpType.onnx("Reshape"), List.of("a", "b"), List.of("y"));
    assertEquals(
        Optional.of("operand 1, shape, is of type FLOAT, where it may be [INT64]"),
        onnx("Reshape").foreignType(reshape, 13, types(FLOAT, FLOAT)));
    assertEquals(Optional.empty(), onnx("Reshape").foreignType(reshape, 13, types(FLOAT, INT64)));
  }

  @Test
  void attributesThatAreMissingOrOfAnotherKindAreAMisuse() {
    assertEquals(Optional.of("attribute axis is missing"), misuse("Concat", 13, types(FLOAT)));
    assertEquals(
        Optional.of("attribute axis is of type string, where it is of type int"),
        misuse("Softmax", 13, types(FLOAT), Attribute.of("axis", "last")));
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
