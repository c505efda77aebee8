package dev.octet.cli;

import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.verify.Verification;
import dev.octet.workflow.verify.VerifyRequest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does again what a quantized file says of where it came from. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Compares what a quantized file came from with what its metadata says, by hashes, quantizes"
            + " again, and compares bytes; where another build of octet made the file, contents."
            + " Exits with 1 when the file is not what it says. A file of 'octet source' needs no"
            + " plan and no calibration.",
    footerHeading = "%nExample:%n",
    footer =
        "  octet verify model.int8.onnx --model model.onnx --plan plan.json --calibration x.calib")
final class VerifyCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private FindingOptions findings = new FindingOptions();

  @ArgGroup(exclusive = false)
  private @Nullable DataOption data;

  @Parameters(paramLabel = "QUANTIZED", description = "The quantized model.")
  private Path quantized = Path.of("");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FLOAT",
      description = "The float model that it is said to be made of.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      paramLabel = "plan.json",
      description = "The plan that it is said to be converted by.")
  private Optional<Path> plan = Optional.empty();

  @Option(
      names = "--calibration",
      paramLabel = "x.calib",
      description = "The calibration; without it, the data is run again where the plan needs it.")
  private Optional<Path> calibration = Optional.empty();

  @Inject
  VerifyCommand(Services services, Reporter reporter) {
    this.services = services;
    this.reporter = reporter;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution().progress(reporter.progress("verifying", findings));
    Verification verification =
        Verification.of(
            new VerifyRequest(
                services.catalogs(common),
                quantized,
                model,
                plan,
                calibration,
                Optional.ofNullable(data).map(DataOption::path),
                execution));
    int exitCode = reporter.print(verification.report(), common, findings);
    return verification.holds() ? exitCode : Reporter.REQUIREMENT_FAILED;
  }
}
