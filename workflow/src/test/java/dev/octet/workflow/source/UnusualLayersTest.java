package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers whose weights come from elsewhere, and weights of sizes that are seldom met. */
class UnusualLayersTest {

  private static final SourceScheme INT8 = Int8WeightOnlyConfig.builder().build();

  private static Tensor random(long... sizes) {
    Random random = new Random(7);
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] elements = new float[count];
    for (int i = 0; i < count; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return Tensor.of(elements, sizes);
  }

  private static Models start(long inputs) {
    return new Models().samples("x", inputs).output("y", 2);
  }

  private static float[] run(Model model, Tensor x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return Objects.requireNonNull(loaded.run(Map.of("x", x)).get("y")).floats();
    }
  }

  /** One layer was quantized, and gives nearly what it gave. */
  private static void assertQuantized(Models models, long inputs) {
    Model model = models.model(13);
    SourceQuantized quantized = SourceQuantization.quantize(model, INT8);
    assertEquals(1, quantized.quantizedLayers());
    Tensor x = random(5, inputs);
    float[] wanted = run(model, x);
    float[] got = run(quantized.model(), x);
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < wanted.length; i++) {
      signal += (double) wanted[i] * wanted[i];
      noise += Math.pow(wanted[i] - got[i], 2);
    }
    assertTrue(signal > 1000 * noise, signal + " with " + noise);
    assertEquals(0, run(quantized.model(), Tensor.of(new float[0], 0, inputs)).length);
  }

  private static void assertLeft(String why, Models models) {
    OctetException e =
        assertThrows(
            OctetException.class, () -> SourceQuantization.quantize(models.model(13), INT8));
    assertEquals("OCT-SRC-001", e.id());
    assertTrue(e.fact().contains("'layer' stays float because " + why), e.fact());
  }

  @Test
  void weightsThatNodesMakeOfConstants() {
    Node constant =
        Node.of(
            "constant",
            OpType.onnx("Constant"),
            List.of(),
            List.of("w"),
            Attribute.of("value", random(8, 4)));
    assertQuantized(start(8).node(constant).node("layer", "MatMul", List.of("x", "w"), "y"), 8);
    assertQuantized(
        start(8)
            .constant("v", random(8, 4))
            .node("same", "Identity", List.of("v"), "w")
            .node("layer", "MatMul", List.of("x", "w"), "y"),
        8);
    assertQuantized(
        start(8)
            .constant("v", random(4, 8))
            .node("turned", "Transpose", List.of("v"), "w")
            .node("layer", "MatMul", List.of("x", "w"), "y"),
        8);
  }

  @Test
  void weightsOfFloat16AreQuantizedWhereTheyAreReadAsFloats() {
    short[] halves = new short[32];
    for (int i = 0; i < halves.length; i++) {
      // 1, 1 + 2^-10, and so on.
      halves[i] = (short) (0x3c00 + 31 * i);
    }
    Node cast =
        Node.of(
            "cast",
            OpType.onnx("Cast"),
            List.of("h"),
            List.of("w"),
            Attribute.of("to", DataType.FLOAT.onnxNumber()));
    assertQuantized(
        start(8)
            .constant("h", Tensor.of(DataType.FLOAT16, halves, 8, 4))
            .node(cast)
            .node("layer", "MatMul", List.of("x", "w"), "y"),
        8);
  }

  @Test
  void factorsOfAGemmStay() {
    assertQuantized(
        start(8)
            .constant("w", random(4, 8))
            .vector("c", 1, 2, 3, 4)
            .node(
                "layer",
                "Gemm",
                List.of("x", "w", "c"),
                "y",
                Attribute.of("alpha", 0.5f),
                Attribute.of("beta", 2f),
                Attribute.of("transB", 1L)),
        8);
  }

  @Test
  void oneInputOrOneResult() {
    assertQuantized(
        start(1).constant("w", random(1, 4)).node("layer", "MatMul", List.of("x", "w"), "y"), 1);
    assertQuantized(
        start(8).constant("w", random(8, 1)).node("layer", "MatMul", List.of("x", "w"), "y"), 8);
  }

  @Test
  void whatIsNoMatrixStaysFloatWithItsReason() {
    assertLeft(
        "its weight is empty",
        start(8)
            .constant("w", Tensor.of(new float[0], 8, 0))
            .node("layer", "MatMul", List.of("x", "w"), "y"));
    assertLeft(
        "its weight has 1 dimensions, not 2",
        start(8).constant("w", random(8)).node("layer", "MatMul", List.of("x", "w"), "y"));
    assertLeft(
        "its weight has 3 dimensions, not 2",
        start(8).constant("w", random(2, 8, 4)).node("layer", "MatMul", List.of("x", "w"), "y"));
    assertLeft(
        "its constant stands on the left",
        start(8).constant("w", random(4, 4)).node("layer", "MatMul", List.of("w", "x"), "y"));
  }

  @Test
  void aLayerThatReadsOneWeightTwiceInARowHasOneSetOfIntegers() {
    Model model =
        start(8)
            .constant("w", random(8, 8))
            .node("layer", "MatMul", List.of("x", "w"), "a")
            .node("again", "MatMul", List.of("a", "w"), "y")
            .model(13);
    SourceQuantized quantized = SourceQuantization.quantize(model, INT8);
    long[] bytes =
        quantized.layers().stream()
            .mapToLong(layer -> layer.weight().orElseThrow().bytesAfter())
            .toArray();
    assertArrayEquals(new long[] {64 + 32, 0}, bytes);
  }
}
