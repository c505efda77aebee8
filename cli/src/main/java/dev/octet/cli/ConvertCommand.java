package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Converts a planned and calibrated model. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description =
        "Converts a planned model, calibrated where the plan needs it, into a quantized one with"
            + " QuantizeLinear and DequantizeLinear. The same files give the same bytes"
            + " everywhere.",
    footerHeading = "%nExample:%n",
    footer = "  octet convert model.onnx --plan plan.json --calibration x.calib -o model.int8.onnx")
final class ConvertCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private AllOption all = new AllOption();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private PlannedModel planned = new PlannedModel();
  @Mixin private BomOption bom = new BomOption();

  @Option(
      names = "--calibration",
      paramLabel = "x.calib",
      description =
          "The calibration, from 'octet calibrate' or 'octet merge'; not needed for a plan of which"
              + " nothing is calibrated.")
  private Optional<Path> calibration = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.onnx",
      description = "The quantized model to write, in the format that its name ends with.")
  private Path output = Path.of("");

  @Inject
  ConvertCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    OutputFiles outputs = new OutputFiles(common).file("-o", output);
    bom.addTo(outputs);
    outputs.requireNone(inputs());
    PlannedModel.Opened opened = planned.open(services, common);
    Optional<Calibration> observed = calibration.map(file -> read(file, opened));
    outputs.requireNone(DataOption.dataFiles(opened.model()));
    QuantizedModel quantized =
        observed
            .map(known -> Quantization.convert(opened.plan(), known))
            .orElseGet(() -> Quantization.convert(opened.plan()));
    Report report =
        QuantizedFile.write(opened.catalogs(), planned.model(), opened.plan(), quantized, output);
    observed.ifPresent(known -> report.add(DataReport.names(known.classNames())));
    bom.write(
        reporter,
        report,
        () -> QuantizedFile.bom(planned.model(), opened.plan(), quantized, output));
    return reporter.print(report.listAll(all.all()), common, findings, bom.texts());
  }

  private List<Path> inputs() {
    return Stream.concat(Stream.of(planned.model(), planned.plan()), calibration.stream()).toList();
  }

  private static Calibration read(Path file, PlannedModel.Opened opened) {
    Calibration observed = Calibration.read(file, Observers.standard().with(opened.provider()));
    try {
      Conversion.requireCovered(opened.plan(), observed);
    } catch (OctetException e) {
      throw e.inFile(file.toString());
    }
    return observed;
  }
}
