package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.spec.NumericProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A rule in words, for pages that people read. Immutable.
 *
 * @param name the rule's name
 * @param pattern which nodes, such as {@code Conv, then perhaps Relu or Clip}
 * @param conditions what must hold for them, such as {@code operand 1 is constant}
 * @param points how each point is quantized, such as {@code weight} and {@code int8, symmetric, per
 *     output channel, min-max}; in the order of the rule
 */
public record RuleWords(
    String name, String pattern, List<String> conditions, Map<String, String> points) {

  private static final String WHERE_CONSTANT = " where constant";
  private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");

  /** Copies the collections, keeping their order. */
  public RuleWords {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(pattern, "pattern");
    conditions = List.copyOf(conditions);
    points = Collections.unmodifiableMap(new LinkedHashMap<>(points));
  }

  /**
   * Returns the rules of a table in words, in the order of the table; last what it says of the
   * inputs and outputs of the model, if anything. The arithmetic of a spec is told only where it is
   * not {@link #arithmetic}.
   */
  public static List<RuleWords> of(BackendRules rules) {
    NumericProfile usual = usual(rules);
    List<RuleWords> words = new ArrayList<>();
    rules.rules().forEach(rule -> words.add(of(rule, usual)));
    if (!rules.boundary().equals(ModelBoundary.none())) {
      words.add(of(rules.boundary(), usual));
    }
    return words;
  }

  private static RuleWords of(ModelBoundary boundary, NumericProfile usual) {
    Function<SpecTemplate, String> words = spec -> SpecWords.of(spec, MatchPoint::toString, usual);
    Map<String, String> points = new LinkedHashMap<>();
    boundary.inputs().map(words).ifPresent(spec -> points.put("every input", spec));
    boundary.outputs().map(words).ifPresent(spec -> points.put("every output", spec));
    return new RuleWords("(boundary)", "the model itself", List.of("it is FLOAT"), points);
  }

  /**
   * Returns how the points of a table that are observed are computed, unless a rule says otherwise:
   * such as {@code values are divided by the scale, scales are at least 2^-23}.
   */
  public static String arithmetic(BackendRules rules) {
    return SpecWords.arithmetic(usual(rules));
  }

  /** The arithmetic of most points; of equally frequent ones, the first. */
  private static NumericProfile usual(BackendRules rules) {
    Map<NumericProfile, Integer> counts = new LinkedHashMap<>();
    for (Rule rule : rules.rules()) {
      for (Mark mark : rule.marks()) {
        mark.spec()
            .observed()
            .ifPresent(observed -> counts.merge(observed.spec().profile(), 1, Integer::sum));
      }
    }
    NumericProfile usual = NumericProfile.onnx();
    int most = 0;
    for (Map.Entry<NumericProfile, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        usual = entry.getKey();
      }
    }
    return usual;
  }

  private static RuleWords of(Rule rule, NumericProfile usual) {
    List<Step> steps = rule.pattern().steps();
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      String prefix = steps.size() == 1 ? "" : step(i, steps) + ": ";
      steps.get(i).conditions().stream()
          .map(NodeCondition::words)
          .filter(words -> !words.isEmpty())
          .forEach(words -> conditions.add(prefix + named(words, steps)));
    }
    return new RuleWords(rule.name(), pattern(steps), conditions, points(rule, usual));
  }

  private static String pattern(List<Step> steps) {
    StringBuilder words = new StringBuilder(ops(steps.get(0)));
    for (Step step : steps.subList(1, steps.size())) {
      words.append(link(step, steps)).append(ops(step));
      if (!step.alone()) {
        words.append(" (there may be other readers)");
      }
    }
    return words.toString();
  }

  private static String link(Step step, List<Step> steps) {
    if (step.joins()) {
      return (steps.get(step.from()).joins() ? " behind " : ", joined by ")
          + (step.optional() ? "perhaps " : "");
    }
    return step.optional() ? ", then perhaps " : ", then ";
  }

  private static String ops(Step step) {
    return ops(step.ops());
  }

  private static String ops(List<OpType> operators) {
    List<String> names = operators.stream().map(OpType::toString).toList();
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  private static Map<String, String> points(Rule rule, NumericProfile usual) {
    Function<SpecTemplate, String> words =
        spec -> SpecWords.of(spec, point -> point(point, rule), usual);
    Map<String, String> specs = new LinkedHashMap<>();
    for (Mark mark : rule.marks()) {
      String point = point(mark.at(), rule);
      specs.put(point, words.apply(mark.spec()));
      mark.whenConstant().ifPresent(c -> specs.put(point + WHERE_CONSTANT, words.apply(c)));
      mark.whenMadeBy()
          .ifPresent(
              made ->
                  specs.put(
                      point + " where made by " + ops(made.operators()), words.apply(made.spec())));
    }
    for (MatchPoint unshared : rule.unshared()) {
      specs.merge(
          point(unshared, rule),
          "never shares just because specs are equal",
          (spec, more) -> spec + "; " + more);
    }
    return specs;
  }

  /**
   * Returns how points are quantized, points of one spec together: by names such as {@code input,
   * result}. A constant is named apart only where it differs.
   */
  public Map<String, String> groupedPoints() {
    Map<String, List<String>> pointsBySpec = new LinkedHashMap<>();
    points.forEach(
        (point, spec) -> {
          boolean constant = point.endsWith(WHERE_CONSTANT);
          String whole =
              constant ? point.substring(0, point.length() - WHERE_CONSTANT.length()) : point;
          if (!constant || !spec.equals(points.get(whole))) {
            pointsBySpec.computeIfAbsent(spec, s -> new ArrayList<>()).add(point);
          }
        });
    Map<String, String> grouped = new LinkedHashMap<>();
    pointsBySpec.forEach((spec, names) -> grouped.put(String.join(", ", names), spec));
    return grouped;
  }

  private static String point(MatchPoint point, Rule rule) {
    List<Step> steps = rule.pattern().steps();
    boolean first = point.step() == 0;
    return switch (point.side()) {
      case OPERAND -> operand(point, rule) + (first ? "" : " of " + step(point, steps));
      case RESULT ->
          result(point.index())
              + (point.step() == MatchPoint.LAST || steps.size() == 1
                  ? ""
                  : " of " + step(point, steps));
      case DEFINITION -> operand(point, rule) + " where it is defined";
    };
  }

  private static String result(int index) {
    return switch (index) {
      case MatchPoint.EVERY -> "every result";
      case 0 -> "result";
      default -> "result " + index;
    };
  }

  private static String operand(MatchPoint point, Rule rule) {
    return switch (point.index()) {
      case MatchPoint.EVERY -> "every operand";
      case MatchPoint.OTHERS -> "the other operands";
      case MatchPoint.AFTER_FIRST -> "every operand but the first";
      case MatchPoint.VARIABLES ->
          point.step() == 0
              ? "every operand that is no constant"
              : "the other operands that are no constants";
      default -> numberedOperand(point, rule);
    };
  }

  private static String numberedOperand(MatchPoint point, Rule rule) {
    return point.step() == 0
        ? rule.pattern().steps().get(0).ops().stream()
            .map(op -> OperandNames.of(op, point.index()))
            .distinct()
            .collect(Collectors.joining(" or "))
        : "operand " + point.index();
  }

  private static String step(MatchPoint point, List<Step> steps) {
    return point.step() == MatchPoint.LAST ? "the last node" : step(point.step(), steps);
  }

  /** Steps of the same operators are told apart by their order. */
  private static String step(int index, List<Step> steps) {
    String name = ops(steps.get(index));
    List<Integer> same = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (ops(steps.get(i)).equals(name)) {
        same.add(i);
      }
    }
    int place = same.indexOf(index);
    return same.size() == 1 || place >= ORDINALS.size()
        ? name
        : "the " + ORDINALS.get(place) + " " + name;
  }

  /** Conditions speak of steps by number. */
  private static String named(String words, List<Step> steps) {
    String named = words;
    for (int i = steps.size() - 1; i >= 0; i--) {
      named = named.replace(" of step " + i, " of " + step(i, steps));
    }
    return named;
  }
}
