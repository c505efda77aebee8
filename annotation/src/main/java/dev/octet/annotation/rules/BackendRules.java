package dev.octet.annotation.rules;

import dev.octet.api.graph.Model;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 *     .whereInputIsQuantized()
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
 * @param boundary how inputs and outputs of the model are quantized
 */
public record BackendRules(String backend, List<Rule> rules, ModelBoundary boundary) {

  /**
   * Copies the rules and checks their names, and what they name against ONNX.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-RULE-003} if a rule names an operator
   *     that ONNX does not have; {@code OCT-RULE-004} for an operand or a result that no operator
   *     of its step has; {@code OCT-RULE-005} for an attribute that an operator has not; {@code
   *     OCT-RULE-006} for one of another type; {@code OCT-RULE-007} for one of which nothing says
   *     what it means when it is absent. Operators of other domains are not checked.
   */
  public BackendRules {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(boundary, "boundary");
    rules = List.copyOf(rules);
    Set<String> names = new LinkedHashSet<>();
    for (Rule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException(
            "backend '" + backend + "' has two rules '" + rule.name() + "'");
      }
      TableNames.require(backend, rule, Place.nowhere());
    }
  }

  /** Starts the table of a backend. */
  public static Builder named(String backend) {
    return new Builder(backend);
  }

  /** Returns a quantizer that follows these rules. */
  public Quantizer quantizer() {
    return RuleQuantizer.of(this);
  }

  /** Returns what these rules quantize, for a provider's self-description. */
  public List<Capability> capabilities() {
    return RuleCapabilities.of(this);
  }

  /**
   * Collects rules, in place: a rule is in the table once it ends, whatever becomes of what its
   * methods return. {@link #build} may be called again, also after more rules. Not thread-safe.
   */
  public static final class Builder {
    private final String backend;
    private final List<Rule> rules = new ArrayList<>();
    private ModelBoundary boundary = ModelBoundary.none();
    private @Nullable RuleBuilder open;

    private Builder(String backend) {
      this.backend = backend;
    }

    /**
     * Starts a rule, and ends the one that was started before.
     *
     * @param name the rule's name, as plans show it
     * @param pattern which nodes
     */
    public RuleBuilder rule(String name, NodePattern pattern) {
      end();
      RuleBuilder next = new RuleBuilder(this, name, pattern);
      open = next;
      return next;
    }

    /**
     * Makes every FLOAT input of the model integers: what a caller supplies. Operands that read an
     * input and have the same spec share its parameters; behind it there is no QuantizeLinear. A
     * rule with {@link RuleBuilder#whereInputIsQuantized} takes it for quantized.
     *
     * @param spec an observed or fixed spec with one scale and zero point for the whole
     * @throws IllegalArgumentException if the spec depends on a match
     */
    public Builder modelInputs(SpecTemplate spec) {
      boundary = boundary.withInputs(spec);
      return this;
    }

    /**
     * Makes every FLOAT output of the model integers: what a caller gets. The result that defines
     * an output and has the same spec shares its parameters; where it has another one, a
     * requantization stands between.
     *
     * @param spec an observed or fixed spec with one scale and zero point for the whole
     * @throws IllegalArgumentException if the spec depends on a match
     */
    public Builder modelOutputs(SpecTemplate spec) {
      boundary = boundary.withOutputs(spec);
      return this;
    }

    /** Returns the table of the rules so far; ends the one that was started last. */
    public BackendRules build() {
      end();
      return new BackendRules(backend, rules, boundary);
    }

    private void end() {
      RuleBuilder last = open;
      open = null;
      if (last != null) {
        rules.add(last.rule());
      }
    }
  }

  /**
   * Collects the marks of one rule, in place. A rule ends when its table starts another or is
   * built; whatever is added to it later is refused with an {@link IllegalStateException}. Not
   * thread-safe.
   */
  public static final class RuleBuilder {
    private final Builder table;
    private final String name;
    private NodePattern pattern;
    private final List<Mark> marks = new ArrayList<>();
    private final List<MatchPoint> unshared = new ArrayList<>();
    private final List<Capability.Example> examples = new ArrayList<>();
    private boolean sharesInput;

    private RuleBuilder(Builder table, String name, NodePattern pattern) {
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
     * Adds the condition that operand 0 of the first step is quantized where it is defined, and
     * gives it the parameters that it has there. Such a rule never makes a float value quantized.
     */
    public RuleBuilder whereInputIsQuantized() {
      pattern = firstStepWhere(Conditions.quantizedOperand(0));
      return mark(MatchPoint.operand(0), Specs.sharedWith(MatchPoint.definition(0)));
    }

    /**
     * Adds the condition that operand 0 of the first step is a constant, or quantized where it is
     * defined. One that is quantized keeps the parameters that it has there; a constant gets its
     * own, and becomes integers in the file. For operators that choose among elements by what is
     * known only while the model runs, such as a Gather from a table of embeddings.
     *
     * @param constant how a constant is quantized
     */
    public RuleBuilder whereInputIsQuantizedOrConstant(SpecTemplate constant) {
      pattern =
          firstStepWhere(
              Conditions.because(
                  Conditions.any(Conditions.constantOperand(0), Conditions.quantizedOperand(0)),
                  "its input is not quantized"));
      return mark(MatchPoint.operand(0), Specs.sharedWith(MatchPoint.definition(0)), constant);
    }

    /**
     * Gives the first result of the last step the parameters of operand 0 of the first, which the
     * rule must mark as well: by {@link #activation}, {@link #inputs}, {@link
     * #whereInputIsQuantized} or {@link #whereInputIsQuantizedOrConstant}. A rule that does not is
     * refused when it ends.
     */
    public RuleBuilder outputSharesInput() {
      sharesInput = true;
      return output(Specs.sharedWith(MatchPoint.operand(0)));
    }

    /**
     * Gives every result of the first step the parameters of its operand 0, which the rule must
     * mark as well; see {@link #outputSharesInput}.
     */
    public RuleBuilder resultsShareInput() {
      sharesInput = true;
      return mark(MatchPoint.everyResult(0), Specs.sharedWith(MatchPoint.operand(0)));
    }

    /** Quantizes a point. */
    public RuleBuilder mark(MatchPoint at, SpecTemplate spec) {
      requireOpen();
      marks.add(new Mark(at, spec, Optional.empty(), Optional.empty()));
      return this;
    }

    /** Quantizes a point, a constant in its own way. */
    public RuleBuilder mark(MatchPoint at, SpecTemplate spec, SpecTemplate whenConstant) {
      requireOpen();
      marks.add(new Mark(at, spec, Optional.of(whenConstant), Optional.empty()));
      return this;
    }

    /**
     * Quantizes the operands of the last mark in another way where an operator makes them, whether
     * or not their elements are moved in between: with the spec of its result they share its
     * parameters.
     *
     * @param operator the operator, such as {@code Softmax}
     * @throws IllegalStateException if nothing is marked yet
     * @throws IllegalArgumentException if the last mark is not that of operands
     */
    public RuleBuilder whereMadeBy(String operator, SpecTemplate spec) {
      requireOpen();
      if (marks.isEmpty()) {
        throw new IllegalStateException("rule '" + name + "' has marked nothing yet");
      }
      Mark last = marks.remove(marks.size() - 1);
      Mark.MadeBy made = new Mark.MadeBy(List.of(NodePattern.opType(operator)), spec);
      marks.add(new Mark(last.at(), last.spec(), last.whenConstant(), Optional.of(made)));
      return this;
    }

    /** Claims the nodes and keeps their results in float. */
    public RuleBuilder claimAsFloat(String reason) {
      for (int step = 0; step < pattern.steps().size(); step++) {
        mark(MatchPoint.result(step, 0), Specs.keepFloat(reason));
      }
      return this;
    }

    /** Keeps points from sharing parameters just because specs are equal. */
    public RuleBuilder withoutImplicitSharing(MatchPoint... points) {
      requireOpen();
      unshared.addAll(Arrays.asList(points));
      return this;
    }

    /**
     * Adds a model in which the rule takes nodes, for tests: what they make of the pattern alone
     * may not meet every condition. The capability of these operators gives it for an example. Of
     * chains of five operators and more, those with an example alone are declared as capabilities,
     * where the rule has examples.
     *
     * @param model the model: inputs of FLOAT and of known sizes
     * @param nodes the names of the nodes that the rule takes, in the order of the pattern's steps
     * @throws IllegalArgumentException if the model does not have these nodes
     */
    public RuleBuilder example(Model model, String... nodes) {
      return example(new Capability.Example(model, Arrays.asList(nodes)));
    }

    RuleBuilder example(Capability.Example example) {
      requireOpen();
      examples.add(example);
      return this;
    }

    /** Ends this rule and starts another; see {@link Builder#rule}. */
    public RuleBuilder rule(String nextName, NodePattern nextPattern) {
      return table.rule(nextName, nextPattern);
    }

    /**
     * Ends this rule; for tables that are written in parts.
     *
     * @throws IllegalArgumentException if the rule marks no point, or shares an input that it does
     *     not mark
     */
    public Builder and() {
      table.end();
      return table;
    }

    /** Returns the table with this rule as its last. */
    public BackendRules build() {
      return table.build();
    }

    private Rule rule() {
      requireInputIfShared();
      return new Rule(name, pattern, marks, unshared, examples);
    }

    private void requireOpen() {
      if (table.open != this) {
        throw new IllegalStateException("rule '" + name + "' has ended");
      }
    }

    private void requireInputIfShared() {
      List<MatchPoint> inputs = List.of(MatchPoint.operand(0), MatchPoint.everyOperand());
      if (sharesInput && marks.stream().noneMatch(mark -> inputs.contains(mark.at()))) {
        throw new IllegalArgumentException(
            "the output of rule '"
                + name
                + "' shares the parameters of its input, of which the rule says nothing: add"
                + " activation(...) or whereInputIsQuantized()");
      }
    }

    private NodePattern firstStepWhere(NodeCondition condition) {
      List<Step> steps = new ArrayList<>(pattern.steps());
      List<NodeCondition> conditions = new ArrayList<>(steps.get(0).conditions());
      conditions.add(condition);
      steps.set(0, steps.get(0).withConditions(conditions));
      return new NodePattern(steps);
    }
  }
}
