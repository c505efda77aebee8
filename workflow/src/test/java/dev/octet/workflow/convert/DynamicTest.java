package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.qdq.DynamicValue;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizationSpec.Observed;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DynamicTest {

  private static final int WIDTH = 5;

  private static final Observed INT8 =
      Observed.of(QuantizedType.of(Storage.INT8)).withMode(Mode.DYNAMIC);

  private static final Observed PER_TOKEN = INT8.withGranularity(new Granularity.PerToken());

  /** A product with the identity hands on what its operand was dequantized to. */
  private static Model model(long opset, int rows) {
    float[] identity = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      identity[i * WIDTH + i] = 1f;
    }
    return new Models()
        .input("x", rows, WIDTH)
        .constant("w", Tensor.of(identity, WIDTH, WIDTH))
        .node("dense", "MatMul", List.of("x", "w"), "y")
        .output("y", 2)
        .model(opset);
  }

  private static Plan plan(Model model, Map<Integer, QuantizationSpec> operands) {
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            Node dense = context.graph().node("dense").orElseThrow();
            context.claim("dense", List.of(dense));
            operands.forEach((index, spec) -> context.markOperand(dense, index, spec));
          }
        };
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of("test", quantizer)));
  }

  private static Model convert(Observed spec, int rows) {
    return Quantization.convert(plan(model(21, rows), Map.of(0, spec))).model();
  }

  private static float[] run(Model model, float[] x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      Tensor input = Tensor.of(x, x.length / WIDTH, WIDTH);
      return loaded.run(Map.of("x", input)).get("y").floats();
    }
  }

  static Stream<Arguments> specs() {
    List<QuantizedType> types =
        List.of(
            QuantizedType.of(Storage.INT8),
            QuantizedType.of(Storage.UINT8),
            new QuantizedType(Storage.UINT8, 0, 127),
            new QuantizedType(Storage.INT8, -127, 127),
            new QuantizedType(Storage.INT8, -3, 2),
            QuantizedType.of(Storage.INT16),
            QuantizedType.of(Storage.INT4));
    List<Arguments> all = new ArrayList<>();
    for (QuantizedType type : types) {
      for (Scheme.Symmetry symmetry : Scheme.Symmetry.values()) {
        for (float floor : new float[] {NumericProfile.FLOAT32_EPSILON, 0x1p-12f}) {
          NumericProfile profile = NumericProfile.onnx().withScaleFloor(floor);
          Scheme scheme = Scheme.of(symmetry).withProfile(profile);
          Observed spec = Observed.of(type).withScheme(scheme).withMode(Mode.DYNAMIC);
          all.add(Arguments.of(spec));
          all.add(Arguments.of(spec.withGranularity(new Granularity.PerToken())));
        }
      }
    }
    return all.stream();
  }

  private static float[][] rows() {
    Random random = new Random(7);
    List<float[]> rows = new ArrayList<>();
    rows.add(new float[] {0f, -0f, 0f, 0f, 0f});
    rows.add(new float[] {1f, 2f, 3f, 4f, 127f});
    rows.add(new float[] {-1f, -2f, -3f, -127.5f, -0.5f});
    rows.add(new float[] {255f, 0.5f, 1.5f, 2.5f, 127.5f});
    rows.add(new float[] {3e-30f, -3e-30f, Float.MIN_VALUE, 0f, 0f});
    rows.add(new float[] {1e30f, -1e30f, 1e22f, 0f, 1f});
    for (int i = 0; i < 20; i++) {
      float size = (float) StrictMath.pow(10, random.nextInt(7) - 3);
      float[] row = new float[WIDTH];
      for (int k = 0; k < WIDTH; k++) {
        row[k] = (random.nextFloat() - 0.4f) * size;
      }
      rows.add(row);
    }
    return rows.toArray(float[][]::new);
  }

  /** What the formulas of the profile make of elements that share a scale. */
  private static float[] expected(float[] x, Observed spec) {
    float min = 0;
    float max = 0;
    for (float element : x) {
      min = Math.min(min, element);
      max = Math.max(max, element);
    }
    QuantizationParameters p = ParameterRule.of(spec.type(), spec.scheme()).choose(min, max);
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      long q =
          QuantizeLinear.quantize(x[i], p.scale(0), p.zeroPoint(0), spec.type(), spec.profile());
      y[i] = QuantizeLinear.dequantize(q, p.scale(0), p.zeroPoint(0));
    }
    return y;
  }

  private static boolean hasNoFloor(Observed spec, float[] row) {
    float range = 0;
    for (float element : row) {
      range = Math.max(range, Math.abs(element));
    }
    boolean oneNode =
        spec.type().equals(QuantizedType.of(Storage.UINT8))
            && spec.scheme().symmetry() == Scheme.Symmetry.AFFINE
            && spec.granularity() instanceof Granularity.PerTensor
            && spec.profile().scaleFloor() == NumericProfile.FLOAT32_EPSILON;
    return oneNode && range < 255 * NumericProfile.FLOAT32_EPSILON && range > 0;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyBitIsThatOfTheFormulas(Observed spec) {
    float[][] rows = rows();
    if (spec.granularity() instanceof Granularity.PerToken) {
      float[] all = new float[rows.length * WIDTH];
      float[] expected = new float[all.length];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(rows[i], 0, all, i * WIDTH, WIDTH);
        System.arraycopy(expected(rows[i], spec), 0, expected, i * WIDTH, WIDTH);
      }
      assertSameNumbers(expected, run(convert(spec, rows.length), all), "rows");
      return;
    }
    Model model = convert(spec, 1);
    for (float[] row : rows) {
      if (!hasNoFloor(spec, row)) {
        assertSameNumbers(expected(row, spec), run(model, row), Arrays.toString(row));
      }
    }
  }

  private static void assertSameNumbers(float[] expected, float[] actual, String of) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      // A sum with products by 0 has no sign of zero to keep.
      assertEquals(expected[i] + 0f, actual[i] + 0f, of + ", element " + i);
    }
  }

  @Test
  void uint8PerTensorIsTheNodeOfTheStandardWhichHasNoFloor() {
    Observed spec = Observed.of(QuantizedType.of(Storage.UINT8)).withMode(Mode.DYNAMIC);
    Model model = convert(spec, 1);
    assertEquals(
        List.of("DynamicQuantizeLinear", "DequantizeLinear", "MatMul"),
        model.graph().nodes().stream().map(n -> n.op().name()).toList());
    float[] tiny = {2.55e-6f, 0f, 1e-8f, 0f, 0f};
    assertEquals(2.55e-6f, run(model, tiny)[0], 1e-12f);
    assertEquals(21 * 0x1p-23f, expected(tiny, spec)[0]);
  }

  /**
   * The exact path: int8, affine, rows with scales of their own, times int8 weights. Scales in
   * float64 rounded once to float32 are those of float32, since 53 bits are more than twice 24 and
   * two; integers are exact; the float product of the runtime is held to the bound of its K sums.
   */
  @Test
  void perTokenProductsAreThoseOfAnExactPath() {
    float[] weights = {
      0.5f, -1f, 0.25f, 1.27f, 0.1f, -0.2f, 0.3f, 0.9f, -0.7f, 1f, 0f, 0.6f, -0.5f
    };
    float[] w = Arrays.copyOf(weights, WIDTH * WIDTH);
    Model floats =
        new Models()
            .samples("x", WIDTH)
            .constant("w", Tensor.of(w, WIDTH, WIDTH))
            .node("dense", "MatMul", List.of("x", "w"), "y")
            .output("y", 2)
            .model(21);
    Scheme symmetric = Scheme.symmetric();
    Observed weight = Observed.of(new QuantizedType(Storage.INT8, -127, 127)).withScheme(symmetric);
    Model model = Quantization.convert(plan(floats, Map.of(0, PER_TOKEN, 1, weight))).model();
    float[][] rows = Arrays.copyOfRange(rows(), 0, 4);
    float[] all = new float[rows.length * WIDTH];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * WIDTH, WIDTH);
    }
    float[] y = run(model, all);
    double weightScale = (float) ((double) 1.27f / 127);
    for (int i = 0; i < rows.length; i++) {
      double low = 0;
      double high = 0;
      for (float element : rows[i]) {
        low = Math.min(low, element);
        high = Math.max(high, element);
      }
      float scale = Math.max((float) ((double) (float) (high - low) / 255), 0x1p-23f);
      long zero = -128 - (long) Math.rint((double) (float) (low / scale));
      for (int n = 0; n < WIDTH; n++) {
        long sum = 0;
        long sizes = 0;
        for (int k = 0; k < WIDTH; k++) {
          double quotient = (double) (float) ((double) rows[i][k] / scale);
          long q = Math.max(-128, Math.min(127, (long) Math.rint(quotient) + zero)) - zero;
          long v = (long) Math.rint((double) (float) ((double) w[k * WIDTH + n] / weightScale));
          sum += q * v;
          sizes += Math.abs(q * v);
        }
        double step = (double) scale * weightScale;
        assertEquals(sum * step, y[i * WIDTH + n], sizes * step * (WIDTH + 3) * 0x1p-24);
      }
    }
  }

  @Test
  void aRowThatIsNotFiniteGivesNoFiniteNumberAndLeavesTheOthersAlone() {
    for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] x = {1f, 2f, 3f, 4f, 5f, 1f, odd, 3f, 4f, 5f, 1f, 2f, 3f, 4f, 5f};
      // Each column of a product takes in the whole row, so the dequantized row itself is asked.
      float[] y = run(withDequantizedOutput(convert(PER_TOKEN, 3)), x);
      float[] finite = expected(Arrays.copyOf(x, WIDTH), PER_TOKEN);
      for (int k = 0; k < WIDTH; k++) {
        assertEquals(finite[k], y[k]);
        assertFalse(Float.isFinite(y[WIDTH + k]), odd + " gives " + y[WIDTH + k]);
        assertEquals(finite[k], y[2 * WIDTH + k]);
      }
    }
  }

  private static Model withDequantizedOutput(Model model) {
    Graph graph = model.graph();
    Node dense = graph.node("dense").orElseThrow();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.set(
        nodes.indexOf(dense),
        Node.of("dense", OpType.onnx("Identity"), dense.operands().subList(0, 1), dense.results()));
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            graph.initializers(),
            nodes,
            graph.values(),
            graph.origin()));
  }

  @Test
  void theFormIsReadBack() {
    Map<Observed, QdqLayout> layouts = new LinkedHashMap<>();
    layouts.put(INT8, new QdqLayout.PerTensor());
    layouts.put(INT8.withScheme(Scheme.symmetric()), new QdqLayout.PerTensor());
    layouts.put(INT8.withType(QuantizedType.of(Storage.UINT8)), new QdqLayout.PerTensor());
    layouts.put(PER_TOKEN, new QdqLayout.Blocked(-1, WIDTH));
    layouts.forEach(
        (spec, layout) -> {
          Model model = convert(spec, 3);
          Graph graph = ShapeInference.infer(model);
          QdqValue value =
              new QdqGraph(graph).operand(graph.node("dense").orElseThrow(), 0).orElseThrow();
          DynamicValue dynamic = value.match(new QdqValue.Cases<>(constant -> null, read -> read));
          assertEquals(spec.type().storage().dataType(), dynamic.type());
          assertEquals(Optional.of(layout), dynamic.layout(), spec.toString());
        });
  }

  @Test
  void aValueThatTwoNodesReadIsQuantizedOnce() {
    Model model =
        new Models()
            .input("x", 2, WIDTH)
            .constant("w", Tensor.of(new float[WIDTH * WIDTH], WIDTH, WIDTH))
            .node("dense", "MatMul", List.of("x", "w"), "y")
            .node("other", "MatMul", List.of("x", "w"), "z")
            .output("y", 2)
            .output("z", 2)
            .model(21);
    Quantizer quantizer =
        new Quantizer() {
          @Override
          public void annotate(AnnotationContext context) {
            for (Node node : context.graph().nodes()) {
              context.claim(node.name(), List.of(node));
              context.markOperand(node, 0, INT8);
            }
          }
        };
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model, QuantizerProvider.of("test", quantizer)));
    Graph graph = Quantization.convert(plan).model().graph();
    assertEquals(1, graph.nodes().stream().filter(QdqGraph::isQuantize).count());
    assertEquals(
        graph.node("dense").orElseThrow().operands().get(0),
        graph.node("other").orElseThrow().operands().get(0));
  }

  @Test
  void aConstantThatIsDynamicIsQuantizedBeforehand() {
    Model converted = Quantization.convert(plan(model(21, 1), Map.of(1, INT8))).model();
    assertEquals(DataType.INT8, converted.graph().initializers().get("w_quantized").dataType());
  }

  private static OctetException refused(Map<Integer, QuantizationSpec> operands, Model model) {
    Plan plan = plan(model, operands);
    OctetException e = assertThrows(OctetException.class, () -> Quantization.convert(plan));
    String last = plan.findings().get(plan.findings().size() - 1).message();
    assertTrue(last.contains(e.fact()), last);
    assertEquals("OCT-CONV-019", e.id());
    assertEquals("OCT-PLAN-101", plan.findings().get(plan.findings().size() - 1).id());
    return e;
  }

  @Test
  void whatNoNodeComputesIsPlannedAndRefused() {
    Model model = model(21, 2);
    OctetException observer =
        refused(Map.of(0, INT8.withObserver(ObserverSpec.percentile(99))), model);
    assertTrue(observer.fact().contains("watched by 'percentile'"), observer.fact());
    assertEquals(Optional.of("operand 0 of 'dense'"), observer.place());
    OctetException channels =
        refused(Map.of(0, INT8.withGranularity(new Granularity.PerChannel(0))), model);
    assertTrue(
        channels.fact().contains("has the granularity per-channel along axis 0"), channels.fact());
    QuantizationSpec bias =
        new QuantizationSpec.Derived(
            QuantizedType.of(Storage.INT32),
            Derivation.productOfScales(),
            List.of(Point.operand("dense", 0)));
    OctetException derived = refused(Map.of(0, INT8, 1, bias), model);
    assertTrue(derived.fact().contains("is derived from the operand 0 of 'dense'"), derived.fact());
    Scheme powers = Scheme.affine().withGrid(ScaleGrid.powersOfTwo());
    OctetException grid = refused(Map.of(0, INT8.withScheme(powers)), model);
    assertTrue(grid.fact().contains("has scales on a grid"), grid.fact());
    Model unknown =
        new Models()
            .unknown("x", 2)
            .constant("w", Tensor.of(new float[WIDTH * WIDTH], WIDTH, WIDTH))
            .node("dense", "MatMul", List.of("x", "w"), "y")
            .output("y", 2)
            .model(21);
    OctetException rows = refused(Map.of(0, PER_TOKEN), unknown);
    assertTrue(rows.fact().contains("the length of the rows of 'x'"), rows.fact());
  }
}
