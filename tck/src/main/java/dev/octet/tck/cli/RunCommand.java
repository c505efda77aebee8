package dev.octet.tck.cli;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.report.ReportFiles;
import dev.octet.tck.report.TextReport;
import dev.octet.tck.run.ProcessRun;
import dev.octet.tck.run.TckRequest;
import dev.octet.tck.verdict.TckReport;
import dev.octet.workflow.text.ShownText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
      "1:a rule of level MUST is broken, errored or left out, or integers that have to be exact are"
          + " not",
      "2:the command line is not understood, or an answer cannot be written",
      "3:the backend is not there, not one, or not available",
      "4:nothing ran, or too little, or the run was cut short",
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
    PrintWriter err = spec.commandLine().getErr();
    folder.ifPresent(given -> Answer.into(given, () -> ReportFiles.requireWritable(given)));
    QuantizerProvider backend = options.backend(jars.classLoader());
    TckRequest request = options.request();
    List<String> arguments = new ArrayList<>(options.arguments());
    if (OctetTck.isVerbose(spec.commandLine())) {
      arguments.add(OctetTck.VERBOSE);
    }
    ChildProcess child = new ChildProcess(jars.classPath(), arguments);
    try (EarlyEnd end = EarlyEnd.watch()) {
      TckReport report = ProcessRun.run(backend, request, child::start);
      ProgressLine.wipe(err);
      boolean early = Thread.interrupted();
      write(report);
      if (early) {
        err.println("octet-tck: the run was ended early");
      }
      report.shortfall().ifPresent(why -> err.println(OctetTck.words(why)));
      return end.with(report.conformance().exitCode());
    }
  }

  private void write(TckReport report) {
    folder.ifPresent(
        given -> Answer.into(given, () -> ReportFiles.write(report, given, Instant.now())));
    PrintWriter out = spec.commandLine().getOut();
    out.print(ShownText.lines(TextReport.of(report)));
    out.flush();
  }
}
