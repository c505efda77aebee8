package dev.octet.annotation.rules;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Writes rule tables as plain trees and reads them back.
 *
 * <p>A table has {@code backend}, its name, {@code rules}, and, where it quantizes them, {@code
 * modelInputs} and {@code modelOutputs}, the spec of the model's inputs and outputs. A rule has
 *
 * <ul>
 *   <li>{@code name};
 *   <li>{@code pattern}, a list of steps. A step has {@code operators}, a list such as {@code
 *       [Conv, com.microsoft.Gelu]}; {@code name} (none when absent); {@code optional} (false when
 *       absent); {@code from}, the number of the step that it is found from (the one before when
 *       absent); {@code joins}, whether it produces an operand of that step and does not read it
 *       (false when absent); {@code entry}, the operand between the two (any when absent); {@code
 *       alone} (true when absent); and {@code conditions} (none when absent);
 *   <li>{@code marks}, a list. A mark has {@code at}, a point, {@code spec}, and optionally {@code
 *       whenConstant}, a spec;
 *   <li>{@code unshared}, a list of points (none when absent).
 * </ul>
 *
 * <p>A point has {@code step}, a number or {@code last}, and one of {@code operand}, {@code result}
 * and {@code definition}: an index. An operand may also be {@code every}, {@code others} or {@code
 * after-first}, a result {@code every}.
 *
 * <p>A condition has {@code kind}, the name of its method in {@link Conditions} in lower case with
 * hyphens, such as {@code constant-operand} ({@code any-of} and {@code all-of} for {@code any} and
 * {@code all}), and a field for each of its parameters, by its name; a condition of a vendor's own
 * has its id as {@code kind} and nothing else. Operators are texts, an axis is a number, {@code
 * output-channel}, {@code input-channel}, or the id of a vendor's own.
 *
 * <p>A spec is written as {@link SpecTree} says, with two differences: points are those above; an
 * observed or fixed spec may have {@code channels}, the axis along which scales run, or a list of
 * axes; {@code channels} goes over the granularity, or, per group or fixed, over the axis.
 *
 * <p>{@code fromTree(toTree(x))} equals {@code x}.
 */
public final class RuleTree {

  private static final String LAST = "last";
  private static final String OUTPUT_CHANNEL = "output-channel";
  private static final String INPUT_CHANNEL = "input-channel";
  private static final String CHANNELS = "channels";
  private static final String INPUTS = "modelInputs";
  private static final String OUTPUTS = "modelOutputs";
  private static final Set<String> SCALED = Set.of("observed", "fixed");
  private static final Map<Integer, String> SEVERAL =
      Map.of(
          MatchPoint.EVERY, "every",
          MatchPoint.OTHERS, "others",
          MatchPoint.AFTER_FIRST, "after-first",
          MatchPoint.VARIABLES, "variables");

  private RuleTree() {}

  /** Returns a table as a tree. */
  public static Tree.Mapping toTree(BackendRules table) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("backend", Tree.of(table.backend()));
    table.boundary().inputs().ifPresent(spec -> fields.put(INPUTS, toTree(spec)));
    table.boundary().outputs().ifPresent(spec -> fields.put(OUTPUTS, toTree(spec)));
    fields.put("rules", Tree.of(table.rules().stream().map(RuleTree::toTree).toList()));
    return Tree.of(fields);
  }

  /**
   * Reads a table.
   *
   * @throws OctetException {@code OCT-RULE-002} for a condition or an axis of a vendor's own;
   *     {@code OCT-RULE-003} to {@code OCT-RULE-007} for a name that ONNX does not have, see {@link
   *     BackendRules}; {@code OCT-TREE-001} to {@code OCT-TREE-003} for a value of another type, a
   *     missing field or an unknown one; {@code OCT-TREE-004} for a word that is not known; {@code
   *     OCT-TREE-005} for a value out of its range, such as a point of a step that the pattern has
   *     not; each names the path
   */
  public static BackendRules fromTree(Tree tree) {
    return fromTree(tree, RuleVocabulary.none());
  }

  /**
   * Reads a table that names conditions and axes of a vendor's own.
   *
   * @param tree the table
   * @param own what its ids stand for
   * @throws OctetException as {@link #fromTree(Tree)}; {@code OCT-RULE-002} for an id that is not
   *     among them
   */
  public static BackendRules fromTree(Tree tree, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly("backend", INPUTS, OUTPUTS, "rules");
    String backend = fields.get("backend").asText();
    Tree rules = fields.get("rules");
    List<Rule> all =
        rules.asItems().stream().map(rule -> ruleFromTree(rule, backend, own)).toList();
    ModelBoundary boundary =
        tree.inRange(
            () ->
                new ModelBoundary(
                    fields.find(INPUTS).map(spec -> specFromTree(spec, own)),
                    fields.find(OUTPUTS).map(spec -> specFromTree(spec, own))));
    return rules.inRange(() -> new BackendRules(backend, all, boundary));
  }

  private static Tree toTree(Rule rule) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(rule.name()));
    List<Tree> pattern = new ArrayList<>();
    for (Step step : rule.pattern().steps()) {
      pattern.add(toTree(step, pattern.size() - 1));
    }
    fields.put("pattern", Tree.of(pattern));
    fields.put("marks", Tree.of(rule.marks().stream().map(RuleTree::toTree).toList()));
    if (!rule.unshared().isEmpty()) {
      List<Tree> unshared = new ArrayList<>();
      rule.unshared().forEach(point -> unshared.add(toTree(point)));
      fields.put("unshared", Tree.of(unshared));
    }
    return Tree.of(fields);
  }

  private static Rule ruleFromTree(Tree tree, String backend, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly("name", "pattern", "marks", "unshared");
    String name = fields.get("name").asText();
    Tree steps = fields.get("pattern");
    List<Step> pattern = steps(steps.asItems(), own);
    List<Mark> marks =
        fields.get("marks").asItems().stream().map(mark -> markFromTree(mark, own)).toList();
    List<MatchPoint> unshared =
        items(fields, "unshared").stream().map(RuleTree::pointFromTree).toList();
    NodePattern whole = steps.inRange(() -> new NodePattern(pattern));
    Rule rule = tree.inRange(() -> new Rule(name, whole, marks, unshared, List.of()));
    TableNames.require(backend, rule, Place.of(tree));
    return rule;
  }

  private static Tree toTree(Step step, int before) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    if (!step.name().isEmpty()) {
      fields.put("name", Tree.of(step.name()));
    }
    fields.put("operators", operators(step.ops()));
    if (step.optional()) {
      fields.put("optional", Tree.of(true));
    }
    step.entry().ifPresent(operand -> fields.put("entry", Tree.of(operand)));
    if (step.from() != before) {
      fields.put("from", Tree.of(step.from()));
    }
    if (step.joins()) {
      fields.put("joins", Tree.of(true));
    }
    if (!step.alone()) {
      fields.put("alone", Tree.of(false));
    }
    if (!step.conditions().isEmpty()) {
      List<Tree> conditions = new ArrayList<>();
      step.conditions().forEach(condition -> conditions.add(ConditionTree.toTree(condition)));
      fields.put("conditions", Tree.of(conditions));
    }
    return Tree.of(fields);
  }

  private static List<Step> steps(List<Tree> trees, RuleVocabulary own) {
    List<Step> steps = new ArrayList<>();
    for (Tree tree : trees) {
      steps.add(stepFromTree(tree, steps.size() - 1, own));
    }
    return steps;
  }

  private static Step stepFromTree(Tree tree, int before, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly(
        "name", "operators", "optional", "entry", "from", "joins", "alone", "conditions");
    String name = fields.find("name").map(Tree::asText).orElse("");
    int from = fields.find("from").map(Tree::asInt).orElse(before);
    boolean joins = fields.find("joins").map(Tree::asBoolean).orElse(false);
    List<OpType> operators = operatorsFromTree(fields.get("operators"));
    boolean optional = fields.find("optional").map(Tree::asBoolean).orElse(false);
    OptionalInt entry =
        fields
            .find("entry")
            .map(operand -> OptionalInt.of(operand.asInt()))
            .orElse(OptionalInt.empty());
    boolean alone = fields.find("alone").map(Tree::asBoolean).orElse(true);
    List<NodeCondition> conditions =
        items(fields, "conditions").stream().map(c -> ConditionTree.fromTree(c, own)).toList();
    return tree.inRange(
        () -> new Step(operators, optional, entry, alone, conditions, name, from, joins));
  }

  private static Tree toTree(Mark mark) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("at", toTree(mark.at()));
    fields.put("spec", toTree(mark.spec()));
    mark.whenConstant().ifPresent(spec -> fields.put("whenConstant", toTree(spec)));
    mark.whenMadeBy().ifPresent(made -> fields.put("whenMadeBy", toTree(made)));
    return Tree.of(fields);
  }

  private static Tree toTree(Mark.MadeBy made) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("operators", operators(made.operators()));
    fields.put("spec", toTree(made.spec()));
    return Tree.of(fields);
  }

  private static Tree operators(List<OpType> operators) {
    return Tree.of(operators.stream().map(op -> Tree.of(op.toString())).toList());
  }

  private static List<OpType> operatorsFromTree(Tree tree) {
    return tree.asItems().stream().map(op -> NodePattern.opType(op.asText())).toList();
  }

  private static Mark markFromTree(Tree tree, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly("at", "spec", "whenConstant", "whenMadeBy");
    MatchPoint at = pointFromTree(fields.get("at"));
    SpecTemplate spec = specFromTree(fields.get("spec"), own);
    Optional<SpecTemplate> whenConstant =
        fields.find("whenConstant").map(constant -> specFromTree(constant, own));
    Optional<Mark.MadeBy> whenMadeBy =
        fields.find("whenMadeBy").map(made -> madeByFromTree(made, own));
    return tree.inRange(() -> new Mark(at, spec, whenConstant, whenMadeBy));
  }

  private static Mark.MadeBy madeByFromTree(Tree tree, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly("operators", "spec");
    List<OpType> operators = operatorsFromTree(fields.get("operators"));
    SpecTemplate spec = specFromTree(fields.get("spec"), own);
    return tree.inRange(() -> new Mark.MadeBy(operators, spec));
  }

  static Tree.Mapping toTree(MatchPoint point) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("step", point.step() == MatchPoint.LAST ? Tree.of(LAST) : Tree.of(point.step()));
    String several = SEVERAL.get(point.index());
    fields.put(
        Tree.of(point.side()).asText(),
        several == null ? Tree.of(point.index()) : Tree.of(several));
    return Tree.of(fields);
  }

  static MatchPoint pointFromTree(Tree tree) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly("step", "operand", "result", "definition");
    Tree step = fields.get("step");
    int number = step.isText() ? word(step, "step", LAST, MatchPoint.LAST) : step.asInt();
    if (!step.isText() && number < 0) {
      throw step.outOfRange("step " + number + " is negative");
    }
    MatchPoint found = null;
    for (MatchPoint.Side side : MatchPoint.Side.values()) {
      Optional<Tree> index = fields.find(Tree.of(side).asText());
      if (index.isPresent() && found != null) {
        throw tree.outOfRange("a point is one of operand, result and definition");
      }
      if (index.isPresent()) {
        int at = index(index.get());
        found = index.get().inRange(() -> new MatchPoint(number, side, at));
      }
    }
    if (found == null) {
      fields.get("operand");
      throw new IllegalStateException("a point without a side");
    }
    return found;
  }

  private static int index(Tree tree) {
    if (tree.isText()) {
      return SEVERAL.entrySet().stream()
          .filter(e -> e.getValue().equals(tree.asText()))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseThrow(
              () -> tree.unknownWord("operand", SEVERAL.values().stream().sorted().toList()));
    }
    if (tree.asInt() < 0) {
      throw tree.outOfRange("index " + tree.asInt() + " is negative");
    }
    return tree.asInt();
  }

  static Tree toTree(ChannelAxis axis) {
    return axis.match(
        new ChannelAxis.Cases<>(
            numbered -> Tree.of(numbered.axis()),
            output -> Tree.of(OUTPUT_CHANNEL),
            input -> Tree.of(INPUT_CHANNEL),
            own -> Tree.of(own.id())));
  }

  static ChannelAxis axisFromTree(Tree tree, RuleVocabulary own) {
    if (RuleVocabulary.isOwn(tree)) {
      return own.axis(tree);
    }
    if (tree.isText() && tree.asText().equals(INPUT_CHANNEL)) {
      return new ChannelAxis.Input();
    }
    return tree.isText()
        ? word(tree, "axis", OUTPUT_CHANNEL, new ChannelAxis.Output())
        : tree.inRange(() -> new ChannelAxis.Numbered(tree.asInt()));
  }

  private static List<ChannelAxis> axesFromTree(Tree tree, RuleVocabulary own) {
    return tree.isList()
        ? tree.asItems().stream().map(axis -> axisFromTree(axis, own)).toList()
        : List.of(axisFromTree(tree, own));
  }

  private static Tree.Mapping toTree(SpecTemplate spec) {
    return spec.match(
        new SpecTemplate.Cases<>(
            observed -> withChannels(SpecTree.toTree(observed.spec()), observed.channels()),
            fixed -> withChannels(SpecTree.toTree(fixed.spec()), fixed.channels()),
            shared -> SpecTree.shared(toTree(shared.with())),
            derived ->
                SpecTree.derived(
                    derived.type(),
                    derived.derivation(),
                    derived.sources().stream().map(RuleTree::toTree).toList()),
            keepFloat -> SpecTree.toTree(keepFloat.plain()),
            narrowFloat -> SpecTree.toTree(narrowFloat.plain())));
  }

  private static Tree.Mapping withChannels(Tree.Mapping spec, List<ChannelAxis> channels) {
    Map<String, Tree> fields = new LinkedHashMap<>(spec.entries());
    List<Tree> axes = channels.stream().map(RuleTree::toTree).toList();
    if (!axes.isEmpty()) {
      fields.put(CHANNELS, axes.size() == 1 ? axes.get(0) : Tree.of(axes));
    }
    return Tree.of(fields);
  }

  private static SpecTemplate specFromTree(Tree tree, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    Map<String, Tree> others = new LinkedHashMap<>(fields.entries());
    boolean scaled = SCALED.contains(fields.get("kind").asText());
    Tree channels = scaled ? others.remove(CHANNELS) : null;
    return SpecTree.fromTree(
        new Tree.Mapping(others, fields.names(), fields.position()),
        new Templates(channels == null ? List.of() : axesFromTree(channels, own)));
  }

  /** Makes specs in terms of a match. */
  private record Templates(List<ChannelAxis> channels)
      implements SpecTree.Maker<MatchPoint, SpecTemplate> {
    @Override
    public MatchPoint point(Tree tree) {
      return pointFromTree(tree);
    }

    @Override
    public SpecTemplate observed(QuantizationSpec.Observed spec) {
      SpecTemplate.Observed template = SpecTemplate.Observed.of(spec);
      if (channels.isEmpty()) {
        return template;
      }
      ChannelAxis first = channels.get(0);
      List<ChannelAxis> more = channels.subList(1, channels.size());
      return ScaleAxes.groupSize(spec.granularity())
          .map(size -> template.perGroup(first, size))
          .orElseGet(() -> template.perChannel(first, more.toArray(ChannelAxis[]::new)));
    }

    @Override
    public SpecTemplate fixed(QuantizationSpec.Fixed spec) {
      return new SpecTemplate.Fixed(spec, channels);
    }

    @Override
    public SpecTemplate shared(MatchPoint with) {
      return new SpecTemplate.Shared(with);
    }

    @Override
    public SpecTemplate derived(
        QuantizedType type, Derivation derivation, List<MatchPoint> sources) {
      return new SpecTemplate.Derived(type, derivation, sources);
    }

    @Override
    public SpecTemplate keepFloat(QuantizationSpec.KeepFloat spec) {
      return new SpecTemplate.KeepFloat(spec.reason());
    }

    @Override
    public SpecTemplate narrowFloat(QuantizationSpec.NarrowFloat spec) {
      return new SpecTemplate.NarrowFloat(spec.type());
    }
  }

  private static List<Tree> items(Tree.Mapping fields, String name) {
    return fields.find(name).map(Tree::asItems).orElse(List.of());
  }

  private static <T> T word(Tree tree, String field, String known, T meaning) {
    if (!tree.asText().equals(known)) {
      throw tree.unknownWord(field, List.of(known));
    }
    return meaning;
  }
}
