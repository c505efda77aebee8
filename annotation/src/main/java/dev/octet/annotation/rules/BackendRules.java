package dev.octet.annotation.rules;

import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A backend as a table of rules. Immutable; written with {@link #named}:
 *
 * <pre>{@code
 * BackendRules.named("acme")
 *     .rule("conv-relu", op("Conv").constantOperand(1).optionally("Relu", "Clip"))
 *     .activation(int8())
 *     .weight(int8().range(-127, 127).symmetric().perChannel(outputChannel()))
 *     .bias(derivedFromInputAndWeight())
 *     .output(int8())
 *     .rule("pass-through", anyOf("MaxPool", "Reshape"))
 *     .outputSharesInput()
 *     .build();
 * }</pre>
 *
 * <p>Of all matches of all rules the longest is taken first; of equally long ones the one whose
 * chain runs through the lowest operands; of those of one rule the one that lies nearest to the
 * inputs. A node has one owner. Two rules that still want the same node are an error. Rules that
 * depend on what others have quantized come after all others, from the inputs to the outputs. The
 * order of the rules has no meaning.
 *
 * @param backend the backend's name, for reasons
 * @param rules the rules; no two have one name
 */
public record BackendRules(String backend, List<Rule> rules) {

  /** Copies the rules and checks their names. */
  public BackendRules {
    Objects.requireNonNull(backend, "backend");
    rules = List.copyOf(rules);
    Set<String> names = new LinkedHashSet<>();
    for (Rule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException(
            "backend '" + backend + "' has two rules '" + rule.name() + "'");
      }
    }
  }

  /** Starts the table of a backend. */
  public static Builder named(String backend) {
    return new Builder(backend, List.of());
  }

  /** Returns a quantizer that follows these rules. */
  public Quantizer quantizer() {
    return RuleQuantizer.of(this);
  }

  /** Returns what these rules quantize, for a provider's self-description. */
  public List<Capability> capabilities() {
    return RuleCapabilities.of(this);
  }

  /** Collects rules. Not thread-safe. */
  public static final class Builder {
    private final String backend;
    private final List<Rule> rules;

    private Builder(String backend, List<Rule> rules) {
      this.backend = backend;
      this.rules = rules;
    }

    /**
     * Starts a rule.
     *
     * @param name the rule's name, as plans show it
     * @param pattern which nodes
     */
    public RuleBuilder rule(String name, Pattern pattern) {
      return new RuleBuilder(this, name, pattern);
    }

    /** Returns the table without further rules. */
    public BackendRules build() {
      return new BackendRules(backend, rules);
    }

    private Builder plus(Rule rule) {
      List<Rule> more = new ArrayList<>(rules);
      more.add(rule);
      return new Builder(backend, more);
    }
  }

  /** Collects the marks of one rule. Not thread-safe. */
  public static final class RuleBuilder {
    private final Builder table;
    private final String name;
    private Pattern pattern;
    private final List<Mark> marks = new ArrayList<>();
    private final List<MatchPoint> unshared = new ArrayList<>();

    private RuleBuilder(Builder table, String name, Pattern pattern) {
      this.table = table;
      this.name = name;
      this.pattern = pattern;
    }

    /** Quantizes operand 0 of the first step. */
    public RuleBuilder activation(SpecTemplate spec) {
      return mark(MatchPoint.operand(0), spec);
    }

    /** Quantizes operand 1 of the first step. */
    public RuleBuilder weight(SpecTemplate spec) {
      return mark(MatchPoint.operand(1), spec);
    }

    /** Quantizes operand 2 of the first step, where it is there. */
    public RuleBuilder bias(SpecTemplate spec) {
      return mark(MatchPoint.operand(2), spec);
    }

    /** Quantizes every operand of the first step that is there. */
    public RuleBuilder inputs(SpecTemplate spec) {
      return mark(MatchPoint.everyOperand(), spec);
    }

    /** Quantizes every operand of the first step that is there, constants in their own way. */
    public RuleBuilder inputs(SpecTemplate spec, SpecTemplate whenConstant) {
      return mark(MatchPoint.everyOperand(), spec, whenConstant);
    }

    /** Quantizes the first result of the last step that matched. */
    public RuleBuilder output(SpecTemplate spec) {
      return mark(MatchPoint.output(), spec);
    }

    /**
     * Gives the first result of the last step the parameters of operand 0 of the first. Where the
     * rule does not say how that operand is quantized, it must be quantized where it is defined,
     * and shares those parameters.
     */
    public RuleBuilder outputSharesInput() {
      MatchPoint input = MatchPoint.operand(0);
      if (marks.stream().noneMatch(mark -> mark.at().equals(input))) {
        pattern = firstStepWhere(new Condition.QuantizedOperand(0));
        mark(input, Specs.sharedWith(MatchPoint.definition(0)));
      }
      return output(Specs.sharedWith(input));
    }

    /** Quantizes a point. */
    public RuleBuilder mark(MatchPoint at, SpecTemplate spec) {
      marks.add(new Mark(at, spec, Optional.empty()));
      return this;
    }

    /** Quantizes a point, a constant in its own way. */
    public RuleBuilder mark(MatchPoint at, SpecTemplate spec, SpecTemplate whenConstant) {
      marks.add(new Mark(at, spec, Optional.of(whenConstant)));
      return this;
    }

    /** Claims the nodes and keeps their results in float. */
    public RuleBuilder keepFloat(String reason) {
      for (int step = 0; step < pattern.steps().size(); step++) {
        mark(MatchPoint.result(step, 0), Specs.keepFloat(reason));
      }
      return this;
    }

    /** Keeps points from sharing parameters just because specs are equal. */
    public RuleBuilder withoutImplicitSharing(MatchPoint... points) {
      unshared.addAll(Arrays.asList(points));
      return this;
    }

    /** Ends this rule and starts another; see {@link Builder#rule}. */
    public RuleBuilder rule(String nextName, Pattern nextPattern) {
      return and().rule(nextName, nextPattern);
    }

    /** Ends this rule; for tables that are written in parts. */
    public Builder and() {
      return table.plus(new Rule(name, pattern, marks, unshared));
    }

    /** Returns the table with this rule as its last. */
    public BackendRules build() {
      return and().build();
    }

    private Pattern firstStepWhere(Condition condition) {
      List<Step> steps = new ArrayList<>(pattern.steps());
      List<Condition> conditions = new ArrayList<>(steps.get(0).conditions());
      conditions.add(condition);
      steps.set(0, steps.get(0).withConditions(conditions));
      return new Pattern(steps);
    }
  }
}
