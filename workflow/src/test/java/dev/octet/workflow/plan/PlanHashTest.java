package dev.octet.workflow.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.normalise.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanHashTest {

  private static final QuantizationSpec INT8 =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));
  private static final Point WEIGHT = Point.operand("sum", 1);
  private static final Model MODEL =
      new Models()
          .input("x", 2)
          .constant("w", Tensor.of(new float[] {1, 2}, 2))
          .node("turn", "Neg", List.of("x"), "t")
          .node("sum", "Add", List.of("t", "w"), "y")
          .output("y", 1)
          .output("t", 1)
          .model(13);

  private static String hash(Point point, QuantizationSpec spec) {
    return MarkingQuantizer.plan(MODEL, Map.of(WEIGHT, INT8, point, spec)).contentHash();
  }

  @Test
  void countsWhichOutputIsQuantized() {
    assertEquals(hash(Point.output("y"), INT8), hash(Point.output("y"), INT8));
    assertNotEquals(hash(Point.output("y"), INT8), hash(Point.output("t"), INT8));
  }

  @Test
  void countsTheTypeOfANarrowFloat() {
    Point reader = Point.operand("sum", 0);
    String half = hash(reader, new QuantizationSpec.NarrowFloat(DataType.FLOAT16));
    assertNotEquals(half, hash(reader, new QuantizationSpec.NarrowFloat(DataType.BFLOAT16)));
    assertNotEquals(half, hash(reader, new QuantizationSpec.KeepFloat("wide")));
  }
}
