package dev.octet.annotation.rules;

import dev.octet.api.error.OctetException;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the ids of a vendor's own conditions stand for, to read tables that name them. Immutable.
 */
public final class RuleVocabulary {

  private final SortedMap<String, NodeCondition> conditions;

  private RuleVocabulary(SortedMap<String, NodeCondition> conditions) {
    this.conditions = conditions;
  }

  /** Returns the vocabulary of tables that name conditions of Octet alone. */
  public static RuleVocabulary none() {
    return new RuleVocabulary(new TreeMap<>());
  }

  /** Returns all of a vendor's own that a table speaks of, such as the table of a provider. */
  public static RuleVocabulary of(BackendRules table) {
    SortedMap<String, NodeCondition> own = new TreeMap<>();
    for (Rule rule : table.rules()) {
      rule.pattern().steps().forEach(step -> collect(step.conditions(), own));
    }
    return new RuleVocabulary(own);
  }

  /** An id with a dot in it is a vendor's. */
  static boolean isOwn(Tree id) {
    return id.isText() && id.asText().indexOf('.') >= 0;
  }

  NodeCondition condition(Tree id) {
    return known(conditions, "condition", id);
  }

  private static void collect(List<NodeCondition> from, Map<String, NodeCondition> own) {
    for (NodeCondition condition : from) {
      if (!(condition instanceof StatedCondition)) {
        own.put(condition.id(), condition);
      }
      collect(condition.parts(), own);
    }
  }

  private static <T> T known(SortedMap<String, T> own, String what, Tree id) {
    T found = own.get(id.asText());
    if (found == null) {
      throw unknown(what, id, List.copyOf(own.keySet()));
    }
    return found;
  }

  private static OctetException unknown(String what, Tree id, List<String> known) {
    return RuleErrors.UNKNOWN_WORD
        .error("the table names the " + what + " '" + id.asText() + "', which is not at hand")
        .at(id.position().toString())
        .candidates(known)
        .build();
  }
}
