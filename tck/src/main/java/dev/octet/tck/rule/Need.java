package dev.octet.tck.rule;

/** What a backend must have for a rule to concern it; without it, the rule is not declared. */
public enum Need {
  /** Every backend is concerned. */
  NOTHING("nothing"),
  /** An option of its own. */
  OPTIONS("options of its own"),
  /** A capability that quantizes when the data is known. */
  STATIC_MODE("a capability of mode static"),
  /** A capability with a quantized constant. */
  WEIGHTS("a capability with a quantized constant"),
  /** A capability of which a condition can be broken alone. */
  CONDITIONS("a capability with a condition"),
  /** A capability with an example. */
  EXAMPLES("a capability with an example"),
  /** An observer of its own. */
  OBSERVERS("observers of its own"),
  /** A scale grid of its own. */
  SCALE_GRIDS("scale grids of its own"),
  /** A derivation of its own. */
  DERIVATIONS("derivations of its own"),
  /** A graph that its quantizer rewrites before it annotates it. */
  REWRITINGS("graphs that it rewrites"),
  /** A runtime. */
  RUNTIME("a runtime"),
  /** An operator of its own. */
  OPERATORS("operators of its own");

  private final String words;

  Need(String words) {
    this.words = words;
  }

  /** Returns what it is, in words that follow "has" and "with". */
  public String words() {
    return words;
  }
}
