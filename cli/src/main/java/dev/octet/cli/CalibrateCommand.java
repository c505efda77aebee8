package dev.octet.cli;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Calibrates a planned model. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description =
        "Runs a planned float model on data and writes what was seen of every quantized tensor. The"
            + " calibration serves every plan of the model that needs no more: one that leaves"
            + " nodes out, for instance; with several --plan it serves all of them. Calibrations of"
            + " parts of the data, which --shard makes, can be merged if they ran on the same"
            + " --runtime.",
    footerHeading = "%nExample:%n",
    footer = {
      "  octet calibrate model.onnx --plan plan.json --data data.yaml -o x.calib",
      "  octet calibrate model.onnx --plan a.json --plan b.json --data data.yaml -o ab.calib"
    })
final class CalibrateCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private PlannedModels planned = new PlannedModels();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ShardOption shard = new ShardOption();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "x.calib",
      description = "The calibration to write.")
  private Path output = Path.of("");

  @Inject
  CalibrateCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution();
    OutputFiles outputs =
        new OutputFiles(common)
            .file("-o", output)
            .requireNone(List.of(data.path()))
            .requireNone(planned.files());
    PlannedModels.Opened opened = planned.open(services, common);
    NamedRuntime chosen = runtime.of(opened.catalogs());
    Calibration calibration;
    Report classes;
    try (DataSource source = shard.of(data.open(opened.model()))) {
      outputs.requireNone(data.files(opened.model()));
      calibration =
          Quantization.calibrate(
              opened.plans(),
              source,
              chosen,
              execution.progress(reporter.progress("calibrating", findings)));
      classes = DataReport.names(source);
    }
    calibration.write(output);
    Report report =
        new Report()
            .field("runtime", Tree.of(calibration.runtime().name()))
            .field("plans", Tree.of(opened.plans().size()))
            .field("samples", Tree.of(calibration.samples()))
            .field("groups", Tree.of(calibration.groups().size()))
            .field("contentHash", Tree.of(calibration.contentHash()))
            .field("output", Tree.of(output.toString()))
            .findings(builds(opened.plans()))
            .findings(calibration.findings())
            .line(
                "Observed %s groups of tensors on %s samples on '%s'"
                    .formatted(
                        calibration.groups().size(), calibration.samples(), calibration.runtime()))
            .add(classes)
            .line("Wrote " + output);
    Identity.addModel(report, planned.model());
    Identity.addData(report, calibration.seen().ranges());
    return reporter.print(report, common, findings);
  }

  private static List<Finding> builds(List<Plan> plans) {
    return plans.stream().flatMap(plan -> plan.requireBuild().stream()).distinct().toList();
  }
}
