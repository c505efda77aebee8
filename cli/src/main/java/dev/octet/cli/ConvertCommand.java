package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Parameters(paramLabel = "MODEL", description = "The float model that was planned.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "plan.json",
      description = "The plan, from 'octet plan'.")
  private Path plan = Path.of("");

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
    Outputs.requireWritable(output, model, plan, calibration);
    PlanDocument document = PlanDocument.read(plan);
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = document.provider(catalogs.backends());
    Calibration observed = Calibration.read(calibration, Observers.standard().with(provider));
    Model read = catalogs.read(model);
    Outputs.requireNoInput(output, DataOption.dataFiles(read));
    Plan planned = Quantization.bind(document, read, provider);
    requireSamePlan(observed, planned);
    QuantizedModel quantized = Quantization.convert(planned, observed);
    return reporter.print(QuantizedFile.write(catalogs, model, planned, quantized, output), common);
  }

  private void requireSamePlan(Calibration observed, Plan bound) {
    try {
      observed.requireFor(bound.hash(), bound.prepared().preparedHash());
    } catch (OctetException e) {
      throw e.inFile(calibration.toString());
    }
  }
}
