package dev.octet.cli;

import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingTree;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command has to say, for programs and for people. Not thread-safe. */
final class Report {

  private final Map<String, Tree> fields = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** A piece of text for people that knows how to fit into a width. */
  @FunctionalInterface
  interface Part {
    List<String> lines(int columns);
  }

  /** Adds a field of the JSON document. */
  Report field(String name, Tree value) {
    fields.put(name, value);
    return this;
  }

  /** Adds the fields of a tree. */
  Report fields(Tree.Mapping tree) {
    fields.putAll(tree.entries());
    return this;
  }

  /** Adds a line for people. */
  Report line(String line) {
    parts.add(columns -> List.of(line));
    return this;
  }

  /** Adds a text for people that is broken into lines. */
  Report paragraph(int indent, String text) {
    parts.add(
        columns ->
            Table.wrap(text, columns - indent).stream()
                .map(line -> " ".repeat(indent) + line)
                .toList());
    return this;
  }

  /** Adds a table for people. */
  Report table(Table table) {
    parts.add(table::lines);
    return this;
  }

  /** Adds what a user must know, for both. */
  Report findings(List<Finding> more) {
    findings.addAll(more);
    return this;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Returns the document; findings are its last field where a command has them. */
  Tree json(boolean withFindings) {
    Map<String, Tree> all = new LinkedHashMap<>(fields);
    if (withFindings && !all.containsKey("findings")) {
      all.put("findings", Tree.of(findings.stream().map(FindingTree::toTree).toList()));
    }
    return Tree.of(all);
  }

  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    parts.forEach(part -> lines.addAll(part.lines(columns)));
    return lines;
  }
}
