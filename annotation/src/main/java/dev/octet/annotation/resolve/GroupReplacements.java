package dev.octet.annotation.resolve;

import dev.octet.api.graph.Graph;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps the replacements that a quantizer makes in a list of groups. For one thread at a time. */
public final class GroupReplacements implements ObserverPlan {

  private final Graph graph;
  private final List<Group> present;
  private final SortedMap<Integer, QuantizationSpec> replaced = new TreeMap<>();

  /**
   * Starts from some groups.
   *
   * @param groups the groups; the number of each is its place in the list
   */
  public GroupReplacements(Graph graph, List<Group> groups) {
    this.graph = graph;
    this.present = new ArrayList<>(groups);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<Group> groups() {
    return List.copyOf(present);
  }

  @Override
  public void replace(int id, QuantizationSpec spec) {
    Objects.requireNonNull(spec, "the spec that replaces another is null");
    if (id < 0 || id >= present.size()) {
      throw ResolutionErrors.NO_GROUP
          .error("there is no group " + id)
          .at(present.size() + " groups, from 0")
          .build();
    }
    QuantizationSpec.Concrete independent =
        spec.match(
            new QuantizationSpec.Cases<>(
                observed -> observed,
                fixed -> fixed,
                shared -> refused(id, shared),
                derived -> refused(id, derived),
                keepFloat -> refused(id, keepFloat),
                narrowFloat -> refused(id, narrowFloat)));
    present.set(id, new Group(id, present.get(id).points(), independent));
    replaced.put(id, independent);
  }

  private static QuantizationSpec.Concrete refused(int id, QuantizationSpec spec) {
    throw ResolutionErrors.OTHER_KIND
        .error("group " + id + " cannot become " + spec + ", of another kind")
        .build();
  }

  /** Returns the last spec that each group was given, by the group's number. */
  public SortedMap<Integer, QuantizationSpec> replaced() {
    return Collections.unmodifiableSortedMap(replaced);
  }
}
