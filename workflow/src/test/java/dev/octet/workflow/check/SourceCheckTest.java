package dev.octet.workflow.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.LayerOutcome;
import dev.octet.workflow.source.ModelForm;
import dev.octet.workflow.source.SchemeName;
import dev.octet.workflow.source.SchemeOptions;
import dev.octet.workflow.source.SourceQuantized;
import dev.octet.workflow.source.SourceRecipe;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceCheckTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());
  private static final int WIDTH = 32;

  private static float[] numbers(int count, long seed) {
    float[] numbers = new float[count];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  /** Two layers, the first of which does not look at the first element of what it reads. */
  private static Model twoLayers() {
    float[] blind = numbers(WIDTH * WIDTH, 1);
    for (int i = 0; i < WIDTH; i++) {
      blind[i] = 0;
    }
    return new Models()
        .samples("x", WIDTH)
        .constant("v", Tensor.of(blind, WIDTH, WIDTH))
        .constant("w", Tensor.of(numbers(WIDTH * WIDTH, 2), WIDTH, WIDTH))
        .node("first", "MatMul", List.of("x", "v"), "h")
        .node("second", "MatMul", List.of("h", "w"), "y")
        .output("y", 2)
        .model(18);
  }

  /** Samples whose first element is so large that int8 for all of a sample loses the others. */
  private static DataSource samples(Model model, float first) {
    float[] values = numbers(10 * WIDTH, 3);
    for (int i = 0; i < values.length; i += WIDTH) {
      values[i] = first;
    }
    return DataSource.of(model.graph(), Map.of("x", Tensor.of(values, 10, WIDTH)));
  }

  private static SourceCheck check(float first, CheckSettings settings) {
    Model model = twoLayers();
    SourceRecipe recipe =
        new SourceRecipe(
            SchemeName.INT8DYN_INT8, SchemeOptions.none(), false, false, List.of(), ModelForm.QDQ);
    SourceQuantized quantized = recipe.quantize(model);
    return SourceCheck.of(
        model, recipe, quantized, samples(model, first), settings, CPU, Execution.threads(1));
  }

  private static List<String> quantizedLayers(SourceCheck check) {
    return check.quantized().layers().stream()
        .filter(LayerOutcome::isQuantized)
        .map(LayerOutcome::node)
        .toList();
  }

  @Test
  void aModelThatIsFineIsNotTouched() {
    SourceCheck check = check(0.25f, CheckSettings.standard());
    assertEquals(List.of(), check.report().findings());
    assertEquals(List.of("first", "second"), quantizedLayers(check));
    assertTrue(check.evaluation().sqnrDb().getAsDouble() > 25);
  }

  @Test
  void theLayerThatLosesAModelIsNamed() {
    SourceCheck check = check(1000, CheckSettings.standard().mending(false));
    assertEquals(List.of("first", "second"), quantizedLayers(check));
    Finding finding = check.report().findings().get(0);
    assertEquals("OCT-CHK-101", finding.id());
    assertTrue(finding.message().startsWith("Output 'y' has "), finding.message());
    assertTrue(finding.message().contains(" dB on 10 samples, less than 15.0 dB."));
    assertTrue(
        finding
            .message()
            .endsWith(
                " goes back to 'first': leave out with --filter '!node:NAME', or with --repair."),
        finding.message());
  }

  @Test
  void layersAreLeftOutWhereThatMendsAModel() {
    SourceCheck check = check(1000, CheckSettings.standard());
    assertEquals(List.of("second"), quantizedLayers(check));
    assertEquals(List.of("!node:first"), check.recipe().filters());
    assertTrue(check.evaluation().sqnrDb().getAsDouble() > 25);
    assertEquals(1, check.report().findings().size());
    Finding finding = check.report().findings().get(0);
    assertEquals("OCT-CHK-102", finding.id());
    assertTrue(
        finding
            .message()
            .matches(
                "With layer 'first' quantized the worst output has -?[0-9.]+ dB: left out, with"
                    + " which it has [0-9.]+ dB\\."),
        finding.message());
  }

  @Test
  void theBoundIsASetting() {
    SourceCheck lax = check(1000, CheckSettings.standard().atLeast(-60));
    assertEquals(List.of(), lax.report().findings());
    SourceCheck strict = check(0.25f, CheckSettings.standard().atLeast(200));
    assertFalse(strict.report().findings().isEmpty());
    assertEquals(List.of("first", "second"), quantizedLayers(strict));
  }
}
