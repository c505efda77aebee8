package dev.octet.workflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TreePathTest {

  private static final Tree TREE =
      Tree.of(Map.of("a-b", Tree.of(List.of(Tree.of(7), Tree.of(Map.of("c_1", Tree.of("x")))))));

  @Test
  void findsWhatStandsAtAPath() {
    assertEquals(Optional.of(TREE), TreePath.find(TREE, "$"));
    assertEquals(Optional.of(Tree.of(7)), TreePath.find(TREE, "$.a-b[0]"));
    assertEquals(Optional.of(Tree.of("x")), TreePath.find(TREE, "$.a-b[1].c_1"));
  }

  @Test
  void findsNothingBesideTheTree() {
    for (String path : List.of("$.b", "$[0]", "$.a-b[2]", "$.a-b[0].c", "$.a-b.c", "$.b[3].d")) {
      assertEquals(Optional.empty(), TreePath.find(TREE, path), path);
    }
  }

  @Test
  void keepsTheEndOfALongPath() {
    String name = "n".repeat(1000);
    String field = TreePath.field("$", name);
    assertEquals("$['" + "n".repeat(200) + "...']", field);
    String path = field;
    for (int i = 0; i < 100; i++) {
      path = TreePath.item(TreePath.field(path, "a-b"), i);
    }
    assertEquals(404, path.length());
    assertEquals("$...", path.substring(0, 4));
    assertEquals(".a-b[98].a-b[99]", path.substring(path.length() - 16));
  }

  @Test
  void refusesOtherForms() {
    for (String path : List.of("", "a", "$a", "$.a-b[x]", "$.a-b[0", "$['a-b']", "$.a-b..c")) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> TreePath.find(TREE, path));
      assertEquals("'" + path + "' is no path of plain names and indices", e.getMessage());
    }
  }
}
