package dev.octet.workflow.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PickedSamplesTest {

  private static DataSource samples(Models models, int count) {
    Model model = models.node("n", "Neg", List.of("x"), "y").output("y", 2).model(13);
    float[] values = new float[count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
      labels[i] = i % 3;
    }
    return DataSource.of(model.graph(), Map.of("x", Tensor.of(values, count, 1))).labelled(labels);
  }

  private static float first(DataSource samples, int run) {
    int unit = samples.fixedBatch().orElseThrow();
    return samples.batch(run * unit, unit).get("x").floats()[0];
  }

  @Test
  void theyAreSpreadOverAllSamples() {
    DataSource picked = new PickedSamples(samples(new Models().samples("x", 1), 103), 4);
    assertEquals(4, picked.size());
    assertEquals(OptionalInt.of(1), picked.fixedBatch());
    assertEquals(0, first(picked, 0));
    assertEquals(25, first(picked, 1));
    assertEquals(51, first(picked, 2));
    assertEquals(77, first(picked, 3));
    assertArrayEquals(new int[] {0, 1, 0, 2}, picked.labels().orElseThrow());
    assertEquals("sample 51, 'x'[51]", picked.describe(2));
  }

  @Test
  void fewerSamplesAreAllTaken() {
    for (int count : new int[] {1, 3, 4}) {
      DataSource picked = new PickedSamples(samples(new Models().samples("x", 1), count), 4);
      assertEquals(count, picked.size());
      assertEquals(count - 1, first(picked, count - 1));
    }
  }

  @Test
  void batchesOfAFixedSizeStayWhole() {
    DataSource picked = new PickedSamples(samples(new Models().input("x", 2, 1), 12), 4);
    assertEquals(4, picked.size());
    assertArrayEquals(new float[] {6, 7}, picked.batch(2, 2).get("x").floats());
    assertArrayEquals(new int[] {0, 1, 0, 1}, picked.labels().orElseThrow());
    assertEquals("sample 7, 'x'[7]", picked.describe(3));
    assertThrows(IllegalArgumentException.class, () -> picked.batch(0, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> picked.batch(4, 2));
  }

  @Test
  void oneBatchIsTakenWhereItHasMoreThanWereAskedFor() {
    DataSource picked = new PickedSamples(samples(new Models().input("x", 6, 1), 12), 4);
    assertEquals(6, picked.size());
  }
}
