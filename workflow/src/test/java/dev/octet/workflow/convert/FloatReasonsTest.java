package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FloatReasonsTest {

  private static PlannedNode node(String op, Optional<String> reason) {
    return new PlannedNode(
        op.toLowerCase(Locale.ROOT),
        op,
        reason.isEmpty(),
        Optional.empty(),
        Optional.empty(),
        reason,
        "backend",
        Optional.empty(),
        List.of(),
        List.of());
  }

  @Test
  void countsNodesOfOneReasonAndNamesTheMostFrequentFirst() {
    List<PlannedNode> nodes =
        List.of(
            node("Conv", Optional.of("weight is not constant")),
            node("Exp", Optional.of("no rule")),
            node("Relu", Optional.empty()),
            node("Exp", Optional.of("no rule")));
    assertEquals("2 Exp: no rule; 1 Conv: weight is not constant", FloatReasons.of(nodes));
  }

  @Test
  void countsTheReasonsThatItDoesNotName() {
    List<PlannedNode> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      nodes.add(node("Op" + i, Optional.of("no")));
    }
    String five = "1 Op0: no; 1 Op1: no; 1 Op2: no; 1 Op3: no; 1 Op4: no";
    assertEquals(five, FloatReasons.of(nodes));
    nodes.add(node("Op5", Optional.of("no")));
    assertEquals(five + "; and 1 more reason", FloatReasons.of(nodes));
    nodes.add(node("Op6", Optional.of("no")));
    assertEquals(five + "; and 2 more reasons", FloatReasons.of(nodes));
  }

  @Test
  void saysNothingWhereNoNodeHasAReason() {
    assertEquals("", FloatReasons.of(List.of(node("Relu", Optional.empty()))));
  }
}
