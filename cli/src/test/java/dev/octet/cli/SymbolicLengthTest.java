package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import dev.octet.workflow.text.JsonText;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A decoder gives the tokens of a short sequence the scores that they have at the beginning of a
 * padded one, bit for bit: sums run in one order whatever the shape, what the mask hides is
 * multiplied by exactly 0, and activations are quantized token by token.
 */
class SymbolicLengthTest {

  private static final NamedRuntime RUNTIME = NamedRuntime.of("cpu", new ReferenceRuntime());

  private static Model quantized(Model model) {
    return Int8DynActInt4WeightQuantizer.builder()
        .groupSize(32)
        .paddingAllowed(true)
        .build()
        .quantize(model)
        .model();
  }

  private static long[] story() {
    Tree stories = JsonText.read(Decoder.file("data/tinystories/tinystories_sample.tok512.json"));
    return stories.asItems().get(0).asItems().stream().mapToLong(Tree::asInt).toArray();
  }

  private static float[] scores(ExecutableModel model, Map<String, Tensor> input) {
    return model.run(input).values().iterator().next().floats();
  }

  private static void assertEqualToThePaddedRun(Model fixed, Model any) {
    long[] story = story();
    try (ExecutableModel padded = RUNTIME.load(fixed, Execution.threads(1));
        ExecutableModel exact = RUNTIME.load(any, Execution.threads(1))) {
      for (int count : new int[] {1, 7, Decoder.LENGTH}) {
        float[] expected = scores(padded, Decoder.tokens(story, count, Decoder.LENGTH));
        float[] scores = scores(exact, Decoder.tokens(story, count, count));
        assertEquals(count * Decoder.VOCABULARY, scores.length);
        assertArrayEquals(Arrays.copyOf(expected, scores.length), scores, count + " tokens");
      }
    }
  }

  @Test
  void aFloatDecoderOfAnyLengthGivesTheScoresOfThePaddedOne() {
    assertEqualToThePaddedRun(new OnnxFormat().read(Decoder.model()), Decoder.ofAnyLength());
  }

  @Test
  void soDoesAQuantizedOne() {
    assertEqualToThePaddedRun(
        quantized(new OnnxFormat().read(Decoder.model())), quantized(Decoder.ofAnyLength()));
  }
}
