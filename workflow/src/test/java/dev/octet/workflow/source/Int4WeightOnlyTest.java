package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.quantize.CenteredRule;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.source.TorchaoCases.Case;
import dev.octet.workflow.source.TorchaoCases.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Weights whose zero points are floats, and the searches of half-quadratic quantization. */
class Int4WeightOnlyTest {

  private static FloatPrecision precision(String word) {
    return FloatPrecision.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Tensor identity(int size) {
    float[] ones = new float[size * size];
    for (int i = 0; i < size; i++) {
      ones[i * size + i] = 1;
    }
    return Tensor.of(ones, size, size);
  }

  private static Tensor run(Model model, Tensor x) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(Map.of("x", x)).values().iterator().next();
    }
  }

  /** What comes out for the rows of an identity is the weight, one column behind the other. */
  @Test
  void integersScalesAndZeroPointsAreThoseOfTorchao() {
    List<Case> cases = TorchaoSelections.floatZeroPoints();
    assertEquals(4, cases.size());
    for (Case one : cases) {
      Int4WeightOnlyConfig scheme =
          Int4WeightOnlyConfig.builder()
              .groupSize(one.number("groupsize"))
              .precision(precision(one.word("dtype", "")))
              .build();
      Model model = SourceQuantization.quantize(TorchaoLayers.model(one), scheme).model();
      Graph graph = model.graph();
      float[] integers = TorchaoLayers.floats(graph.initializers().get("w_quantized").integers());
      float[] expected = one.expected("quantized").elements();
      for (int i = 0; i < integers.length; i++) {
        assertEquals(expected[i], integers[i] + 8, one.id());
      }
      assertArrayEquals(
          one.expected("scales").elements(), TorchaoLayers.scales(graph, "w_scale"), one.id());
      assertArrayEquals(
          one.expected("zeros").elements(), TorchaoLayers.scales(graph, "w_zero"), one.id());
      Tensor dequantized =
          TurnedMatrix.of(run(model, identity((int) one.input("weight").sizes()[1])));
      assertArrayEquals(one.expected("dequantized").elements(), dequantized.floats(), one.id());
    }
  }

  @Test
  void theRuleIsThatOfTinygemmForEveryRangeAndType() {
    int compared = 0;
    for (Case one : TorchaoCases.in("primitives/special")) {
      if (one.was("_choose_qparams_affine_tinygemm")) {
        assertRule(one);
        compared++;
      }
    }
    assertEquals(64, compared);
  }

  private static void assertRule(Case one) {
    Numbers x = one.input("input");
    boolean unset = one.id().endsWith("_f32");
    CenteredRule rule =
        new CenteredRule(
            one.number("quant_min"),
            one.number("quant_max"),
            FloatPrecision.FLOAT32,
            precision(one.word("scale_dtype", "")),
            unset ? Float.MIN_NORMAL : one.args().get("eps").asNumber().floatValue());
    int[] block =
        one.args().get("block_size").asItems().stream().mapToInt(item -> item.asInt()).toArray();
    float[] scales = one.expected("scale").elements();
    for (int i = 0; i < scales.length; i++) {
      int[] elements = block(x.sizes(), block, i);
      float[] values = taken(x.elements(), elements);
      CenteredRule.Pair pair =
          Int4ChooseQparamsAlgorithm.TINYGEMM.choose(rule, values).orElseThrow();
      assertEquals(scales[i], pair.scale(), one.id());
      assertEquals(one.expected("zero_point").elements()[i], pair.zero(), one.id());
      float[] integers = taken(one.expected("quantized").elements(), elements);
      float[] dequantized = taken(one.expected("dequantized").elements(), elements);
      for (int j = 0; j < values.length; j++) {
        long q = rule.quantize(values[j], pair);
        assertEquals(integers[j], q, one.id());
        assertEquals(dequantized[j], rule.dequantize(q, pair), one.id());
      }
    }
  }

  /** Returns the elements of a block of a matrix, blocks counted row by row. */
  private static int[] block(long[] sizes, int[] block, int number) {
    int across = (int) sizes[1] / block[1];
    int[] elements = new int[block[0] * block[1]];
    for (int i = 0; i < elements.length; i++) {
      int row = number / across * block[0] + i / block[1];
      elements[i] = row * (int) sizes[1] + number % across * block[1] + i % block[1];
    }
    return elements;
  }

  private static float[] taken(float[] all, int[] elements) {
    float[] taken = new float[elements.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = all[elements[i]];
    }
    return taken;
  }

  /** Of each group the least error is kept, where torchao keeps the last one of the whole. */
  @Test
  void halfQuadraticZeroPointsLoseNoMoreThanThoseOfTorchao() {
    int compared = 0;
    for (Case one : TorchaoCases.in("primitives/special")) {
      if (one.was("_choose_qparams_and_quantize_affine_hqq")) {
        CenteredRule rule =
            new CenteredRule(
                0,
                (1L << one.number("nbits")) - 1,
                FloatPrecision.FLOAT32,
                FloatPrecision.FLOAT32,
                1e-6f);
        float[] scales = one.expected("scale").elements();
        int group = one.number("group_size");
        for (int i = 0; i < scales.length; i++) {
          int[] elements = block(new long[] {scales.length, group}, new int[] {1, group}, i);
          float[] w = taken(one.input("input").elements(), elements);
          CenteredRule.Pair theirs =
              new CenteredRule.Pair(scales[i], one.expected("zero_point").elements()[i]);
          CenteredRule.Pair ours = Int4ChooseQparamsAlgorithm.HQQ.choose(rule, w).orElseThrow();
          float[] integers = taken(one.expected("quantized").elements(), elements);
          double lost = 0;
          double lostByThem = 0;
          for (int j = 0; j < w.length; j++) {
            lost += Math.abs(w[j] - rule.dequantize(rule.quantize(w[j], ours), ours));
            lostByThem += Math.abs(w[j] - rule.dequantize((long) integers[j], theirs));
          }
          assertTrue(lost <= 1.00001 * lostByThem, one.id() + ": " + lost + " " + lostByThem);
          assertEquals(theirs.scale(), ours.scale(), 1e-6f * theirs.scale());
        }
        compared++;
      }
    }
    assertEquals(4, compared);
  }

  @Test
  void halfQuadraticScalesLoseNoMoreThanThoseOfTorchao() {
    int compared = 0;
    for (Case one : TorchaoCases.in("primitives/special")) {
      if (one.was("_choose_qparams_and_quantize_scale_only_hqq")) {
        assertScalesOnly(one);
        compared++;
      }
    }
    assertEquals(16, compared);
  }

  private static void assertScalesOnly(Case one) {
    boolean narrow = one.id().endsWith("bfloat16");
    FloatPrecision precision = narrow ? FloatPrecision.BFLOAT16 : FloatPrecision.FLOAT32;
    LayerRule rule =
        new LayerRule(
            new RoundedRule(
                one.number("qmin"),
                one.number("qmax"),
                RoundedRule.Mapping.SYMMETRIC,
                FloatPrecision.FLOAT32,
                precision,
                0x1p-23f,
                ZeroPointOrder.AFTER_ROUNDING),
            WeightGranularity.perRow(),
            ScaleAlgorithm.HQQ_SCALE_ONLY,
            Optional.empty(),
            false,
            Optional.empty());
    float[] all = one.input("input").elements();
    float[] scales = one.expected("scale").elements();
    int group = all.length / scales.length;
    double lost = 0;
    double lostByThem = 0;
    for (int i = 0; i < scales.length; i++) {
      int[] elements = block(new long[] {scales.length, group}, new int[] {1, group}, i);
      float[] w = taken(all, elements);
      float[] integers = taken(one.expected("quantized").elements(), elements);
      float scale = rule.scales().choose(rule, w, new double[group]).orElseThrow().scale(0);
      assertEquals(scales[i], scale, 1e-5f * scales[i], one.id());
      for (int j = 0; j < w.length; j++) {
        long q = rule.rounding().quantize(w[j], rule.rounding().reciprocal(scale), 0);
        lost += Math.pow(w[j] - q * (double) scale, 2);
        lostByThem += Math.pow(w[j] - integers[j] * (double) scales[i], 2);
      }
    }
    assertTrue(lost <= 1.001 * lostByThem, one.id() + ": " + lost + " " + lostByThem);
  }

  private static Tensor weights(long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = 3 + (float) Math.sin(i * 0.7);
    }
    return Tensor.of(elements, sizes);
  }

  private static Model layer(String op, Tensor weight, Attribute... attributes) {
    Models models = new Models().output("y", op.equals("Conv") ? 3 : 2).constant("w", weight);
    return (op.equals("Conv") ? models.samples("x", 8, 5) : models.samples("x", 8))
        .node("layer", op, List.of("x", "w"), "y", attributes)
        .model(21);
  }

  /** The weights are 2 to 4: groups that do not straddle 0 lose no integer to it. */
  @Test
  void everyLayoutOfAWeightMeansTheSame() {
    Int4WeightOnlyConfig scheme = Int4WeightOnlyConfig.builder().groupSize(4).build();
    Tensor rows = weights(3, 8);
    Tensor x = Tensor.of(new float[] {1, -2, 3, -4, 5, -6, 7, -8}, 1, 8);
    Model turned = layer("Gemm", rows, Attribute.of("transB", 1L));
    SourceQuantized first = SourceQuantization.quantize(turned, scheme);
    float[] expected = run(first.model(), x).floats();
    assertTrue(first.layers().get(0).weight().orElseThrow().sqnrDb().orElseThrow() > 30);
    assertEquals(12 + 2 * 4 * 6, first.layers().get(0).weight().orElseThrow().bytesAfter());
    Model plain = layer("MatMul", TurnedMatrix.of(rows));
    assertArrayEquals(
        expected, run(SourceQuantization.quantize(plain, scheme).model(), x).floats(), 1e-4f);
    Model conv = layer("Conv", rows.reshaped(3, 8, 1));
    float[] points = new float[40];
    for (int i = 0; i < points.length; i++) {
      points[i] = x.floats()[i / 5];
    }
    float[] y =
        run(SourceQuantization.quantize(conv, scheme).model(), Tensor.of(points, 1, 8, 5)).floats();
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i], y[i * 5 + 4], 1e-4f);
    }
  }

  @Test
  void aLayerThatGroupsDoNotDivideStaysFloat() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                SourceQuantization.quantize(
                    layer("MatMul", weights(8, 3)),
                    Int4WeightOnlyConfig.builder().groupSize(3).build()));
    assertEquals("OCT-SRC-001", e.id());
    assertTrue(e.getMessage().contains("do not divide its 8 inputs"), e.getMessage());
  }

  @Test
  void weightsThatAreAllTheSameStayThat() {
    for (Int4ChooseQparamsAlgorithm algorithm : Int4ChooseQparamsAlgorithm.values()) {
      for (float value : new float[] {0f, 2.5f, -1e-9f}) {
        float[] same = new float[24];
        Arrays.fill(same, value);
        Model model =
            SourceQuantization.quantize(
                    layer("MatMul", Tensor.of(same, 8, 3)),
                    Int4WeightOnlyConfig.builder().int4ChooseQparamsAlgorithm(algorithm).build())
                .model();
        Tensor x = Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 1, 8);
        for (float y : run(model, x).floats()) {
          assertEquals(8 * value, y, 1e-5f, algorithm + " " + value);
        }
      }
    }
  }

  @Test
  void rangesBeyondTheirTypeAndNaNAreRefused() {
    Int4WeightOnlyConfig scheme = Int4WeightOnlyConfig.builder().build();
    float[] wide = weights(8, 3).floats();
    wide[0] = Float.MAX_VALUE;
    wide[3] = -Float.MAX_VALUE;
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> SourceQuantization.quantize(layer("MatMul", Tensor.of(wide, 8, 3)), scheme));
    assertEquals("OCT-SRC-003", e.id());
    float[] broken = weights(8, 3).floats();
    broken[5] = Float.NaN;
    e =
        assertThrows(
            OctetException.class,
            () -> SourceQuantization.quantize(layer("MatMul", Tensor.of(broken, 8, 3)), scheme));
    assertEquals("OCT-SRC-002", e.id());
  }

  @Test
  void isNotFittedToData() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> GptqConfig.builder().baseConfig(Int4WeightOnlyConfig.builder().build()).build());
    assertEquals("OCT-SRC-004", e.id());
    assertTrue(e.getMessage().contains("float zero points"), e.getMessage());
  }

  @Test
  void hasTheDefaultsOfTorchaoAndAName() {
    Int4WeightOnlyConfig scheme = Int4WeightOnlyConfig.builder().build();
    assertEquals(128, scheme.groupSize());
    assertEquals(Int4ChooseQparamsAlgorithm.TINYGEMM, scheme.int4ChooseQparamsAlgorithm());
    assertEquals(scheme, SchemeName.of("int4").scheme(SchemeOptions.none()));
    SchemeOptions hqq =
        new SchemeOptions(
            Optional.of(32),
            Optional.empty(),
            Optional.empty(),
            Optional.of(FloatPrecision.BFLOAT16),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Int4ChooseQparamsAlgorithm.HQQ));
    assertEquals(
        new Int4WeightOnlyConfig(32, Int4ChooseQparamsAlgorithm.HQQ, FloatPrecision.BFLOAT16),
        SchemeName.of("int4").scheme(hqq));
    assertEquals(
        DataType.INT4,
        SourceQuantization.quantize(layer("MatMul", weights(8, 3)), scheme)
            .model()
            .graph()
            .initializers()
            .get("w_quantized")
            .dataType());
  }
}
