package dev.octet.workflow.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.MarkingQuantizer;
import dev.octet.workflow.normalise.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanStreamTest {

  private static final PlanDocument PLAN =
      MarkingQuantizer.plan(
              new Models()
                  .input("x", 2)
                  .node("turn", "Neg", List.of("x"), "t")
                  .node("again", "Neg", List.of("t"), "y")
                  .output("y", 1)
                  .model(13),
              Map.of(
                  Point.operand("again", 0),
                  QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))))
          .document();

  @TempDir Path folder;

  @Test
  void aStreamHasTheBytesOfTheFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PLAN.write(out);
    Path file = folder.resolve("plan.json");
    PLAN.write(file);
    assertArrayEquals(Files.readAllBytes(file), out.toByteArray());
    PlanDocument read = PlanDocument.read(new ByteArrayInputStream(out.toByteArray()), "store");
    assertEquals(PLAN.toTree(), read.toTree());
  }

  @Test
  void refusesAnIndexThatIsNone() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PLAN.write(out);
    String forged = out.toString(UTF_8).replace("\"index\": 0", "\"index\": -2");
    ByteArrayInputStream in = new ByteArrayInputStream(forged.getBytes(UTF_8));
    OctetException e = assertThrows(OctetException.class, () -> PlanDocument.read(in, "x"));
    assertEquals("OCT-TREE-005", e.id());
    assertEquals("index -2 is negative", e.fact());
  }

  @Test
  void anErrorNamesTheSourceAndThePlace() {
    ByteArrayInputStream cut = new ByteArrayInputStream(new byte[] {'{'});
    OctetException e = assertThrows(OctetException.class, () -> PlanDocument.read(cut, "row 7"));
    assertEquals("OCT-TREE-011", e.id());
    assertTrue(e.place().orElseThrow().startsWith("row 7:1:"), e.getMessage());
  }
}
