package dev.octet.cli;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.check.CheckSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of checking what was made before it is handed over. */
final class CheckOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @ArgGroup private @Nullable Mending mending;

  @Option(
      names = "--least-sqnr",
      paramLabel = "DB",
      description =
          "The least signal to noise of the worst output, in decibels, on a few of the samples;"
              + " what is below is a finding. Default: 15.")
  private Optional<Double> least = Optional.empty();

  /** Whether a broken model is mended; one of the two. */
  private static final class Mending {

    @Option(
        names = "--as-planned",
        description = "Keep no node in float that is to be quantized, whatever the result is.")
    private boolean asPlanned;

    @Option(
        names = "--repair",
        description =
            "Keep few nodes in float where that mends a result below --least-sqnr. Default for"
                + " backends that have a runtime here, such as cpu and onnxruntime; not of octet"
                + " source.")
    private boolean repair;
  }

  /** Returns how results for a backend are checked. */
  CheckSettings settings(QuantizerProvider backend) {
    return settings(CheckSettings.of(backend));
  }

  /** Returns how what no backend decided is checked: it is mended where that is asked. */
  CheckSettings settings() {
    return settings(CheckSettings.standard().mending(false));
  }

  private CheckSettings settings(CheckSettings standard) {
    CheckSettings settings = standard;
    if (least.isPresent()) {
      settings = settings.atLeast(finite(least.get()));
    }
    return mending == null ? settings : settings.mending(mending.repair && !mending.asPlanned);
  }

  private double finite(double decibels) {
    if (!Double.isFinite(decibels)) {
      throw new ParameterException(
          spec.commandLine(), "--least-sqnr is " + decibels + ", and has to be a finite number");
    }
    return decibels;
  }
}
