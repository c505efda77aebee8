package dev.octet.tck.cli;

import dev.octet.api.tree.Tree;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.Exclusion;
import dev.octet.workflow.text.YamlText;
import java.nio.file.Path;
import java.util.List;

/** Rules that a vendor leaves out, in a file that says why. */
public final class ExclusionFile {

  private ExclusionFile() {}

  static List<Exclusion> read(Path file) {
    return read(file, RuleBook.read());
  }

  /**
   * Reads a list.
   *
   * @param book the rules that there are
   * @throws dev.octet.api.error.OctetException {@code OCT-TCK-001} if a rule is not known, {@code
   *     OCT-TCK-006} if a reason or a link is missing, and as {@link YamlText}
   */
  public static List<Exclusion> read(Path file, RuleBook book) {
    return YamlText.read(file).asItems().stream()
        .map(entry -> exclusion(book, entry.asMapping(), file))
        .toList();
  }

  private static Exclusion exclusion(RuleBook book, Tree.Mapping entry, Path file) {
    String rule = Rules.require(book, entry.get("rule").asText()).id();
    try {
      return new Exclusion(rule, entry.get("reason").asText(), entry.get("link").asText());
    } catch (IllegalArgumentException e) {
      throw TckErrors.BAD_EXCLUSION
          .error(String.valueOf(e.getMessage()))
          .at(file.toString())
          .cause(e)
          .build();
    }
  }
}
