package dev.octet.cli;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.file.MappedReading;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import dev.octet.workflow.text.ShownText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Words what went wrong: one message on standard error, {@code octet: OCT-...}, and with {@code
 * --json} also one document with the field {@code error} on standard output.
 */
final class Failures {

  /** Names that a message shows of those near to a misspelt one. */
  private static final int NEAR = 3;

  /** Somebody's exception may cause itself. */
  private static final int MOST_CAUSES = 100;

  private final Terminal terminal;
  private final boolean json;
  private final boolean verbose;

  Failures(Terminal terminal, List<String> arguments) {
    this.terminal = terminal;
    this.json = arguments.contains("--json");
    this.verbose = arguments.contains("--verbose");
  }

  /** Reports what a command threw; returns the exit code. */
  int report(Throwable thrown) {
    OctetException error = thrown instanceof OctetException known ? known : unforeseen(thrown);
    emit(error);
    if (verbose) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      terminal.err().print(ShownText.lines(trace.toString()));
    }
    return error.kind().exitCode();
  }

  /**
   * Returns the exit code of a command whose answer was to be on standard output: that of an error,
   * if it did not get there. Streams that print keep such a thing to themselves.
   *
   * @param exitCode that of the command; one that tells of an error stands
   */
  int afterPrinting(int exitCode) {
    boolean lost = terminal.out().checkError();
    return lost && exitCode <= Reporter.REQUIREMENT_FAILED
        ? report(Outputs.unwrittenAnswer())
        : exitCode;
  }

  private static OctetException unforeseen(Throwable thrown) {
    if (causes(thrown).anyMatch(OutOfMemoryError.class::isInstance)) {
      return CommandErrors.NO_MEMORY
          .error("the " + heapInMebibytes() + " MiB of memory that the JVM may use are full")
          .build();
    }
    if (causes(thrown).anyMatch(MappedReading::isCutOff)) {
      return CommandErrors.CUT_OFF_MEANWHILE
          .error("a file was cut off while it was read: " + thrown.getMessage())
          .build();
    }
    return CommandErrors.DEFECT.error("octet met a defect of its own: " + thrown).build();
  }

  /** What was thrown, and what caused it; threads that help hand on what ended them as a cause. */
  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES);
  }

  private static long heapInMebibytes() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }

  /**
   * Reports a command line that was not understood; returns the exit code. What nobody knows comes
   * before what is missing, since a misspelt option is missing as well.
   */
  int badCommandLine(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    if (e.getCause() instanceof OctetException known) {
      emit(known);
      return known.kind().exitCode();
    }
    String name = command.getCommandSpec().qualifiedName();
    Optional<String> unknown = unknown(command);
    String fact =
        unknown
            .map(word -> "there is no " + kind(word) + " '" + word + "'")
            .orElseGet(() -> String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
    OctetException error =
        CommandErrors.BAD_COMMAND_LINE
            .error(fact)
            .at(name)
            .candidates(
                unknown
                    .map(word -> NearMisses.of(word, known(command, word), NEAR))
                    .orElse(List.of()))
            .next("See '" + name + " --help'.");
    emit(error);
    return error.kind().exitCode();
  }

  /** Returns the first word that is an option or a command of no known name. */
  private static Optional<String> unknown(CommandLine command) {
    List<String> unmatched = command.getUnmatchedArguments();
    Optional<String> option =
        unmatched.stream()
            .filter(word -> word.startsWith("-") && word.length() > 1)
            .map(word -> word.split("=", 2)[0])
            .filter(word -> !command.getCommandSpec().optionsMap().containsKey(word))
            .findFirst();
    boolean commands = !command.getSubcommands().isEmpty();
    return option.or(() -> commands ? unmatched.stream().findFirst() : Optional.empty());
  }

  private static String kind(String word) {
    return word.startsWith("-") ? "option" : "command";
  }

  private static Set<String> known(CommandLine command, String word) {
    return word.startsWith("-")
        ? command.getCommandSpec().optionsMap().keySet()
        : command.getSubcommands().keySet();
  }

  private void emit(OctetException e) {
    terminal.err().println("octet: " + ShownText.message(e));
    if (json) {
      Map<String, Tree> error = new LinkedHashMap<>();
      error.put("id", Tree.of(e.id()));
      error.put("fact", Tree.of(e.fact()));
      e.place().ifPresent(where -> error.put("place", Tree.of(where)));
      e.source().ifPresent(code -> error.put("from", Tree.of(code)));
      error.put("candidates", Tree.of(e.candidates().stream().map(Tree::of).toList()));
      error.put("next", Tree.of(e.nextStep()));
      terminal.out().print(JsonText.write(Tree.of(Map.of("error", Tree.of(error)))));
      terminal.out().flush();
    }
  }
}
