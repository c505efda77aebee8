package dev.octet.tck.rule;

/** What a rule is about; the part of its id between the dashes. */
public enum Area {
  /** Registration, naming and lookup. */
  REG("Registration, naming and lookup"),
  /** Options and their documentation. */
  OPT("Options"),
  /** Capabilities for the options given. */
  CAP("Capabilities"),
  /** The shape of annotations. */
  ANN("Annotations"),
  /** Purity, reuse, determinism and threads. */
  DET("Determinism"),
  /** Obedience to the caller's policy. */
  POL("Policy"),
  /** Shared, derived and fixed parameters. */
  PAR("Parameters"),
  /** Observers, scale grids and derivations of the backend's own. */
  OBS("Observers, grids and derivations"),
  /** Composition with other quantizers. */
  CMP("Composition"),
  /** Rewriting the graph before it is annotated. */
  TRF("Transforms"),
  /** Reasons. */
  RSN("Reasons"),
  /** Errors. */
  ERR("Errors"),
  /** Runtimes. */
  RUN("Runtimes");

  private final String title;

  Area(String title) {
    this.title = title;
  }

  /** Returns what the area is called in the specification. */
  public String title() {
    return title;
  }
}
