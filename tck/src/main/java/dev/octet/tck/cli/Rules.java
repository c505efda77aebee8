package dev.octet.tck.cli;

import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;

/** Rules by what a user types. */
final class Rules {

  private Rules() {}

  /**
   * Returns a rule.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-TCK-001} if there is none with the id
   */
  static Rule require(RuleBook book, String id) {
    return book.find(id)
        .orElseThrow(
            () ->
                TckErrors.NO_SUCH_RULE
                    .error("there is no rule '" + id + "'")
                    .candidates(book.near(id))
                    .build());
  }
}
