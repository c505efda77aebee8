package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.workflow.source.SchemeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on source quantization has every scheme, with what was measured of it. */
class SourceSchemesPageTest {

  private static final int COLUMNS = 9;

  private static List<String> measured() throws IOException {
    String page = Files.readString(Path.of("../docs/source-quantization.md"));
    int begin = page.indexOf("<!-- measured by checks/source_table.py -->");
    int end = page.indexOf("<!-- end of what is measured -->");
    assertTrue(begin >= 0 && begin < end, "the marks of the table are gone");
    return page.substring(begin, end).lines().filter(line -> line.startsWith("| `")).toList();
  }

  @Test
  void everySchemeHasARow() throws IOException {
    List<String> rows = measured();
    for (SchemeName name : SchemeName.values()) {
      assertTrue(
          rows.stream()
              .anyMatch(
                  row ->
                      row.startsWith("| `" + name.word() + "`")
                          || row.startsWith("| `" + name.word() + " --")),
          name.word() + " has no row: checks/source_table.py --write renews the table");
    }
  }

  @Test
  void everyRowIsComplete() throws IOException {
    for (String row : measured().stream().skip(1).toList()) {
      List<String> cells = Arrays.stream(row.split("\\|")).map(String::strip).skip(1).toList();
      assertEquals(COLUMNS, cells.size(), row);
      assertTrue(cells.stream().noneMatch(String::isEmpty), row);
    }
  }
}
