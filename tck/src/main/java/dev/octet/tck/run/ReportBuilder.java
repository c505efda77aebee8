package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.Outcome;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import dev.octet.tck.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes a report of what a run tells. Rules that are asked for and were not heard of, or not to
 * their end, are truncated. Not thread-safe.
 */
final class ReportBuilder implements RunListener {

  private final RuleBook book;
  private final TckRequest request;
  private final List<Options> asked;
  private final List<Preset> presets = new ArrayList<>();

  /** What was heard under one set of options. */
  private record Preset(
      Options options, Map<String, Heard> rules, List<Measurement> measurements) {}

  /** What was heard of one rule. */
  private static final class Heard {
    private final Optional<String> missing;
    private final List<CaseResult> cases = new ArrayList<>();
    private String open = "";
    private Optional<String> untold = Optional.empty();
    private boolean ended;

    private Heard(Optional<String> missing) {
      this.missing = missing;
    }
  }

  private Optional<Heard> current = Optional.empty();

  /**
   * Begins a report.
   *
   * @param asked the options of each pass that is asked for
   */
  ReportBuilder(RuleBook book, TckRequest request, List<Options> asked) {
    this.book = book;
    this.request = request;
    this.asked = List.copyOf(asked);
  }

  /** Begins a preset; one that was begun already goes on. */
  @Override
  public void preset(Options options) {
    if (presets.stream().noneMatch(preset -> preset.options().equals(options))) {
      presets.add(new Preset(options, new LinkedHashMap<>(), new ArrayList<>()));
    }
  }

  /** Tells nothing of what will be found. */
  @Override
  public void setUp(String rule) {}

  /** Begins a rule; one that was begun already goes on. */
  @Override
  public void rule(String id, Optional<String> missing) {
    current =
        Optional.of(
            presets
                .get(presets.size() - 1)
                .rules()
                .computeIfAbsent(id, begun -> new Heard(missing)));
  }

  @Override
  public void begins(String name) {
    current.orElseThrow().open = name;
  }

  @Override
  public void ends(Outcome outcome) {
    Heard heard = current.orElseThrow();
    heard.cases.add(new CaseResult(heard.open, outcome));
  }

  @Override
  public void cannotTell(String reason) {
    current.orElseThrow().untold = Optional.of(reason);
  }

  @Override
  public void measured(List<Measurement> measurements) {
    presets.get(presets.size() - 1).measurements().addAll(measurements);
  }

  @Override
  public void ruleEnds() {
    current.orElseThrow().ended = true;
  }

  /** Returns what was heard, as a report on a backend. */
  TckReport report(TestedBackend backend) {
    asked.forEach(this::preset);
    return new TckReport(
        backend,
        request.asked(),
        IntStream.range(0, presets.size()).mapToObj(this::presetReport).toList());
  }

  private PresetReport presetReport(int index) {
    Preset preset = presets.get(index);
    List<RuleResult> results = new ArrayList<>();
    for (Rule rule : book.rules()) {
      Optional<Heard> heard = Optional.ofNullable(preset.rules().get(rule.id()));
      if (request.wants(rule, index) && (request.caseName().isEmpty() || hasCases(rule, heard))) {
        results.add(result(rule, heard));
      }
    }
    return new PresetReport(preset.options(), results, preset.measurements());
  }

  /** Tells whether a run of the cases of one name concerned a rule, or did not come to it. */
  private static boolean hasCases(Rule rule, Optional<Heard> heard) {
    return heard.map(told -> !told.cases.isEmpty() || !told.ended).orElse(rule.isTestable());
  }

  private RuleResult result(Rule rule, Optional<Heard> heard) {
    Optional<Exclusion> exclusion = request.exclusion(rule.id());
    if (exclusion.isPresent()) {
      return RuleResult.notTried(
          rule, Verdict.EXCLUDED, exclusion.get().reason() + " (" + exclusion.get().link() + ")");
    }
    if (!rule.isTestable()) {
      return RuleResult.notTried(rule, Verdict.UNTESTABLE, rule.untestable().orElseThrow());
    }
    if (heard.isEmpty()) {
      return RuleResult.tried(rule, List.of(), true);
    }
    Heard told = heard.get();
    if (told.untold.isPresent()) {
      return RuleResult.notTried(rule, Verdict.NOTHING_RAN, told.untold.get());
    }
    return told.missing.isPresent() && told.ended
        ? RuleResult.notDeclared(rule, told.missing.get(), told.cases)
        : RuleResult.tried(rule, told.cases, !told.ended);
  }
}
