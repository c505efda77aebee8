package dev.octet.tck;

import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.tck.rule.Area;
import dev.octet.tck.rule.Need;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page of all rules is what the kit has. */
class SpecPageTest {

  private static final Path PAGE = Path.of("../docs/spec.md");

  private static final String HEAD =
      """
      # What a backend must keep

      The rules of the TCK, written from the copy that drives the kit. MUST, MUST NOT, SHOULD and MAY are those of RFC 2119. Every rule
      can be named on the command line: `octet-tck run --provider NAME --rule TCK-CAP-001`.

      A backend is *conformant* when every rule of level MUST is passed, or is about something that the backend does not declare and
      refuses as prescribed, or is listed here as untestable; and at least one capability was declared and exercised. A rule of level
      SHOULD never stands in the way; the report says when it is not met. Numbers are never given to another rule.

      """;

  @Test
  void isWrittenFromTheRules() throws IOException {
    RuleBook book = RuleBook.read();
    StringBuilder page = new StringBuilder(HEAD);
    page.append("| area | rules | MUST | untestable |\n|---|---|---|---|\n");
    for (Area area : Area.values()) {
      page.append(row(area, book.rules(area)));
    }
    for (Area area : Area.values()) {
      page.append("\n## ").append(area.title()).append('\n');
      book.rules(area).forEach(rule -> page.append(section(rule)));
    }
    new GeneratedPage("tck", SpecPageTest.class).requireCurrent(PAGE, page.toString());
  }

  private static String row(Area area, List<Rule> rules) {
    return String.format(
        Locale.ROOT,
        "| %s: %s | %d | %d | %d |\n",
        area,
        area.title(),
        rules.size(),
        rules.stream().filter(rule -> rule.level().name().equals("MUST")).count(),
        rules.stream().filter(rule -> !rule.isTestable()).count());
  }

  private static String section(Rule rule) {
    StringBuilder text = new StringBuilder();
    text.append("\n### <a id=\"").append(rule.id().toLowerCase(Locale.ROOT)).append("\"></a>");
    text.append(rule.id()).append(": ").append(rule.title()).append("\n\n");
    text.append("**").append(rule.level()).append("**, since ").append(rule.since());
    if (rule.need() != Need.NOTHING) {
      text.append(", for backends with ").append(rule.need().words());
    }
    text.append(".\n").append(rule.text()).append("\n\n");
    text.append("*Intent.* ").append(rule.intent()).append("\n\n");
    text.append("*Example.* ").append(rule.example()).append("\n");
    rule.untestable()
        .ifPresent(why -> text.append("\n*Not tested by the kit:* ").append(why).append("\n"));
    if (!rule.hints().isEmpty()) {
      text.append("\nIf it is broken, look at\n\n");
      rule.hints().forEach(hint -> text.append("- ").append(hint).append("\n"));
    }
    return text.toString();
  }
}
