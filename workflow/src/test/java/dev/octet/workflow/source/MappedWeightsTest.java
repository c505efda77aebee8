package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that stay in their file become the same integers as weights in memory. */
class MappedWeightsTest {

  private static final int DEPTH = 1024;
  private static final int COLUMNS = 2048;

  @TempDir Path folder;

  private final float[] numbers = numbers();

  private static float[] numbers() {
    Random random = new Random(DEPTH);
    float[] numbers = new float[DEPTH * COLUMNS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private Tensor held() {
    return Tensor.of(numbers, DEPTH, COLUMNS);
  }

  private Tensor inFile() throws IOException {
    return inFile(held(), "weights");
  }

  private Tensor inFile(Tensor held, String name) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(held.byteCount())];
    held.data().get(bytes);
    Path file = Files.write(folder.resolve(name), bytes);
    return Tensor.ofRegion(
        DataType.FLOAT, held.sizes(), FileRegion.map(FileIdentity.of(file), 0, bytes.length));
  }

  private static Model product(Tensor weight) {
    return new Models()
        .samples("x", DEPTH)
        .output("y", 2)
        .constant("w", weight)
        .node("linear", "MatMul", List.of("x", "w"), "y")
        .model(21);
  }

  private static void wantMemory() {
    assertThrows(OutOfMemoryError.class, () -> List.of(new long[8][Integer.MAX_VALUE - 8]).clear());
  }

  private void compare(SourceScheme scheme, ModelForm form) throws IOException {
    SourceQuantized expected = SourceQuantization.quantize(product(held()), scheme);
    SourceQuantized mapped = SourceQuantization.quantize(product(inFile()), scheme);
    assertEquals(expected.layers(), mapped.layers());
    Map<String, Tensor> constants = expected.in(form).model().graph().initializers();
    Map<String, Tensor> found = mapped.in(form).model().graph().initializers();
    wantMemory();
    assertEquals(new LinkedHashMap<>(constants), new LinkedHashMap<>(found), scheme.toString());
  }

  @Test
  void integersOfEveryWidthAreThoseOfAWeightInMemory() throws IOException {
    for (int bits : new int[] {4, 8}) {
      for (Mapping mapping : List.of(Mapping.SYMMETRIC, Mapping.ASYMMETRIC)) {
        compare(
            IntxWeightOnlyConfig.builder()
                .weightBits(bits)
                .granularity(WeightGranularity.perGroup(64))
                .mappingType(mapping)
                .build(),
            ModelForm.QDQ);
      }
    }
  }

  /** The second layer is fitted to what the integers of the first one tell, time and again. */
  @Test
  void fittedIntegersAreThoseOfWeightsInMemory() throws IOException {
    Tensor first = Tensor.of(Arrays.copyOf(numbers, 256 * 1024), 256, 1024);
    Tensor second = Tensor.of(Arrays.copyOfRange(numbers, 256 * 1024, 512 * 1024), 256, 1024);
    SourceQuantized expected = fitted(first, second, () -> {});
    SourceQuantized mapped =
        fitted(inFile(first, "first"), inFile(second, "second"), MappedWeightsTest::wantMemory);
    assertEquals(expected.layers(), mapped.layers());
    assertEquals(expected.model().graph().initializers(), mapped.model().graph().initializers());
  }

  private static SourceQuantized fitted(Tensor first, Tensor second, Runnable between) {
    Model model =
        new Models()
            .samples("x", 256)
            .output("z", 2)
            .constant("w", first)
            .constant("v", second)
            .constant("shape", Tensor.of(new long[] {-1, 256}, 2))
            .node("one", "MatMul", List.of("x", "w"), "y")
            .node("cut", "Reshape", List.of("y", "shape"), "parts")
            .node("two", "MatMul", List.of("parts", "v"), "z")
            .model(21);
    Random random = new Random(7);
    float[][] samples = new float[3][256];
    for (float[] sample : samples) {
      for (int i = 0; i < sample.length; i++) {
        sample[i] = (float) random.nextGaussian();
      }
    }
    SourceScheme scheme =
        GptqConfig.builder()
            .baseConfig(Int8DynActInt4WeightQuantizer.builder().groupSize(64).build())
            .build();
    try (DataSource data = DataSource.of(model.graph(), new long[] {256}, samples)) {
      Execution execution = Execution.threads(1).progress((done, total) -> between.run());
      return SourceQuantization.quantize(model, scheme, Policy.none(), data, execution);
    }
  }

  @Test
  void blocksOfOnnxRuntimesOperatorAreMadeOfThem() throws IOException {
    compare(Int8DynActInt4WeightQuantizer.builder().groupSize(64).build(), ModelForm.MATMULNBITS);
  }
}
