package dev.octet.workflow.provenance;

import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.tree.Tree;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What made a calibration, or a part of it, as its file records it: beside the content hash and
 * never in it.
 *
 * @param octet the build of Octet
 * @param backend the build of the plan's backend
 * @param runtime what ran the float model; empty where it is not known
 */
public record Maker(OctetBuild octet, BackendBuild backend, Optional<RuntimeBuild> runtime)
    implements Comparable<Maker> {

  private static final Comparator<Maker> ORDER =
      Comparator.comparing(Maker::octet)
          .thenComparing(Maker::backend)
          .thenComparing(maker -> maker.runtime().map(RuntimeBuild::toString).orElse(""));

  /** Checks that no component is null. */
  public Maker {
    Objects.requireNonNull(octet, "octet");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(runtime, "runtime");
  }

  /**
   * Returns this build of Octet with a build of a backend.
   *
   * @param runtime what ran the float model
   */
  public static Maker here(ProviderBuild backend, RuntimeBuild runtime) {
    return new Maker(OctetBuild.current(), BackendBuild.of(backend), Optional.of(runtime));
  }

  /** Returns a maker of whom nothing but the build of the backend is known. */
  public static Maker ofBackend(BackendBuild backend) {
    return new Maker(OctetBuild.unknown(), backend, Optional.empty());
  }

  /**
   * Reads what {@link #toTree} writes.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} for a
   *     field that there is not, or whose value is of another kind
   */
  public static Maker fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("octet", "provider", "runtime", "runtimeVersion", "runtimeOptions");
    return new Maker(
        OctetBuild.fromTree(map.get("octet")),
        BackendBuild.fromTree(map.get("provider")),
        RuntimeBuild.find(map));
  }

  /**
   * Returns {@code octet}, {@code provider} and, where it is known, {@code runtime}, with {@code
   * runtimeVersion} and {@code runtimeOptions} where there are some.
   */
  public Tree.Mapping toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("octet", octet.toTree());
    tree.put("provider", backend.toTree());
    runtime.ifPresent(build -> build.putInto(tree));
    return Tree.of(tree);
  }

  /** Orders by the build of Octet, that of the backend, and the runtime. */
  @Override
  public int compareTo(Maker other) {
    return ORDER.compare(this, other);
  }
}
