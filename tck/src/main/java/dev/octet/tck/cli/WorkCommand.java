package dev.octet.tck.cli;

import dev.octet.tck.run.ProcessRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Does the work of a run in a process that {@link ChildProcess} started. */
@Command(name = "work", hidden = true, description = "Does the work of a run.")
final class WorkCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--journal", required = true, description = "Where it writes how far it is.")
  private Path journal = Path.of("");

  @Option(names = "--skip", required = true, description = "How many cases it passes over.")
  private long skipped;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProcessRun.work(
        options.backend(WorkCommand.class.getClassLoader()), options.request(), journal, skipped);
    return 0;
  }
}
