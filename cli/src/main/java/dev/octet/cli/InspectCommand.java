package dev.octet.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.JsonText;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
    Report report = inspected();
    Identity.addFile(report, "fileSha256", file);
    return reporter.print(report, common);
  }

  private Report inspected() {
    String start = start();
    if (start.stripLeading().startsWith("{")) {
      return Inspection.of(plan());
    }
    Catalogs catalogs = services.catalogs(common);
    if (start.contains(CALIBRATION)) {
      Observers observers = catalogs.observers();
      return Inspection.of(Calibration.read(file, observers), observers);
    }
    return Inspection.of(catalogs.read(file), catalogs.runtime("cpu").operators());
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

  private String start() {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(FIRST_BYTES), ISO_8859_1);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }
}
