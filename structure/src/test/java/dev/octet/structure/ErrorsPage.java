package dev.octet.structure;

import dev.octet.api.error.ErrorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the page of errors and findings from their lists. */
final class ErrorsPage {

  private ErrorsPage() {}

  /** Returns the page. */
  static String markdown(List<ErrorLists.Entry> entries) {
    StringBuilder page = new StringBuilder(HEAD);
    for (ErrorKind kind : ErrorKind.values()) {
      row(page, word(kind), Integer.toString(kind.exitCode()), words(kind));
    }
    Map<String, List<ErrorLists.Entry>> areas =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    ErrorLists.Entry::area, LinkedHashMap::new, Collectors.toList()));
    page.append(FINDINGS);
    areas.forEach((area, of) -> section(page, area, of));
    return page.toString();
  }

  private static void section(StringBuilder page, String area, List<ErrorLists.Entry> entries) {
    page.append("\n## ").append(area).append("\n\n").append("Listed in ");
    page.append(
        entries.stream()
            .map(entry -> "`" + entry.field().getOwner().getFullName() + "`")
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(", ")));
    page.append(".\n\n| id | kind | meaning | next step |\n|---|---|---|---|\n");
    for (ErrorLists.Entry entry : entries) {
      row(page, "`" + entry.id() + "`", entry.kind(), entry.meaning(), entry.nextStep());
    }
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells).replace("*", "\\*")).append(" |\n");
  }

  private static String words(ErrorKind kind) {
    return switch (kind) {
      case USAGE -> "the command line, or the arguments of a call, are wrong";
      case INPUT ->
          "a file cannot be read or written, does not say what it must, or takes more memory than"
              + " there is";
      case QUANTIZATION -> "the model or the plan cannot be quantized as asked";
      case BACKEND -> "the backend or the runtime refused, or is not available here";
      case DEFECT -> "Octet itself failed";
    };
  }

  private static String word(ErrorKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static final String HEAD =
      """
      # Errors and findings

      What Octet reports has an id that stays: `octet: OCT-PLAN-002: ...` on standard error, the
      field `id` with `--json`, `OctetException.id()` in Java. An error says what is wrong in its
      case, where, what could have been meant, and what to do next; this page, written from the
      lists in the code, says what is true of every error with the id. Backends of others have
      ids of their own, which start with another word than `OCT`.

      An error has a kind, whose exit code the command line ends with:

      | kind | exit code | whose move it is |
      |---|---|---|
      """;

  private static final String FINDINGS =
      """

      A command that a signal ends has the shell's code for it: 129 (SIGHUP), 130 (SIGINT,
      Ctrl-C) or 143 (SIGTERM).

      A finding stands in a plan or a report beside a result. Its kind here is its severity:
      `info`, `warning`, or `error`, with which there is no result. The command line
      ends with 1 where findings are to count (`--fail-on`), or a requirement of
      [`octet evaluate`](evaluate.md) does not hold.
      """;
}
