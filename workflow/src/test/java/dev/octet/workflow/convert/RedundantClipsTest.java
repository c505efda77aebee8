package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.execute.GraphExecutor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Integers of scale 1/128 and zero point 64 reach from -0.5 to 1.4921875. */
class RedundantClipsTest {

  private static final float SCALE = 1f / 128;
  private static final float LEAST = -64 * SCALE;
  private static final float GREATEST = 191 * SCALE;

  @ParameterizedTest
  @CsvSource({
    // Half a step inside the ends is a tie, which goes to the even end below and to the odd one
    // above.
    "-0.49609375, 1.5, true",
    "-0.495, 1.5, false",
    "-0.497, 1.49, true",
    "-0.6, 1.489, true",
    "-0.6, 1.488, false",
    // The bounds of the integers, and wider ones, are left alone.
    "-0.5, 1.4921875, false",
    "-1, 2, false",
    "0, 1, false"
  })
  void theBoundsOfTheIntegersTakeThePlaceOfThoseThatAreNotToldFromThem(
      float low, float high, boolean widened) {
    Graph graph = graph(low, high);
    Graph changed = RedundantClips.widened(graph, 13);
    assertEquals(widened, changed.initializers().containsKey("clip_least"));
    assertEquals(!widened, changed.initializers().containsKey("low"));
    if (widened) {
      assertEquals(Math.min(low, LEAST), number(changed, "clip_least"));
      assertEquals(Math.max(high, GREATEST), number(changed, "clip_greatest"));
    }
    assertArrayEquals(run(graph), run(changed));
  }

  @Test
  void attributesStateTheBoundsInOlderOperatorSets() {
    Node clip =
        Node.of(
            "clip",
            OpType.onnx("Clip"),
            List.of("x"),
            List.of("c"),
            Attribute.of("min", -0.497f),
            Attribute.of("max", 1.5f));
    Node changed = RedundantClips.widened(graph(clip, Map.of()), 10).node("clip").orElseThrow();
    assertEquals(LEAST, changed.floatAttribute("min", 0));
    assertEquals(1.5f, changed.floatAttribute("max", 0));
  }

  @Test
  void aBoundThatIsLeftOutIsNone() {
    Node clip = Node.of("clip", OpType.onnx("Clip"), List.of("x", "low"), List.of("c"));
    Graph changed =
        RedundantClips.widened(graph(clip, Map.of("low", Tensor.of(new float[] {-0.497f}))), 13);
    assertEquals(LEAST, number(changed, "clip_least"));
    assertEquals(Float.POSITIVE_INFINITY, number(changed, "clip_greatest"));
  }

  private static float number(Graph graph, String name) {
    return Optional.ofNullable(graph.initializers().get(name)).orElseThrow().floats()[0];
  }

  private static Graph graph(float low, float high) {
    Node clip = Node.of("clip", OpType.onnx("Clip"), List.of("x", "low", "high"), List.of("c"));
    return graph(
        clip, Map.of("low", Tensor.of(new float[] {low}), "high", Tensor.of(new float[] {high})));
  }

  private static Graph graph(Node clip, Map<String, Tensor> bounds) {
    Map<String, Tensor> constants = new LinkedHashMap<>(bounds);
    constants.put("scale", Tensor.of(new float[] {SCALE}));
    constants.put("zero", Tensor.ofIntegers(DataType.UINT8, new long[] {64}));
    return new Graph(
        "g",
        List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(301)))),
        List.of(ValueInfo.of("y", TensorType.of(DataType.UINT8, Shape.of(301)))),
        constants,
        List.of(
            clip,
            Node.of(
                "q", OpType.onnx("QuantizeLinear"), List.of("c", "scale", "zero"), List.of("y"))),
        Map.of(),
        Optional.empty());
  }

  private static long[] run(Graph graph) {
    float[] x = new float[301];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 100) / 100f;
    }
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, 13), 1)) {
      return executor.run(Map.of("x", Tensor.of(x, x.length))).get("y").integers();
    }
  }
}
