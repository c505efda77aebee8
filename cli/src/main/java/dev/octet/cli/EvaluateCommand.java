package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.NamedRuntime;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a model on data. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Runs a model on data and reports its top-1 accuracy where the data has labels, its mean"
            + " negative log likelihood where the data is tokens, and how far it is from a"
            + " reference model, which runs on the same runtime.",
    footerHeading = "%nExample:%n",
    footer = "  octet evaluate model.int8.onnx --reference model.onnx --data test.yaml")
final class EvaluateCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "MODEL", description = "The model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = "--reference",
      paramLabel = "FLOAT.onnx",
      description = "The model to compare with: SQNR of all outputs, agreement of the first one.")
  private Optional<Path> reference = Optional.empty();

  @Option(
      names = "--layers",
      description =
          "Also look at every quantized layer: how far what it reads and gives is from the"
              + " reference, which has to be the float model, and which layers most of the loss"
              + " goes back to.")
  private boolean layers;

  @Inject
  EvaluateCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    if (layers && reference.isEmpty()) {
      throw CommandErrors.NO_REFERENCE
          .error("'--layers' compares with the float model, and there is none")
          .at("--layers")
          .build();
    }
    Execution execution = threads.execution();
    Catalogs catalogs = services.catalogs(common);
    Model read = catalogs.read(model);
    Optional<Model> other = reference.map(catalogs::read);
    try (DataSource source = data.open(read)) {
      NamedRuntime chosen = runtime.of(catalogs);
      Execution shown = execution.progress(reporter.progress("evaluating"));
      Evaluation evaluation =
          other
              .map(model -> compared(chosen, read, model, source, shown))
              .orElseGet(() -> Evaluation.of(chosen, read, source, shown));
      return reporter.print(evaluation.report(), common);
    }
  }

  private Evaluation compared(
      NamedRuntime chosen, Model read, Model other, DataSource source, Execution shown) {
    return layers
        ? Evaluation.withLayers(chosen, read, other, source, shown)
        : Evaluation.of(chosen, read, other, source, shown);
  }
}
