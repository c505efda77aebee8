package dev.octet.annotation.rules;

import dev.octet.api.error.OctetException;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.tree.Tree;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the ids of a vendor's own conditions and axes stand for, to read tables that name them.
 * Immutable.
 */
public final class RuleVocabulary {

  private final SortedMap<String, NodeCondition> conditions = new TreeMap<>();
  private final SortedMap<String, ChannelAxis> axes = new TreeMap<>();

  private RuleVocabulary() {}

  /** Returns the vocabulary of tables that name conditions and axes of Octet alone. */
  public static RuleVocabulary none() {
    return new RuleVocabulary();
  }

  /** Returns all of a vendor's own that a table speaks of, such as the table of a provider. */
  public static RuleVocabulary of(BackendRules table) {
    RuleVocabulary own = new RuleVocabulary();
    for (Rule rule : table.rules()) {
      rule.pattern().steps().forEach(step -> own.addConditions(step.conditions()));
      for (Mark mark : rule.marks()) {
        own.addAxis(mark.spec());
        mark.whenConstant().ifPresent(own::addAxis);
        mark.whenMadeBy().map(Mark.MadeBy::spec).ifPresent(own::addAxis);
      }
    }
    return own;
  }

  /** An id with a dot in it is a vendor's. */
  static boolean isOwn(Tree id) {
    return id.isText() && id.asText().indexOf('.') >= 0;
  }

  NodeCondition condition(Tree id) {
    return known(conditions, "condition", id);
  }

  ChannelAxis axis(Tree id) {
    return known(axes, "axis", id);
  }

  private void addConditions(List<NodeCondition> from) {
    for (NodeCondition condition : from) {
      if (condition instanceof StatedCondition stated) {
        stated.along().ifPresent(this::add);
      } else {
        conditions.put(condition.id(), condition);
      }
      addConditions(condition.parts());
    }
  }

  private void addAxis(SpecTemplate spec) {
    ScaleAxes.of(spec).channels().forEach(this::add);
  }

  private void add(ChannelAxis axis) {
    axis.match(
            new ChannelAxis.Cases<Optional<ChannelAxis.Own>>(
                numbered -> Optional.empty(),
                output -> Optional.empty(),
                input -> Optional.empty(),
                Optional::of))
        .ifPresent(own -> axes.put(own.id(), own));
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
