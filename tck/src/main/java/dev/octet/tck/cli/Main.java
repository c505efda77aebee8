package dev.octet.tck.cli;

import java.util.Locale;
import picocli.CommandLine;

/** Entry point of the {@code octet-tck} command. */
public final class Main {

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new OctetTck()).execute(arguments));
  }
}
