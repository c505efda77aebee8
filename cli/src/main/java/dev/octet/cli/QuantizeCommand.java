package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
            + " and why. Nothing is written when a step fails. Data is needed where the plan has"
            + " ranges to find beforehand: not where weights alone are quantized, or activations"
            + " while the model runs.",
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

  @ArgGroup(exclusive = false)
  private @Nullable DataOption data;

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.onnx",
      description = "The quantized model to write, in the format that its name ends with.")
  private Path output = Path.of("");

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Keep the steps as plan.json and, with data, x.calib in this folder.")
  private Optional<Path> keep = Optional.empty();

  @Inject
  QuantizeCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution();
    Outputs.requireWritable(output, model);
    Optional<DataOption> samples = Optional.ofNullable(data);
    samples.ifPresent(given -> Outputs.requireNoInput(output, List.of(given.path())));
    Outputs.requireNoInput(output, backend.recipeFile().stream().toList());
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = catalogs.backend(backend.backend());
    Model read = catalogs.read(model);
    Done done =
        samples.isPresent()
            ? calibrated(samples.get(), read, provider, execution)
            : uncalibrated(read, provider);
    keep.ifPresent(folder -> keep(folder, done));
    return reporter.print(
        QuantizedFile.write(catalogs, model, done.plan, done.quantized, output), common);
  }

  /** What the steps gave. */
  private record Done(Plan plan, Optional<Calibration> calibration, QuantizedModel quantized) {}

  private Done calibrated(
      DataOption samples, Model read, QuantizerProvider provider, Execution execution) {
    try (DataSource source = samples.open(read)) {
      Outputs.requireNoInput(output, samples.files(read));
      Plan planned = Quantization.plan(backend.request(read, provider));
      // Refuses operators that are not run, and runs nothing when there is nothing to observe.
      Calibration calibration =
          Quantization.calibrate(
              planned, source, execution.progress(reporter.progress("calibrating")));
      return new Done(
          planned, Optional.of(calibration), Quantization.convert(planned, calibration));
    }
  }

  private Done uncalibrated(Model read, QuantizerProvider provider) {
    Outputs.requireNoInput(output, DataOption.dataFiles(read));
    Plan planned = Quantization.plan(backend.request(read, provider));
    int groups = planned.observedGroups().size();
    Conversion.requireConvertible(planned);
    if (groups > 0) {
      throw CommandErrors.NO_DATA
          .error("data finds the ranges of " + groups + " groups of this plan, and there is none")
          .at("--data")
          .build();
    }
    return new Done(planned, Optional.empty(), Quantization.convert(planned));
  }

  private static void keep(Path folder, Done done) {
    Outputs.makeFolder(folder);
    done.plan.document().write(folder.resolve("plan.json"));
    done.calibration.ifPresent(known -> known.write(folder.resolve("x.calib")));
  }
}
