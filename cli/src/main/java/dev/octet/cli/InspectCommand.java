package dev.octet.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedNode;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what is in a file. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Shows what is in a model, a plan or a calibration; which of them it is, is told by the"
            + " file's content. Quantized tensors are described in the words of the plan.",
    footerHeading = "%nExample:%n",
    footer = "  octet inspect model.int8.onnx")
final class InspectCommand implements Callable<Integer> {

  private static final String CALIBRATION = "octet-calibration";
  private static final int FIRST_BYTES = 64;

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "FILE", description = "A model, plan.json or x.calib.")
  private Path file = Path.of("");

  @Inject
  InspectCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    String start = start();
    if (start.stripLeading().startsWith("{")) {
      return reporter.print(plan(PlanDocument.read(file)), common);
    }
    if (start.contains(CALIBRATION)) {
      Observers observers = services.observers(common);
      return reporter.print(calibration(Calibration.read(file, observers), observers), common);
    }
    return reporter.print(ModelInspection.of(services.formats(common).read(file)), common);
  }

  private String start() {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(FIRST_BYTES), ISO_8859_1);
    } catch (IOException e) {
      throw OctetException.input("OCT-FILE-002", "file '" + file + "' cannot be read: " + e)
          .cause(e)
          .next("Give a file that exists and can be read.");
    }
  }

  private static Report plan(PlanDocument plan) {
    Report report = new Report().field("kind", Tree.of("plan")).fields(plan.toTree());
    report.line("plan for backend '%s'".formatted(plan.backend())).line("");
    Table table = new Table("NODE", "OPERATOR", "QUANTIZED", "WHY");
    for (PlannedNode node : plan.nodes()) {
      table.row(node.name(), node.op(), Decisions.quantized(node), Decisions.why(node));
    }
    return report.table(table).findings(plan.findings());
  }

  private static Report calibration(Calibration calibration, Observers observers) {
    Tree.Mapping tree = calibration.toTree(observers);
    Map<String, Tree> parameters = tree.get("parameters").asMapping().entries();
    Report report = new Report().field("kind", Tree.of("calibration")).fields(tree);
    report.line(
        "calibration on %s samples, content hash %s"
            .formatted(calibration.samples(), calibration.contentHash()));
    Table table = new Table("GROUP", "OBSERVER", "MIN", "MAX", "TENSORS");
    for (GroupStatistics group : calibration.groups()) {
      Tree.Mapping seen =
          parameters
              .getOrDefault(Integer.toString(group.group().id()), Tree.of(Map.of()))
              .asMapping();
      table.row(
          group.group().id(),
          group.group().spec().observer().name(),
          first(seen, "observedMin"),
          first(seen, "observedMax"),
          String.join(", ", group.group().values()));
    }
    return report.line("").table(table).findings(calibration.findings());
  }

  /** Returns the first number of a list, with dots when there are more. */
  private static String first(Tree.Mapping seen, String field) {
    List<Tree> items = seen.find(field).map(Tree::asItems).orElse(List.of());
    String more = items.size() > 1 ? " ..." : "";
    return items.isEmpty() ? "" : items.get(0).asNumber() + more;
  }
}
