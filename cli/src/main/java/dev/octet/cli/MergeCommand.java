package dev.octet.cli;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.data.DataReport;
import dev.octet.workflow.report.Report;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Merges calibrations. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description =
        "Adds calibrations of parts of the data. The result is that of one calibration on all of"
            + " it, bit for bit, in whatever order the parts are named. Observers that depend on"
            + " the order of the samples are refused.",
    footerHeading = "%nExample:%n",
    footer = "  octet merge a.calib b.calib -o all.calib")
final class MergeCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private FindingOptions findings = new FindingOptions();

  @Parameters(arity = "1..*", paramLabel = "a.calib", description = "The calibrations to add.")
  private List<Path> parts = List.of();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "all.calib",
      description = "The calibration to write.")
  private Path output = Path.of("");

  @Inject
  MergeCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    new OutputFiles(common).file("-o", output).requireNone(parts);
    Observers observers = services.catalogs(common).observers();
    Calibration sum =
        Calibration.merge(parts.stream().map(p -> Calibration.read(p, observers)).toList());
    sum.write(output);
    Report report =
        new Report()
            .field("parts", Tree.of(parts.size()))
            .field("samples", Tree.of(sum.samples()))
            .field("groups", Tree.of(sum.groups().size()))
            .field("contentHash", Tree.of(sum.contentHash()))
            .field("output", Tree.of(output.toString()))
            .add(DataReport.names(sum.classNames()))
            .findings(sum.findings())
            .line("Merged %s calibrations of %s samples".formatted(parts.size(), sum.samples()))
            .line("Wrote " + output);
    Identity.addData(report, sum.seen().ranges());
    return reporter.print(report, common, findings);
  }
}
