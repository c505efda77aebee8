package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.check.SourceCheck;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.FormLoss;
import dev.octet.workflow.source.Int4ChooseQparamsAlgorithm;
import dev.octet.workflow.source.ModelForm;
import dev.octet.workflow.source.ScaleAlgorithm;
import dev.octet.workflow.source.SchemeName;
import dev.octet.workflow.source.SchemeOptions;
import dev.octet.workflow.source.SourceFile;
import dev.octet.workflow.source.SourceQuantized;
import dev.octet.workflow.source.SourceRecipe;
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

/** Rewrites the linear layers of a model by a scheme. */
@Command(
    name = "source",
    mixinStandardHelpOptions = true,
    description =
        "Quantizes the linear layers of a float model directly, without a backend, and without data"
            + " for most schemes: weights become integers of a few bits, and activations are"
            + " quantized while the model runs where the scheme says so.",
    footerHeading = "%nExample:%n",
    footer =
        "  octet source decoder.onnx --scheme int8dyn-int4 --group-size 32 --padding -o"
            + " decoder.int4.onnx")
final class SourceCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private BomOption bom = new BomOption();

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = "--scheme",
      required = true,
      paramLabel = "NAME",
      description =
          "What becomes of layers: int8dyn-int4, int8dyn-intx, int8dyn-int8, intx, int8, int4, and,"
              + " with --data, int8dyn-int4-gptq and int8dyn-best; docs/source-quantization.md says"
              + " which to take.")
  private String scheme = "";

  @Option(
      names = "--group-size",
      paramLabel = "N",
      description = "How many neighbouring inputs of a layer share a scale.")
  private Optional<Integer> groupSize = Optional.empty();

  @Option(names = "--bits", paramLabel = "N", description = "How many bits a weight has, 1 to 8.")
  private Optional<Integer> bits = Optional.empty();

  @Option(
      names = "--mapping",
      paramLabel = "M",
      description = "How a range becomes a scale: ${COMPLETION-CANDIDATES}.")
  private Optional<Mapping> mapping = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "T",
      description =
          "The type that weights, activations and results are rounded to:"
              + " ${COMPLETION-CANDIDATES}.")
  private Optional<FloatPrecision> precision = Optional.empty();

  @Option(
      names = "--scales-precision",
      paramLabel = "T",
      description = "The type of the scales of weights: ${COMPLETION-CANDIDATES}.")
  private Optional<FloatPrecision> scalesPrecision = Optional.empty();

  @Option(
      names = "--padding",
      description = "Quantize layers whose inputs the group size does not divide, too.")
  private boolean padding;

  @Option(
      names = "--scale-algorithm",
      paramLabel = "A",
      description = "How scales of weights are found: ${COMPLETION-CANDIDATES}.")
  private Optional<ScaleAlgorithm> scaleAlgorithm = Optional.empty();

  @Option(
      names = "--int4-algorithm",
      paramLabel = "A",
      description =
          "How scales and float zero points of scheme int4 are found: ${COMPLETION-CANDIDATES}.")
  private Optional<Int4ChooseQparamsAlgorithm> int4Algorithm = Optional.empty();

  @Option(
      names = "--embeddings",
      description = "Quantize tables that Gather nodes read, too, by the rule of weights.")
  private boolean embeddings;

  @Option(
      names = "--tie",
      description =
          "Store the weight of a MatMul that is a quantized table turned round once with it;"
              + " implies --embeddings.")
  private boolean tie;

  @Option(
      names = "--filter",
      paramLabel = "[!][KIND:]PATTERN",
      description =
          "Quantize only nodes that match, and none that match a pattern with an exclamation mark"
              + " before it; may be repeated. KIND is node, for a glob for names (when none is"
              + " given), op, shape, for a glob such as 480x244 or *x64 for inputs and outputs,"
              + " module, module-regex or module-type.")
  private List<String> filters = List.of();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @ArgGroup(exclusive = false)
  private @Nullable DataOption data;

  @Mixin private CheckOptions check = new CheckOptions();

  @Option(
      names = "--form",
      paramLabel = "NAME",
      description =
          "How layers are written: qdq, nodes of ONNX and all that the scheme says, when not given;"
              + " or matmulnbits, ONNX Runtime's operator, which quantizes activations in its own"
              + " way.")
  private String form = "qdq";

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.onnx",
      description = "The quantized model to write, in the format that its name ends with.")
  private Path output = Path.of("");

  @Inject
  SourceCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    OutputFiles outputs = new OutputFiles(common).file("-o", output);
    bom.addTo(outputs);
    outputs.requireNone(List.of(model));
    Catalogs catalogs = services.catalogs(common);
    Model read = catalogs.read(model);
    outputs.requireNone(DataOption.dataFiles(read));
    Optional<DataOption> samples = Optional.ofNullable(data);
    samples.ifPresent(
        given -> outputs.requireNone(List.of(given.path())).requireNone(given.files(read)));
    SourceRecipe recipe =
        new SourceRecipe(
            SchemeName.of(scheme), options(), embeddings, tie, filters, ModelForm.of(form));
    Made made =
        samples
            .map(given -> checked(read, recipe, given, catalogs.runtime("cpu")))
            .orElseGet(() -> new Made(recipe.quantize(read).in(recipe.form()), new Report()));
    Report report = SourceFile.write(catalogs, model, read, made.written, output);
    report.add(made.loss);
    bom.write(reporter, report, () -> SourceFile.bom(model, read, made.written, output));
    return reporter.print(report, common, findings, bom.texts());
  }

  /**
   * What a recipe made.
   *
   * @param written the model in the recipe's form
   * @param loss what the samples tell of it
   */
  private record Made(SourceQuantized written, Report loss) {}

  private SchemeOptions options() {
    return new SchemeOptions(
        groupSize,
        bits,
        mapping,
        precision,
        scalesPrecision,
        padding ? Optional.of(true) : Optional.empty(),
        scaleAlgorithm,
        int4Algorithm);
  }

  private Made checked(Model read, SourceRecipe recipe, DataOption samples, NamedRuntime kernels) {
    try (DataSource source = samples.open(read)) {
      SourceQuantized fitted =
          recipe.quantize(
              read, source, threads.execution().progress(reporter.progress("fitting", findings)));
      Execution execution = threads.execution().progress(reporter.progress("evaluating", findings));
      SourceCheck checked =
          SourceCheck.of(read, recipe, fitted, source, check.settings(), kernels, execution);
      Report loss = checked.evaluation().report();
      loss.add(checked.report());
      if (!checked.written().equals(checked.quantized())) {
        Evaluation scheme = Evaluation.of(kernels, checked.quantized().model(), source, execution);
        loss.add(FormLoss.report(recipe.form(), checked.evaluation(), scheme));
      }
      return new Made(checked.written(), loss);
    }
  }
}
