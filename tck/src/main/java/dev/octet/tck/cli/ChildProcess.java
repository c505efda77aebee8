package dev.octet.tck.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the command again in a JVM like this one, to do the work of a run. */
final class ChildProcess {

  private final String classPath;
  private final List<String> arguments;

  /**
   * Makes what starts processes.
   *
   * @param classPath their class path
   * @param arguments what {@link RunOptions} takes
   */
  ChildProcess(String classPath, List<String> arguments) {
    this.classPath = classPath;
    this.arguments = List.copyOf(arguments);
  }

  Process start(Path journal, long skipped) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath, Main.class.getName(), "work"));
    command.addAll(arguments);
    command.addAll(List.of("--journal", journal.toString(), "--skip", Long.toString(skipped)));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
