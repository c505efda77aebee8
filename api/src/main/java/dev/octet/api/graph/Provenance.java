package dev.octet.api.graph;

import dev.octet.api.stability.Incubating;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which plan a converted model was made by, and which rule of which backend owns each of its nodes:
 * what conversion writes into the metadata of model and nodes, so that it travels in the file.
 * Immutable.
 *
 * <p>It names contents and no build: the same plan gives the same metadata with every version.
 */
@Incubating
public final class Provenance {

  private static final String PLAN = "octet.plan";
  private static final String BACKEND = "octet.backend";
  private static final String RULE = "octet.rule";

  private final String planHash;
  private final String backend;

  private Provenance(String planHash, String backend) {
    this.planHash = Objects.requireNonNull(planHash, "planHash");
    this.backend = Objects.requireNonNull(backend, "backend");
  }

  /**
   * The owner of a node.
   *
   * @param rule the rule that claimed it
   * @param backend the backend whose rule it is; of a composition the quantizer, by its name there
   */
  public record Owner(String rule, String backend) {
    /** Checks that no component is null. */
    public Owner {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(backend, "backend");
    }
  }

  /** Reads the metadata of a model; empty when no conversion wrote it. */
  public static Optional<Provenance> of(Model model) {
    Optional<String> plan = Optional.ofNullable(model.metadata().get(PLAN));
    Optional<String> backend = Optional.ofNullable(model.metadata().get(BACKEND));
    return plan.flatMap(hash -> backend.map(name -> new Provenance(hash, name)));
  }

  /** Reads the metadata of a node; empty when no rule owns it. */
  public static Optional<Owner> of(Node node) {
    Optional<String> rule = Optional.ofNullable(node.metadata().get(RULE));
    Optional<String> backend = Optional.ofNullable(node.metadata().get(BACKEND));
    return rule.flatMap(name -> backend.map(whose -> new Owner(name, whose)));
  }

  /** Returns a model with the plan that it was converted by, in the place of an earlier one. */
  public static Model mark(Model model, String planHash, String backend) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(PLAN, planHash);
    entries.put(BACKEND, backend);
    return model.withMetadata(entries);
  }

  /** Returns a node with its owner, or without one, in the place of an earlier one. */
  public static Node mark(Node node, Optional<Owner> owner) {
    Map<String, String> entries = new LinkedHashMap<>(node.metadata());
    entries.remove(RULE);
    entries.remove(BACKEND);
    owner.ifPresent(
        known -> {
          entries.put(RULE, known.rule());
          entries.put(BACKEND, known.backend());
        });
    return entries.equals(node.metadata()) ? node : node.withMetadata(entries);
  }

  /** Returns the content hash of the plan, in lower-case hexadecimal digits. */
  public String planHash() {
    return planHash;
  }

  /** Returns the name of the plan's backend. */
  public String backend() {
    return backend;
  }
}
