package dev.octet.tck.rule;

import dev.octet.api.error.NearMisses;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The list of all rules, read from {@code rules/<area>.yaml} beside this class, with the list of
 * boundary cases. Immutable and thread-safe.
 */
public final class RuleBook {

  private final SortedMap<String, Rule> rules;
  private final List<BoundaryCase> boundary;

  private RuleBook(SortedMap<String, Rule> rules, List<BoundaryCase> boundary) {
    this.rules = Collections.unmodifiableSortedMap(rules);
    this.boundary = List.copyOf(boundary);
  }

  /**
   * Reads the rules of this version of the kit.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-TREE-...} if a file is malformed, which
   *     would be a defect of the kit
   */
  public static RuleBook read() {
    SortedMap<String, Rule> rules = new TreeMap<>();
    for (Area area : Area.values()) {
      String name = "rules/" + area.name().toLowerCase(Locale.ROOT) + ".yaml";
      for (Tree entry : YamlText.parse(text(name), name).asItems()) {
        Rule rule = rule(entry.asMapping());
        if (rule.area() != area || rules.put(rule.id(), rule) != null) {
          throw new IllegalStateException(rule.id() + " stands twice, or not where it belongs");
        }
      }
    }
    return new RuleBook(rules, boundary(rules));
  }

  private static List<BoundaryCase> boundary(SortedMap<String, Rule> rules) {
    String name = "boundary-cases.yaml";
    List<BoundaryCase> all = new ArrayList<>();
    for (Tree line : YamlText.parse(text(name), name).asItems()) {
      Tree.Mapping entry = line.asMapping();
      BoundaryCase made =
          new BoundaryCase(
              entry.get("name").asText(),
              entry.get("rule").asText(),
              entry.get("cases").asText(),
              entry.get("why").asText());
      if (!rules.containsKey(made.rule())) {
        throw new IllegalStateException(made + " is of a rule that is not there");
      }
      all.add(made);
    }
    return all;
  }

  /** Returns the rules in the order of their ids. */
  public Collection<Rule> rules() {
    return rules.values();
  }

  /** Returns the rules of an area in the order of their ids. */
  public List<Rule> rules(Area area) {
    return rules.values().stream().filter(rule -> rule.area() == area).toList();
  }

  /** Returns what every run tries, in the order of the list. */
  public List<BoundaryCase> boundary() {
    return boundary;
  }

  /** Tells whether a case of a rule is one that every run tries. */
  public boolean isBoundary(String rule, String caseName) {
    return boundary.stream().anyMatch(line -> line.has(rule, caseName));
  }

  /** Returns a rule by its id; empty when there is none. */
  public Optional<Rule> find(String id) {
    return Optional.ofNullable(rules.get(id));
  }

  /** Returns the ids that a wrong one may have meant, nearest first. */
  public List<String> near(String wanted) {
    return NearMisses.of(wanted, rules.keySet());
  }

  private static Rule rule(Tree.Mapping entry) {
    List<String> hints = new ArrayList<>();
    entry.find("look-at").ifPresent(list -> list.oneOrMore().forEach(t -> hints.add(t.asText())));
    return new Rule(
        entry.get("id").asText(),
        entry.get("title").asText(),
        entry.get("level").asWord("level", Level.values()),
        entry.find("need").map(need -> need.asWord("need", Need.values())).orElse(Need.NOTHING),
        entry.get("since").asText(),
        entry.get("rule").asText().strip(),
        entry.get("intent").asText().strip(),
        entry.get("example").asText().strip(),
        hints,
        entry.find("untestable").map(reason -> reason.asText().strip()));
  }

  private static String text(String name) {
    try (InputStream in = RuleBook.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the kit has no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
