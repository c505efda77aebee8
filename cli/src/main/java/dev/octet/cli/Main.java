package dev.octet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
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

  /** Reads the version that the build wrote beside this class. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
      Properties build = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("build.properties")) {
        build.load(Objects.requireNonNull(in, "build.properties is missing from the jar"));
      }
      return new String[] {"octet " + build.getProperty("version")};
    }
  }
}
