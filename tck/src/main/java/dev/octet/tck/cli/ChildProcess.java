package dev.octet.tck.cli;

import dev.octet.tck.run.Place;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the command again in a JVM like this one, to do the work of a run: with the same arguments
 * of the JVM, on the module path when this one is.
 */
final class ChildProcess {

  private final String vendor;
  private final List<String> arguments;

  /**
   * Makes what starts processes.
   *
   * @param vendor the class path of the backend, beside the command's own
   * @param arguments what {@link RunOptions} takes
   */
  ChildProcess(String vendor, List<String> arguments) {
    this.vendor = vendor;
    this.arguments = List.copyOf(arguments);
  }

  Process start(Path journal, Place from) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm());
    command.addAll(place());
    command.add("work");
    command.addAll(arguments);
    command.addAll(List.of("--journal", journal.toString(), "--from", from.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Returns the arguments of this JVM but for its main class, and a debugger's, who has a port. */
  private static List<String> jvm() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-Djdk.module.main"))
        .filter(argument -> !argument.startsWith("-agentlib:jdwp"))
        .toList();
  }

  private List<String> place() {
    Module own = Main.class.getModule();
    if (own.isNamed()) {
      List<String> words = new ArrayList<>();
      if (!vendor.isEmpty()) {
        words.addAll(List.of("-cp", vendor));
      }
      words.addAll(List.of("-m", own.getName() + "/" + Main.class.getName()));
      return words;
    }
    String kit = System.getProperty("java.class.path", "");
    return List.of(
        "-cp", vendor.isEmpty() ? kit : kit + File.pathSeparator + vendor, Main.class.getName());
  }
}
