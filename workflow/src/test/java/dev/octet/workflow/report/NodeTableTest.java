package dev.octet.workflow.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTableTest {

  private static final int MOST_ROWS = 100;

  private static NodeTable rows(int count) {
    NodeTable table = new NodeTable("NODE", "OPERATOR", "REASON");
    for (int i = 0; i < count; i++) {
      String op = i % 3 == 0 ? "Sin" : "Cos";
      table.row("n" + i, op, "reads 't" + i + "', which backend 'cpu' does not know");
    }
    return table;
  }

  @Test
  void listsAsManyRowsAsAPersonReads() {
    List<String> lines = rows(MOST_ROWS).lines(Width.log());
    assertEquals("  NODE  OPERATOR  REASON", lines.get(0));
    assertTrue(lines.size() > MOST_ROWS, lines.toString());
    assertEquals(List.of("  NODE  OPERATOR  REASON"), rows(0).lines(Width.log()));
    assertTrue(rows(0).isEmpty());
  }

  @Test
  void groupsMoreByOperatorAndReasonWhateverTheReasonNames() {
    assertEquals(
        List.of(
            "  NODES  FIRST  OPERATOR  REASON",
            "  67     n1     Cos       reads '...', which backend '...' does not know",
            "  34     n0     Sin       reads '...', which backend '...' does not know",
            "  (101 nodes; --all lists each)"),
        rows(MOST_ROWS + 1).lines(Width.log()));
  }

  @Test
  void keepsTheNamesThatAllOfAGroupShare() {
    NodeTable table = new NodeTable("NODE", "REASON");
    for (int i = 0; i <= MOST_ROWS; i++) {
      table.row("n" + i, "no rule of backend 'cpu' matches");
    }
    assertEquals(
        "  101    n0     no rule of backend 'cpu' matches", table.lines(Width.log()).get(1));
  }

  @Test
  void listsAllWhereThatIsAskedFor() {
    NodeTable table = rows(MOST_ROWS + 1);
    assertEquals("  NODE  OPERATOR  REASON", table.lines(Width.log().whole()).get(0));
    assertTrue(
        new Report()
            .table(table)
            .listAll(true)
            .text()
            .contains("\n  n100  Cos       reads 't100'"));
  }
}
