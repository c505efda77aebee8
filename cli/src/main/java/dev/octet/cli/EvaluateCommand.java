package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.RuntimeOptions;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.DataSource;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
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

  @Inject
  EvaluateCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    RuntimeOptions options = new RuntimeOptions(threads.count());
    Model read = services.formats(common).read(model);
    Optional<Model> other = reference.map(services.formats(common)::read);
    other.ifPresent(wanted -> requireSameNames(read, wanted));
    BackendRuntime chosen = services.backends(common).runtime(runtime.name());
    try (DataSource source = data.open(read);
        ExecutableModel loaded = chosen.load(read, options)) {
      Report report;
      if (other.isPresent()) {
        try (ExecutableModel expected = chosen.load(other.get(), options)) {
          report = evaluate(loaded, Optional.of(expected), source);
        }
      } else {
        report = evaluate(loaded, Optional.empty(), source);
      }
      return reporter.print(report, common);
    }
  }

  private Report evaluate(
      ExecutableModel loaded, Optional<ExecutableModel> expected, DataSource source) {
    Evaluation evaluation = new Evaluation(loaded, expected, source);
    Progress progress = reporter.progress("evaluating");
    ModelRun.run(loaded, source, evaluation.batchSize(), progress, evaluation);
    Report report =
        new Report()
            .field("samples", Tree.of(source.size()))
            .field("runtime", Tree.of(runtime.name()))
            .line("%s samples on '%s'".formatted(source.size(), runtime.name()));
    evaluation.addTo(report);
    return report;
  }

  private void requireSameNames(Model read, Model other) {
    requireSameNames("inputs", read.graph().inputs(), other.graph().inputs());
    requireSameNames("outputs", read.graph().outputs(), other.graph().outputs());
  }

  private void requireSameNames(String what, List<ValueInfo> own, List<ValueInfo> others) {
    List<String> names = own.stream().map(ValueInfo::name).toList();
    List<String> wanted = others.stream().map(ValueInfo::name).toList();
    if (!names.equals(wanted)) {
      throw OctetException.input(
              "OCT-CLI-009", "the " + what + " are " + names + ", those of the reference " + wanted)
          .at("--reference")
          .next("Compare a model with the one it was made from.");
    }
  }
}
