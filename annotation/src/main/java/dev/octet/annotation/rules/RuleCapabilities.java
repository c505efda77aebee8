package dev.octet.annotation.rules;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a table of rules quantizes, as a provider declares it: every chain of operators apart, and
 * the ends of the model.
 */
final class RuleCapabilities {

  /** Points among which operand 0 is. */
  private static final Set<Integer> FIRST = Set.of(0, MatchPoint.EVERY, MatchPoint.VARIABLES);

  /** Chains of so many operators are hardly met by what tests make of a pattern alone. */
  private static final int LONG = 5;

  private RuleCapabilities() {}

  static List<Capability> of(BackendRules rules) {
    List<Capability> all = new ArrayList<>();
    Optional<QuantizedType> usual =
        rules.rules().stream().flatMap(r -> activation(r).stream()).findFirst();
    for (Rule rule : rules.rules()) {
      for (List<Taken> chain : declared(rule)) {
        all.add(capability(rule, chain, usual));
      }
    }
    rules.boundary().inputs().ifPresent(spec -> all.add(boundary(Point.Side.INPUT, spec)));
    rules.boundary().outputs().ifPresent(spec -> all.add(boundary(Point.Side.OUTPUT, spec)));
    return all;
  }

  private static Capability boundary(Point.Side side, SpecTemplate spec) {
    Capability.Builder capability = Capability.ofBoundary(side);
    spec.statedType().ifPresent(capability::activation);
    spec.observed()
        .ifPresent(observed -> capability.activation(observed.spec()).mode(observed.spec().mode()));
    return capability.build();
  }

  /** One operator of a step, in a chain that takes the step. */
  private record Taken(int number, Step step, OpType op) {}

  private static Capability capability(
      Rule rule, List<Taken> chain, Optional<QuantizedType> usual) {
    List<OpType> operators = operators(chain);
    Capability.Builder capability =
        Capability.of(operators).mode(mode(rule)).edges(edges(rule.pattern(), chain));
    rule.examples().stream()
        .filter(example -> example.pattern().equals(operators))
        .forEach(e -> capability.example(e.model(), e.nodes().toArray(String[]::new)));
    Optional<SpecTemplate.Observed> weight = weight(rule);
    weight.ifPresent(spec -> capability.weight(along(spec, rule, chain)));
    boolean weightOnly = weight.isPresent() && activation(rule).isEmpty();
    if (!weightOnly && !rule.isFloat()) {
      activation(rule).or(() -> usual).ifPresent(capability::activation);
      incoming(rule).ifPresent(spec -> capability.activation(along(spec, rule, chain)));
    }
    constant(rule).ifPresent(spec -> capability.constant(along(spec, rule, chain)));
    bias(rule, chain).ifPresent(spec -> capability.bias(spec.type(), spec.derivation()));
    result(rule, chain).ifPresent(capability::result);
    weight.map(ScaleAxes::of).stream()
        .flatMap(axes -> axes.presences().stream())
        .forEach(presence -> capability.where(0, presence));
    for (int i = 0; i < chain.size(); i++) {
      for (NodeCondition condition : chain.get(i).step().conditions()) {
        Optional<NodeCondition> said = StatedCondition.on(condition, chain.get(i).op());
        if (said.isPresent()) {
          capability.where(i, said.get());
        }
      }
    }
    return capability.build();
  }

  private static List<Capability.Edge> edges(NodePattern pattern, List<Taken> chain) {
    List<Integer> numbers = chain.stream().map(Taken::number).toList();
    List<Capability.Edge> edges = new ArrayList<>();
    for (int i = 1; i < chain.size(); i++) {
      Step step = pattern.linked(numbers.get(i), numbers::contains);
      int from = numbers.indexOf(step.from());
      edges.add(
          step.joins()
              ? new Capability.Edge(from, step.entry(), i, step.alone())
              : new Capability.Edge(i, step.entry(), from, step.alone()));
    }
    return edges;
  }

  /**
   * Returns the chains that are declared. What a rule's own examples show of long ones stands for
   * the others, which differ by an operator that is there or not, or is another one.
   */
  private static List<List<Taken>> declared(Rule rule) {
    List<List<OpType>> shown = rule.examples().stream().map(Capability.Example::pattern).toList();
    return chains(rule.pattern()).stream()
        .filter(chain -> shown.isEmpty() || chain.size() < LONG || shown.contains(operators(chain)))
        .toList();
  }

  private static List<OpType> operators(List<Taken> chain) {
    return chain.stream().map(Taken::op).toList();
  }

  private static Mode mode(Rule rule) {
    return rule.marks().stream()
        .flatMap(mark -> mark.spec().observed().stream())
        .map(observed -> observed.spec().mode())
        .filter(mode -> mode != Mode.STATIC)
        .findFirst()
        .orElse(Mode.STATIC);
  }

  /** The type of the first point that is no constant; biases come last. */
  private static Optional<QuantizedType> activation(Rule rule) {
    return rule.marks().stream()
        .filter(mark -> !isWeight(mark, rule))
        .sorted(Comparator.comparing(mark -> isBias(mark, rule)))
        .map(Mark::spec)
        .flatMap(spec -> spec.statedType().stream())
        .findFirst();
  }

  /** A constant that may be left out, or what a later step adds. */
  private static boolean isBias(Mark mark, Rule rule) {
    return mark.at().side() == MatchPoint.Side.OPERAND
        && (mark.at().step() != 0
            || rule.pattern()
                .steps()
                .get(0)
                .conditions()
                .contains(
                    Conditions.any(
                        Conditions.absentOperand(mark.at().index()),
                        Conditions.constantOperand(mark.at().index()))));
  }

  private static Optional<SpecTemplate.Observed> weight(Rule rule) {
    return rule.marks().stream()
        .filter(mark -> isWeight(mark, rule))
        .flatMap(mark -> mark.spec().observed().stream())
        .findFirst();
  }

  private static boolean isWeight(Mark mark, Rule rule) {
    return mark.at().side() == MatchPoint.Side.OPERAND
        && mark.at().step() == 0
        && rule.pattern()
            .steps()
            .get(0)
            .conditions()
            .contains(Conditions.constantOperand(mark.at().index()));
  }

  /** What flows into the first step, where its parameters are its own. */
  private static Optional<SpecTemplate.Observed> incoming(Rule rule) {
    return rule.marks().stream()
        .filter(mark -> isOperand(mark) && !isWeight(mark, rule))
        .filter(mark -> FIRST.contains(mark.at().index()))
        .flatMap(mark -> mark.spec().observed().stream())
        .findFirst();
  }

  /** A constant at an operand of the first step that need not be one. */
  private static Optional<SpecTemplate.Observed> constant(Rule rule) {
    return rule.marks().stream()
        .filter(RuleCapabilities::isOperand)
        .filter(mark -> mark.at().index() == MatchPoint.EVERY || mark.whenConstant().isPresent())
        .flatMap(mark -> mark.whenConstant().or(() -> Optional.of(mark.spec())).stream())
        .flatMap(spec -> spec.observed().stream())
        .filter(observed -> observed.spec().mode() != Mode.DYNAMIC)
        .findFirst();
  }

  private static boolean isOperand(Mark mark) {
    return mark.at().side() == MatchPoint.Side.OPERAND && mark.at().step() == 0;
  }

  private static Optional<SpecTemplate.Derived> bias(Rule rule, List<Taken> chain) {
    return rule.marks().stream()
        .filter(mark -> chain.stream().anyMatch(taken -> taken.number() == mark.at().step()))
        .flatMap(mark -> derived(mark.spec()).stream())
        .findFirst();
  }

  private static Optional<SpecTemplate.Derived> derived(SpecTemplate spec) {
    return spec.match(
        new SpecTemplate.Cases<>(
            observed -> Optional.empty(),
            fixed -> Optional.empty(),
            shared -> Optional.empty(),
            Optional::of,
            kept -> Optional.empty(),
            narrow -> Optional.empty()));
  }

  /** The first result of the last step that is taken, where its parameters are its own. */
  private static Optional<QuantizationSpec.Concrete> result(Rule rule, List<Taken> chain) {
    int last = chain.get(chain.size() - 1).number();
    return rule.marks().stream()
        .filter(mark -> mark.at().side() == MatchPoint.Side.RESULT && mark.at().index() < 1)
        .filter(mark -> mark.at().step() == last || mark.at().step() == MatchPoint.LAST)
        .flatMap(mark -> concrete(mark.spec()).stream())
        .findFirst();
  }

  private static Optional<QuantizationSpec.Concrete> concrete(SpecTemplate spec) {
    return spec.match(
        new SpecTemplate.Cases<>(
            observed ->
                observed.channels().isEmpty() ? Optional.of(observed.spec()) : Optional.empty(),
            fixed -> fixed.channels().isEmpty() ? Optional.of(fixed.spec()) : Optional.empty(),
            shared -> Optional.empty(),
            derived -> Optional.empty(),
            kept -> Optional.empty(),
            narrow -> Optional.empty()));
  }

  /** Returns a spec with the axis that the first operator gives it. */
  private static QuantizationSpec.Observed along(
      SpecTemplate.Observed spec, Rule rule, List<Taken> chain) {
    boolean transposed =
        rule.pattern().steps().get(0).conditions().contains(Conditions.attributeIn("transB", 1L));
    return spec.spec()
        .withGranularity(
            ScaleAxes.of(spec)
                .declared(chain.get(0).op(), Attribute.of("transB", transposed ? 1L : 0L)));
  }

  /** Returns the operators of every chain that a pattern takes. */
  static List<List<OpType>> operators(NodePattern pattern) {
    return chains(pattern).stream().map(RuleCapabilities::operators).distinct().toList();
  }

  private static List<List<Taken>> chains(NodePattern pattern) {
    List<List<Taken>> chains = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < pattern.steps().size(); i++) {
      Step step = pattern.steps().get(i);
      List<List<Taken>> longer = new ArrayList<>();
      for (List<Taken> chain : chains) {
        boolean absent =
            pattern.isAbsentWithItsBranch(
                i, s -> chain.stream().anyMatch(taken -> taken.number() == s));
        if (step.optional() || absent) {
          longer.add(chain);
        }
        for (OpType op : absent ? List.<OpType>of() : step.ops()) {
          List<Taken> with = new ArrayList<>(chain);
          with.add(new Taken(i, step, op));
          longer.add(with);
        }
      }
      chains = longer;
    }
    return chains;
  }
}
