package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.report.ReportFiles;
import dev.octet.tck.report.TextReport;
import dev.octet.tck.run.ProcessRun;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.verdict.Conformance;
import dev.octet.tck.verdict.TckReport;
import dev.octet.tck.verdict.TestedBackend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the kit on a backend, in processes of its own. */
@Command(
    name = "run",
    description = "Runs the rules on a backend.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the backend conforms; or the run was narrowed, and what ran passed",
      "1:a rule of level MUST is broken, errored or left out",
      "2:the command line is not understood",
      "3:the backend is not there, not one, or not available",
      "4:nothing ran, or too little",
      "5:the kit itself failed"
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();
  @Mixin private VendorJars jars = new VendorJars();

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description =
          "Writes report.json, report.html, junit.xml, and certificate.json when it conforms.")
  private Optional<Path> folder = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    QuantizerProvider backend = options.backend(jars.classLoader());
    TckRequest request = options.request();
    ChildProcess child = new ChildProcess(jars.classPath(), options.arguments());
    TckReport report = ProcessRun.run(TestedBackend.of(backend), request, child::start);
    if (folder.isPresent()) {
      ReportFiles.write(report, folder.get(), Instant.now());
    }
    out.print(TextReport.of(report));
    out.flush();
    if (report.conformance() == Conformance.TOO_LITTLE_RAN) {
      spec.commandLine().getErr().println(OctetTck.words(tooLittle(report)));
    }
    return report.conformance().exitCode();
  }

  private static OctetException tooLittle(TckReport report) {
    return TckErrors.NOTHING_RAN
        .error(report.caseCount() + " cases ran, which is too few to tell")
        .at("backend '" + report.backend().name() + "'")
        .build();
  }
}
