package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.rule.RuleBook;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TimeLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What is run on which backend: the options that a run and the processes that do its work share.
 */
final class RunOptions {

  @Option(
      names = "--provider",
      required = true,
      paramLabel = "NAME",
      description = "The name of the backend.")
  private String provider = "";

  @Option(
      names = "--option",
      paramLabel = "K=V",
      description = "An option of the backend; without any, every preset of it is run.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--rule",
      paramLabel = "ID",
      description = "Runs one rule alone; the report is partial.")
  private Optional<String> rule = Optional.empty();

  @Option(
      names = "--case",
      paramLabel = "NAME",
      description = "Runs the cases of one name alone; the report is partial.")
  private Optional<String> caseName = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What random constants and data depend on; ${DEFAULT-VALUE} when not given.")
  private long seed = TckRequest.SEED;

  @Option(
      names = "--random",
      paramLabel = "N",
      description =
          "Runs at most N cases of each rule beside the boundary cases, which every run tries; the"
              + " seed draws them.")
  private Optional<Integer> random = Optional.empty();

  @Option(
      names = "--require-exact",
      description = "A runtime that declares bounds in the place of exact integers does not pass.")
  private boolean exact;

  @Option(
      names = "--timeout-factor",
      paramLabel = "N",
      description = "Multiplies the 20 seconds that a case may take.")
  private double timeoutFactor = 1;

  @Option(
      names = "--exclude",
      paramLabel = "FILE",
      description = "A YAML list of rules to leave out, each with rule, reason and link.")
  private Optional<Path> exclude = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec line = CommandSpec.create();

  /**
   * Returns the backend.
   *
   * @param loader sees it
   * @throws OctetException {@code OCT-REG-001} to {@code OCT-REG-004} if it is not there, {@code
   *     OCT-TCK-003} if it says that it does not work here, {@code OCT-OPT-...} if it has not the
   *     options that are given, {@code OCT-TCK-016} if it does not answer
   * @throws InterruptedException if the calling thread is interrupted
   */
  QuantizerProvider backend(ClassLoader loader) throws InterruptedException {
    return TimeLimit.require(request().limit(), () -> found(loader));
  }

  private QuantizerProvider found(ClassLoader loader) {
    QuantizerProvider found = QuantizerCatalog.discover(loader).provider(provider);
    Optional<Availability.Unavailable> obstacle = found.availability().obstacle();
    if (obstacle.isPresent()) {
      throw TckErrors.NOT_AVAILABLE
          .error("backend '" + provider + "' is not available: " + obstacle.get().reason())
          .next(obstacle.get().nextStep());
    }
    Options.parse(options).resolve(provider, found.options());
    return found;
  }

  /**
   * Returns what is asked for.
   *
   * @throws OctetException {@code OCT-TCK-001} if there is no such rule, and as {@link
   *     ExclusionFile#read}
   * @throws ParameterException if the factor or the number of cases is not above 0
   */
  TckRequest request() {
    TckRequest request = TckRequest.everything().seed(seed);
    if (!options.isEmpty()) {
      request = request.options(Options.parse(options));
    }
    if (rule.isPresent()) {
      request = request.rule(Rules.require(RuleBook.read(), rule.get()).id());
    }
    if (caseName.isPresent()) {
      request = request.caseName(caseName.get());
    }
    if (exclude.isPresent()) {
      request = request.without(ExclusionFile.read(exclude.get()));
    }
    return withNumbers(exact ? request.exact() : request);
  }

  private TckRequest withNumbers(TckRequest request) {
    try {
      TckRequest timed = request.timeoutFactor(timeoutFactor);
      return random.map(timed::random).orElse(timed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the arguments that say the same again. */
  List<String> arguments() {
    List<String> all = new ArrayList<>(List.of("--provider", provider));
    options.forEach(option -> all.addAll(List.of("--option", option)));
    rule.ifPresent(id -> all.addAll(List.of("--rule", id)));
    caseName.ifPresent(name -> all.addAll(List.of("--case", name)));
    exclude.ifPresent(file -> all.addAll(List.of("--exclude", file.toString())));
    random.ifPresent(most -> all.addAll(List.of("--random", most.toString())));
    all.addAll(List.of("--seed", Long.toString(seed)));
    all.addAll(List.of("--timeout-factor", Double.toString(timeoutFactor)));
    return all;
  }
}
