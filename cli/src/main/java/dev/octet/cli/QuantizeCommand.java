package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Mode;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.check.CheckRuntimes;
import dev.octet.workflow.check.CheckSettings;
import dev.octet.workflow.check.ResultCheck;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.recipe.Recipe;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
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
            + " while the model runs. There it tells what is lost. Another --runtime runs the float"
            + " model to find ranges; the result is checked on Octet's kernels wherever they run"
            + " it.",
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

  private static final String KEPT_PLAN = "plan.json";
  private static final String KEPT_CALIBRATION = "x.calib";

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private AllOption all = new AllOption();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private BackendOptions backend = new BackendOptions();
  @Mixin private BomOption bom = new BomOption();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private CheckOptions check = new CheckOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();

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
      description =
          "Keep the steps as plan.json and, where something is calibrated, x.calib in this"
              + " folder.")
  private Optional<Path> keep = Optional.empty();

  @Inject
  QuantizeCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution();
    Optional<DataOption> samples = Optional.ofNullable(data);
    OutputFiles outputs = outputs().requireNone(inputs(samples));
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = catalogs.backend(backend.backend());
    Model read = catalogs.read(model);
    outputs.requireNone(DataOption.dataFiles(read));
    Recipe recipe = backend.recipe();
    QuantizationRequest request = backend.request(read, provider, recipe);
    Done done =
        samples.isPresent()
            ? calibrated(
                samples.get(), request, catalogs, check.settings(provider), execution, outputs)
            : uncalibrated(request);
    keep.ifPresent(folder -> keep(folder, done));
    Report report = QuantizedFile.write(catalogs, model, done.plan, done.quantized, output);
    done.check.ifPresent(checked -> report.add(checked.report()));
    done.loss.ifPresent(loss -> report.add(loss.report()));
    report.add(done.data);
    report.accept(recipe.accepted());
    bom.write(reporter, report, () -> QuantizedFile.bom(model, done.plan, done.quantized, output));
    return reporter.print(report.listAll(all.all()), common, findings, bom.texts());
  }

  private OutputFiles outputs() {
    OutputFiles outputs = new OutputFiles(common).file("-o", output);
    bom.addTo(outputs);
    keep.ifPresent(folder -> outputs.in(folder, "--keep", KEPT_PLAN, KEPT_CALIBRATION));
    return outputs;
  }

  private List<Path> inputs(Optional<DataOption> samples) {
    return Stream.of(
            Stream.of(model), samples.stream().map(DataOption::path), backend.recipeFile().stream())
        .flatMap(paths -> paths)
        .toList();
  }

  /**
   * What the steps gave.
   *
   * @param check what came of running some of the samples
   * @param loss what the samples tell of a model of which not everything is found from them
   * @param data what is known of the classes
   */
  private record Done(
      Plan plan,
      Optional<Calibration> calibration,
      QuantizedModel quantized,
      Optional<ResultCheck> check,
      Optional<Evaluation> loss,
      Report data) {}

  private Done calibrated(
      DataOption samples,
      QuantizationRequest request,
      Catalogs catalogs,
      CheckSettings settings,
      Execution execution,
      OutputFiles outputs) {
    Model read = request.model();
    NamedRuntime chosen = runtime.of(catalogs);
    CheckRuntimes runtimes = CheckRuntimes.of(catalogs.runtime("cpu")).orOn(chosen);
    try (DataSource source = samples.open(read)) {
      outputs.requireNone(samples.files(read));
      Plan planned = Quantization.plan(request);
      Optional<Calibration> calibration =
          needsNoRun(planned)
              ? Optional.empty()
              : Optional.of(
                  Quantization.calibrate(
                      planned,
                      source,
                      chosen,
                      execution.progress(reporter.progress("calibrating", findings))));
      Function<Plan, QuantizedModel> conversion =
          plan ->
              calibration
                  .map(known -> Quantization.convert(plan, known))
                  .orElseGet(() -> Quantization.convert(plan).named(ClassList.of(source)));
      ResultCheck checked =
          ResultCheck.of(
              planned,
              conversion.apply(planned),
              conversion,
              source,
              settings,
              runtimes,
              execution.progress(reporter.progress("checking", findings)));
      QuantizedModel quantized = checked.quantized();
      Optional<Evaluation> loss =
          isFoundFromSamples(planned) || checked.outputs().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  Evaluation.withLayers(
                      chosen,
                      quantized.model(),
                      read,
                      source,
                      execution.progress(reporter.progress("evaluating", findings))));
      return new Done(
          checked.plan(),
          calibration,
          quantized,
          Optional.of(checked),
          loss,
          DataReport.names(source));
    }
  }

  /** Where nothing is quantized at all, nodes that are not run are the first thing to say. */
  private static boolean needsNoRun(Plan planned) {
    return planned.observedGroups().isEmpty() && !planned.groups().isEmpty();
  }

  /** Scales that are found while the model runs, or from a weight alone, say nothing of samples. */
  private static boolean isFoundFromSamples(Plan planned) {
    return planned.groups().values().stream()
        .flatMap(group -> group.spec().observed().stream())
        .allMatch(spec -> spec.mode() == Mode.STATIC);
  }

  private Done uncalibrated(QuantizationRequest request) {
    Plan planned = Quantization.plan(request);
    int groups = planned.observedGroups().size();
    Conversion.requireConvertible(planned);
    if (groups > 0) {
      throw CommandErrors.NO_DATA
          .error("data finds the ranges of " + groups + " groups of this plan, and there is none")
          .at("--data")
          .build();
    }
    return new Done(
        planned,
        Optional.empty(),
        Quantization.convert(planned),
        Optional.empty(),
        Optional.empty(),
        new Report());
  }

  private static void keep(Path folder, Done done) {
    Outputs.makeFolder(folder);
    done.plan.document().write(folder.resolve(KEPT_PLAN));
    done.calibration.ifPresent(known -> known.write(folder.resolve(KEPT_CALIBRATION)));
  }
}
