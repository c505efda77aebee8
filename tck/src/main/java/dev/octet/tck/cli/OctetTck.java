package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command with its subcommands. */
@Command(
    name = "octet-tck",
    description = "Tests a backend of Octet against the rules for backends.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      WorkCommand.class,
      ListRulesCommand.class,
      ListProvidersCommand.class,
      ExplainCommand.class
    })
public final class OctetTck {

  private OctetTck() {}

  /**
   * Runs a command line.
   *
   * @param out where its answer goes
   * @param err where errors and progress go
   * @return the exit code, 0 to 5
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine command = new CommandLine(new OctetTck());
    command.getSubcommands().values().forEach(sub -> sub.addMixin("help", new Help()));
    return command
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((thrown, line, result) -> report(thrown, err))
        .setParameterExceptionHandler((e, given) -> badCommandLine(e, err))
        .execute(arguments);
  }

  /** What every subcommand understands. */
  @Command(mixinStandardHelpOptions = true)
  private static final class Help {}

  /** Returns an error as it is printed. */
  static String words(OctetException error) {
    return "octet-tck: " + error.getMessage();
  }

  /** Prints what stopped a command; returns the exit code. */
  static int report(Throwable thrown, PrintWriter err) {
    return print(
        thrown instanceof OctetException known
            ? known
            : TckErrors.KIT_FAILED.error(thrown.toString()).cause(thrown).build(),
        err);
  }

  private static int badCommandLine(ParameterException e, PrintWriter err) {
    return print(
        TckErrors.BAD_COMMAND_LINE
            .error(String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "))
            .at(e.getCommandLine().getCommandSpec().qualifiedName())
            .build(),
        err);
  }

  private static int print(OctetException error, PrintWriter err) {
    err.println(words(error));
    err.flush();
    return ExitCode.of(error);
  }
}
