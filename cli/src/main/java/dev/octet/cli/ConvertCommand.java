package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Converts a planned and calibrated model. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description =
        "Converts a planned and calibrated model into a quantized one with QuantizeLinear and"
            + " DequantizeLinear. The same three files give the same bytes everywhere.",
    footerHeading = "%nExample:%n",
    footer = "  octet convert model.onnx --plan plan.json --calibration x.calib -o model.int8.onnx")
final class ConvertCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PlannedModel planned = new PlannedModel();

  @Option(
      names = "--calibration",
      required = true,
      paramLabel = "x.calib",
      description = "The calibration, from 'octet calibrate' or 'octet merge'.")
  private Path calibration = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.onnx",
      description = "The quantized model to write.")
  private Path output = Path.of("");

  @Inject
  ConvertCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Outputs.requireWritable(output, planned.model(), planned.plan(), calibration);
    PlannedModel.Opened opened = planned.open(services, common);
    Calibration observed =
        Calibration.read(calibration, Observers.standard().with(opened.provider()));
    Outputs.requireNoInput(output, DataOption.dataFiles(opened.model()));
    requireSamePlan(observed, opened.plan());
    QuantizedModel quantized = Quantization.convert(opened.plan(), observed);
    Report report =
        QuantizedFile.write(opened.catalogs(), planned.model(), opened.plan(), quantized, output);
    return reporter.print(report, common);
  }

  private void requireSamePlan(Calibration observed, Plan bound) {
    try {
      observed.requireFor(bound.hash(), bound.prepared().preparedHash());
    } catch (OctetException e) {
      throw e.inFile(calibration.toString());
    }
  }
}
