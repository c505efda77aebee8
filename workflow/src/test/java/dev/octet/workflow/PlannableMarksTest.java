package dev.octet.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlannableMarksTest {

  private static final Observed INT8 = Observed.of(QuantizedType.of(Storage.INT8));

  /** Plans {@code x[2,4] -> MatMul with w[4,3] -> Reshape to s} with one operand marked. */
  private static void plan(String node, int operand, Observed spec) {
    List<Node> nodes =
        List.of(
            Node.of("product", new OpType("", "MatMul"), List.of("x", "w"), List.of("p")),
            Node.of("reshape", new OpType("", "Reshape"), List.of("p", "s"), List.of("y")));
    Map<String, Tensor> constants =
        Map.of("w", Tensor.of(new float[12], 4, 3), "s", Tensor.of(new long[] {3, 2}, 2));
    Graph graph =
        new Graph(
            "g",
            List.of(value("x", 2, 4)),
            List.of(value("y", 3, 2)),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    QuantizerProvider acme =
        QuantizerProvider.of(
            "acme",
            context -> {
              Node marked = context.graph().node(node).orElseThrow();
              context.claim("r", List.of(marked));
              context.markOperand(marked, operand, spec);
            });
    Quantization.plan(QuantizationRequest.of(Model.of(graph, 13), acme));
  }

  private static ValueInfo value(String name, long... sizes) {
    return ValueInfo.of(name, new TensorType(DataType.FLOAT, Optional.of(Shape.of(sizes))));
  }

  private static void assertRefused(String why, String node, int operand, Observed spec) {
    OctetException e = assertThrows(OctetException.class, () -> plan(node, operand, spec));
    assertEquals("OCT-PLAN-027", e.id());
    assertEquals(ErrorKind.QUANTIZATION, e.kind());
    assertEquals("rule 'r' marks a point that cannot be quantized so: " + why, e.fact());
    assertFalse(e.place().isEmpty());
  }

  @Test
  void valuesThatAreNoRealNumbersAreNotQuantized() {
    assertRefused("it is INT64, and only float values are quantized", "reshape", 1, INT8);
  }

  @Test
  void anAxisIsOneOfTheValue() {
    plan("product", 1, INT8.withGranularity(new Granularity.PerChannel(1)));
    assertRefused(
        "it has rank 2 and no axis 2",
        "product",
        1,
        INT8.withGranularity(new Granularity.PerChannel(2)));
    assertRefused(
        "it has rank 2 and no axis 3",
        "product",
        1,
        INT8.withGranularity(new Granularity.PerGroup(3, 2)));
  }

  @Test
  void parametersPerTokenAreDynamic() {
    Observed token = INT8.withGranularity(new Granularity.PerToken());
    assertRefused(
        "parameters per token are found while the model runs, in mode dynamic",
        "product",
        0,
        token);
    plan("product", 0, token.withMode(Mode.DYNAMIC));
  }

  @Test
  void blocksAreForConstantsOfTheirRank() {
    Observed blocks = INT8.withGranularity(new Granularity.PerBlock(List.of(2L, 3L)));
    plan("product", 1, blocks);
    assertRefused("it is computed, and blocks are for constants", "product", 0, blocks);
    assertRefused(
        "it has rank 2, and blocks have [2]",
        "product",
        1,
        INT8.withGranularity(new Granularity.PerBlock(List.of(2L))));
    assertRefused(
        "blocks of 2 do not divide its 3 elements along axis 1",
        "product",
        1,
        INT8.withGranularity(new Granularity.PerBlock(List.of(2L, 2L))));
  }

  @Test
  void weightsAreConstant() {
    plan("product", 1, INT8.withMode(Mode.WEIGHT_ONLY));
    assertRefused(
        "it is not constant, and mode weight-only is for constants",
        "product",
        0,
        INT8.withMode(Mode.WEIGHT_ONLY));
  }

  @Test
  void computedValuesAreNoInt32() {
    Observed int32 = Observed.of(QuantizedType.of(Storage.INT32));
    plan("product", 1, int32);
    assertRefused("it is computed, and only constants are stored as int32", "product", 0, int32);
  }
}
