package dev.octet.tck.report;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.tree.Tree;
import dev.octet.tck.verdict.Asked;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A report as a tree, in the form of {@code report.schema.json} beside this class. It depends on
 * what was found alone: no time, no machine, so that two runs with one seed are equal.
 */
public final class ReportTree {

  /** The version of the form. */
  public static final int SCHEMA = 1;

  private ReportTree() {}

  /** Returns the tree of a report. */
  public static Tree.Mapping of(TckReport report) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("schema", Tree.of(SCHEMA));
    fields.put("kit", Tree.of(KitVersion.text()));
    fields.put("api", Tree.of(ApiVersion.CURRENT));
    fields.put("backend", backend(report.backend()));
    fields.put("seed", Tree.of(report.asked().seed()));
    report.asked().random().ifPresent(most -> fields.put("random", Tree.of(most)));
    fields.put("partial", Tree.of(report.asked().partial()));
    fields.put("exact-required", Tree.of(report.asked().exact()));
    fields.put("conformance", Tree.of(report.conformance()));
    report.shortfall().ifPresent(why -> fields.put("shortfall", shortfall(why)));
    fields.put("cases", Tree.of(report.caseCount()));
    fields.put(
        "boundary", Tree.of(Boundary.of(report).stream().map(ReportTree::boundary).toList()));
    fields.put(
        "presets", Tree.of(report.presets().stream().map(p -> preset(report.asked(), p)).toList()));
    return Tree.of(fields);
  }

  private static Tree shortfall(OctetException why) {
    return Tree.of(Map.of("id", Tree.of(why.id()), "fact", Tree.of(why.fact())));
  }

  static Tree boundary(Boundary line) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(line.name()));
    fields.put("cases", Tree.of(line.cases()));
    return Tree.of(fields);
  }

  private static Tree backend(TestedBackend backend) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(backend.name()));
    put(fields, "version", backend.version());
    put(fields, "sha256", backend.sha256());
    return Tree.of(fields);
  }

  private static Tree preset(Asked asked, PresetReport preset) {
    Map<String, Tree> options = new LinkedHashMap<>();
    preset
        .options()
        .values()
        .forEach(
            (name, values) -> options.put(name, Tree.of(values.stream().map(Tree::of).toList())));
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("options", Tree.of(options));
    fields.put(
        "rules", Tree.of(preset.results().stream().map(r -> rule(asked, preset, r)).toList()));
    fields.put(
        "measurements",
        Tree.of(preset.measurements().stream().map(ReportTree::measurement).toList()));
    return Tree.of(fields);
  }

  static Tree measurement(Measurement measured) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("use", Tree.of(measured.use()));
    fields.put("bound", Tree.of(measured.bound()));
    fields.put("largest", Tree.of(measured.largest()));
    fields.put("differing", Tree.of(measured.differing()));
    fields.put("elements", Tree.of(measured.elements()));
    return Tree.of(fields);
  }

  private static Tree rule(Asked asked, PresetReport preset, RuleResult result) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("id", Tree.of(result.rule().id()));
    fields.put("level", Tree.of(result.rule().level()));
    fields.put("verdict", Tree.of(result.verdict()));
    put(fields, "reason", result.reason());
    fields.put("cases", Tree.of(result.cases().size()));
    fields.put("troubles", Tree.of(result.troubles().size()));
    fields.put(
        "first-troubles",
        Tree.of(
            result.shownTroubles().stream().map(c -> trouble(asked, preset, result, c)).toList()));
    return Tree.of(fields);
  }

  private static Tree trouble(
      Asked asked, PresetReport preset, RuleResult result, CaseResult trouble) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("case", Tree.of(trouble.name()));
    fields.put("kind", Tree.of(trouble.outcome().kind()));
    put(fields, "message", trouble.outcome().message());
    put(fields, "smallest", trouble.outcome().smallest());
    fields.put("again", Tree.of(Again.command(asked, preset, result, trouble)));
    return Tree.of(fields);
  }

  private static void put(Map<String, Tree> fields, String name, Optional<String> value) {
    value.ifPresent(text -> fields.put(name, Tree.of(text)));
  }
}
