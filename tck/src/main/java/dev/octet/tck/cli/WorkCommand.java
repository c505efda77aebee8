package dev.octet.tck.cli;

import dev.octet.tck.run.Place;
import dev.octet.tck.run.ProcessRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Does the work of a run in a process that {@link ChildProcess} started, and ends with it. */
@Command(name = "work", hidden = true, description = "Does the work of a run.")
final class WorkCommand implements Callable<Integer> {

  private static final int ABANDONED = 130;

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--journal", required = true, description = "Where it writes how far it is.")
  private Path journal = Path.of("");

  @Option(names = "--from", required = true, description = "Where the run is that it goes on with.")
  private String from = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProcessHandle.current().parent().ifPresent(WorkCommand::endWith);
    ProcessRun.work(
        options.backend(WorkCommand.class.getClassLoader()),
        options.request(),
        journal,
        Place.parse(from),
        ProgressLine.start(spec.commandLine().getErr()));
    return 0;
  }

  private static void endWith(ProcessHandle parent) {
    Thread watch =
        new Thread(
            () -> {
              parent.onExit().join();
              Runtime.getRuntime().halt(ABANDONED);
            },
            "octet-tck-parent");
    watch.setDaemon(true);
    watch.start();
  }
}
