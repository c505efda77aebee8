package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a MatMulNBits holds is what the DequantizeLinear before it held. */
class MatMulNBitsFormTest {

  private static final long SEED = 20261130;

  private static Tensor numbers(Random random, long... sizes) {
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

  private static float[] run(Model model, Tensor x) {
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      return loaded.run(Map.of("x", x)).values().iterator().next().floats();
    }
  }

  private static Model product(Random random, long depth, boolean rows) {
    Models models = new Models().samples("x", depth).output("y", 2);
    if (!rows) {
      return models
          .constant("w", numbers(random, depth, 5))
          .node("linear", "MatMul", List.of("x", "w"), "y")
          .model(21);
    }
    return models
        .constant("w", numbers(random, 5, depth))
        .node("linear", "Gemm", List.of("x", "w"), "y", Attribute.of("transB", 1L))
        .model(21);
  }

  private static Node written(SourceQuantized quantized) {
    Graph graph = quantized.model().graph();
    assertEquals(1, graph.nodes().size(), graph.nodes().toString());
    return graph.nodes().get(0);
  }

  private static IntxWeightOnlyConfig scheme(int bits, WeightGranularity groups, Mapping mapping) {
    return IntxWeightOnlyConfig.builder()
        .weightBits(bits)
        .granularity(groups)
        .mappingType(mapping)
        .build();
  }

  /** Both forms compute in float, in one order, so that equal results are equal weights. */
  @Test
  void keepsEveryWeightOfEveryWidthGroupAndOrder() {
    Random random = new Random(SEED);
    for (int bits : new int[] {2, 3, 4, 8}) {
      for (int group : new int[] {0, 16, 48, 96}) {
        for (Mapping mapping : List.of(Mapping.SYMMETRIC, Mapping.ASYMMETRIC)) {
          boolean rows = random.nextBoolean();
          long depth = group == 0 ? 37 : 96;
          WeightGranularity groups =
              group == 0 ? WeightGranularity.perRow() : WeightGranularity.perGroup(group);
          SourceQuantized nodes =
              SourceQuantization.quantize(
                  product(random, depth, rows), scheme(bits, groups, mapping));
          SourceQuantized form = nodes.in(ModelForm.MATMULNBITS);
          Node node = written(form);
          assertEquals("MatMulNBits", node.op().name());
          assertEquals(bits == 3 ? 4 : bits, node.intAttribute("bits", 0));
          assertEquals(0, node.intAttribute("accuracy_level", 0));
          Tensor x = numbers(random, 3, depth);
          assertArrayEquals(
              run(nodes.model(), x),
              run(form.model(), x),
              bits + " bits, " + groups + ", " + mapping + ", rows " + rows);
        }
      }
    }
  }

  /** 172 inputs in blocks of 32: 6 blocks of 16 bytes and a float for each of 5 outputs. */
  @Test
  void choosesTheBlockThatNeedsTheFewestBytes() {
    SourceQuantized quantized =
        Int8DynActInt4WeightQuantizer.builder()
            .groupSize(32)
            .paddingAllowed(true)
            .build()
            .quantize(product(new Random(SEED), 172, false))
            .in(ModelForm.MATMULNBITS);
    Node node = written(quantized);
    assertEquals(32, node.intAttribute("block_size", 0));
    assertEquals(4, node.intAttribute("accuracy_level", 0));
    Map<String, Tensor> constants = quantized.model().graph().initializers();
    assertEquals(5 * 6 * (16 + 4), constants.values().stream().mapToLong(Tensor::byteCount).sum());
    assertEquals("OCT-SRC-121", quantized.findings().get(quantized.findings().size() - 1).id());
  }

  @Test
  void leavesALayerWithoutSuchAFormAsItIs() {
    Model model = product(new Random(SEED), 24, false);
    SourceQuantized nodes =
        SourceQuantization.quantize(
            model, scheme(4, WeightGranularity.perGroup(8), Mapping.SYMMETRIC));
    SourceQuantized form = nodes.in(ModelForm.MATMULNBITS);
    assertEquals(nodes.model().graph().nodes(), form.model().graph().nodes());
    assertEquals("OCT-SRC-122", form.findings().get(form.findings().size() - 1).id());
    assertTrue(nodes.in(ModelForm.QDQ).equals(nodes));
  }
}
