package dev.octet.cli;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Entry point of the {@code octet} command. */
@Command(
    name = "octet",
    description = "Quantizes models for a backend.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main {

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  /** Reads the version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String built = Main.class.getPackage().getImplementationVersion();
      return new String[] {"octet " + Objects.requireNonNullElse(built, "(not packaged)")};
    }
  }
}
