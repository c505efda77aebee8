package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/api.md says is not settled is what the surface files mark so. */
class StabilityTest {

  private static final String MARK = " [incubating]";
  private static final Pattern LINE =
      Pattern.compile(
          "dev\\.octet\\.(?:\\w+\\.)*?(\\w+)\\.([A-Z][\\w$]*)(?:#(?:static |default )*(\\w+))?.*");

  @Test
  void thePageNamesWhatIncubates() throws IOException {
    Map<String, List<String>> packages = new TreeMap<>();
    for (String module : List.of("api", "annotation")) {
      for (String line : Files.readAllLines(Path.of("..", module, module + "-surface.txt"))) {
        packages.computeIfAbsent(part(line, 1), name -> new ArrayList<>()).add(line);
      }
    }
    Set<String> marked = new TreeSet<>();
    packages.forEach(
        (name, lines) -> {
          List<String> some = lines.stream().filter(line -> line.endsWith(MARK)).toList();
          if (some.size() == lines.size()) {
            marked.add(name);
          } else {
            some.forEach(line -> marked.add(member(line)));
          }
        });
    assertTrue(marked.size() > 3, marked.toString());
    marked.removeIf(inner -> marked.stream().anyMatch(outer -> inner.startsWith(outer + ".")));
    assertEquals(named(), marked);
  }

  private static Set<String> named() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "api.md"));
    String list =
        page.substring(page.indexOf("Incubating are"), page.indexOf("## What is not a vendor's"));
    Set<String> named = new TreeSet<>();
    Pattern.compile("`([\\w.]+)`").matcher(list).results().forEach(w -> named.add(w.group(1)));
    return named;
  }

  /** Returns a type, or a type and its member; every constructor of functions for kinds alike. */
  private static String member(String line) {
    String type = part(line, 2).replace('$', '.');
    String member = part(line, 3);
    if (type.endsWith("Cases") && member.equals("new")) {
      return "Cases";
    }
    return member.isEmpty() ? type : type + "." + member;
  }

  private static String part(String line, int group) {
    var found = LINE.matcher(line);
    assertTrue(found.matches(), line);
    return found.group(group) == null ? "" : found.group(group);
  }
}
