package dev.octet.workflow.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupNamesTest {

  private static final QuantizationSpec SPEC =
      QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));

  private static PlannedNode node(String name, List<PlannedPoint> operands, PlannedPoint result) {
    return new PlannedNode(
        name,
        "Add",
        true,
        Optional.of("r"),
        Optional.empty(),
        Optional.empty(),
        "rule r",
        Optional.empty(),
        operands,
        List.of(result));
  }

  private static PlannedPoint point(int index, String tensor, int group) {
    return new PlannedPoint(index, tensor, Optional.of(group), SPEC);
  }

  private static Map<Integer, String> names(List<Integer> groups, PlannedNode... nodes) {
    return GroupNames.of(groups, List.of(), List.of(nodes));
  }

  private static final PlannedNode FIRST =
      node("one", List.of(point(0, "x", 0), point(1, "w", 1)), point(0, "h", 2));
  private static final PlannedNode SECOND =
      node("two", List.of(point(0, "h", 2), point(1, "x", 3)), point(0, "y", 2));

  @Test
  void aGroupIsNamedByTheFirstOfItsTensors() {
    assertEquals(
        Map.of(0, "x", 1, "w", 2, "h", 3, "x, operand 1 of 'two'"),
        names(List.of(0, 1, 2, 3), FIRST, SECOND));
  }

  @Test
  void theOthersKeepTheirNamesWhenOneIsLeftOut() {
    assertEquals(Map.of(2, "h", 3, "x"), names(List.of(2, 3), SECOND));
    assertEquals(Map.of(0, "x", 1, "w", 2, "h"), names(List.of(0, 1, 2), FIRST));
  }

  @Test
  void aTensorMayBeCalledWhatAnotherNameBecomes() {
    PlannedNode odd = node("odd", List.of(point(0, "x, operand 1 of 'two'", 4)), point(0, "z", 5));
    assertEquals(
        "x, operand 1 of 'two'", names(List.of(0, 1, 2, 3, 4, 5), FIRST, odd, SECOND).get(4));
    assertEquals(
        "x, operand 1 of 'two' 2", names(List.of(0, 1, 2, 3, 4, 5), FIRST, odd, SECOND).get(3));
  }

  @Test
  void aGroupWithoutPointsHasANameToo() {
    assertEquals("without points 7", names(List.of(0, 1, 2, 7), FIRST).get(7));
  }
}
