package dev.octet.workflow.provenance;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.tree.Tree;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a quantized file says of where it came from. Immutable and thread-safe.
 *
 * @see Claim
 */
public final class Claims {

  /** The key of the plan's content hash, which {@link dev.octet.api.graph.Provenance} reads. */
  public static final String PLAN = "octet.plan";

  private final Map<Claim, String> entries;

  private Claims(Map<Claim, String> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** Returns the claims of a converter: this build of Octet. */
  public static Claims ofThisBuild() {
    OctetBuild octet = OctetBuild.current();
    return new Claims(new EnumMap<>(Claim.class))
        .with(Claim.VERSION, octet.version())
        .with(Claim.COMMIT, octet.commit());
  }

  /** Reads the metadata of a model. */
  public static Claims of(Model model) {
    Claims claims = new Claims(new EnumMap<>(Claim.class));
    for (Claim claim : Claim.values()) {
      claims = claims.with(claim, Optional.ofNullable(model.metadata().get(claim.key())));
    }
    return claims;
  }

  /** Returns a claim; empty where it is not made. */
  public Optional<String> get(Claim claim) {
    return Optional.ofNullable(entries.get(claim));
  }

  /** Tells whether there is none, as in files that were written before there were claims. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Returns these claims and another one, in the place of an earlier one. */
  public Claims with(Claim claim, String value) {
    return with(claim, Optional.of(value));
  }

  /** Returns these claims and another one, or without it. */
  public Claims with(Claim claim, Optional<String> value) {
    Map<Claim, String> changed = new EnumMap<>(Claim.class);
    changed.putAll(entries);
    changed.remove(claim);
    value.ifPresent(text -> changed.put(claim, text));
    return new Claims(changed);
  }

  /**
   * Returns these claims, with the build of the backend that converted. Octet's own backends have
   * Octet's version: that of their jar is lost where it is put together with others.
   */
  public Claims with(ProviderBuild build) {
    return build.isOctets()
        ? with(Claim.BACKEND_VERSION, get(Claim.VERSION).or(build::version))
        : with(Claim.BACKEND_VERSION, build.version()).with(Claim.BACKEND_JAR, build.sha256());
  }

  /** Returns these claims, with the files of the float model. */
  public Claims with(FloatFile file) {
    return with(Claim.MODEL, file.sha256()).with(Claim.MODEL_DATA, file.dataLines());
  }

  /** Returns these claims, with what ran the float model for a calibration. */
  public Claims with(RuntimeBuild runtime) {
    return with(Claim.RUNTIME, runtime.name())
        .with(Claim.RUNTIME_VERSION, runtime.version())
        .with(Claim.RUNTIME_OPTIONS, runtime.optionLines());
  }

  /** Returns a model that makes these claims, and none that it made before. */
  public Model mark(Model model) {
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    for (Claim claim : Claim.values()) {
      metadata.remove(claim.key());
    }
    entries.forEach((claim, value) -> metadata.put(claim.key(), value));
    return new Model(model.graph(), model.opsets(), metadata, model.origin());
  }

  /** Returns the claims by their keys. */
  public Tree.Mapping toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    entries.forEach((claim, value) -> tree.put(claim.key(), Tree.of(value)));
    return Tree.of(tree);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Claims that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  /** Returns the number of claims. */
  @Override
  public String toString() {
    return entries.size() + " claims";
  }
}
