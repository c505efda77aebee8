package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.diff.FileKind;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.JsonText;
import jakarta.inject.Inject;
import java.nio.file.Path;
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

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private AllOption all = new AllOption();

  @Parameters(paramLabel = "FILE", description = "A model, plan.json or x.calib.")
  private Path file = Path.of("");

  @Inject
  InspectCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Report report = inspected();
    Identity.addFile(report, "fileSha256", file);
    return reporter.print(report.listAll(all.all()), common);
  }

  private Report inspected() {
    return switch (FileKind.of(file)) {
      case PLAN -> Inspection.of(plan());
      case CALIBRATION -> {
        Observers observers = services.catalogs(common).observers();
        yield Inspection.of(Calibration.read(file, observers), observers);
      }
      case MODEL -> {
        Catalogs catalogs = services.catalogs(common);
        yield Inspection.of(catalogs.read(file), catalogs.runtime("cpu").operators());
      }
    };
  }

  /** A plan is JSON; whatever else starts with a brace is said to be that. */
  private PlanDocument plan() {
    Tree tree;
    try {
      tree = JsonText.read(file);
    } catch (OctetException e) {
      throw CommandErrors.NO_JSON
          .error("the file starts with '{', as a plan does, but is no JSON: " + e.fact())
          .at(e.place().orElse(file.toString()))
          .cause(e)
          .build();
    }
    return PlanDocument.fromTree(tree);
  }
}
