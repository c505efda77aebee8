package dev.octet.api.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeTest {

  @Test
  void aWrongTypeIsAnErrorThatNamesThePlace() {
    Tree text = new Tree.Text("abc", new Position("plan.json", "$.nodes[3].op", 12, 7));
    OctetException error = assertThrows(OctetException.class, text::asNumber);
    assertEquals("OCT-TREE-001", error.id());
    assertEquals("plan.json:12:7 $.nodes[3].op", error.place().orElseThrow());
    assertThrows(OctetException.class, text::asMapping);
    assertThrows(OctetException.class, text::asItems);
    assertThrows(OctetException.class, text::asBoolean);
  }

  @Test
  void aFractionIsNoWholeNumber() {
    assertThrows(OctetException.class, () -> Tree.of(1.5).asLong());
    assertThrows(OctetException.class, () -> Tree.of(1L << 40).asInt());
    assertEquals(1L << 40, Tree.of(1L << 40).asLong());
  }

  @Test
  void namesOfOneHashTakeNoMoreThanALittleTime() {
    Map<String, Tree> entries = new HashMap<>();
    Map<String, Position> names = new HashMap<>();
    Position position = new Position("f", "$", 1, 1);
    for (int i = 0; i < 1 << 16; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 16; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      entries.put(name.toString(), Tree.of(i));
      names.put(name.toString(), position);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertEquals(1 << 16, new Tree.Mapping(entries, names, position).names().size()));
  }

  @Test
  void missingAndUnknownFieldsAreErrors() {
    Tree.Mapping map = Tree.of(Map.of("a", Tree.of(1)));
    assertEquals("OCT-TREE-002", assertThrows(OctetException.class, () -> map.get("b")).id());
    OctetException unknown = assertThrows(OctetException.class, () -> map.allowOnly("b", "c"));
    assertEquals("OCT-TREE-003", unknown.id());
    assertEquals(List.of("b", "c"), unknown.candidates());
    map.allowOnly("a");
  }

  @Test
  void anExplicitNullIsAbsent() {
    assertTrue(Tree.of(Map.of("a", new Tree.Null(Position.ROOT))).find("a").isEmpty());
  }

  @Test
  void equalityIgnoresPositionsAndTrailingZeros() {
    assertEquals(
        Tree.of(2), new Tree.Num(new java.math.BigDecimal("2.00"), new Position("f", "$", 1, 1)));
    assertEquals(
        Tree.of(2).hashCode(),
        new Tree.Num(new java.math.BigDecimal("2.00"), Position.ROOT).hashCode());
  }

  @Test
  void floatsKeepTheirShortestText() {
    assertEquals("0.1", Tree.of(0.1f).asNumber().toString());
  }
}
