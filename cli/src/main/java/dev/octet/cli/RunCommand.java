package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.run.StackedOutputs;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a model on data. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs a float or quantized model on data and writes every output, stacked over samples, as"
            + " <output name>.npy, or where its shape differs between samples, of each sample by"
            + " itself as <output name>.<sample>.npy.",
    footerHeading = "%nExample:%n",
    footer = "  octet run model.int8.onnx --data data.yaml -o results/")
final class RunCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "MODEL", description = "The model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder for the results; it is made when it does not exist.")
  private Path output = Path.of("");

  @Inject
  RunCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    OutputFiles outputs = new OutputFiles(common).in(output, "-o");
    Execution execution = threads.execution();
    Catalogs catalogs = services.catalogs(common);
    Model read = catalogs.read(model);
    Report report = new Report();
    NamedRuntime chosen = runtime.of(catalogs);
    try (DataSource source = data.open(read);
        ExecutableModel loaded = chosen.load(read, execution)) {
      int batch = ModelRun.batchSize(read, loaded, source, execution);
      List<Path> inputs = inputs(read);
      outputs.in(output, "-o", names(loaded)).requireNone(inputs);
      Outputs.makeFolder(output);
      try (StackedOutputs stacked =
          new StackedOutputs(
              output,
              loaded.outputs(),
              source.size(),
              file -> Outputs.requireNoInput("-o", file, inputs))) {
        ModelRun.run(
            loaded,
            source,
            batch,
            execution.progress(reporter.progress("running")),
            (from, count, given, results) -> stacked.append(count, results));
        report.field("samples", Tree.of(source.size()));
        report.field("runtime", Tree.of(chosen.name()));
        report.line("Ran %s samples on '%s'".formatted(source.size(), chosen.name()));
        stacked.publish(report);
        Identity.addData(report, source.ranges());
      }
    }
    Identity.addModel(report, model);
    return reporter.print(report, common);
  }

  private List<Path> inputs(Model read) {
    List<Path> inputs = new ArrayList<>(List.of(model, data.path()));
    inputs.addAll(data.files(read));
    return inputs;
  }

  /** Two outputs of one name are refused where they are written, with both. */
  private static String[] names(ExecutableModel loaded) {
    return loaded.outputs().stream()
        .map(result -> StackedOutputs.fileName(result.name()))
        .distinct()
        .toArray(String[]::new);
  }
}
