package dev.octet.cli;

import dev.octet.api.option.Options;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that choose a backend. */
final class BackendOptions {

  @Option(
      names = "--backend",
      required = true,
      paramLabel = "NAME",
      description = "The backend to quantize for; 'octet backends' lists them.")
  private String backend = "";

  @Option(
      names = "--option",
      paramLabel = "K=V",
      description = "An option of the backend; 'octet backends NAME' explains them.")
  private List<String> options = List.of();

  String backend() {
    return backend;
  }

  /** Returns the options; see {@link Options#parse} for the error. */
  Options options() {
    return Options.parse(options);
  }
}
