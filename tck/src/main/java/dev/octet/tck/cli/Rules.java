package dev.octet.tck.cli;

import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import java.util.Locale;

/** Rules by what a user types. */
final class Rules {

  private static final String PREFIX = "TCK-";

  private Rules() {}

  /**
   * Returns a rule.
   *
   * @param typed its id, in any case, with or without {@code TCK-} in front
   * @throws dev.octet.api.error.OctetException {@code OCT-TCK-001} if there is none with the id
   */
  static Rule require(RuleBook book, String typed) {
    String upper = typed.toUpperCase(Locale.ROOT);
    String id = upper.startsWith(PREFIX) ? upper : PREFIX + upper;
    return book.find(id)
        .orElseThrow(
            () ->
                TckErrors.NO_SUCH_RULE
                    .error("there is no rule '" + typed + "'")
                    .candidates(book.near(id))
                    .build());
  }
}
