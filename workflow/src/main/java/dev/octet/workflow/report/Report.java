package dev.octet.workflow.report;

import static java.util.stream.Collectors.joining;

import dev.octet.annotation.tree.FindingTree;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.ShownText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a step has to say, for programs and for people. Not thread-safe. */
public final class Report {

  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

  private final Map<String, Supplier<Tree>> fields = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> accepted = new HashSet<>();
  private boolean listsAll;

  /** Begins with nothing to say. */
  public Report() {}

  /** A piece of text for people that knows how to fit into a width. */
  @FunctionalInterface
  public interface Part {
    /** Returns the lines of the text. */
    List<String> lines(Width width);
  }

  /** Adds a field of the JSON document. */
  public Report field(String name, Tree value) {
    return field(name, () -> value);
  }

  /** Adds a field of the JSON document that is made when the document is. */
  public Report field(String name, Supplier<Tree> value) {
    fields.put(name, value);
    return this;
  }

  /** Adds all that another report says; a field that both have is that of the other. */
  public Report add(Report other) {
    fields.putAll(other.fields);
    parts.addAll(other.parts);
    findings.addAll(other.findings);
    accepted.addAll(other.accepted);
    return this;
  }

  /** Adds the fields of a tree. */
  public Report fields(Tree.Mapping tree) {
    tree.entries().forEach(this::field);
    return this;
  }

  /** Adds a line for people. */
  public Report line(String line) {
    parts.add(width -> List.of(line));
    return this;
  }

  /** Adds a text for people that is broken into lines. */
  public Report paragraph(int indent, String text) {
    parts.add(
        width ->
            Table.wrap(text, width.columns() - indent).stream()
                .map(line -> " ".repeat(indent) + line)
                .toList());
    return this;
  }

  /** Adds a table for people. */
  public Report table(Table table) {
    parts.add(table::lines);
    return this;
  }

  /** Adds a table of nodes for people. */
  public Report table(NodeTable table) {
    parts.add(table::lines);
    return this;
  }

  /** Says whether the text for people lists each of many nodes; the document always does. */
  public Report listAll(boolean all) {
    listsAll = all;
    return this;
  }

  /** Tells whether the text lists each of many nodes. */
  public boolean listsAll() {
    return listsAll;
  }

  /** Adds what a user must know, for both. */
  public Report findings(List<Finding> more) {
    findings.addAll(more);
    return this;
  }

  /** Returns what a user must know, in the order in which it was added. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * Takes findings as read, by their ids. One of which there is no finding becomes a finding
   * itself.
   *
   * @param ids ids of findings
   */
  public Report accept(Collection<String> ids) {
    for (String id : new LinkedHashSet<>(ids)) {
      if (accepted.add(id) && findings.stream().noneMatch(finding -> finding.id().equals(id))) {
        findings.add(
            ReportFindings.NOT_FOUND.about(
                "'" + id + "' is accepted, and there is no such finding. Leave it out."));
      }
    }
    return this;
  }

  /** Takes findings as read, by their ids; ids of which there is no finding change nothing. */
  public Report acceptIfFound(Collection<String> ids) {
    accepted.addAll(ids);
    return this;
  }

  /** Tells whether a finding was taken as read. */
  public boolean isAccepted(Finding finding) {
    return accepted.contains(finding.id());
  }

  /** Returns the findings of at least some severity that were not taken as read. */
  public List<Finding> open(Finding.Severity least) {
    return findings.stream()
        .filter(finding -> finding.severity().compareTo(least) >= 0 && !isAccepted(finding))
        .toList();
  }

  private Tree tree(Finding finding) {
    Tree.Mapping tree = FindingTree.toTree(finding);
    if (!isAccepted(finding)) {
      return tree;
    }
    Map<String, Tree> fields = new LinkedHashMap<>(tree.entries());
    fields.put("accepted", Tree.of(true));
    return Tree.of(fields);
  }

  /** Returns the document; findings are its last field where a command has them. */
  public Tree json(boolean withFindings) {
    Map<String, Tree> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, value.get()));
    if (withFindings && !all.containsKey("findings")) {
      all.put("findings", Tree.of(findings.stream().map(this::tree).toList()));
    }
    return Tree.of(all);
  }

  /** Returns the text for people, each line as a screen may show it ({@link ShownText}). */
  public List<String> lines(Width width) {
    List<String> lines = new ArrayList<>();
    Width used = listsAll ? width.whole() : width;
    parts.forEach(part -> part.lines(used).forEach(line -> lines.add(ShownText.line(line))));
    return lines;
  }

  /** Returns the text for people as a log has it, each line with its end. */
  public String text() {
    return lines(Width.log()).stream().map(line -> line + "\n").collect(joining());
  }

  /** Returns a number of bytes in words, such as {@code 1.50 MB}; a megabyte is 10^6 bytes. */
  public static String bytes(long bytes) {
    double number = bytes;
    int unit = 0;
    while (number >= 1000 && unit < UNITS.length - 1) {
      number /= 1000;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.2f %s", number, UNITS[unit]);
  }

  /** Returns how much it says; {@link #text} returns what. */
  @Override
  public String toString() {
    return "report of " + fields.size() + " fields and " + findings.size() + " findings";
  }
}
