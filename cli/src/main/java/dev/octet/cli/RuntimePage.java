package dev.octet.cli;

import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What a runtime declares: its options, and by which rule and how exactly it computes what. */
final class RuntimePage {

  private final List<OptionDescriptor> options;
  private final List<DeclaredUse> rows;

  private RuntimePage(BackendRuntime runtime) {
    this.options = runtime.options();
    this.rows = runtime.uses(Options.none()).rows();
  }

  static RuntimePage of(BackendRuntime runtime) {
    return new RuntimePage(runtime);
  }

  /** Adds it to a report, with its options as those of a backend are described. */
  void addTo(Report report, BiConsumer<OptionDescriptor, Report> describe) {
    if (!options.isEmpty()) {
      report.line("").line("Options of the runtime, given as --runtime-option NAME=VALUE:");
      options.forEach(option -> describe.accept(option, report));
    }
    report.line("").line("What the runtime promises; rows that ask more stand before others:");
    rows.forEach(
        row -> {
          report.paragraph(2, row.support().toString());
          report.paragraph(6, row.uses());
          row.proviso().ifPresent(words -> report.paragraph(6, "provided that " + words));
        });
  }

  /** Returns it as a tree. */
  Tree tree(Function<OptionDescriptor, Tree> optionTree) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("options", Tree.of(options.stream().map(optionTree).toList()));
    fields.put("uses", Tree.of(rows.stream().map(RuntimePage::tree).toList()));
    return Tree.of(fields);
  }

  private static Tree tree(DeclaredUse row) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("uses", Tree.of(row.uses()));
    row.support()
        .exactness()
        .match(
            new Exactness.Cases<>(
                exact -> fields.put("exact", Tree.of(true)),
                bounded -> fields.put("steps", Tree.of(bounded.steps())),
                unsupported -> fields.put("unsupported", Tree.of(unsupported.reason()))));
    row.support()
        .requantization()
        .ifPresent(
            rule -> {
              fields.put("requantization", Tree.of(rule.name()));
              fields.put("formula", Tree.of(rule.formula()));
            });
    row.proviso().ifPresent(words -> fields.put("provided", Tree.of(words)));
    return Tree.of(fields);
  }
}
