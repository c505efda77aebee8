package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Words what went wrong: one message on standard error, {@code octet: OCT-...}, and with {@code
 * --json} also one document with the field {@code error} on standard output.
 */
final class Failures {

  private static final int DEFECT = 70;
  private static final int BAD_COMMAND_LINE = 2;

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
    if (thrown instanceof OctetException known) {
      return known(known);
    }
    boolean memory = thrown instanceof OutOfMemoryError;
    String fact =
        memory
            ? "the memory that the JVM may use is full"
            : "octet met a defect of its own: " + thrown;
    String next =
        memory
            ? "Allow more, for example with OCTET_OPTS=-Xmx8g."
            : "Sorry. Run the command again with --verbose and report what it prints.";
    emit("OCT-CLI-070", fact, Optional.empty(), List.of(), next);
    if (verbose) {
      thrown.printStackTrace(terminal.err());
    }
    return DEFECT;
  }

  /** Reports a command line that was not understood; returns the exit code. */
  int badCommandLine(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String fact = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    emit("OCT-CLI-001", fact, Optional.of(name), List.of(), "See '" + name + " --help'.");
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    return BAD_COMMAND_LINE;
  }

  private int known(OctetException e) {
    emit(e.id(), e.fact(), e.place(), e.candidates(), e.nextStep());
    if (verbose) {
      e.printStackTrace(terminal.err());
    }
    return e.kind().exitCode();
  }

  private void emit(
      String id, String fact, Optional<String> place, List<String> candidates, String next) {
    OctetException.Builder message = OctetException.usage(id, fact).candidates(candidates);
    place.ifPresent(message::at);
    terminal.err().println("octet: " + message.next(next).getMessage());
    if (json) {
      Map<String, Tree> error = new LinkedHashMap<>();
      error.put("id", Tree.of(id));
      error.put("fact", Tree.of(fact));
      place.ifPresent(where -> error.put("place", Tree.of(where)));
      error.put("candidates", Tree.of(candidates.stream().map(Tree::of).toList()));
      error.put("next", Tree.of(next));
      terminal.out().print(JsonText.write(Tree.of(Map.of("error", Tree.of(error)))));
      terminal.out().flush();
    }
  }
}
