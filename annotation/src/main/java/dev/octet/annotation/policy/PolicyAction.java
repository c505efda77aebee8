package dev.octet.annotation.policy;

import dev.octet.api.option.Options;
import java.util.Objects;

/** What a rule of a policy does with the nodes that it selects. Immutable. */
public sealed interface PolicyAction {

  /**
   * Quantizes the nodes with these options over those from rules of lower rank. A node that such
   * rules excluded is included again, with these options alone.
   *
   * @param options the options by name; may be empty
   */
  record Configure(Options options) implements PolicyAction {
    /** Checks that no component is null. */
    public Configure {
      Objects.requireNonNull(options, "options");
    }
  }

  /** Keeps the nodes in float, whatever rules of lower rank say. */
  record Exclude() implements PolicyAction {}
}
