package dev.octet.cli;

import dev.octet.api.option.Options;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that choose what runs a model, and how. */
final class RuntimeSelection {

  @Option(
      names = "--runtime",
      paramLabel = "NAME",
      description = "The backend whose runtime runs the model; cpu when not given.")
  private String name = "cpu";

  @Option(
      names = "--runtime-option",
      paramLabel = "K=V",
      description = "An option of the runtime; 'octet backends NAME' explains them.")
  private List<String> options = List.of();

  /** Returns the runtime; see {@link Catalogs#runtime} and {@link Options#parse} for the errors. */
  NamedRuntime of(Catalogs catalogs) {
    return catalogs.runtime(name).with(Options.parse(options));
  }
}
