package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The parameter and the option of a command that goes on from plans of one model. */
final class PlannedModels {

  @Parameters(paramLabel = "MODEL", description = "The float model that was planned.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "plan.json",
      description =
          "The plan, from 'octet plan'; repeated, the plans of one model and one backend that the"
              + " calibration is to serve.")
  private List<Path> plans = List.of();

  @Option(
      names = "--allow-other-provider",
      description = "Go on although another jar of a vendor's backend made a plan.")
  private boolean otherProvider;

  /**
   * What the files hold.
   *
   * @param catalogs the backends and formats
   * @param model the model as it was read
   * @param plans the plans for it, in the order in which they were given
   */
  record Opened(Catalogs catalogs, Model model, List<Plan> plans) {}

  /** Returns the file of the model. */
  Path model() {
    return model;
  }

  /** Returns the files of the model and of the plans. */
  List<Path> files() {
    return Stream.concat(Stream.of(model), plans.stream()).toList();
  }

  /** Reads the plans and the model that they are for. */
  Opened open(Services services, CommonOptions common) {
    List<PlanDocument> documents = plans.stream().map(PlanDocument::read).toList();
    Catalogs catalogs = services.catalogs(common);
    Model read = catalogs.read(model);
    return new Opened(
        catalogs,
        read,
        documents.stream().map(document -> bound(document, read, catalogs)).toList());
  }

  private Plan bound(PlanDocument document, Model read, Catalogs catalogs) {
    QuantizerProvider provider = document.provider(catalogs.backends());
    Plan plan = Quantization.bind(document, read, provider);
    return otherProvider ? plan.allowingOtherProvider() : plan;
  }
}
