package dev.octet.workflow.provenance;

/**
 * One thing that a quantized file says of where it came from, in an entry of its metadata. {@link
 * dev.octet.api.graph.Provenance} has two more: the plan's content hash, {@code octet.plan}, and
 * its backend, {@code octet.backend}.
 */
public enum Claim {
  /** The version of Octet that converted. */
  VERSION("octet.version", true),
  /** The commit of that version, see {@link OctetBuild#commit}. */
  COMMIT("octet.commit", true),
  /** The version of the backend's provider. */
  BACKEND_VERSION("octet.backend.version", true),
  /**
   * The SHA-256 of the jar of a vendor's provider. Octet's own backends go by version and commit.
   */
  BACKEND_JAR("octet.backend.sha256", true),
  /** The SHA-256 of the float model's file, as {@code sha256sum} prints it. */
  MODEL("octet.model.sha256", false),
  /**
   * Of each file beside the float model that holds constants a line as {@code sha256sum} prints it:
   * the SHA-256, two blanks, and the name from the model's folder on, with slashes.
   */
  MODEL_DATA("octet.model.data", false),
  /**
   * The content hash of the float model, as its plan has it: what it means, however its file is
   * laid out. A model that was made in memory is known by this alone.
   */
  MODEL_CONTENT("octet.model.content", false),
  /** The content hash of what calibration saw of the groups that the plan uses. */
  CALIBRATION("octet.calibration", false),
  /** The name of the runtime that calibrated. */
  RUNTIME("octet.calibration.runtime", false),
  /** The version of that runtime, where it is not Octet's own. */
  RUNTIME_VERSION("octet.calibration.runtime.version", true),
  /** The options of that runtime, {@code name=value}, one a line. */
  RUNTIME_OPTIONS("octet.calibration.runtime.options", false),
  /** The content hash of the data; those of several, in rising order, with commas. */
  DATA("octet.data", false),
  /** How many samples were seen. */
  SAMPLES("octet.samples", false),
  /** How layers were rewritten without a plan: scheme, options, filters and form, as JSON. */
  SOURCE("octet.source", false);

  private final String key;
  private final boolean namesBuild;

  Claim(String key, boolean namesBuild) {
    this.key = key;
    this.namesBuild = namesBuild;
  }

  /** Returns the key of the entry. */
  public String key() {
    return key;
  }

  /**
   * Tells whether it names a build of software. What does not is a function of contents alone, and
   * the same with every build that converts alike.
   */
  public boolean namesBuild() {
    return namesBuild;
  }
}
