package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.ConditionReasons.fail;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.PlacedNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is made of other conditions. */
sealed interface CombinedCondition extends StatedCondition {

  /**
   * A condition with a reason of the vendor's own.
   *
   * @param condition the condition
   * @param reason what is said of a node that fails it
   */
  record Because(NodeCondition condition, String reason) implements CombinedCondition {
    /** Checks that no component is null and that there is a reason. */
    public Because {
      Objects.requireNonNull(condition, "condition");
      if (Objects.requireNonNull(reason, "reason").isBlank()) {
        throw new IllegalArgumentException("because needs a reason");
      }
    }

    @Override
    public Set<String> absent() {
      return StatedCondition.attributes(List.of(condition), StatedCondition::absent);
    }

    @Override
    public Set<String> given() {
      return StatedCondition.attributes(List.of(condition), StatedCondition::given);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return condition.failure(node).map(why -> reason);
    }

    @Override
    public Optional<NodeCondition> on(OpType op) {
      return StatedCondition.on(condition, op).map(part -> new Because(part, reason));
    }

    @Override
    public boolean isOfEveryOperator() {
      return !(condition instanceof StatedCondition stated) || stated.isOfEveryOperator();
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }

  /**
   * A condition on the nodes of one operator; nodes of others fulfil it.
   *
   * @param op the operator
   * @param condition the condition
   */
  record WhenOperator(OpType op, NodeCondition condition) implements CombinedCondition {
    /** Checks that no component is null. */
    public WhenOperator {
      Objects.requireNonNull(op, "op");
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public void name(Names names) {
      names.operator(op);
    }

    @Override
    public String words() {
      return "where it is " + op + ", " + condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return node.view().node().op().equals(op) ? condition.failure(node) : Optional.empty();
    }

    @Override
    public Optional<NodeCondition> on(OpType other) {
      return other.equals(op) ? Optional.of(condition) : Optional.empty();
    }

    @Override
    public boolean isOfEveryOperator() {
      return false;
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }

  /**
   * At least one of several conditions holds.
   *
   * @param conditions the conditions, at least one
   */
  record AnyOf(List<NodeCondition> conditions) implements CombinedCondition {
    /** Copies the list, which must not be empty. */
    public AnyOf {
      conditions = List.copyOf(conditions);
      if (conditions.isEmpty()) {
        throw new IllegalArgumentException("any-of needs a condition");
      }
    }

    @Override
    public Set<String> settled() {
      return StatedCondition.attributes(conditions, StatedCondition::absent);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      List<String> all = conditions.stream().map(NodeCondition::words).toList();
      String first = all.get(0);
      int verb = first.indexOf(" is ");
      String common = verb < 0 ? "" : first.substring(0, verb + " is ".length());
      return verb >= 0 && all.stream().allMatch(words -> words.startsWith(common))
          ? common
              + all.stream()
                  .map(words -> words.substring(common.length()))
                  .collect(Collectors.joining(" or "))
          : String.join(", or ", all);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Set<String> failures = new LinkedHashSet<>();
      for (NodeCondition condition : conditions) {
        Optional<String> failure = condition.failure(node);
        if (failure.isEmpty()) {
          return failure;
        }
        failures.add(failure.get());
      }
      return Optional.of(String.join(", and ", failures));
    }

    @Override
    public List<NodeCondition> parts() {
      return conditions;
    }

    @Override
    public boolean dependsOnMarks() {
      return conditions.stream().anyMatch(NodeCondition::dependsOnMarks);
    }
  }

  /**
   * All of several conditions hold; for use inside others.
   *
   * @param conditions the conditions
   */
  record AllOf(List<NodeCondition> conditions) implements CombinedCondition {
    /** Copies the list. */
    public AllOf {
      conditions = List.copyOf(conditions);
    }

    @Override
    public Set<String> given() {
      return StatedCondition.attributes(conditions, StatedCondition::given);
    }

    @Override
    public Set<String> settled() {
      return given();
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return conditions.stream().map(NodeCondition::words).collect(Collectors.joining(" and "));
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return conditions.stream()
          .map(c -> c.failure(node))
          .filter(Optional::isPresent)
          .findFirst()
          .orElse(Optional.empty());
    }

    @Override
    public List<NodeCondition> parts() {
      return conditions;
    }

    @Override
    public boolean dependsOnMarks() {
      return conditions.stream().anyMatch(NodeCondition::dependsOnMarks);
    }
  }

  /**
   * A condition does not hold.
   *
   * @param condition the condition
   */
  record Not(NodeCondition condition) implements CombinedCondition {
    /** Checks that the condition is not null. */
    public Not {
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public Set<String> given() {
      return StatedCondition.attributes(List.of(condition), StatedCondition::absent);
    }

    @Override
    public void name(Names names) {}

    @Override
    public String words() {
      return "not: " + condition.words();
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(condition.failure(node).isPresent(), condition::words);
    }

    @Override
    public List<NodeCondition> parts() {
      return List.of(condition);
    }

    @Override
    public boolean dependsOnMarks() {
      return condition.dependsOnMarks();
    }
  }
}
