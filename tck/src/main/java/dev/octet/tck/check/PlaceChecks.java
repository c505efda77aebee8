package dev.octet.tck.check;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.ForeignOperators;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Whether decisions on a match depend on what stands around it. */
final class PlaceChecks {

  /** What begins the names of nodes that stand around. */
  private static final String AROUND = "around";

  /** Domains that models import and use nothing of. */
  private static final Map<String, Long> DOMAINS = Map.of("com.microsoft", 1L, "ai.onnx.ml", 3L);

  private PlaceChecks() {}

  static List<RuleCheck> all() {
    return List.of(new RuleCheck("TCK-DET-009", PlaceChecks::cases));
  }

  private static List<TckCase> cases(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (Composition made : subject.plainest()) {
      cases.add(
          TckCase.of(
              made.name(),
              () ->
                  around(subject, made.model())
                      .forEach((what, model) -> requireSame(subject, made, model, what))));
    }
    return cases;
  }

  /** Returns the model in other surroundings, by what is different there. */
  private static Map<String, Model> around(Subject subject, Model model) {
    Map<String, Model> all = new LinkedHashMap<>();
    DOMAINS.forEach(
        (domain, version) ->
            all.put(
                "an operator set '" + domain + "' of which the model uses nothing",
                model.withOpset(domain, version)));
    ForeignOperators.to(subject.capabilities()).ifPresent(op -> around(model, op, all));
    Variants.readingConstants(model)
        .ifPresent(read -> all.put("that other nodes read the constants too", read));
    Variants.ofUnknownBatch(model)
        .ifPresent(unknown -> all.put("that the size of the batch is not known", unknown));
    return all;
  }

  private static void around(Model model, OpType op, Map<String, Model> all) {
    all.put("a " + op + " in front and behind", Variants.framed(model, op, AROUND));
    Variants.readTwice(model, op, AROUND)
        .ifPresent(read -> all.put("that two nodes read each result", read));
    Variants.readBeside(model, op, AROUND)
        .ifPresent(read -> all.put("that other nodes read inputs and outputs too", read));
  }

  /** What is different may be what a condition is about; then it need not be the same. */
  private static void requireSame(Subject subject, Composition made, Model model, String what) {
    if (CapabilityChecks.holds(subject, made, model)) {
      AnnotationText.requireEqual(
          ofTheChain(subject.annotation(made), made),
          ofTheChain(subject.annotate(model), made),
          what);
    }
  }

  private static SortedMap<String, String> ofTheChain(AnnotatedGraph annotated, Composition made) {
    SortedMap<String, String> texts = new TreeMap<>();
    AnnotationText.of(annotated, UnaryOperator.identity(), false)
        .forEach(
            (name, text) -> {
              if (made.chain().contains(name)) {
                texts.put(name, text);
              }
            });
    return texts;
  }
}
