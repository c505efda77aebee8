package dev.octet.tck.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.text.PathText;
import dev.octet.workflow.text.ShownText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  /** What asks for stack traces of errors. */
  static final String VERBOSE = "--verbose";

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
    command.getSubcommands().values().forEach(sub -> sub.addMixin("common", new Common()));
    command.registerConverter(Path.class, text -> PathText.of(text, "the command line"));
    int exitCode = execute(command, out, err, arguments);
    out.flush();
    return exitCode == 0 && out.checkError()
        ? report(Answer.lost("standard output is closed, or its disk is full"), false, err)
        : exitCode;
  }

  private static int execute(
      CommandLine command, PrintWriter out, PrintWriter err, String... arguments) {
    return command
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(
            (thrown, line, result) -> report(thrown, isVerbose(line), err))
        .setParameterExceptionHandler((e, given) -> badCommandLine(e, err))
        .execute(arguments);
  }

  /** What every subcommand understands. */
  @Command(mixinStandardHelpOptions = true)
  private static final class Common {
    @Option(names = VERBOSE, description = "Prints stack traces of errors.")
    private boolean verbose;
  }

  /** Tells whether a subcommand is asked for stack traces of errors. */
  static boolean isVerbose(CommandLine command) {
    return command.getMixins().get("common") instanceof Common common && common.verbose;
  }

  /** Returns an error as it is printed. */
  static String words(OctetException error) {
    return "octet-tck: " + ShownText.message(error);
  }

  /** Prints what stopped a command; returns the exit code. */
  static int report(Throwable thrown, boolean verbose, PrintWriter err) {
    int exitCode =
        print(
            thrown instanceof OctetException known
                ? known
                : TckErrors.KIT_FAILED.error(thrown.toString()).cause(thrown).build(),
            err);
    if (verbose) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      err.print(ShownText.lines(trace.toString()));
      err.flush();
    }
    return exitCode;
  }

  private static int badCommandLine(ParameterException e, PrintWriter err) {
    if (e.getCause() instanceof OctetException known) {
      return print(known, err);
    }
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
