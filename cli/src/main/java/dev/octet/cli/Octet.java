package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Stage;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.text.PathText;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The root of the command line, and of everything it is composed of. */
@Command(
    name = "octet",
    mixinStandardHelpOptions = true,
    versionProvider = Octet.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Quantizes models for a backend, and runs and compares them.",
      "",
      "A float model becomes a quantized one in four steps, each with a file that can be looked at"
          + " and kept: plan, calibrate, convert; 'quantize' is all of them in one."
    },
    subcommands = {
      BackendsCommand.class,
      PlanCommand.class,
      CalibrateCommand.class,
      MergeCommand.class,
      ConvertCommand.class,
      QuantizeCommand.class,
      RunCommand.class,
      EvaluateCommand.class,
      CompareCommand.class,
      InspectCommand.class,
      DiffCommand.class,
      VerifyCommand.class,
      SourceCommand.class,
      GenerateCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  octet quantize model.onnx --backend cpu --data data.yaml -o model.int8.onnx",
      "",
      "Exit codes: 0 done, 1 a requirement did not hold, or files differ, 2 bad command line, 3 bad"
          + " input file, 4 the model or plan cannot be quantized as asked, 5 the backend or"
          + " runtime refused, 70 a defect of octet; 129, 130 and 143 ended by SIGHUP, SIGINT and"
          + " SIGTERM.",
      "'octet help COMMAND' and 'octet COMMAND --help' explain a command; 'source <(octet"
          + " generate-completion)' lets a shell complete names."
    })
final class Octet {

  /** picocli refuses narrower help. */
  private static final int MINIMAL_HELP_WIDTH = 55;

  /**
   * Runs one command line.
   *
   * @param terminal where it writes
   * @param arguments the command line
   * @return the exit code
   */
  static int run(Terminal terminal, String... arguments) {
    Failures failures = new Failures(terminal, List.of(arguments));
    CommandLine line = commandLine(terminal);
    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setUsageHelpWidth(Math.max(MINIMAL_HELP_WIDTH, terminal.width().columns()));
    line.registerConverter(Path.class, text -> PathText.of(text, "the command line"));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // A word that begins with @ is a name like others, and not a file of more words.
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(failures::badCommandLine);
    line.setExecutionExceptionHandler((e, command, parsed) -> failures.report(e));
    int exitCode;
    try {
      exitCode = line.execute(arguments);
    } catch (Error e) {
      exitCode = failures.report(e);
    }
    line.getOut().flush();
    return failures.afterPrinting(exitCode);
  }

  /** Returns the command with all others, none of which has run. */
  static CommandLine commandLine(Terminal terminal) {
    Injector injector = Guice.createInjector(Stage.PRODUCTION, new CliModule(terminal));
    CommandLine line = new CommandLine(Octet.class, new Factory(injector));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.addSubcommand(new AutoComplete.GenerateCompletion());
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, UTF_8), true);
  }

  /** Makes commands through the injector, and everything else as picocli does. */
  private record Factory(Injector injector) implements CommandLine.IFactory {
    @Override
    public <T> T create(Class<T> type) throws Exception {
      return injector.getExistingBinding(Key.get(type)) == null
          ? CommandLine.defaultFactory().create(type)
          : injector.getInstance(type);
    }
  }

  /** Tells the version of this build. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"octet " + OctetBuild.current().version().orElse("of no known version")};
    }
  }
}
