package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceQuantizationTest {

  private static final SourceScheme INT4 =
      Int8DynActInt4WeightQuantizer.builder().groupSize(4).build();

  private static Tensor weights(int seed, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    Random random = new Random(seed);
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return Tensor.of(elements, sizes);
  }

  private static Models product(Tensor w) {
    return new Models()
        .samples("x", w.sizes()[0])
        .output("y", 2)
        .constant("w", w)
        .node("linear", "MatMul", List.of("x", "w"), "y");
  }

  private static String reason(SourceQuantized quantized, String node) {
    return quantized.layers().stream()
        .filter(layer -> layer.node().equals(node))
        .flatMap(layer -> layer.reason().stream())
        .findFirst()
        .orElse("quantized");
  }

  private static Tensor run(Model model, Tensor x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", x)).get("y");
    }
  }

  @Test
  void storesTwoWeightsAByteAndAScaleForEachGroup() {
    SourceQuantized quantized =
        SourceQuantization.quantize(product(weights(1, 8, 3)).model(21), INT4);
    Graph graph = quantized.model().graph();
    assertFalse(graph.initializers().containsKey("w"));
    Tensor stored = graph.initializers().get("w_quantized");
    assertEquals(DataType.INT4, stored.dataType());
    assertEquals(12, stored.byteCount());
    assertArrayEquals(new long[] {2, 3}, graph.initializers().get("w_scale").sizes());
    LayerOutcome.Weight weight = quantized.layers().get(0).weight().orElseThrow();
    assertEquals(96, weight.bytesBefore());
    assertEquals(12 + 24, weight.bytesAfter());
    assertTrue(weight.sqnrDb().orElseThrow() > 15, weight.toString());
  }

  /** A scale of 16 bits takes two bytes in the file, and the layer still runs on integers. */
  @Test
  void storesScalesInTheirType() {
    SourceScheme narrow =
        Int8DynActInt4WeightQuantizer.builder()
            .groupSize(4)
            .scalesPrecision(FloatPrecision.FLOAT16)
            .build();
    SourceQuantized quantized =
        SourceQuantization.quantize(product(weights(1, 8, 3)).model(21), narrow);
    Tensor stored = quantized.model().graph().initializers().get("w_scale");
    assertEquals(DataType.FLOAT16, stored.dataType());
    assertEquals(12 + 12, quantized.layers().get(0).weight().orElseThrow().bytesAfter());
    List<Node> nodes = QdqLowering.lower(quantized.model()).model().graph().nodes();
    assertTrue(
        nodes.stream().anyMatch(n -> n.op().equals(IntegerDialect.MATMUL_TO_FLOAT)),
        nodes.toString());
    Graph nbits =
        Int8DynActInt4WeightQuantizer.builder()
            .groupSize(16)
            .scalesPrecision(FloatPrecision.BFLOAT16)
            .build()
            .quantize(product(weights(2, 32, 3)).model(21))
            .in(ModelForm.of("matmulnbits"))
            .model()
            .graph();
    assertTrue(
        nbits.nodes().stream().anyMatch(n -> n.op().equals(IntegerDialect.MATMUL_N_BITS)),
        nbits.toString());
  }

  /** Each algorithm may only lose less than the range does. */
  @Test
  void searchesScalesThatLoseLess() {
    Model model = product(weights(3, 64, 16)).model(21);
    double range = decibels(model, ScaleAlgorithm.AFFINE, Mapping.SYMMETRIC);
    double hqq = decibels(model, ScaleAlgorithm.HQQ_SCALE_ONLY, Mapping.SYMMETRIC);
    double searched = decibels(model, ScaleAlgorithm.SQUARED_ERROR, Mapping.SYMMETRIC);
    double shifted = decibels(model, ScaleAlgorithm.SQUARED_ERROR, Mapping.ASYMMETRIC);
    String all = range + ", " + hqq + ", " + searched + ", " + shifted;
    assertTrue(hqq > range && searched > range && shifted > searched, all);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> decibels(model, ScaleAlgorithm.HQQ_SCALE_ONLY, Mapping.ASYMMETRIC));
    assertEquals("OCT-SRC-004", e.id());
  }

  private static double decibels(Model model, ScaleAlgorithm algorithm, Mapping mapping) {
    SourceScheme scheme =
        IntxWeightOnlyConfig.builder()
            .weightBits(4)
            .granularity(WeightGranularity.perGroup(16))
            .mappingType(mapping)
            .chooseQparamsAlgorithm(algorithm)
            .build();
    return SourceQuantization.quantize(model, scheme)
        .layers()
        .get(0)
        .weight()
        .orElseThrow()
        .sqnrDb()
        .orElseThrow();
  }

  @Test
  void leavesALayerFloatWhoseInputsTheGroupsDoNotDivide() {
    Models models =
        product(weights(1, 8, 6))
            .constant("v", weights(2, 6, 2))
            .output("z", 2)
            .node("odd", "MatMul", List.of("y", "v"), "z");
    SourceQuantized quantized = SourceQuantization.quantize(models.model(21), INT4);
    assertEquals("quantized", reason(quantized, "linear"));
    assertEquals("groups of 4 do not divide its 6 inputs", reason(quantized, "odd"));
    assertEquals(1, quantized.findings().size());
    assertEquals("OCT-SRC-101", quantized.findings().get(0).id());
    assertTrue(quantized.model().graph().initializers().containsKey("v"));
    SourceScheme padded =
        Int8DynActInt4WeightQuantizer.builder().groupSize(4).paddingAllowed(true).build();
    assertEquals(2, SourceQuantization.quantize(models.model(21), padded).quantizedLayers());
  }

  @Test
  void givesARowWithFewerInputsThanAGroupOneScale() {
    SourceQuantized quantized =
        Int8DynActInt4WeightQuantizer.builder()
            .build()
            .quantize(product(weights(1, 8, 3)).model(21));
    assertArrayEquals(
        new long[] {3}, quantized.model().graph().initializers().get("w_scale").sizes());
  }

  @Test
  void quantizesASharedWeightAndAnInputOfSeveralLayersOnce() {
    Model model =
        new Models()
            .samples("x", 8)
            .output("a", 2)
            .output("b", 2)
            .constant("w", weights(1, 8, 8))
            .node("first", "MatMul", List.of("x", "w"), "a")
            .node("second", "MatMul", List.of("x", "w"), "b")
            .model(21);
    SourceQuantized quantized = SourceQuantization.quantize(model, INT4);
    assertEquals(2, quantized.quantizedLayers());
    List<Node> nodes = quantized.model().graph().nodes();
    assertEquals(2, nodes.stream().filter(n -> n.op().is("DequantizeLinear")).count());
    assertEquals(0, quantized.layers().get(1).weight().orElseThrow().bytesAfter());
  }

  private static Models embedding(Tensor table) {
    Attribute row = Attribute.of("axis", 1L);
    return new Models()
        .samples("x", 5)
        .constant("table", table)
        .output("y", 2)
        .node("largest", "ArgMax", List.of("x"), "i", row, Attribute.of("keepdims", 0L))
        .node("choose", "Gather", List.of("table", "i"), "e");
  }

  @Test
  void storesATableThatALayerReadsTooOnce() {
    Model model =
        embedding(weights(1, 5, 8))
            .node("head", "Gemm", List.of("e", "table"), "y", Attribute.of("transB", 1L))
            .model(21);
    SourceQuantized quantized = SourceQuantization.quantize(model, new WithEmbeddings(INT4, false));
    assertEquals(2, quantized.quantizedLayers());
    assertEquals(
        20 + 40,
        quantized.layers().stream().mapToLong(l -> l.weight().orElseThrow().bytesAfter()).sum());
    assertFalse(quantized.model().graph().initializers().containsKey("table"));
    SourceQuantized alone = SourceQuantization.quantize(model, INT4);
    assertEquals(1, alone.layers().size());
    assertTrue(alone.model().graph().initializers().containsKey("table"));
  }

  /** What runs is the product on the integers of the table, without a node that turns it. */
  @Test
  void storesAWeightThatIsATableTurnedRoundWithIt() {
    Tensor table = weights(1, 5, 8);
    Model model =
        embedding(table)
            .constant("w", TurnedMatrix.of(table))
            .node("head", "MatMul", List.of("e", "w"), "y")
            .model(21);
    SourceQuantized apart = SourceQuantization.quantize(model, new WithEmbeddings(INT4, false));
    SourceQuantized tied = SourceQuantization.quantize(model, new WithEmbeddings(INT4, true));
    assertEquals(2, tied.quantizedLayers());
    assertFalse(tied.model().graph().initializers().containsKey("w"));
    List<Node> nodes = QdqLowering.lower(tied.model()).model().graph().nodes();
    assertTrue(nodes.stream().anyMatch(n -> n.op().equals(IntegerDialect.MATMUL_TO_FLOAT)));
    assertTrue(nodes.stream().noneMatch(n -> n.op().is("Transpose")), nodes.toString());
    assertTrue(
        nodes.stream().noneMatch(n -> n.operands().get(0).equals("table_dequantized")),
        nodes.toString());
    Tensor x = weights(4, 3, 5);
    assertArrayEquals(run(apart.model(), x).floats(), run(tied.model(), x).floats());
    float[] elements = table.floats();
    elements[7] += 1;
    Model other =
        embedding(table)
            .constant("w", TurnedMatrix.of(Tensor.of(elements, 5, 8)))
            .node("head", "MatMul", List.of("e", "w"), "y")
            .model(21);
    Graph kept = SourceQuantization.quantize(other, new WithEmbeddings(INT4, true)).model().graph();
    assertTrue(kept.initializers().containsKey("w_quantized"));
  }

  /** A table of zeros, one that groups do not divide, one of NaN, no rows taken, and no table. */
  @Test
  void treatsTheEdgesOfTablesAsThoseOfLayers() {
    SourceScheme scheme = new WithEmbeddings(INT4, false);
    Models zeros = embedding(new float[40], 5, 8);
    Model quantized = SourceQuantization.quantize(zeros.model(21), scheme).model();
    assertArrayEquals(new float[24], run(quantized, weights(1, 3, 5)).floats());
    assertEquals(0, run(quantized, Tensor.of(new float[0], 0, 5)).elementCount());
    OctetException e = refused(embedding(new float[30], 5, 6).model(21), scheme);
    assertEquals("OCT-SRC-001", e.id());
    assertTrue(e.getMessage().contains("groups of 4 do not divide its 6 inputs"), e.getMessage());
    float[] broken = new float[40];
    broken[39] = Float.NEGATIVE_INFINITY;
    e = refused(embedding(broken, 5, 8).model(21), scheme);
    assertEquals("OCT-SRC-002", e.id());
    assertTrue(e.getMessage().contains("'choose' holds -Infinity at element 39"), e.getMessage());
    Model none =
        new Models()
            .samples("x", 8)
            .output("y", 2)
            .node(Node.of("relu", OpType.onnx("Relu"), List.of("x"), List.of("y")))
            .model(21);
    assertTrue(refused(none, scheme).getMessage().contains("Gemm or Conv, and no table"));
  }

  private static Models embedding(float[] table, long rows, long columns) {
    return embedding(Tensor.of(table, rows, columns)).node("same", "Identity", List.of("e"), "y");
  }

  private static OctetException refused(Model model, SourceScheme scheme) {
    return assertThrows(OctetException.class, () -> SourceQuantization.quantize(model, scheme));
  }

  @Test
  void keepsAConstantThatSomethingElseReads() {
    Model model =
        product(weights(1, 8, 8))
            .output("z", 2)
            .node("sum", "Add", List.of("y", "w"), "z")
            .model(21);
    assertTrue(
        SourceQuantization.quantize(model, INT4).model().graph().initializers().containsKey("w"));
  }

  /** A convolution of single points has the numbers of the product along its channels. */
  @Test
  void quantizesAConvolutionOfSinglePoints() {
    Tensor w = weights(1, 3, 8, 1, 1);
    Model conv =
        new Models()
            .samples("x", 8, 1, 2)
            .output("y", 4)
            .constant("w", w)
            .node("conv", "Conv", List.of("x", "w"), "y")
            .model(21);
    Model gemm =
        new Models()
            .samples("x", 8)
            .output("y", 2)
            .constant("w", w.reshaped(3, 8))
            .node("gemm", "Gemm", List.of("x", "w"), "y", Attribute.of("transB", 1L))
            .model(21);
    SourceQuantized quantized = SourceQuantization.quantize(conv, INT4);
    assertEquals("quantized", reason(quantized, "conv"));
    float[] points = weights(5, 2, 8).floats();
    float[] channels = new float[16];
    for (int i = 0; i < 16; i++) {
      channels[i % 8 * 2 + i / 8] = points[i];
    }
    float[] ofConv = run(quantized.model(), Tensor.of(channels, 1, 8, 1, 2)).floats();
    float[] ofGemm =
        run(SourceQuantization.quantize(gemm, INT4).model(), Tensor.of(points, 2, 8)).floats();
    for (int i = 0; i < 6; i++) {
      assertEquals(ofGemm[i], ofConv[i % 3 * 2 + i / 3], 1e-5f);
    }
  }

  @Test
  void saysOfEveryOtherProductWhyItStaysFloat() {
    Model model =
        new Models()
            .input("x", 4, 8)
            .output("y", 2)
            .constant("w", weights(1, 8, 4))
            .constant("l", weights(2, 4, 4))
            .constant("t", weights(3, 4, 4))
            .constant("k", weights(4, 1, 1, 3, 3))
            .constant("stack", weights(5, 2, 4, 4))
            .vector("shape", 0f)
            .node("linear", "MatMul", List.of("x", "w"), "a")
            .node("left", "MatMul", List.of("l", "a"), "b")
            .node("none", "MatMul", List.of("b", "b"), "c")
            .node("turned", "Gemm", List.of("c", "t"), "d", Attribute.of("transA", 1L))
            .node("experts", "MatMul", List.of("d", "stack"), "y")
            .model(21);
    SourceQuantized quantized = SourceQuantization.quantize(model, INT4);
    assertEquals("quantized", reason(quantized, "linear"));
    assertEquals("its constant stands on the left", reason(quantized, "left"));
    assertEquals("its weight is not constant", reason(quantized, "none"));
    assertEquals("its input is transposed, so that a token is no row", reason(quantized, "turned"));
    assertEquals("its weight has 3 dimensions, not 2", reason(quantized, "experts"));
  }

  @Test
  void obeysAPolicy() {
    Models models =
        product(weights(1, 8, 8))
            .constant("v", weights(2, 8, 2))
            .output("z", 2)
            .node("head", "MatMul", List.of("y", "v"), "z");
    Policy policy = Policy.builder().exclude(new Selector.NodeGlob("hea*")).build();
    SourceQuantized quantized = SourceQuantization.quantize(models.model(21), INT4, policy);
    assertEquals(1, quantized.quantizedLayers());
    assertTrue(reason(quantized, "head").startsWith("the filters leave it out"));
    Policy misspelt = Policy.builder().exclude(new Selector.NodeGlob("haed")).build();
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> SourceQuantization.quantize(models.model(21), INT4, misspelt));
    assertEquals("OCT-POL-001", e.id());
  }

  @Test
  void runsNoRowsAndWeightsOfZeros() {
    Model model = product(Tensor.of(new float[24], 8, 3)).model(21);
    SourceQuantized quantized = SourceQuantization.quantize(model, INT4);
    assertEquals(Optional.empty(), quantized.layers().get(0).weight().orElseThrow().sqnrDb());
    assertEquals(0, run(quantized.model(), Tensor.of(new float[0], 0, 8)).elementCount());
    float[] y = run(quantized.model(), weights(3, 2, 8)).floats();
    assertArrayEquals(new float[6], y);
  }

  @Test
  void refusesWeightsThatAreNoNumbers() {
    float[] elements = new float[24];
    elements[5] = Float.NaN;
    Model model = product(Tensor.of(elements, 8, 3)).model(21);
    OctetException e =
        assertThrows(OctetException.class, () -> SourceQuantization.quantize(model, INT4));
    assertEquals("OCT-SRC-002", e.id());
    assertTrue(
        e.getMessage().contains("the weight of 'linear' holds NaN at element 5"), e.getMessage());
  }

  @Test
  void refusesWeightsWhoseScaleIsBeyondItsType() {
    float[] elements = new float[24];
    elements[5] = 1e30f;
    Model model = product(Tensor.of(elements, 8, 3)).model(21);
    SourceScheme scheme =
        Int8DynActInt4WeightQuantizer.builder()
            .groupSize(4)
            .scalesPrecision(dev.octet.kernels.quantize.FloatPrecision.FLOAT16)
            .build();
    OctetException e =
        assertThrows(OctetException.class, () -> SourceQuantization.quantize(model, scheme));
    assertEquals("OCT-SRC-003", e.id());
  }

  @Test
  void refusesAModelWithoutLayers() {
    Model model =
        new Models()
            .samples("x", 8)
            .output("y", 2)
            .node(Node.of("relu", OpType.onnx("Relu"), List.of("x"), List.of("y")))
            .model(21);
    OctetException e =
        assertThrows(OctetException.class, () -> SourceQuantization.quantize(model, INT4));
    assertEquals("OCT-SRC-001", e.id());
    assertTrue(e.getMessage().contains("the model has no MatMul, Gemm or Conv"), e.getMessage());
  }

  @Test
  void refusesOptionsThatDoNotGoTogether() {
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                IntxWeightOnlyConfig.builder()
                    .weightBits(1)
                    .mappingType(Mapping.SYMMETRIC_NO_CLIPPING_ERR)
                    .build());
    assertEquals("OCT-SRC-004", e.id());
    assertTrue(e.getMessage().contains("have nothing above 0"), e.getMessage());
    assertThrows(OctetException.class, () -> IntxWeightOnlyConfig.builder().weightBits(9).build());
    assertThrows(
        OctetException.class, () -> Int8DynActInt4WeightQuantizer.builder().groupSize(1).build());
  }

  @Test
  void knowsSchemesByName() {
    assertEquals(
        Int8DynActInt4WeightQuantizer.builder().build(),
        SchemeName.of("int8dyn-int4").scheme(SchemeOptions.none()));
    SchemeOptions bits =
        new SchemeOptions(
            Optional.empty(),
            Optional.of(3),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertEquals(
        IntxWeightOnlyConfig.builder().weightBits(3).build(), SchemeName.of("intx").scheme(bits));
    OctetException e = assertThrows(OctetException.class, () -> SchemeName.of("int8").scheme(bits));
    assertEquals("OCT-SRC-005", e.id());
    e = assertThrows(OctetException.class, () -> SchemeName.of("int8dyn-int5"));
    assertEquals("OCT-SRC-006", e.id());
    assertEquals("int8dyn-int4", e.candidates().get(0));
  }

  @Test
  void refusesGroupsOfOneByName() {
    SchemeOptions single =
        new SchemeOptions(
            Optional.of(1),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    for (String scheme : List.of("int8dyn-int4", "int8dyn-intx", "int8", "int4")) {
      OctetException e =
          assertThrows(OctetException.class, () -> SchemeName.of(scheme).scheme(single));
      assertEquals("OCT-SRC-004", e.id());
      assertTrue(e.getMessage().contains("groups of 1"), e.getMessage());
    }
  }
}
