package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Scales for each row that a model computes inside the bodies of If, Loop and Scan, bit for bit
 * against the formulas; the weights that the bodies read stand outside of them.
 */
class DynamicInBodiesTest {

  private static final int WIDTH = 4;

  private static final float[] X = {
    0.5f, -1.25f, 3f, 0.1f,
    -7f, 0.3f, 0.02f, 100f,
    0f, 0f, 1e-3f, -0f,
  };

  private static final Observed AFFINE =
      Observed.of(QuantizedType.of(Storage.INT8))
          .withMode(Mode.DYNAMIC)
          .withGranularity(new Granularity.PerToken());

  private static Observed spec(Scheme.Symmetry symmetry) {
    return AFFINE.withScheme(Scheme.of(symmetry));
  }

  /** Types of inner values are not stated: the rows of what Neg gives have to be found. */
  @ParameterizedTest
  @EnumSource
  void aLoopQuantizesTheRowsOfEveryIteration(Scheme.Symmetry symmetry) {
    Plan plan = plan(loop(rows()), Point.operand("product", 0), spec(symmetry));
    Model converted = Quantization.convert(plan).model();
    float[] carried = X;
    for (int i = 0; i < 3; i++) {
      carried = quantized(negated(carried), spec(symmetry));
    }
    assertSame(carried, run(converted).get("y"));
    Graph body = converted.graph().node("loop").orElseThrow().subgraphs().get(0);
    assertEquals(
        List.of("QuantizeLinear", "DequantizeLinear"),
        body.nodes().stream()
            .map(n -> n.op().name())
            .filter(name -> name.endsWith("tizeLinear"))
            .toList());
    assertTrue(converted.graph().initializers().containsKey("w"));
    assertEquals(Map.of(), body.values(), "what the model does not state");
  }

  @Test
  void aValueFromOutsideAndOneFromInsideOfABranch() {
    for (Point point : List.of(Point.operand("inner", 0), Point.result("turn", 0))) {
      Model converted = Quantization.convert(plan(branches(), point, AFFINE)).model();
      float[] expected =
          point.side() == Point.Side.OPERAND
              ? negated(quantized(X, AFFINE))
              : quantized(negated(X), AFFINE);
      assertSame(expected, run(converted).get("y"));
    }
  }

  /** Where the rows lie along the scanned axis, each run of the body has one. */
  @Test
  void aScanQuantizesTheRowOfEachStep() {
    Model converted = Quantization.convert(plan(scan(), Point.operand("next", 1), AFFINE)).model();
    float[] rows = quantized(X, AFFINE);
    float[] sums = new float[X.length];
    for (int i = 0; i < X.length; i++) {
      sums[i] = (i < WIDTH ? 0f : sums[i - WIDTH]) + rows[i];
    }
    assertSame(sums, run(converted).get("y"));
  }

  @Test
  void rowsOfWhichABodyStatesNoLengthAreRefusedWithNodeAndReason() {
    ValueType unknown = new ValueType.TensorType(DataType.FLOAT, Optional.empty());
    Plan plan = plan(loop(unknown), Point.operand("product", 0), AFFINE);
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    assertEquals("OCT-CONV-019", e.id());
    assertEquals(
        "node 'product' has a point that is per token, though the model does not state the length"
            + " of the rows of 'loop/body/n', its innermost dimension, and whose parameters are"
            + " found while the model runs",
        e.fact());
    assertEquals(Optional.of("operand 0 of 'product'"), e.place());
    assertEquals("OCT-PLAN-101", plan.findings().get(plan.findings().size() - 1).id());
  }

  private static Model loop(ValueType carried) {
    Graph body =
        new Graph(
            "body",
            List.of(
                scalar("i", DataType.INT64),
                scalar("go", DataType.BOOL),
                ValueInfo.of("v", carried)),
            List.of(scalar("go", DataType.BOOL), ValueInfo.of("o", carried)),
            Map.of(),
            List.of(
                Node.of("neg", OpType.onnx("Neg"), List.of("v"), List.of("n")),
                Node.of("product", OpType.onnx("MatMul"), List.of("n", "w"), List.of("o"))),
            Map.of(),
            Optional.empty());
    return model()
        .constant("m", Tensor.of(new long[] {3}))
        .node(
            Node.of(
                "loop",
                OpType.onnx("Loop"),
                List.of("m", "", "x"),
                List.of("y"),
                subgraph("body", body)))
        .output("y", 2)
        .model(21);
  }

  private static Model branches() {
    Graph then =
        new Models()
            .node("inner", "MatMul", List.of("x", "w"), "v")
            .node("turn", "Neg", List.of("v"), "o")
            .output("o", 2)
            .model(21)
            .graph();
    Graph otherwise =
        new Models().node("same", "Identity", List.of("x"), "o2").output("o2", 2).model(21).graph();
    return model()
        .constant("yes", Tensor.of(new boolean[] {true}))
        .node("dynamic", "Identity", List.of("yes"), "c")
        .node(
            Node.of(
                "if",
                OpType.onnx("If"),
                List.of("c"),
                List.of("y"),
                subgraph("then_branch", then),
                subgraph("else_branch", otherwise)))
        .output("y", 2)
        .model(21);
  }

  private static Model scan() {
    Graph body =
        new Models()
            .input("h", WIDTH)
            .input("e", WIDTH)
            .node("next", "Add", List.of("h", "e"), "n")
            .node("give", "Identity", List.of("n"), "o")
            .output("n", 1)
            .output("o", 1)
            .model(21)
            .graph();
    return model()
        .constant("start", Tensor.of(new float[WIDTH], WIDTH))
        .node(
            Node.of(
                "scan",
                OpType.onnx("Scan"),
                List.of("start", "x"),
                List.of("last", "y"),
                Attribute.of("num_scan_inputs", 1L),
                subgraph("body", body)))
        .output("last", 1)
        .output("y", 2)
        .model(21);
  }

  /** The weights are the identity, which hands on what its operand was dequantized to. */
  private static Models model() {
    float[] identity = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      identity[i * WIDTH + i] = 1f;
    }
    return new Models()
        .input("x", X.length / WIDTH, WIDTH)
        .constant("w", Tensor.of(identity, WIDTH, WIDTH));
  }

  private static ValueType rows() {
    return ValueType.TensorType.of(DataType.FLOAT, Shape.of(X.length / WIDTH, WIDTH));
  }

  private static ValueInfo scalar(String name, DataType type) {
    return ValueInfo.of(name, ValueType.TensorType.of(type, Shape.of()));
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static Plan plan(Model model, Point point, Observed spec) {
    return MarkingQuantizer.plan(model, Map.of(point, spec));
  }

  private static Map<String, Tensor> run(Model model) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", Tensor.of(X, X.length / WIDTH, WIDTH)));
    }
  }

  private static float[] negated(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = -x[i];
    }
    return y;
  }

  /** What the formulas of the profile make of each row. */
  private static float[] quantized(float[] x, Observed spec) {
    float[] y = new float[x.length];
    for (int row = 0; row < x.length; row += WIDTH) {
      float min = 0;
      float max = 0;
      for (int i = row; i < row + WIDTH; i++) {
        min = Math.min(min, x[i]);
        max = Math.max(max, x[i]);
      }
      QuantizationParameters p = ParameterRule.of(spec.type(), spec.scheme()).choose(min, max);
      for (int i = row; i < row + WIDTH; i++) {
        long q =
            QuantizeLinear.quantize(x[i], p.scale(0), p.zeroPoint(0), spec.type(), spec.profile());
        y[i] = QuantizeLinear.dequantize(q, p.scale(0), p.zeroPoint(0));
      }
    }
    return y;
  }

  /** A sum with products by 0 has no sign of zero to keep. */
  private static void assertSame(float[] expected, Tensor actual) {
    float[] seen = actual.floats();
    for (int i = 0; i < seen.length; i++) {
      seen[i] += 0f;
      expected[i] += 0f;
    }
    assertArrayEquals(expected, seen, Arrays.toString(seen));
  }
}
