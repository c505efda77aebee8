package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.subject.ConvertedComposition;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Whether methods answer, and what goes wrong is told. */
final class ErrorChecks {

  /** The id of what the guard makes of an exception or a null. */
  private static final String FAILED = "OCT-REG-006";

  private ErrorChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-ERR-001", ErrorChecks::methods),
        new RuleCheck("TCK-ERR-002", ErrorChecks::findings),
        new RuleCheck("TCK-ERR-003", subject -> refusals(TestedRuntime.of(subject))),
        new RuleCheck("TCK-ERR-004", subject -> afterRefusals(TestedRuntime.of(subject))));
  }

  private static List<TckCase> methods(Subject subject) {
    composeBeforehand(subject);
    QuantizerProvider provider = subject.provider();
    List<TckCase> cases = new ArrayList<>();
    Answers.questions(subject.options())
        .forEach((method, question) -> answers(method, cases, () -> question.apply(provider)));
    answers("availability", cases, provider::availability);
    answers("create", cases, () -> provider.create(subject.options()));
    eachModel(
        "transformForAnnotation",
        subject,
        cases,
        (quantizer, model) -> quantizer.transformForAnnotation(model.graph()));
    eachModel("annotate", subject, cases, subject::annotate);
    eachModel(
        "validate",
        subject,
        cases,
        (quantizer, model) -> quantizer.validate(subject.annotate(quantizer, model)));
    answers("adjustObservers", cases, () -> ofItsOwn(() -> planned(subject)));
    answers("adjustParameters", cases, () -> ofItsOwn(() -> converted(subject)));
    answers("checkConverted", cases, () -> checkConverted(subject));
    return cases;
  }

  /** Composes what cases ask about, which takes no time of theirs then; one says why it fails. */
  private static void composeBeforehand(Subject subject) {
    try {
      subject.compositions();
    } catch (OctetException e) {
      return;
    }
  }

  /** What is asked of a quantizer. */
  @FunctionalInterface
  private interface Question {
    Object of(Quantizer quantizer, Model model);
  }

  private static void eachModel(
      String method, Subject subject, List<TckCase> cases, Question question) {
    answers(
        method,
        cases,
        () -> {
          Quantizer quantizer = subject.provider().create(subject.options());
          return subject.plainest().stream()
              .map(made -> question.of(quantizer, made.model()))
              .toList();
        });
  }

  private static void answers(String method, List<TckCase> cases, Callable<?> call) {
    cases.add(
        TckCase.of(
            method,
            () -> {
              try {
                call.call();
              } catch (OctetException e) {
                throw Violation.of("%s does not answer: %s", method, e.getMessage());
              }
            }));
  }

  /** What else is wrong with a plan or a conversion, other rules say. */
  private static Object ofItsOwn(Callable<?> call) throws Exception {
    try {
      return call.call();
    } catch (OctetException e) {
      if (e.id().equals(FAILED)) {
        throw e;
      }
      return e;
    }
  }

  private static List<Plan> planned(Subject subject) {
    return subject.plainest().stream().map(subject::plan).toList();
  }

  private static List<ConvertedComposition> converted(Subject subject) {
    return subject.plainest().stream()
        .filter(Outputs::isRunnable)
        .filter(made -> ParameterChecks.isConvertible(subject.plan(made)))
        .limit(2)
        .map(subject::conversion)
        .toList();
  }

  private static Object checkConverted(Subject subject) {
    return converted(subject).stream()
        .map(made -> subject.provider().checkConverted(made.converted().model()))
        .toList();
  }

  private static List<TckCase> findings(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    Map<String, Finding> known = new HashMap<>();
    for (Composition made : subject.plainest()) {
      cases.add(TckCase.of(made.name(), () -> requireOfTheModel(subject, made, known)));
    }
    cases.add(TckCase.of("one-behind-the-other", () -> requireOfThisModel(subject)));
    return cases;
  }

  private static void requireOfTheModel(
      Subject subject, Composition made, Map<String, Finding> known) throws Exception {
    Quantizer quantizer = subject.provider().create(subject.options());
    AnnotatedGraph annotated = subject.annotate(quantizer, made.model());
    requireExplained(quantizer.validate(annotated), annotated.graph(), known);
    if (ParameterChecks.isConvertible(subject.plan(made))
        && ofItsOwn(() -> subject.conversion(made)) instanceof ConvertedComposition converted) {
      Model model = converted.converted().model();
      requireExplained(subject.provider().checkConverted(model), model.graph(), known);
    }
  }

  /** One quantizer validates models of which each has other names. */
  private static void requireOfThisModel(Subject subject) {
    Quantizer quantizer = subject.provider().create(subject.options());
    int count = 0;
    for (Composition made : subject.plainest()) {
      String prefix = "m" + count++ + "_";
      AnnotatedGraph annotated =
          subject.annotate(quantizer, Variants.renamed(made.model(), name -> prefix + name));
      requireExplained(quantizer.validate(annotated), annotated.graph(), new HashMap<>());
    }
  }

  private static void requireExplained(
      List<Finding> findings, Graph graph, Map<String, Finding> known) {
    Set<String> nodes =
        graph.nodesWithSubgraphs().stream().map(Node::name).collect(Collectors.toSet());
    for (Finding finding : findings) {
      ForPeople.require(finding.message(), "the message of finding " + finding.id());
      if (finding.node().isPresent() && !nodes.contains(finding.node().get())) {
        throw Violation.of(
            "finding %s is about node '%s', and the model has %s",
            finding.id(), finding.node().get(), nodes);
      }
      Finding first = known.computeIfAbsent(finding.id(), id -> finding);
      if (first.severity() != finding.severity()) {
        throw Violation.of(
            "finding %s is %s here and %s there; one id has one severity",
            finding.id(), finding.severity(), first.severity());
      }
    }
  }

  private static List<TckCase> refusals(TestedRuntime runtime) {
    return List.of(TckCase.of("unknown-operator", () -> requireExplained(runtime)));
  }

  private static void requireExplained(TestedRuntime runtime) {
    OctetException refusal = refusal(runtime);
    ForPeople.require(refusal.fact(), "what is wrong, by " + refusal.id() + ",");
    ForPeople.require(refusal.nextStep(), "what to do, by " + refusal.id() + ",");
    if (!refusal.fact().contains("Nothing") && !refusal.place().orElse("").contains("Nothing")) {
      throw Violation.of(
          "%s does not name the operator dev.octet.tck.Nothing that the runtime refuses: %s",
          refusal.id(), refusal.getMessage());
    }
  }

  private static OctetException refusal(TestedRuntime runtime) {
    Model unknown =
        UndeclaredUses.unknown(runtime)
            .orElseThrow(() -> Violation.of("the runtime declares nothing that the kit knows"));
    try (ExecutableModel loaded = runtime.backend().load(runtime.request(unknown).build())) {
      throw Violation.of(
          "the runtime loads a model with operators that nobody has, as %s", loaded.outputs());
    } catch (OctetException e) {
      return e;
    }
  }

  private static List<TckCase> afterRefusals(TestedRuntime runtime) {
    return runtime.samples().stream()
        .limit(4)
        .map(model -> TckCase.of(model.name(), () -> requireUntouched(runtime, model)))
        .toList();
  }

  private static void requireUntouched(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> before = runtime.run(model);
    OctetException refusal = refusal(runtime);
    Map<String, Tensor> after;
    try {
      after = runtime.run(model);
    } catch (Violation e) {
      throw Violation.of(
          "the runtime refused another model (%s), and then fails at one that it ran before: %s",
          refusal.id(), e.getMessage());
    }
    Outputs.requireSameBits(
        List.of(before),
        List.of(after),
        "the runtime refused another model (" + refusal.id() + "), and then gives other results");
  }
}
