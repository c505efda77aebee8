package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.recipe.Recipe;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plans a model. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Decides for every node of a float model whether and how it is quantized, and writes the"
            + " decisions with their reasons as a JSON file that can be edited: set a node's"
            + " 'quantized' to false to keep it in float. Nothing runs.",
    footerHeading = "%nExample:%n",
    footer = {
      "  octet plan model.onnx --backend cpu -o plan.json",
      "  octet plan model.onnx --backend cpu --option exclude=module:layer1 -o plan.json",
      "  octet plan model.onnx --backend cpu --recipe recipe.yaml -o plan.json"
    })
final class PlanCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private AllOption all = new AllOption();
  @Mixin private FindingOptions findings = new FindingOptions();
  @Mixin private BackendOptions backend = new BackendOptions();

  @Parameters(paramLabel = "MODEL", description = "The float model, an .onnx file.")
  private Path model = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "plan.json",
      description = "The plan to write; - is standard output.")
  private Path output = Path.of("");

  @Inject
  PlanCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    OutputFiles outputs =
        new OutputFiles(common)
            .text("-o", output)
            .requireNone(List.of(model))
            .requireNone(backend.recipeFile().stream().toList());
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = catalogs.backend(backend.backend());
    Model read = catalogs.read(model);
    outputs.requireNone(DataOption.dataFiles(read));
    Recipe recipe = backend.recipe();
    Plan planned = Quantization.plan(backend.request(read, provider, recipe));
    if (Outputs.isStandard(output)) {
      reporter.write(planned.document()::write);
    } else {
      planned.document().write(output);
    }
    Report report = Inspection.of(planned);
    Identity.addModel(report, model);
    report
        .field("contentHash", Tree.of(planned.contentHash()))
        .field("output", Tree.of(output.toString()))
        .line("Wrote " + Outputs.name(output));
    // What the recipe accepts may be found by a later step.
    report.acceptIfFound(recipe.accepted());
    return reporter.print(report.listAll(all.all()), common, findings, List.of(output));
  }
}
