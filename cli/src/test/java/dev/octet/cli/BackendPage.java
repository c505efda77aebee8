package dev.octet.cli;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.annotation.rules.RuleWords;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.RequantizationProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The page of a backend in Markdown, written from what the backend says of itself: its options, its
 * table of rules with what other values of options change in it, what stays float, and in what it
 * differs from the tool that it follows.
 */
final class BackendPage {

  private final RuleBackend backend;
  private final StringBuilder page = new StringBuilder();

  private BackendPage(RuleBackend backend) {
    this.backend = backend;
  }

  /** Returns the page of a backend: the same text for the same backend. */
  static String markdown(RuleBackend backend) {
    return new BackendPage(backend).write();
  }

  private String write() {
    line("# Backend `" + backend.name() + "`");
    paragraph(backend.description());
    line("");
    line("```");
    line("octet plan model.onnx --backend " + backend.name() + " -o plan.json");
    line("```");
    options();
    BackendRules rules = backend.rules(defaults());
    List<RuleWords> usual = RuleWords.of(rules);
    section("What is quantized");
    paragraph(
        "Operands count from 0, on the first node of a pattern unless it says otherwise; the result"
            + " is that of the last node. A node behind `then` is the only reader of the result"
            + " before it. The longest match is taken first. Unless a rule says otherwise, "
            + RuleWords.arithmetic(rules)
            + ".");
    table(usual);
    variants(usual);
    stayingFloat();
    backend.runtime().ifPresent(this::runtime);
    if (!backend.differences().isEmpty()) {
      section("Differences from what it follows");
      line("");
      backend.differences().forEach(difference -> line("- " + difference));
    }
    return page.toString();
  }

  private void options() {
    section("Options");
    optionTable(backend.options());
    Set<String> ofNodes = backend.create(Options.none()).nodeOptions();
    paragraph(
        "Every backend has the options `exclude`, `configure` and `integers` and takes"
            + " [recipes](../recipes.md): they keep nodes in float, decide whether inputs and outputs"
            + " of the model are integers, or give single nodes options of their own"
            + (ofNodes.isEmpty() ? "." : " (here " + code(ofNodes) + ")."));
  }

  private void optionTable(List<OptionDescriptor> options) {
    if (!options.isEmpty()) {
      line("");
      line("| option | values | when not given | what it does |");
      line("|---|---|---|---|");
      for (OptionDescriptor option : options) {
        row(
            "`" + option.name() + "`",
            values(option),
            option.defaultValue().map(value -> "`" + value + "`").orElse(""),
            option.documentation());
      }
    }
  }

  private void runtime(BackendRuntime runtime) {
    section("The runtime");
    paragraph(
        "What is promised of the integers of each use, and the rule by which they are rounded; of"
            + " several rows that hold, the one that asks most counts. [runtime](../runtime.md)"
            + " explains it.");
    optionTable(runtime.options());
    line("");
    line("| uses | integers | rule |");
    line("|---|---|---|");
    for (DeclaredUse row : runtime.uses(Options.none()).rows()) {
      Optional<RequantizationProfile> rule = row.support().requantization();
      row(
          row.uses().replace("; ", "<br>"),
          exactness(row) + row.proviso().map(words -> ", provided that " + words).orElse(""),
          rule.map(r -> r + ": `" + r.formula() + "`").orElse("nothing is rounded"));
    }
  }

  private static String exactness(DeclaredUse row) {
    return row.support()
        .exactness()
        .match(
            new Exactness.Cases<>(
                exact -> "exact",
                bounded -> "at most " + bounded.steps() + " off",
                unsupported -> "not run: " + unsupported.reason()));
  }

  private static String values(OptionDescriptor option) {
    if (option.type() == OptionDescriptor.Type.BOOLEAN) {
      return "`true`, `false`";
    }
    return option.choices().isEmpty() ? option.values() : code(option.choices());
  }

  private void table(List<RuleWords> rules) {
    line("");
    line("| rule | nodes | conditions | how |");
    line("|---|---|---|---|");
    for (RuleWords rule : rules) {
      row("`" + rule.name() + "`", rule.pattern(), conditions(rule), how(rule));
    }
  }

  private static String conditions(RuleWords rule) {
    return String.join("<br>", rule.conditions());
  }

  private static String how(RuleWords rule) {
    return rule.groupedPoints().entrySet().stream()
        .map(point -> "**" + point.getKey() + "**: " + point.getValue())
        .collect(Collectors.joining("<br>"));
  }

  private void variants(List<RuleWords> usual) {
    for (OptionDescriptor option : backend.options()) {
      for (String value : choices(option)) {
        Options other = defaults(option.name(), value);
        List<RuleWords> rules = RuleWords.of(backend.rules(other));
        if (!rules.equals(usual)) {
          line("");
          line("### With `" + option.name() + "=" + value + "`");
          variant(usual, rules);
        }
      }
    }
  }

  private static List<String> choices(OptionDescriptor option) {
    List<String> all =
        option.type() == OptionDescriptor.Type.BOOLEAN
            ? List.of("true", "false")
            : option.choices();
    return all.stream().filter(value -> !option.defaultValue().equals(Optional.of(value))).toList();
  }

  private Options defaults(String... other) {
    return Options.of(other).resolve(backend.name(), backend.options());
  }

  /** Other specs at the same points are told in one line each; anything else as a table. */
  private void variant(List<RuleWords> usual, List<RuleWords> rules) {
    Map<String, RuleWords> before = new LinkedHashMap<>();
    usual.forEach(rule -> before.put(rule.name(), rule));
    Map<String, Set<String>> rulesByChange = new LinkedHashMap<>();
    List<RuleWords> others = new ArrayList<>();
    for (RuleWords rule : rules) {
      RuleWords was = before.remove(rule.name());
      if (was == null || !onlySpecsDiffer(was, rule)) {
        others.add(rule);
      } else {
        changes(was, rule)
            .forEach(c -> rulesByChange.computeIfAbsent(c, n -> new TreeSet<>()).add(rule.name()));
      }
    }
    if (!rulesByChange.isEmpty()) {
      line("");
    }
    rulesByChange.forEach((change, names) -> line("- " + change + ": " + code(names)));
    if (!others.isEmpty()) {
      paragraph("These rules are other ones, or new:");
      table(others);
    }
    if (!before.isEmpty()) {
      paragraph("There is no rule " + code(before.keySet()) + ".");
    }
  }

  private static boolean onlySpecsDiffer(RuleWords was, RuleWords rule) {
    return was.pattern().equals(rule.pattern())
        && was.conditions().equals(rule.conditions())
        && was.points().keySet().equals(rule.points().keySet());
  }

  private static List<String> changes(RuleWords was, RuleWords rule) {
    List<String> changes = new ArrayList<>();
    was.points()
        .forEach(
            (point, spec) -> {
              String now = rule.points().getOrDefault(point, spec);
              if (!now.equals(spec)) {
                changes.add(spec + " becomes **" + now + "**");
              }
            });
    return changes;
  }

  private void stayingFloat() {
    section("What stays float");
    line("");
    line("The plan and the report say of each node why. A node stays float where");
    line("");
    line("- no rule has its operator: `no rule of backend '" + backend.name() + "' matches Erf`;");
    line("- a condition does not hold: `Conv 'conv1' stays float: weight is not constant`;");
    line("- a point that a rule quantizes is not FLOAT;");
    line("- its operator is only a later part of rules, and what comes before it fits none;");
    line("- another match has taken a node that its rule needs;");
    line("- the policy excludes it: `excluded by node 'stem/*' (option exclude)`.");
  }

  private void section(String title) {
    line("");
    line("## " + title);
  }

  private void paragraph(String text) {
    line("");
    line(text);
  }

  private void row(String... cells) {
    line(
        "| "
            + String.join(" | ", List.of(cells).stream().map(BackendPage::escaped).toList())
            + " |");
  }

  private static String escaped(String cell) {
    return cell.replace("|", "\\|");
  }

  private static String code(Iterable<String> words) {
    List<String> quoted = new ArrayList<>();
    words.forEach(word -> quoted.add("`" + word + "`"));
    return String.join(", ", quoted);
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
