package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();
  @Mixin private ShardOption shard = new ShardOption();

  @Parameters(paramLabel = "MODEL", description = "The float model that was planned.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "plan.json",
      description = "The plan, from 'octet plan'.")
  private Path plan = Path.of("");

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
    Outputs.requireWritable(output, model, plan, data.path());
    PlanDocument document = PlanDocument.read(plan);
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = document.provider(catalogs.backends());
    Model read = catalogs.read(model);
    Plan bound = Quantization.bind(document, read, provider);
    Calibration calibration;
    try (DataSource source = shard.of(data.open(read))) {
      Outputs.requireNoInput(output, data.files(read));
      calibration =
          Quantization.calibrate(
              bound, source, execution.progress(reporter.progress("calibrating")));
    }
    calibration.write(output);
    Report report =
        new Report()
            .field("samples", Tree.of(calibration.samples()))
            .field("groups", Tree.of(calibration.groups().size()))
            .field("contentHash", Tree.of(calibration.contentHash()))
            .field("output", Tree.of(output.toString()))
            .findings(calibration.findings())
            .line(
                "Observed %s groups of tensors on %s samples"
                    .formatted(calibration.groups().size(), calibration.samples()))
            .line("Wrote " + output);
    return reporter.print(report, common);
  }
}
