package dev.octet.cli;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Calibrates a planned model. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description =
        "Runs a planned float model on data and writes what was seen of every quantized tensor."
            + " Calibrations of parts of the data, which --shard makes, can be merged.",
    footerHeading = "%nExample:%n",
    footer = "  octet calibrate model.onnx --plan plan.json --data data.yaml -o x.calib")
final class CalibrateCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private PlannedModel planned = new PlannedModel();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();
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
    Outputs.requireWritable(output, planned.model(), planned.plan(), data.path());
    PlannedModel.Opened opened = planned.open(services, common);
    Calibration calibration;
    Report classes;
    try (DataSource source = shard.of(data.open(opened.model()))) {
      Outputs.requireNoInput(output, data.files(opened.model()));
      calibration =
          Quantization.calibrate(
              opened.plan(),
              source,
              execution.progress(reporter.progress("calibrating", findings)));
      classes = DataReport.names(source);
    }
    calibration.write(output);
    Report report =
        new Report()
            .field("samples", Tree.of(calibration.samples()))
            .field("groups", Tree.of(calibration.groups().size()))
            .field("contentHash", Tree.of(calibration.contentHash()))
            .field("output", Tree.of(output.toString()))
            .findings(opened.plan().requireBuild())
            .findings(calibration.findings())
            .line(
                "Observed %s groups of tensors on %s samples"
                    .formatted(calibration.groups().size(), calibration.samples()))
            .add(classes)
            .line("Wrote " + output);
    Identity.addModel(report, planned.model());
    Identity.addData(report, calibration.seen().ranges());
    return reporter.print(report, common, findings);
  }
}
