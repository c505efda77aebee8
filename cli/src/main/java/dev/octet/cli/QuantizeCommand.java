package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plans, calibrates and converts a model in one. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    description =
        "Plans, calibrates and converts a float model in one, and says what became of every node"
            + " and why. Nothing is written when a step fails.",
    footerHeading = "%nExample:%n",
    footer = {
      "  octet quantize model.onnx --backend cpu --data data.yaml -o model.int8.onnx",
      "",
      "data.yaml, for a model with the input 'in':",
      "  inputs:",
      "    in:",
      "      file: images_u8_nhwc.npy",
      "      steps:",
      "        - transpose: NHWC -> NCHW",
      "        - multiply: 0.00392156862745098",
      "  labels: labels.npy"
    })
final class QuantizeCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private BackendOptions backend = new BackendOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.onnx",
      description = "The quantized model to write.")
  private Path output = Path.of("");

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Keep the steps as plan.json and x.calib in this folder.")
  private Optional<Path> keep = Optional.empty();

  @Inject
  QuantizeCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution();
    Outputs.requireWritable(output, model, data.path());
    Outputs.requireNoInput(output, backend.recipeFile().stream().toList());
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = catalogs.backend(backend.backend());
    Model read = catalogs.read(model);
    Calibration calibration;
    Plan planned;
    try (DataSource source = data.open(read)) {
      Outputs.requireNoInput(output, data.files(read));
      planned = Quantization.plan(backend.request(read, provider));
      // Refuses operators that are not run, and runs nothing when there is nothing to observe.
      calibration =
          Quantization.calibrate(
              planned, source, execution.progress(reporter.progress("calibrating")));
    }
    QuantizedModel quantized = Quantization.convert(planned, calibration);
    keep.ifPresent(folder -> keep(folder, planned, calibration));
    return reporter.print(QuantizedFile.write(catalogs, model, planned, quantized, output), common);
  }

  private static void keep(Path folder, Plan planned, Calibration calibration) {
    Outputs.makeFolder(folder);
    planned.document().write(folder.resolve("plan.json"));
    calibration.write(folder.resolve("x.calib"));
  }
}
