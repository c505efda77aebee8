package dev.octet.tck.cli;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.run.TckRun;
import dev.octet.tck.verdict.CaseResult;
import dev.octet.tck.verdict.PresetReport;
import dev.octet.tck.verdict.RuleResult;
import dev.octet.tck.verdict.TckReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the kit on a backend. */
@Command(name = "run", description = "Runs the rules on a backend.")
final class RunCommand implements Callable<Integer> {

  @Option(names = "--provider", required = true, paramLabel = "NAME", description = "The backend.")
  private String provider = "";

  @Option(names = "--option", paramLabel = "K=V", description = "An option of the backend.")
  private List<String> options = new ArrayList<>();

  @Option(names = "--rule", paramLabel = "ID", description = "Runs one rule alone.")
  private Optional<String> rule = Optional.empty();

  @Option(names = "--case", paramLabel = "NAME", description = "Runs one case alone.")
  private Optional<String> caseName = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    QuantizerProvider found =
        QuantizerCatalog.discover(RunCommand.class.getClassLoader()).provider(provider);
    TckRequest request = TckRequest.everything();
    request = options.isEmpty() ? request : request.options(Options.parse(options));
    request = rule.isPresent() ? request.rule(rule.get()) : request;
    request = caseName.isPresent() ? request.caseName(caseName.get()) : request;
    TckReport report = TckRun.run(found, request);
    print(report);
    return report.conformance().exitCode();
  }

  private static void print(TckReport report) {
    for (PresetReport preset : report.presets()) {
      System.out.println("options: " + preset.options());
      for (RuleResult result : preset.results()) {
        System.out.println(
            result.rule().id()
                + " "
                + result.verdict()
                + " "
                + result.cases().size()
                + " cases "
                + result.reason().orElse(""));
        for (CaseResult trouble : result.troubles()) {
          System.out.println("  " + trouble.name() + ": " + trouble.outcome().message().orElse(""));
        }
      }
    }
    System.out.println(report.conformance() + ", " + report.caseCount() + " cases");
  }
}
