package dev.octet.workflow.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

  @Test
  void putsCellsUnderTheirHeader() {
    Table table = new Table("NAME", "N", "WHY").row("conv1", 12, "a reason").row("a", 3, "");
    assertEquals(
        List.of("  NAME   N   WHY", "  conv1  12  a reason", "  a      3"),
        table.lines(Width.screen(80)));
  }

  @Test
  void breaksTheLastColumnAtBlanks() {
    Table table = new Table("NAME", "WHY").row("conv1", "weight is not constant at all");
    assertEquals(
        List.of("  NAME   WHY", "  conv1  weight is not constant", "         at all"),
        table.lines(Width.screen(33)));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 41, 60, 80, 200})
  void fitsTheWidth(int columns) {
    Table table = new Table("A", "B", "C", "D");
    table.row("a".repeat(50), "b".repeat(70), "c", "d ".repeat(40));
    table.row("x", "y", "z", "w".repeat(300));
    List<String> lines = table.lines(Width.screen(columns));
    assertTrue(lines.stream().allMatch(line -> line.length() <= columns), lines.toString());
    String all = String.join("", lines).replaceAll("[^w]", "");
    assertEquals(300, all.length());
  }

  @Test
  void cutsNoNameInALog() {
    String name = "stage" + "/block".repeat(40);
    List<String> lines =
        new Table("NODE", "WHY").row(name, "word ".repeat(30).strip()).lines(Width.log());
    assertTrue(lines.get(1).startsWith("  " + name + "  word word"), lines.get(1));
    assertEquals(6, lines.size());
  }

  @Test
  void aNameThatIsLongerThanAnyLineMakesNoOtherLineLonger() {
    List<String> lines =
        new Table("NODE", "WHY")
            .row("n".repeat(100_000), "w".repeat(10_000))
            .row("short", "why")
            .lines(Width.log());
    assertEquals("  " + "n".repeat(100_000) + "  " + "w".repeat(32), lines.get(1));
    assertTrue(lines.stream().skip(2).allMatch(line -> line.length() < 300), lines.get(2));
  }

  @Test
  void breaksAWordThatIsLongerThanALine() {
    assertEquals(List.of("abcde", "fgh", "ij"), Table.wrap("abcdefgh ij", 5));
    assertEquals(List.of(""), Table.wrap("", 5));
  }
}
