package dev.octet.annotation.rules;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds what a rule names against ONNX: operators, operands, results and attributes. A step of
 * several operators may name an operand that one of them has; an attribute all of them must have.
 * Operators of other domains are their vendors', and are not checked.
 */
final class TableNames {

  private static final Side OPERANDS = new Side("operand", OperatorSignature::operandNames);
  private static final Side RESULTS = new Side("result", OperatorSignature::resultNames);

  private final String backend;
  private final Rule rule;

  /** Which list of an operator a point counts in, in words, and the names in it. */
  private record Side(String word, Function<OperatorSignature, List<String>> names) {}

  private TableNames(String backend, Rule rule) {
    this.backend = backend;
    this.rule = rule;
  }

  /**
   * Checks a rule.
   *
   * @param where where the rule stands
   * @throws OctetException {@code OCT-RULE-003} for an unknown operator, {@code OCT-RULE-004} for
   *     an operand or a result that no operator of its step has, {@code OCT-RULE-005} for an
   *     attribute that an operator has not, {@code OCT-RULE-006} for one of another type, {@code
   *     OCT-RULE-007} for one of which neither the condition nor ONNX says what it means when it is
   *     absent, {@code OCT-RULE-008} for an example of other operators
   */
  static void require(String backend, Rule rule, Place where) {
    new TableNames(backend, rule).require(where);
  }

  private void require(Place where) {
    List<Step> steps = rule.pattern().steps();
    for (int i = 0; i < steps.size(); i++) {
      require(i, steps.get(i), where.field("pattern").item(i));
    }
    for (int i = 0; i < rule.marks().size(); i++) {
      require(rule.marks().get(i), where.field("marks").item(i));
    }
    for (int i = 0; i < rule.unshared().size(); i++) {
      new Named(List.of(), Set.of(), where.field("unshared").item(i)).point(rule.unshared().get(i));
    }
    if (!rule.examples().isEmpty()) {
      List<List<OpType>> taken = RuleCapabilities.operators(rule.pattern());
      rule.examples().forEach(example -> requireTaken(example, taken, where));
    }
  }

  private void requireTaken(Capability.Example example, List<List<OpType>> taken, Place where) {
    if (!taken.contains(example.pattern())) {
      throw named(where)
          .refused(
              RuleErrors.FOREIGN_EXAMPLE,
              "has an example of " + example.pattern() + ", and takes " + taken,
              List.of());
    }
  }

  private void require(int index, Step step, Place where) {
    for (int i = 0; i < step.ops().size(); i++) {
      named(where.field("operators").item(i)).operator(step.ops().get(i));
    }
    if (step.entry().isPresent() && index > 0) {
      List<OpType> reader =
          step.joins() ? rule.pattern().steps().get(step.from()).ops() : step.ops();
      new Named(reader, Set.of(), where.field("entry")).operand(step.entry().getAsInt());
    }
    List<?> conditions = step.conditions();
    Set<String> given = StatedCondition.attributes(conditions, StatedCondition::given);
    for (int i = 0; i < conditions.size(); i++) {
      Place condition = where.field("conditions").item(i);
      require(conditions.get(i), new Named(step.ops(), given, condition));
    }
  }

  private void require(Mark mark, Place where) {
    named(where.field("at")).point(mark.at());
    mark.spec().references().forEach(named(where.field("spec"))::point);
    mark.whenConstant()
        .ifPresent(spec -> spec.references().forEach(named(where.field("whenConstant"))::point));
    mark.whenMadeBy().ifPresent(made -> require(made, where.field("whenMadeBy")));
  }

  private void require(Mark.MadeBy made, Place where) {
    for (int i = 0; i < made.operators().size(); i++) {
      named(where.field("operators").item(i)).operator(made.operators().get(i));
    }
    made.spec().references().forEach(named(where.field("spec"))::point);
  }

  private Named named(Place where) {
    return new Named(List.of(), Set.of(), where);
  }

  /**
   * Checks what a condition names, and what its parts do.
   *
   * @param condition a {@link NodeCondition}; see {@link StatedCondition#attributes} for why it
   *     comes as an object
   */
  private void require(Object condition, Named named) {
    if (condition instanceof StatedCondition stated) {
      Named own = named.in(stated);
      stated.name(own);
      List<?> parts = stated.parts();
      for (int i = 0; i < parts.size(); i++) {
        require(parts.get(i), own.part(i));
      }
    }
  }

  /** Holds what is named against the operators that it is named of. */
  private final class Named implements StatedCondition.Names {
    private final List<OpType> ops;
    private final Set<String> said;
    private final Place where;

    /**
     * Names things of some operators.
     *
     * @param ops the operators; none for what belongs to no step
     * @param said the attributes of which is said what they mean when they are absent
     */
    Named(List<OpType> ops, Set<String> said, Place where) {
      this.ops = ops;
      this.said = said;
      this.where = where;
    }

    /** Returns these as a condition sees them: the operators that it speaks of alone. */
    Named in(StatedCondition condition) {
      List<OpType> spoken = condition.isOfEveryOperator() ? ops : spokenOf(condition);
      Set<String> settled = condition.settled();
      if (settled.isEmpty()) {
        return spoken.equals(ops) ? this : new Named(spoken, said, where);
      }
      Set<String> all = new HashSet<>(said);
      all.addAll(settled);
      return new Named(spoken, all, where);
    }

    private List<OpType> spokenOf(StatedCondition condition) {
      List<OpType> spoken = new ArrayList<>(ops.size());
      for (OpType op : ops) {
        if (condition.on(op).isPresent()) {
          spoken.add(op);
        }
      }
      return spoken;
    }

    Named part(int index) {
      Place only = where.field("condition");
      Place there = only.equals(where) ? where.field("conditions").item(index) : only;
      return new Named(ops, said, there);
    }

    @Override
    public void operator(OpType op) {
      if (op.domain().isEmpty() && OperatorSignature.of(op).isEmpty()) {
        throw refused(
            RuleErrors.UNKNOWN_OPERATOR,
            "names operator '" + op + "', which ONNX does not have",
            NearMisses.of(op.name(), OperatorSignature.onnx().keySet()));
      }
    }

    @Override
    public void point(MatchPoint point) {
      if (!point.isSeveral()) {
        List<OpType> pointed =
            point.step() == MatchPoint.LAST
                ? lastOps()
                : rule.pattern().steps().get(point.step()).ops();
        Named there = new Named(pointed, said, where);
        if (point.side() == MatchPoint.Side.RESULT) {
          there.result(point.index());
        } else {
          there.operand(point.index());
        }
      }
    }

    @Override
    public void operand(int index) {
      requireAny(signature -> signature.hasOperand(index), index, OPERANDS);
    }

    @Override
    public void result(int index) {
      requireAny(signature -> signature.hasResult(index), index, RESULTS);
    }

    private void requireAny(Predicate<OperatorSignature> has, int index, Side side) {
      if (!ops.isEmpty() && noneMayHave(has)) {
        String have =
            ops.stream()
                .flatMap(op -> OperatorSignature.of(op).stream())
                .map(one -> one.name() + " " + side.names.apply(one))
                .collect(Collectors.joining(", "));
        throw refused(
            RuleErrors.UNKNOWN_POINT,
            "names %s %s of %s, whose %ss are %s"
                .formatted(side.word, index, words(ops), side.word, have),
            List.of());
      }
    }

    /** Operators of other domains may have anything. */
    private boolean noneMayHave(Predicate<OperatorSignature> has) {
      for (OpType op : ops) {
        Optional<OperatorSignature> known = OperatorSignature.of(op);
        if (known.isEmpty() || has.test(known.get())) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void attribute(String name, Set<String> kinds, boolean needsDefault) {
      for (OpType op : ops) {
        OperatorSignature.of(op)
            .ifPresent(known -> requireAttribute(known, name, kinds, needsDefault));
      }
    }

    private void requireAttribute(
        OperatorSignature op, String name, Set<String> read, boolean needsDefault) {
      SortedSet<String> kinds = op.kinds(name);
      if (kinds.isEmpty()) {
        throw refused(
            RuleErrors.UNKNOWN_ATTRIBUTE,
            "names attribute '" + name + "' of " + op.name() + ", which has none of that name",
            NearMisses.of(name, op.attributes()));
      }
      if (!read.isEmpty() && kinds.stream().noneMatch(read::contains)) {
        throw refused(
            RuleErrors.ATTRIBUTE_TYPE,
            "reads attribute '%s' of %s as %s, but it is %s"
                .formatted(
                    name,
                    op.name(),
                    String.join(" or ", new TreeSet<>(read)),
                    String.join(" or ", kinds)),
            List.of());
      }
      boolean meant = op.requires(name) || op.whenAbsent(name).isPresent() || said.contains(name);
      if (needsDefault && !meant) {
        throw refused(
            RuleErrors.ABSENT_ATTRIBUTE,
            "asks for attribute '%s' of %s, and neither the condition nor ONNX says in one way what it means when it is absent"
                .formatted(name, op.name()),
            List.of());
      }
    }

    private OctetException refused(ErrorId id, String fact, Collection<String> candidates) {
      OctetException.Builder error =
          id.error("rule '" + rule.name() + "' of backend '" + backend + "' " + fact)
              .candidates(candidates);
      return where.words().map(error::at).orElse(error).build();
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

  private static String words(List<OpType> ops) {
    return ops.stream().map(OpType::toString).distinct().collect(Collectors.joining(" or "));
  }
}
