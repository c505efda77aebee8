package dev.octet.workflow.plan;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.ExtraFields;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * The fields of a plan that are somebody else's, by the item that has them: the plan itself, a
 * node, a group, an input or an output. Immutable.
 */
final class PlanExtras {

  /** The plan itself. */
  static final String ROOT = "";

  private static final Tree.Mapping NOTHING = Tree.of(Map.of());

  private final Map<String, Tree.Mapping> fields;

  private PlanExtras(Map<String, Tree.Mapping> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  static PlanExtras none() {
    return new PlanExtras(Map.of());
  }

  static String node(String name) {
    return "node " + name;
  }

  static String group(int id) {
    return "group " + id;
  }

  /** Returns the fields of an item, in the order in which they were written. */
  Map<String, Tree> of(String item) {
    return fields.getOrDefault(item, NOTHING).entries();
  }

  /** Collects the fields while a plan is read. */
  static final class Reader {
    private final Map<String, Tree.Mapping> found = new HashMap<>();

    /** Takes the extra fields of an item, and allows only some others. */
    void read(String item, Tree.Mapping map, String... allowed) {
      ExtraFields.allowBeside(map, allowed);
      Tree.Mapping extra = ExtraFields.of(map);
      if (!extra.entries().isEmpty()) {
        found.put(item, extra);
      }
    }

    PlanExtras finish() {
      return new PlanExtras(new HashMap<>(found));
    }
  }
}
