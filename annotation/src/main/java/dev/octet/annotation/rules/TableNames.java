package dev.octet.annotation.rules;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.pattern.NodeCondition;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds what a rule names against ONNX: operators, operands, results and attributes. A step of
 * several operators may name an operand that one of them has; an attribute all of them must have.
 * Operators of other domains are their vendors', and are not checked.
 */
final class TableNames {

  private final String backend;
  private final Rule rule;

  private TableNames(String backend, Rule rule) {
    this.backend = backend;
    this.rule = rule;
  }

  /**
   * Checks a rule.
   *
   * @throws OctetException {@code OCT-RULE-003} for an unknown operator, {@code OCT-RULE-004} for
   *     an operand or a result that no operator of its step has, {@code OCT-RULE-005} for an
   *     attribute that an operator has not, {@code OCT-RULE-006} for one of another type, {@code
   *     OCT-RULE-007} for one of which neither the condition nor ONNX says what it means when it is
   *     absent
   */
  static void require(String backend, Rule rule) {
    new TableNames(backend, rule).require();
  }

  private void require() {
    List<Step> steps = rule.pattern().steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      step.ops().forEach(this::requireOperator);
      if (step.entry().isPresent() && i > 0) {
        List<OpType> reader = step.joins() ? steps.get(step.from()).ops() : step.ops();
        requireOperand(step.entry().getAsInt(), reader);
      }
      Set<String> given = StatedCondition.attributes(step.conditions(), StatedCondition::given);
      step.conditions().forEach(condition -> require(condition, step.ops(), given));
    }
    for (MatchPoint point : Rule.points(rule.marks(), rule.unshared())) {
      requirePoint(point);
    }
  }

  /**
   * Looks at the components of a condition's record, so that a new kind of condition needs no code
   * here.
   *
   * @param ops the operators that the condition speaks of
   * @param absent the attributes of which is said what they mean when they are absent
   */
  private void require(NodeCondition condition, List<OpType> ops, Set<String> absent) {
    if (!(condition instanceof StatedCondition stated)) {
      return;
    }
    List<OpType> spoken = ops.stream().filter(op -> stated.on(op).isPresent()).toList();
    Set<String> said = new HashSet<>(absent);
    said.addAll(stated.settled());
    for (RecordComponent component : condition.getClass().getRecordComponents()) {
      Object value = ConditionTree.component(condition, component);
      for (Object each : value instanceof List<?> list ? list : List.of(value)) {
        if (each instanceof NodeCondition part) {
          require(part, spoken, said);
        } else {
          require(stated, component.getName(), each, spoken, said);
        }
      }
    }
  }

  private void require(
      StatedCondition condition,
      String component,
      Object value,
      List<OpType> ops,
      Set<String> said) {
    if (value instanceof OpType op) {
      requireOperator(op);
    } else if (value instanceof MatchPoint point) {
      requirePoint(point);
    } else if (value instanceof Integer index && StatedCondition.OPERANDS.contains(component)) {
      requireOperand(index, ops);
    } else if (value instanceof Integer index && component.equals("result")) {
      requireResult(index, ops);
    } else if (value instanceof String name && component.equals("attribute")) {
      ops.forEach(op -> requireAttribute(condition, name, op, said));
    }
  }

  private void requireOperator(OpType op) {
    if (op.domain().isEmpty() && OperatorSignature.of(op).isEmpty()) {
      throw refused(
          RuleErrors.UNKNOWN_OPERATOR,
          "names operator '" + op + "', which ONNX does not have",
          NearMisses.of(op.name(), OperatorSignature.onnx().keySet()));
    }
  }

  private void requirePoint(MatchPoint point) {
    if (point.isSeveral()) {
      return;
    }
    List<OpType> ops =
        point.step() == MatchPoint.LAST
            ? lastOps()
            : rule.pattern().steps().get(point.step()).ops();
    if (point.side() == MatchPoint.Side.RESULT) {
      requireResult(point.index(), ops);
    } else {
      requireOperand(point.index(), ops);
    }
  }

  /** The operators of every step that can be the last one to match. */
  private List<OpType> lastOps() {
    List<OpType> ops = new ArrayList<>();
    List<Step> steps = rule.pattern().steps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (!steps.get(i).joins()) {
        ops.addAll(steps.get(i).ops());
        if (!steps.get(i).optional()) {
          break;
        }
      }
    }
    return ops;
  }

  private void requireOperand(int index, List<OpType> ops) {
    requireAny(ops, one -> one.hasOperand(index), "operand " + index, "operands", true);
  }

  private void requireResult(int index, List<OpType> ops) {
    requireAny(ops, one -> one.hasResult(index), "result " + index, "results", false);
  }

  private void requireAny(
      List<OpType> ops,
      Predicate<OperatorSignature> has,
      String what,
      String plural,
      boolean operands) {
    if (!ops.isEmpty()
        && ops.stream().allMatch(op -> OperatorSignature.of(op).filter(has.negate()).isPresent())) {
      String have =
          ops.stream()
              .flatMap(op -> OperatorSignature.of(op).stream())
              .map(one -> one.name() + " " + (operands ? one.operandNames() : one.resultNames()))
              .collect(Collectors.joining(", "));
      throw refused(
          RuleErrors.UNKNOWN_POINT,
          "names " + what + " of " + words(ops) + ", whose " + plural + " are " + have,
          List.of());
    }
  }

  private void requireAttribute(
      StatedCondition condition, String name, OpType op, Set<String> said) {
    Optional<OperatorSignature> known = OperatorSignature.of(op);
    if (known.isEmpty()) {
      return;
    }
    SortedSet<String> kinds = known.get().kinds(name);
    if (kinds.isEmpty()) {
      throw refused(
          RuleErrors.UNKNOWN_ATTRIBUTE,
          "names attribute '" + name + "' of " + op + ", which has none of that name",
          NearMisses.of(name, known.get().attributes()));
    }
    Set<String> read = condition.attributeKinds();
    if (!read.isEmpty() && kinds.stream().noneMatch(read::contains)) {
      throw refused(
          RuleErrors.ATTRIBUTE_TYPE,
          "reads attribute '"
              + name
              + "' of "
              + op
              + " as "
              + String.join(" or ", new TreeSet<>(read))
              + ", but it is "
              + String.join(" or ", kinds),
          List.of());
    }
    boolean meant =
        known.get().requires(name)
            || known.get().whenAbsent(name).isPresent()
            || said.contains(name)
            || !condition.needsDefault();
    if (!meant) {
      throw refused(
          RuleErrors.ABSENT_ATTRIBUTE,
          "asks for attribute '"
              + name
              + "' of "
              + op
              + ", and neither the condition nor ONNX says in one way what it means when it is"
              + " absent",
          List.of());
    }
  }

  private OctetException refused(ErrorId id, String fact, Collection<String> candidates) {
    return id.error("rule '" + rule.name() + "' of backend '" + backend + "' " + fact)
        .candidates(candidates)
        .build();
  }

  private static String words(List<OpType> ops) {
    return ops.stream().map(OpType::toString).distinct().collect(Collectors.joining(" or "));
  }
}
