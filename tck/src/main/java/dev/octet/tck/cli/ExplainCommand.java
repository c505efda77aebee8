package dev.octet.tck.cli;

import dev.octet.tck.rule.Need;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a rule with its intent and what to look at when it is broken. */
@Command(name = "explain", description = "Prints a rule, why it is, and what to look at.")
final class ExplainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RULE", description = "The id of the rule.")
  private String id = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Rule rule = Rules.require(RuleBook.read(), id);
    out.println(rule.id() + ": " + rule.title());
    out.println(rule.level() + ", since " + rule.since() + concerned(rule));
    out.println();
    out.println(rule.text());
    out.println();
    out.println("Intent: " + rule.intent());
    out.println();
    out.println("Example: " + rule.example());
    rule.untestable()
        .ifPresent(why -> out.printf(Locale.ROOT, "%nNot tested by the kit: %s%n", why));
    if (!rule.hints().isEmpty()) {
      out.println();
      out.println("If it is broken, look at");
      rule.hints().forEach(hint -> out.println("  - " + hint));
    }
    out.flush();
    return 0;
  }

  private static String concerned(Rule rule) {
    return rule.need() == Need.NOTHING ? "" : ", for backends with " + rule.need().words();
  }
}
