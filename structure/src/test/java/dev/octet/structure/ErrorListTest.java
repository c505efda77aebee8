package dev.octet.structure;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.octet.fixtures.jdk.GeneratedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
      Pattern.compile("(?:ErrorId|FindingId)\\.[a-z]+\\(\\s*\"OCT-|new Finding\\([^\"]*\"OCT-");

  private static final List<ErrorLists.Entry> ENTRIES = ErrorLists.entries();

  @Test
  void thePageIsCurrent() throws IOException {
    new GeneratedPage("structure", ErrorListTest.class)
        .requireCurrent(PAGE, ErrorsPage.markdown(ENTRIES));
  }

  @Test
  void noIdStandsTwice() {
    Set<String> seen = new HashSet<>();
    assertEquals(List.of(), ENTRIES.stream().filter(entry -> !seen.add(entry.id())).toList());
  }

  /** The kit's checks and the search for faults name the ids that they ask for, as others would. */
  @Test
  void idsAreWrittenInTheirListsAlone() throws IOException {
    List<Path> askers =
        List.of(
            Path.of("../tck/src/main/java/dev/octet/tck/check"),
            Path.of("../fuzz/src/main/java/dev/octet/fuzz"));
    for (Path source : sources("main")) {
      boolean list = ENTRIES.stream().anyMatch(entry -> isFileOf(entry, source));
      if (!list && askers.stream().noneMatch(source::startsWith)) {
        assertEquals(Set.of(), idsInStrings(Files.readString(source)), source.toString());
      }
    }
  }

  /** One place, or one factory, says what is wrong: another fault has another id. */
  @Test
  void everyIdIsReportedInOnePlace() {
    Map<String, List<String>> others = new TreeMap<>();
    for (ErrorLists.Entry entry : ENTRIES) {
      List<String> places = ErrorLists.places(entry);
      if (places.size() != 1) {
        others.put(entry.id(), places);
      }
    }
    assertEquals(Map.of(), others);
  }

  @Test
  void everyIdIsExpectedByATest() throws IOException {
    Set<String> missing = listed();
    for (Path source : sources("test")) {
      missing.removeAll(idsInStrings(Files.readString(source)));
    }
    assertEquals(Set.of(), missing, "ids that no test expects");
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

  private static boolean isFileOf(ErrorLists.Entry entry, Path source) {
    String name = entry.field().getOwner().getFullName().replace('.', '/') + ".java";
    return source.endsWith(Path.of(name));
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
