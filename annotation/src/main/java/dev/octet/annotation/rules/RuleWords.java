package dev.octet.annotation.rules;

import dev.octet.api.graph.OpType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** Copies the collections, keeping their order. */
  public RuleWords {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(pattern, "pattern");
    conditions = List.copyOf(conditions);
    points = Collections.unmodifiableMap(new LinkedHashMap<>(points));
  }

  /** Returns the rules of a table in words, in the order of the table. */
  public static List<RuleWords> of(BackendRules rules) {
    return rules.rules().stream().map(RuleWords::of).toList();
  }

  /** Returns a rule in words. */
  public static RuleWords of(Rule rule) {
    List<Step> steps = rule.pattern().steps();
    List<String> conditions = new ArrayList<>();
    for (Step step : steps) {
      String prefix = steps.size() == 1 ? "" : ops(step) + ": ";
      step.conditions().forEach(condition -> conditions.add(prefix + condition.words()));
    }
    return new RuleWords(rule.name(), pattern(steps), conditions, points(rule));
  }

  private static String pattern(List<Step> steps) {
    StringBuilder words = new StringBuilder(ops(steps.get(0)));
    for (Step step : steps.subList(1, steps.size())) {
      words.append(step.optional() ? ", then perhaps " : ", then ").append(ops(step));
      if (!step.alone()) {
        words.append(" (there may be other readers)");
      }
    }
    return words.toString();
  }

  private static String ops(Step step) {
    List<String> names = step.ops().stream().map(OpType::toString).toList();
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  private static Map<String, String> points(Rule rule) {
    Map<String, String> specs = new LinkedHashMap<>();
    for (Mark mark : rule.marks()) {
      String point = point(mark.at(), rule);
      specs.put(point, spec(mark.spec(), rule));
      mark.whenConstant().ifPresent(c -> specs.put(point + WHERE_CONSTANT, spec(c, rule)));
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

  private static String spec(SpecTemplate spec, Rule rule) {
    return SpecWords.of(spec, point -> point(point, rule));
  }

  private static String point(MatchPoint point, Rule rule) {
    List<Step> steps = rule.pattern().steps();
    boolean first = point.step() == 0;
    return switch (point.side()) {
      case OPERAND -> operand(point, rule) + (first ? "" : " of " + step(point, steps));
      case RESULT ->
          (point.index() == 0 ? "result" : "result " + point.index())
              + (point.step() == MatchPoint.LAST || steps.size() == 1
                  ? ""
                  : " of " + step(point, steps));
      case DEFINITION -> operand(point, rule) + " where it is defined";
    };
  }

  private static String operand(MatchPoint point, Rule rule) {
    return switch (point.index()) {
      case MatchPoint.EVERY -> "every operand";
      case MatchPoint.OTHERS -> "the other operands";
      case MatchPoint.AFTER_FIRST -> "every operand but the first";
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
    return point.step() == MatchPoint.LAST ? "the last node" : ops(steps.get(point.step()));
  }
}
