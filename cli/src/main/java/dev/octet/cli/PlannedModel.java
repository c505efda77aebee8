package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The parameter and the option of every command that goes on from a plan. */
final class PlannedModel {

  @Parameters(paramLabel = "MODEL", description = "The float model that was planned.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "plan.json",
      description = "The plan, from 'octet plan'.")
  private Path plan = Path.of("");

  @Option(
      names = "--allow-other-provider",
      description =
          "Go on although another jar of a vendor's backend made the plan or the calibration.")
  private boolean otherProvider;

  /**
   * What the files hold.
   *
   * @param catalogs the backends and formats
   * @param provider the backend of the plan
   * @param model the model as it was read
   * @param plan the plan for it
   */
  record Opened(Catalogs catalogs, QuantizerProvider provider, Model model, Plan plan) {}

  /** Returns the file of the model. */
  Path model() {
    return model;
  }

  /** Returns the file of the plan. */
  Path plan() {
    return plan;
  }

  /** Reads the plan and the model that it is for. */
  Opened open(Services services, CommonOptions common) {
    PlanDocument document = PlanDocument.read(plan);
    Catalogs catalogs = services.catalogs(common);
    QuantizerProvider provider = document.provider(catalogs.backends());
    Model read = catalogs.read(model);
    Plan bound = Quantization.bind(document, read, provider);
    return new Opened(
        catalogs, provider, read, otherProvider ? bound.allowingOtherProvider() : bound);
  }
}
