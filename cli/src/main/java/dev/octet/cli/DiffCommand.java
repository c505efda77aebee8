package dev.octet.cli;

import dev.octet.workflow.diff.Diff;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what differs between two files. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Says in what two plans, two calibrations or two models differ; which of them they are, is"
            + " told by their content. Of plans, the decisions: one that differs is one line, with"
            + " its reason, whatever follows from it for groups. Of calibrations, the range, scale"
            + " and zero point of each group; of models, nodes, constants and metadata, or the"
            + " first byte. Exits with 1 when they differ.",
    footerHeading = "%nExample:%n",
    footer = "  octet diff plan.json edited.json")
final class DiffCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "A", description = "A plan, a calibration or a model.")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "Another file of the same kind.")
  private Path after = Path.of("");

  @Inject
  DiffCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Diff diff = Diff.ofFiles(services.catalogs(common), before, after);
    int exitCode = reporter.print(diff.report(), common);
    return diff.areEqual() ? exitCode : Reporter.REQUIREMENT_FAILED;
  }
}
