package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.compare.Comparison;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the tensors of a quantized model with those of the float one. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Runs a float model and a quantized one on data and lists how far each tensor is: with"
            + " everything before it quantized too, and given float values of what is before it;"
            + " what is clipped, and how many integers are used. The worst comes first.",
    footerHeading = "%nExample:%n",
    footer = "  octet compare model.onnx model.int8.onnx --data test.yaml --html tensors.html")
final class CompareCommand implements Callable<Integer> {

  private static final int USUAL_ROWS = 20;

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();
  @Mixin private FindingOptions findings = new FindingOptions();

  @Parameters(index = "0", paramLabel = "FLOAT", description = "The float model.")
  private Path reference = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "QUANTIZED",
      description = "The quantized model that was made of it.")
  private Path quantized = Path.of("");

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many tensors the table has; 20 when not given.")
  private int top = USUAL_ROWS;

  @Option(names = "--all", description = "List all tensors in the table.")
  private boolean all;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Also write a page to look at in a browser: the errors along the model, and how the"
              + " values of each tensor fit its range. - is standard output.")
  private Optional<Path> html = Optional.empty();

  @Inject
  CompareCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    OutputFiles outputs = new OutputFiles(common);
    html.ifPresent(file -> outputs.text("--html", file));
    outputs.requireNone(List.of(reference, quantized, data.path()));
    Execution execution = threads.execution();
    Catalogs catalogs = services.catalogs(common);
    Model floats = catalogs.read(reference);
    Model integers = catalogs.read(quantized);
    outputs.requireNone(DataOption.dataFiles(integers));
    try (DataSource source = data.open(floats)) {
      outputs.requireNone(data.files(floats));
      Comparison comparison =
          Comparison.of(
              runtime.of(catalogs),
              floats,
              integers,
              source,
              execution.progress(reporter.progress("comparing", findings)));
      Report report = comparison.report(all ? Integer.MAX_VALUE : top);
      Identity.addModel(report, reference);
      Identity.addFile(report, "quantizedSha256", quantized);
      Identity.addData(report, source.ranges());
      html.ifPresent(file -> write(comparison, file));
      return reporter.print(report, common, findings, html.stream().toList());
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void write(Comparison comparison, Path file) {
    String page = comparison.page(name(reference), name(quantized));
    reporter.write(file, page.getBytes(StandardCharsets.UTF_8));
  }
}
