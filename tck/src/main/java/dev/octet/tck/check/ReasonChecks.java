package dev.octet.tck.check;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composer;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.PlacedInMatch;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether nodes that stay float have reasons, and whether the reasons are true. */
final class ReasonChecks {

  /** An operator that nobody has. */
  private static final OpType NOBODYS = new OpType("dev.octet.tck", "Nothing");

  /** How many operators of ONNX that a backend does not declare are asked about. */
  private static final int MOST_UNDECLARED = 12;

  private static final String FIRST = "tck_first_";
  private static final String OWN = "<>";
  private static final String SECOND = "tck_second_";

  private ReasonChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-RSN-001", ReasonChecks::given),
        new RuleCheck("TCK-RSN-002", ReasonChecks::conditions),
        new RuleCheck("TCK-RSN-003", ReasonChecks::statements),
        new RuleCheck("TCK-RSN-004", ReasonChecks::flips),
        new RuleCheck("TCK-RSN-005", ReasonChecks::ofThisModel),
        new RuleCheck("TCK-RSN-006", ReasonChecks::toldApart));
  }

  /** A node that stays float in an annotated graph. */
  private record InFloat(AnnotatedGraph annotated, NodeAnnotation said) {
    String reason() {
      return said.reason().orElse("");
    }

    NodeView view() {
      return NodeView.of(annotated.graph(), said.node());
    }

    static List<InFloat> all(AnnotatedGraph annotated) {
      return annotated.nodes().values().stream()
          .filter(said -> !said.isQuantized())
          .map(said -> new InFloat(annotated, said))
          .toList();
    }
  }

  /** What an annotated graph must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject, AnnotatedGraph annotated);
  }

  /** What a node that stays float must show. */
  @FunctionalInterface
  private interface NodeDemand {
    void on(Subject subject, InFloat node);
  }

  private static List<TckCase> eachInFloat(Subject subject, NodeDemand demand) {
    return each(
        subject, (s, annotated) -> InFloat.all(annotated).forEach(node -> demand.on(s, node)));
  }

  /** Asks about models that are declared, about those just outside, and about others. */
  private static List<TckCase> each(Subject subject, Demand demand) {
    List<TckCase> cases = new ArrayList<>();
    Stream.concat(subject.plainest().stream(), subject.nearMisses().stream())
        .forEach(
            made ->
                cases.add(
                    TckCase.of(made.name(), () -> demand.on(subject, subject.annotation(made)))));
    others(subject)
        .forEach(
            (name, model) ->
                cases.add(TckCase.of(name, () -> demand.on(subject, subject.annotate(model)))));
    return cases;
  }

  private static Map<String, Model> others(Subject subject) {
    Map<String, Model> models = undeclared(subject);
    subject.plainest().stream()
        .limit(2)
        .forEach(
            made ->
                models.put(
                    "unknown-operator/" + made.name(), Variants.followedBy(made.model(), NOBODYS)));
    return models;
  }

  /** Returns a model of each of a few operators that the backend does not declare. */
  private static Map<String, Model> undeclared(Subject subject) {
    Set<OpType> declared = declared(subject);
    Map<String, Model> models = new LinkedHashMap<>();
    for (String name : Composer.operators()) {
      OpType op = OpType.onnx(name);
      if (!declared.contains(op) && models.size() < MOST_UNDECLARED) {
        new Composer(List.of(Capability.of(List.of(op)).build()), Breadth.NARROW, subject.seed())
            .compositions().stream()
                .findFirst()
                .ifPresent(
                    made ->
                        models.put("undeclared/" + name.toLowerCase(Locale.ROOT), made.model()));
      }
    }
    return models;
  }

  private static Set<OpType> declared(Subject subject) {
    return subject.capabilities().stream()
        .flatMap(capability -> capability.pattern().stream())
        .collect(Collectors.toSet());
  }

  private static List<TckCase> given(Subject subject) {
    return each(
        subject, (s, annotated) -> annotated.nodes().values().forEach(ReasonChecks::requireGiven));
  }

  private static void requireGiven(NodeAnnotation said) {
    if (!said.isQuantized()) {
      ForPeople.require(
          said.reason().orElse(""), "the reason why '" + said.node() + "' stays float");
    }
    Stream.concat(said.operands().values().stream(), said.results().values().stream())
        .flatMap(spec -> spec.floatReason().stream())
        .forEach(
            reason ->
                ForPeople.require(
                    reason, "the reason why a point of '" + said.node() + "' is kept in float"));
  }

  private static List<TckCase> conditions(Subject subject) {
    return eachInFloat(subject, ReasonChecks::requireBroken);
  }

  /** A reason that has the words of a condition says that it does not hold. */
  private static void requireBroken(Subject subject, InFloat node) {
    PlacedInMatch placed = PlacedInMatch.first(node.view(), point -> false);
    for (Capability capability : subject.capabilities()) {
      for (Capability.StepCondition asked : capability.conditions()) {
        boolean concerns =
            asked.step() == 0
                && capability.pattern().get(0).equals(node.view().node().op())
                && !asked.condition().dependsOnMarks();
        if (concerns
            && node.reason().contains("not: " + asked.condition().words())
            && asked.condition().failure(placed).isEmpty()) {
          throw Violation.of(
              "the reason why '%s' (%s) stays float is '%s', and the condition holds: %s",
              node.said().node(),
              node.view().node().op(),
              node.reason(),
              asked.condition().words());
        }
      }
    }
  }

  private static List<TckCase> statements(Subject subject) {
    return eachInFloat(subject, (s, node) -> claims(s, node).forEach(Claims::requireTrue));
  }

  private static List<Claims> claims(Subject subject, InFloat node) {
    return new Claims(node.annotated().graph(), node.view(), node.reason(), declared(subject))
        .apart();
  }

  private static List<TckCase> flips(Subject subject) {
    return subject.nearMisses().stream()
        .map(made -> TckCase.of(made.name(), () -> requireFlip(subject, made)))
        .toList();
  }

  /** Where one condition alone is broken, what the reason blames is mended, and it is quantized. */
  private static void requireFlip(Subject subject, Composition made) {
    String name = made.chain().get(made.broken().orElseThrow().step());
    for (InFloat node : InFloat.all(subject.annotation(made))) {
      if (node.said().node().equals(name)) {
        List<Claims> claims = claims(subject, node);
        Optional<Claims> only = claims.size() == 1 ? claims.stream().findFirst() : Optional.empty();
        only.flatMap(said -> said.blamed(made.model(), subject.seed()))
            .ifPresent(blamed -> requireQuantized(subject, node, blamed));
      }
    }
  }

  private static void requireQuantized(Subject subject, InFloat before, Claims.Blamed blamed) {
    String name = before.said().node();
    blamed
        .mended()
        .map(model -> subject.annotate(model).nodes().get(name))
        .filter(now -> !now.isQuantized())
        .ifPresent(
            now -> {
              throw Violation.of(
                  "'%s' stays float since '%s'; with %s it stays float all the same: %s",
                  name, before.reason(), blamed.words(), now.reason().orElse(""));
            });
  }

  private static List<TckCase> ofThisModel(Subject subject) {
    return subject.nearMisses().isEmpty()
        ? subject.plainest().stream().map(made -> ofThisModel(subject, made)).toList()
        : subject.nearMisses().stream().map(made -> ofThisModel(subject, made)).toList();
  }

  private static TckCase ofThisModel(Subject subject, Composition made) {
    return TckCase.of(
        made.name(),
        () -> {
          SortedMap<String, String> first = reasons(subject, made, FIRST);
          SortedMap<String, String> second = reasons(subject, made, SECOND);
          second.forEach((node, reason) -> requireOwnNames(node, reason, made));
          AnnotationText.requireEqual(first, second, "that nodes and values have other names");
          first.keySet().removeIf(node -> !node.startsWith(OWN));
          AnnotationText.requireEqual(
              first, reasonsBeside(subject, made), "that the same nodes stand beside it");
        });
  }

  /** Returns the reasons where names have a prefix, which is that of the first in what is told. */
  private static SortedMap<String, String> reasons(
      Subject subject, Composition made, String prefix) {
    Model renamed = Variants.renamed(made.model(), name -> prefix + name);
    SortedMap<String, String> reasons = new TreeMap<>();
    for (InFloat node : InFloat.all(subject.annotate(Variants.followedBy(renamed, NOBODYS)))) {
      reasons.put(told(node.said().node(), prefix), told(node.reason(), prefix));
    }
    return reasons;
  }

  /** Returns the reasons of the second of two equal models. */
  private static SortedMap<String, String> reasonsBeside(Subject subject, Composition made) {
    Model renamed = Variants.renamed(made.model(), name -> SECOND + name);
    String prefix = "b_" + SECOND;
    SortedMap<String, String> reasons = new TreeMap<>();
    for (InFloat node : InFloat.all(subject.annotate(Variants.beside(renamed, renamed, false)))) {
      if (node.said().node().startsWith(prefix)) {
        reasons.put(told(node.said().node(), prefix), told(node.reason(), prefix));
      }
    }
    return reasons;
  }

  /** A prefix that is not that of the model stays, and shows. */
  private static String told(String text, String prefix) {
    return text.replace(prefix, OWN).replace(FIRST, "<of another model>");
  }

  private static void requireOwnNames(String node, String reason, Composition made) {
    for (Node other : made.model().graph().nodes()) {
      if (Pattern.compile("(?<![\\w>])" + Pattern.quote(other.name()) + "(?!\\w)")
          .matcher(reason)
          .find()) {
        throw Violation.of(
            "the reason why '%s' stays float names '%s', and the model has no such node: %s",
            node, other.name(), reason);
      }
    }
  }

  private static List<TckCase> toldApart(Subject subject) {
    Map<Capability, List<Composition>> byCapability =
        subject.nearMisses().stream()
            .collect(
                Collectors.groupingBy(
                    Composition::capability, LinkedHashMap::new, Collectors.toList()));
    return byCapability.values().stream()
        .filter(misses -> misses.size() > 1)
        .map(misses -> TckCase.of(misses.get(0).name(), () -> requireApart(subject, misses)))
        .toList();
  }

  private static void requireApart(Subject subject, List<Composition> misses) {
    Set<String> conditions = new TreeSet<>();
    Set<String> reasons = new TreeSet<>();
    for (Composition made : misses) {
      Capability.StepCondition broken = made.broken().orElseThrow();
      NodeAnnotation said = subject.annotation(made).nodes().get(made.chain().get(broken.step()));
      if (said != null && !said.isQuantized()) {
        conditions.add(broken.condition().words());
        said.reason().ifPresent(reasons::add);
      }
    }
    if (conditions.size() > 1 && reasons.size() == 1) {
      throw Violation.of(
          "of each of the conditions %s the reason is the same, '%s', so that nobody knows which",
          conditions, reasons.iterator().next());
    }
  }
}
