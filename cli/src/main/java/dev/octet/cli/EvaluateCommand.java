package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.evaluate.Requirement;
import dev.octet.workflow.evaluate.Verdict;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
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
            + " reference model, which runs on the same runtime. With requirements it is a gate:"
            + " exit code 1 says that one does not hold.",
    footerHeading = "%nExample:%n",
    footer = {
      "  octet evaluate model.int8.onnx --reference model.onnx --data test.yaml",
      "  octet evaluate model.int8.onnx --reference model.onnx --data test.yaml -q \\",
      "    --require 'top1-drop<=0.01' --require 'sqnr>=20' --junit model.xml"
    })
final class EvaluateCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();
  @Mixin private FindingOptions findings = new FindingOptions();

  @Parameters(paramLabel = "MODEL", description = "The model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = "--reference",
      paramLabel = "REFERENCE.onnx",
      description =
          "The model to compare with, float or quantized: SQNR and largest error of each output,"
              + " agreement of classes, cosine of other vectors. The worst output decides.")
  private Optional<Path> reference = Optional.empty();

  @Option(
      names = "--layers",
      description =
          "Also look at every quantized layer: how far what it reads and gives is from the"
              + " reference, which has to be the float model, and which layers most of the loss"
              + " goes back to.")
  private boolean layers;

  @Option(
      names = "--require",
      paramLabel = "CONDITION",
      description =
          "What has to hold, FIGURE[:OUTPUT]>=NUMBER or <=NUMBER; may be repeated. Figures: top1,"
              + " top1-drop, nll, nll-rise, sqnr (decibels), largest-error, agreement, cosine,"
              + " equal-elements. One of outputs has to hold for each of them, unless one is"
              + " named.")
  private List<String> requirements = List.of();

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write what holds and what does not as JUnit's XML; - is standard output.")
  private Optional<Path> junit = Optional.empty();

  /** Whether all files that are read are known, and none of them is an output. */
  private boolean known;

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
    List<Requirement> required = requirements.stream().map(Requirement::parse).toList();
    OutputFiles outputs = new OutputFiles(common);
    junit.ifPresent(file -> outputs.text("--junit", file));
    outputs.requireNone(List.of(model, data.path())).requireNone(reference.stream().toList());
    JunitFile tests = new JunitFile(String.valueOf(model.getFileName()));
    try {
      int exitCode = judged(required, tests, outputs);
      junit.ifPresent(file -> write(tests, file));
      return exitCode;
    } catch (OctetException e) {
      junit
          .filter(file -> outputs.areFree() && (known || JunitFile.mayReplace(file)))
          .ifPresent(file -> write(tests.broken("evaluates", e), file));
      throw e;
    }
  }

  private void write(JunitFile tests, Path file) {
    if (Outputs.isStandard(file)) {
      reporter.write(tests::write);
    } else {
      tests.write(file);
    }
  }

  private int judged(List<Requirement> required, JunitFile tests, OutputFiles outputs) {
    Evaluated evaluated = evaluated(required, outputs);
    Verdict verdict = Verdict.of(required, evaluated.evaluation());
    Report report = evaluated.evaluation().report().add(evaluated.data());
    verdict.addTo(report);
    findings.accept(report);
    List<Finding> failing = findings.failing(report);
    report.field("passed", Tree.of(verdict.holds() && failing.isEmpty()));
    add(tests, verdict, failing);
    int exitCode = reporter.print(report, common, findings, junit.stream().toList());
    verdict.results().stream()
        .filter(result -> !result.holds())
        .forEach(r -> reporter.note("'" + name(r) + "' does not hold: " + Verdict.words(r)));
    return verdict.holds() ? exitCode : Reporter.REQUIREMENT_FAILED;
  }

  private void add(JunitFile tests, Verdict verdict, List<Finding> failing) {
    tests.passed("evaluates");
    for (Requirement.Result result : verdict.results()) {
      String name = name(result);
      if (result.holds()) {
        tests.passed(name);
      } else {
        tests.failed(name, Verdict.words(result));
      }
    }
    if (failing.isEmpty() && findings.failsOnFindings()) {
      tests.passed("findings");
    } else if (!failing.isEmpty()) {
      tests.failed("findings", Reporter.words(failing));
    }
  }

  /** Returns the requirement with the output that it was applied to. */
  private static String name(Requirement.Result result) {
    Requirement requirement = result.requirement();
    return result
        .output()
        .filter(output -> requirement.output().isEmpty())
        .map(output -> requirement.text() + " (" + output + ")")
        .orElse(requirement.text());
  }

  /**
   * What running the model gave.
   *
   * @param evaluation the figures
   * @param data what is known of the classes, and which files those were
   */
  private record Evaluated(Evaluation evaluation, Report data) {}

  private Evaluated evaluated(List<Requirement> required, OutputFiles outputs) {
    Execution execution = threads.execution();
    Catalogs catalogs = services.catalogs(common);
    Model read = catalogs.read(model);
    Optional<Model> other = reference.map(catalogs::read);
    other.ifPresent(model -> outputs.requireNone(DataOption.dataFiles(model)));
    try (DataSource source = data.open(read)) {
      outputs.requireNone(data.files(read));
      known = true;
      Verdict.requireTold(required, read, other, source);
      NamedRuntime chosen = runtime.of(catalogs);
      Execution shown = execution.progress(reporter.progress("evaluating", findings));
      Evaluation evaluation =
          other
              .map(model -> compared(chosen, read, model, source, shown))
              .orElseGet(() -> Evaluation.of(chosen, read, source, shown));
      Report of = DataReport.of(source);
      Identity.addModel(of, model);
      reference.ifPresent(file -> Identity.addFile(of, "referenceSha256", file));
      Identity.addData(of, source.ranges());
      return new Evaluated(evaluation, of);
    }
  }

  private Evaluation compared(
      NamedRuntime chosen, Model read, Model other, DataSource source, Execution shown) {
    return layers
        ? Evaluation.withLayers(chosen, read, other, source, shown)
        : Evaluation.of(chosen, read, other, source, shown);
  }
}
