package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.NumericProfile.ZeroPointOrder;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.source.TorchaoCases.Case;
import dev.octet.workflow.source.TorchaoCases.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Where torchao says that what it gives is wrong, Octet does what the table beside says. */
class TorchaoDefectsTest {

  private static Map<String, String> table() throws IOException {
    Map<String, String> table = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(
            TorchaoDefectsTest.class.getResourceAsStream("torchao-defects.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.startsWith("#") && !line.isEmpty()) {
          String[] cells = line.split(" \\| ", -1);
          assertEquals(3, cells.length, line);
          table.put(cells[0], cells[1]);
        }
      }
    }
    return table;
  }

  private static Map<String, Case> marked() {
    Map<String, Case> marked = new LinkedHashMap<>();
    for (String group : TorchaoSelections.GROUPS) {
      for (Case one : TorchaoCases.of(group)) {
        if (!one.defect().isEmpty()) {
          marked.put(group + "/" + one.id(), one);
        }
      }
    }
    return marked;
  }

  @Test
  void everyMarkedCaseDoesWhatTheTableSays() throws IOException {
    Map<String, Case> marked = marked();
    Map<String, String> table = table();
    assertEquals(new ArrayList<>(table.keySet()), new ArrayList<>(marked.keySet()));
    assertEquals(21, table.size());
    for (Map.Entry<String, Case> entry : marked.entrySet()) {
      Case one = entry.getValue();
      switch (table.get(entry.getKey())) {
        case "smallest-normal" -> givesZerosTheSmallestNormalScale(one);
        case "stays-float" -> leavesTheLayerFloat(one);
        case "padded" -> fillsTheLastGroup(one);
        case "OCT-SRC-004" -> refuses(one);
        case "own-bits" -> clampsToItsBits(one);
        default -> throw new AssertionError(entry.getKey());
      }
    }
  }

  private static void givesZerosTheSmallestNormalScale(Case one) {
    Graph graph = quantized(TorchaoLayers.model(one), TorchaoLayers.scheme(one)).model().graph();
    float[] expected = one.expected("scales").elements().clone();
    boolean underflows = false;
    for (int i = 0; i < expected.length; i++) {
      underflows |= expected[i] == 0f;
      expected[i] = expected[i] == 0f ? FloatPrecision.FLOAT16.smallestNormal() : expected[i];
    }
    assertTrue(underflows, one.id());
    assertArrayEquals(expected, TorchaoLayers.scales(graph, "w_scale"));
  }

  private static SourceQuantized quantized(Model model, SourceScheme scheme) {
    return SourceQuantization.quantize(model, scheme);
  }

  /**
   * The model of two layers, of which the first one divides; alone, nothing is left to quantize.
   */
  private static void leavesTheLayerFloat(Case one) {
    if (one.optionalInput("weight").isPresent()) {
      OctetException e =
          assertThrows(
              OctetException.class,
              () -> quantized(TorchaoLayers.model(one), TorchaoLayers.scheme(one)));
      assertEquals("OCT-SRC-001", e.id());
      return;
    }
    SourceQuantized both =
        quantized(twoLayers(one), Int8DynActInt4WeightQuantizer.builder().groupSize(32).build());
    assertEquals(
        List.of(true, false), both.layers().stream().map(LayerOutcome::isQuantized).toList());
    assertEquals(
        "groups of 32 do not divide its 48 inputs", both.layers().get(1).reason().orElseThrow());
    assertEquals("OCT-SRC-101", both.findings().get(0).id());
  }

  private static void fillsTheLastGroup(Case one) {
    SourceScheme scheme =
        Int8DynActInt4WeightQuantizer.builder().groupSize(32).paddingAllowed(true).build();
    Graph graph = quantized(twoLayers(one), scheme).model().graph();
    Numbers intended = one.of(one.tree().get("intended").asMapping().get("head.weight"));
    long[] integers = graph.initializers().get("head_quantized").integers();
    int padded = (int) intended.sizes()[1];
    for (int row = 0; row < intended.sizes()[0]; row++) {
      for (int k = 0; k < padded; k++) {
        long expected = (long) intended.elements()[row * padded + k];
        assertEquals(expected, k < 48 ? integers[row * 48 + k] : 0, "row " + row + " k " + k);
      }
    }
    Numbers scales = one.of(one.tree().get("intended").asMapping().get("head.scales"));
    assertArrayEquals(scales.elements(), TorchaoLayers.scales(graph, "head_scale"));
  }

  private static Model twoLayers(Case one) {
    Numbers first = one.input("attn.proj.weight");
    Numbers head = one.input("head.weight");
    return new Models()
        .samples("x", first.sizes()[1])
        .output("y", 2)
        .constant("proj", Tensor.of(first.elements(), first.sizes()))
        .vector("bias", one.input("attn.proj.bias").elements())
        .constant("head", Tensor.of(head.elements(), head.sizes()))
        .node("attn", "Gemm", List.of("x", "proj", "bias"), "a", Attribute.of("transB", 1L))
        .node("act", "Relu", List.of("a"), "b")
        .node("last", "Gemm", List.of("b", "head"), "y", Attribute.of("transB", 1L))
        .model(21);
  }

  private static void refuses(Case one) {
    boolean layer = one.args().entries().containsKey("model_dtype");
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> {
              if (layer) {
                TorchaoLayers.scheme(one);
              } else {
                scheme(one, "groupsize");
              }
            });
    assertEquals("OCT-SRC-004", e.id(), one.id());
  }

  private static SourceScheme scheme(Case one, String groupSize) {
    return IntxWeightOnlyConfig.builder()
        .weightBits(one.number("n_bit"))
        .granularity(WeightGranularity.perGroup(one.number(groupSize)))
        .mappingType(Mapping.valueOf(one.word("mapping_type", "SYMMETRIC")))
        .build();
  }

  private static void clampsToItsBits(Case one) {
    Graph graph = quantized(TorchaoLayers.model(one), scheme(one, "group_size")).model().graph();
    assertArrayEquals(one.expected("scales").elements(), TorchaoLayers.scales(graph, "w_scale"));
    long[] integers = graph.initializers().get("w_quantized").integers();
    float[] upstream = one.expected("weight").elements();
    long half = 1L << (one.number("n_bit") - 1);
    for (int i = 0; i < upstream.length; i++) {
      long clamped = Math.min(Math.max(integers[i], -8), 7);
      long narrowed = Math.min(Math.max((long) upstream[i], -half), half - 1);
      assertEquals(half > 8 ? (long) upstream[i] : narrowed, half > 8 ? clamped : integers[i]);
    }
  }

  /** What torchao does right in these functions and models. */
  @Test
  void groupsHaveTheScalesOfTorchao() {
    int compared = 0;
    for (Case one : TorchaoSelections.groupScales()) {
      Graph graph = quantized(TorchaoLayers.model(one), scheme(one, "groupsize")).model().graph();
      assertArrayEquals(one.expected("scales").elements(), TorchaoLayers.scales(graph, "w_scale"));
      Tensor zeros = graph.initializers().get("w_zero_point");
      float[] none = new float[one.expected("zeros").elements().length];
      assertArrayEquals(
          one.expected("zeros").elements(),
          zeros == null ? none : TorchaoLayers.floats(zeros.integers()));
      compared++;
    }
    assertEquals(46, compared);
  }

  @Test
  void tokensAreQuantizedAsInTorchao() {
    int compared = 0;
    for (Case one : TorchaoSelections.tokens()) {
      FloatPrecision precision =
          one.id().contains("bfloat16") ? FloatPrecision.BFLOAT16 : FloatPrecision.FLOAT32;
      float floor =
          one.id().endsWith("eps_f32")
              ? NumericProfile.FLOAT32_EPSILON
              : precision.smallestNormal();
      RoundedRule rule =
          new RoundedRule(
              Byte.MIN_VALUE,
              Byte.MAX_VALUE,
              Mapping.ASYMMETRIC,
              precision,
              FloatPrecision.FLOAT32,
              floor,
              ZeroPointOrder.AFTER_ROUNDING);
      assertArrayEquals(
          one.expected("output").elements(), dequantized(one.input("input"), rule), one.id());
      compared++;
    }
    assertEquals(12, compared);
  }

  private static float[] dequantized(Numbers x, RoundedRule rule) {
    int width = (int) x.sizes()[1];
    float[] all = x.elements().clone();
    for (int row = 0; row < all.length; row += width) {
      float low = all[row];
      float high = all[row];
      for (int i = row; i < row + width; i++) {
        low = Math.min(low, all[i]);
        high = Math.max(high, all[i]);
      }
      QuantizationParameters pair = rule.choose(low, high).orElseThrow();
      float reciprocal = rule.reciprocal(pair.scale(0));
      for (int i = row; i < row + width; i++) {
        long q = rule.quantize(all[i], reciprocal, pair.zeroPoint(0));
        all[i] = rule.values().round((q - pair.zeroPoint(0)) * pair.scale(0));
      }
    }
    return all;
  }

  @Test
  void modelsOfTwoLayersHaveTheStateAndResultOfTorchao() {
    for (Case one : TorchaoSelections.modelsOfTwoLayers()) {
      Model model =
          quantized(
                  twoLayers(one),
                  Int8DynActInt4WeightQuantizer.builder()
                      .groupSize(one.number("groupsize"))
                      .build())
              .model();
      Map<String, Tensor> constants = model.graph().initializers();
      var state = one.expected().get("state").asMapping();
      for (String[] names : new String[][] {{"attn.proj", "proj"}, {"head", "head"}}) {
        assertArrayEquals(
            one.of(state.get(names[0] + ".weight")).elements(),
            TorchaoLayers.floats(constants.get(names[1] + "_quantized").integers()));
        assertArrayEquals(
            one.of(state.get(names[0] + ".scales")).elements(),
            constants.get(names[1] + "_scale").floats());
      }
      assertClose(one, model);
    }
  }

  @Test
  void aFilterLeavesALayerFloatAsInTorchao() {
    for (Case one : TorchaoSelections.filteredModels()) {
      SourceScheme scheme =
          Int8DynamicActivationIntxWeightConfig.builder()
              .weightBits(4)
              .granularity(WeightGranularity.perGroup(one.number("group_size")))
              .build();
      SourceQuantized quantized =
          SourceQuantization.quantize(
              twoLayers(one), scheme, LayerFilters.policy(List.of("!shape:48x*")));
      assertEquals(
          List.of(true, false),
          quantized.layers().stream().map(LayerOutcome::isQuantized).toList());
      assertClose(one, quantized.model());
    }
  }

  private static void assertClose(Case one, Model model) {
    float[] y = TorchaoLayers.run(model, one.input("x")).get("y").floats();
    float[] expected = one.expected("output").elements();
    for (int i = 0; i < y.length; i++) {
      assertEquals(expected[i], y[i], 1e-4f * Math.max(1f, Math.abs(expected[i])), one.id());
    }
  }

  /** The case has no numbers, only the types of the modules. */
  @Test
  void anEmbeddingIsLeftAloneAsInTorchao() {
    for (Case one : TorchaoSelections.modelsWithEmbedding()) {
      float[] ramp = new float[64 * 32];
      for (int i = 0; i < ramp.length; i++) {
        ramp[i] = (i % 37 - 18) / 7f;
      }
      Model model =
          new Models()
              .output("y", 2)
              .constant("table", Tensor.of(ramp, 64, 32))
              .samples("x", 64)
              .node("largest", "ArgMax", List.of("x"), "i", Attribute.of("axis", 1L))
              .constant("w", Tensor.of(ramp, 32, 64))
              .node("0", "Gather", List.of("table", "i"), "e")
              .node("1", "MatMul", List.of("e", "w"), "y")
              .model(21);
      SourceScheme scheme =
          Int8DynActInt4WeightQuantizer.builder().groupSize(one.number("groupsize")).build();
      Graph graph = quantized(model, scheme).model().graph();
      assertEquals("table", graph.node("0").orElseThrow().operands().get(0));
      assertTrue(graph.initializers().containsKey("w_quantized"));
    }
  }

  @Test
  void everyCaseIsHeldByOneTest() {
    List<Case> held = new ArrayList<>();
    List.of(
            TorchaoSelections.layers(),
            TorchaoSelections.embeddings(),
            TorchaoSelections.halfQuadraticScales(),
            TorchaoSelections.groupScales(),
            TorchaoSelections.tokens(),
            TorchaoSelections.floatZeroPoints(),
            TorchaoSelections.modelsOfTwoLayers(),
            TorchaoSelections.filteredModels(),
            TorchaoSelections.modelsWithEmbedding(),
            TorchaoSelections.marked())
        .forEach(held::addAll);
    List<String> ids = held.stream().map(c -> c.function() + " " + c.id()).sorted().toList();
    List<String> all =
        TorchaoSelections.GROUPS.stream()
            .flatMap(group -> TorchaoCases.of(group).stream())
            .map(c -> c.function() + " " + c.id())
            .sorted()
            .toList();
    assertEquals(475, all.size());
    assertEquals(all, ids);
  }
}
