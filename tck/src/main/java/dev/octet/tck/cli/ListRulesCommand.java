package dev.octet.tck.cli;

import dev.octet.api.tree.Tree;
import dev.octet.tck.rule.Rule;
import dev.octet.tck.rule.RuleBook;
import dev.octet.workflow.text.JsonText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the rules. */
@Command(name = "list-rules", description = "Lists the rules.")
final class ListRulesCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    RuleBook book = RuleBook.read();
    if (json) {
      out.print(
          JsonText.write(Tree.of(book.rules().stream().map(ListRulesCommand::tree).toList())));
    } else {
      for (Rule rule : book.rules()) {
        out.printf(
            Locale.ROOT,
            "%s  %-6s  %s%s%n",
            rule.id(),
            rule.level(),
            rule.title(),
            rule.isTestable() ? "" : " (untestable)");
      }
    }
    out.flush();
    return 0;
  }

  private static Tree tree(Rule rule) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("id", Tree.of(rule.id()));
    fields.put("title", Tree.of(rule.title()));
    fields.put("level", Tree.of(rule.level()));
    fields.put("need", Tree.of(rule.need()));
    fields.put("since", Tree.of(rule.since()));
    rule.untestable().ifPresent(why -> fields.put("untestable", Tree.of(why)));
    return Tree.of(fields);
  }
}
