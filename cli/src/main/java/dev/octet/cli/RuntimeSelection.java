package dev.octet.cli;

import picocli.CommandLine.Option;

/** The option that chooses what runs a model. */
final class RuntimeSelection {

  @Option(
      names = "--runtime",
      paramLabel = "NAME",
      description = "The backend whose runtime runs the model; cpu when not given.")
  private String name = "cpu";

  String name() {
    return name;
  }
}
