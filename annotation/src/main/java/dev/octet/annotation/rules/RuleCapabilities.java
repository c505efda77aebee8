package dev.octet.annotation.rules;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.provider.Capability;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a table of rules quantizes, as a provider declares it: every chain of operators apart. */
final class RuleCapabilities {

  /** The rank that a weight is taken to have: that of convolutions makes no difference. */
  private static final int MATRIX = 2;

  private RuleCapabilities() {}

  static List<Capability> of(BackendRules rules) {
    List<Capability> all = new ArrayList<>();
    Optional<QuantizedType> usual =
        rules.rules().stream().flatMap(r -> activation(r).stream()).findFirst();
    for (Rule rule : rules.rules()) {
      for (List<OpType> chain : chains(rule.pattern().steps())) {
        all.add(capability(rule, chain, usual));
      }
    }
    return all;
  }

  private static Capability capability(
      Rule rule, List<OpType> chain, Optional<QuantizedType> usual) {
    Optional<SpecTemplate.Observed> weight = weight(rule);
    boolean weightOnly = weight.isPresent() && activation(rule).isEmpty();
    Mode mode =
        rule.marks().stream()
            .flatMap(mark -> mark.spec().observed().stream())
            .map(observed -> observed.spec().mode())
            .filter(m -> m != Mode.STATIC)
            .findFirst()
            .orElse(Mode.STATIC);
    return new Capability(
        chain,
        weightOnly || rule.isFloat() ? Optional.empty() : activation(rule).or(() -> usual),
        weight.map(observed -> observed.spec().type()),
        weight.map(spec -> granularity(spec, rule, chain.get(0))),
        mode,
        rule.pattern().steps().get(0).conditions().stream()
            .flatMap(condition -> condition.constraint().stream())
            .toList());
  }

  /** The type of the first point that is no constant. */
  private static Optional<QuantizedType> activation(Rule rule) {
    return rule.marks().stream()
        .filter(mark -> !isWeight(mark, rule))
        .map(Mark::spec)
        .flatMap(spec -> spec.statedType().stream())
        .findFirst();
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
            .contains(new Condition.ConstantOperand(mark.at().index()));
  }

  private static Granularity granularity(SpecTemplate.Observed spec, Rule rule, OpType op) {
    if (spec.channels().isEmpty()) {
      return spec.spec().granularity();
    }
    boolean transposed =
        rule.pattern()
            .steps()
            .get(0)
            .conditions()
            .contains(new Condition.AttributeIn("transB", List.of(1L)));
    Node node =
        Node.of(op.name(), op, List.of(), List.of(), Attribute.of("transB", transposed ? 1L : 0L));
    return new Granularity.PerChannel(spec.channels().get().of(node, MATRIX));
  }

  private static List<List<OpType>> chains(List<Step> steps) {
    List<List<OpType>> chains = new ArrayList<>(List.of(List.of()));
    for (Step step : steps) {
      List<List<OpType>> longer = new ArrayList<>();
      for (List<OpType> chain : chains) {
        if (step.optional()) {
          longer.add(chain);
        }
        for (OpType op : step.ops()) {
          List<OpType> with = new ArrayList<>(chain);
          with.add(op);
          longer.add(with);
        }
      }
      chains = longer;
    }
    return chains;
  }
}
