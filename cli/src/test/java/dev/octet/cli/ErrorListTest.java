package dev.octet.cli;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Errors and findings are lists: an id stands in one of them, is reported, and is expected by a
 * test.
 *
 * <p>Tests are read as text. An id in a string of a test is what the test expects, since tests make
 * ids of their own with another owner than OCT; so whatever expects an id of Octet has provoked it.
 */
class ErrorListTest {

  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve(Path.of("docs", "errors.md"));
  private static final Pattern ID = Pattern.compile("OCT-[A-Z]{2,6}-[0-9]{3}");

  /** A text block, a string, a character, or a comment. */
  private static final Pattern LITERAL_OR_COMMENT =
      Pattern.compile(
          "(\"\"\"(?:[^\"\\\\]|\\\\.|\"(?!\"\"))*+\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*+\")"
              + "|'(?:[^'\\\\]|\\\\.)++'|//[^\\n]*+|/\\*(?:[^*]|\\*(?!/))*+\\*/",
          Pattern.DOTALL);

  private static final Pattern MADE_BY_A_TEST =
      Pattern.compile(
          "(?:ErrorId|FindingId|OctetException)\\.[a-z]+\\(\\s*\"OCT-|new Finding\\([^\"]*\"OCT-");

  private static final Set<String> UNTESTED =
      Set.of(
          "OCT-ANN-005",
          "OCT-CAL-019",
          "OCT-CLI-005",
          "OCT-CLI-008",
          "OCT-CLI-010",
          "OCT-CLI-012",
          "OCT-CLI-013",
          "OCT-CLI-070",
          "OCT-CLI-101",
          "OCT-CONV-002",
          "OCT-CONV-005",
          "OCT-CONV-007",
          "OCT-FMT-003",
          "OCT-ONNX-007",
          "OCT-ONNX-031",
          "OCT-ONNX-045",
          "OCT-ORT-002",
          "OCT-ORT-003",
          "OCT-ORT-004",
          "OCT-ORT-005",
          "OCT-PLAN-010",
          "OCT-PLAN-012",
          "OCT-PLAN-013",
          "OCT-REG-005");

  private static final List<ErrorLists.Entry> ENTRIES = ErrorLists.entries();

  @Test
  void thePageIsCurrent() throws IOException {
    new GeneratedPage(ErrorListTest.class).requireCurrent(PAGE, ErrorsPage.markdown(ENTRIES));
  }

  @Test
  void noIdStandsTwice() {
    Set<String> seen = new HashSet<>();
    assertEquals(List.of(), ENTRIES.stream().filter(entry -> !seen.add(entry.id())).toList());
  }

  @Test
  void whatIsReportedIsListed() throws IOException {
    Set<String> reported = new TreeSet<>();
    for (Path source : sources("main")) {
      reported.addAll(idsInStrings(Files.readString(source)));
    }
    assertEquals(listed(), reported);
  }

  @Test
  void everyIdIsExpectedByATest() throws IOException {
    Set<String> missing = listed();
    Path own = Path.of("ErrorListTest.java");
    for (Path source : sources("test")) {
      if (source.endsWith(own)) {
        continue;
      }
      missing.removeAll(idsInStrings(Files.readString(source)));
    }
    assertEquals(UNTESTED, missing, "ids that no test expects");
  }

  @Test
  void testsMakeNoIdsOfOctet() throws IOException {
    for (Path source : sources("test")) {
      assertFalse(MADE_BY_A_TEST.matcher(Files.readString(source)).find(), source.toString());
    }
  }

  @Test
  void documentationNamesListedIds() throws IOException {
    List<Path> files = new ArrayList<>(sources("main"));
    try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      pages.filter(page -> page.toString().endsWith(".md")).forEach(files::add);
    }
    files.add(ROOT.resolve("README.md"));
    Set<String> listed = listed();
    List<String> unknown = new ArrayList<>();
    for (Path file : files) {
      Matcher ids = ID.matcher(Files.readString(file));
      while (ids.find()) {
        if (!listed.contains(ids.group())) {
          unknown.add(file + ": " + ids.group());
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static Set<String> listed() {
    return ENTRIES.stream().map(ErrorLists.Entry::id).collect(toCollection(TreeSet::new));
  }

  private static Set<String> idsInStrings(String source) {
    Set<String> ids = new TreeSet<>();
    Matcher parts = LITERAL_OR_COMMENT.matcher(source);
    while (parts.find()) {
      if (parts.group(1) != null) {
        ID.matcher(parts.group(1)).results().forEach(match -> ids.add(match.group()));
      }
    }
    return ids;
  }

  /** Returns the Java sources of every module, of main code or of tests. */
  private static List<Path> sources(String kind) throws IOException {
    Path part = Path.of("src", kind, "java");
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains(part.toString()))
          .sorted()
          .toList();
    }
  }
}
