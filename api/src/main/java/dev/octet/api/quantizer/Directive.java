package dev.octet.api.quantizer;

import dev.octet.api.option.Options;
import java.util.Objects;

/** What the caller's policy says of one node. Immutable. */
public sealed interface Directive {

  /**
   * Returns which selector decided, as reports show it, such as {@code module 'layer1.*'
   * (recipe.yaml, line 4)}.
   */
  String decidedBy();

  /**
   * The node stays float; it cannot be claimed.
   *
   * @param decidedBy which selector decided
   */
  record Excluded(String decidedBy) implements Directive {
    /** Checks that no component is null. */
    public Excluded {
      Objects.requireNonNull(decidedBy, "decidedBy");
    }
  }

  /**
   * The node is quantized with these options over those that the quantizer was made with.
   *
   * @param options the options for this node alone; may be empty
   * @param decidedBy which selector decided
   */
  record Configured(Options options, String decidedBy) implements Directive {
    /** Checks that no component is null. */
    public Configured {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(decidedBy, "decidedBy");
    }
  }
}
