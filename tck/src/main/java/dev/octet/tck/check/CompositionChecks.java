package dev.octet.tck.check;

import dev.octet.annotation.ComposableQuantizer;
import dev.octet.annotation.policy.BoundaryRule;
import dev.octet.annotation.policy.Policy;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.ForeignOperators;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.ConvertedComposition;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Whether a backend bears another one on the same model. */
final class CompositionChecks {

  /** What begins the names of the nodes of the other one. */
  private static final String OTHER = "other";

  /** Conversions take long: so many compositions are converted, spread over all. */
  private static final int MOST_CONVERTED = 5;

  private CompositionChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-CMP-001", subject -> each(subject, CompositionChecks::requireAsAlone)),
        new RuleCheck("TCK-CMP-002", subject -> each(subject, CompositionChecks::requireContest)),
        new RuleCheck("TCK-CMP-003", CompositionChecks::converted));
  }

  /** What a composition must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject, Composition made);
  }

  private static List<TckCase> each(Subject subject, Demand demand) {
    return subject.plainest().stream()
        .map(made -> Answered.on(made.name(), () -> demand.on(subject, made)))
        .toList();
  }

  private static Quantizer tested(Subject subject) {
    return subject.provider().create(subject.options());
  }

  /** An operator that the tested backend declares nothing of, and the reference kernels run. */
  private static OpType foreign(Subject subject) {
    return ForeignOperators.to(subject.capabilities())
        .orElseThrow(() -> new IllegalStateException("every operator is declared"));
  }

  /** Reasons are left out: those of several quantizers are joined. */
  private static SortedMap<String, String> texts(
      AnnotatedGraph annotated, Predicate<String> chosen) {
    SortedMap<String, String> texts = new TreeMap<>();
    AnnotationText.of(annotated, UnaryOperator.identity(), false)
        .forEach(
            (name, text) -> {
              if (chosen.test(name)) {
                texts.put(name, text);
              }
            });
    return texts;
  }

  /**
   * Whoever declares what it makes of inputs and outputs of models marks them whoever reads them.
   */
  private static boolean isOwnEnd(Subject subject, String key) {
    return subject.capabilities().stream()
        .flatMap(capability -> capability.boundary().stream())
        .anyMatch(side -> key.startsWith(side.name().toLowerCase(Locale.ROOT) + " '"));
  }

  private static boolean isOther(String name) {
    return name.contains(OTHER);
  }

  private static void requireAsAlone(Subject subject, Composition made) {
    OpType op = foreign(subject);
    for (String name : ComposedBackend.NAMES) {
      Quantizer both =
          ComposedBackend.of(subject, tested(subject), name, ComposedBackend.idle()).quantizer();
      AnnotationText.requireEqual(
          texts(subject.annotation(made), node -> true),
          texts(subject.annotate(both, made.model()), node -> true),
          "a quantizer '" + name + "' beside it that claims nothing");
    }
    for (Model model :
        List.of(
            Variants.framed(made.model(), op, OTHER),
            Variants.beside(made.model(), Variants.single(op, OTHER, Shape.of(2, 3)), false))) {
      for (String name : ComposedBackend.NAMES) {
        requireOwnNodesAlone(subject, model, op, name);
      }
    }
  }

  private static void requireOwnNodesAlone(Subject subject, Model model, OpType op, String name) {
    Quantizer idle = ComposedBackend.idle();
    Quantizer other = ComposedBackend.other(op);
    AnnotatedGraph both =
        subject.annotate(
            ComposedBackend.of(subject, tested(subject), name, other).quantizer(), model);
    AnnotationText.requireEqual(
        texts(subject.annotate(tested(subject), model), node -> !isOther(node)),
        texts(both, node -> !isOther(node)),
        "that a quantizer '" + name + "' claims nodes beside it");
    Predicate<String> others = key -> isOther(key) && !isOwnEnd(subject, key);
    AnnotationText.requireEqual(
        texts(
            subject.annotate(ComposedBackend.of(subject, idle, name, other).quantizer(), model),
            others),
        texts(both, others),
        "that the backend is composed with the quantizer that claims them");
    AnnotatedGraph alone = subject.annotate(tested(subject), model);
    both.nodes().values().stream()
        .filter(NodeAnnotation::isClaimed)
        .forEach(
            node -> requireOwner(node, isOther(node.node()) ? name : owner(subject, alone, node)));
  }

  /** A backend that is composed itself names those that it is made of. */
  private static String owner(Subject subject, AnnotatedGraph alone, NodeAnnotation node) {
    boolean composed = subject.unguarded().create(subject.options()) instanceof ComposableQuantizer;
    return Optional.ofNullable(alone.nodes().get(node.node()))
        .filter(said -> composed)
        .flatMap(NodeAnnotation::quantizer)
        .orElse(subject.provider().name());
  }

  private static void requireOwner(NodeAnnotation node, String owner) {
    String found = node.quantizer().orElse("nobody");
    if (!found.equals(owner)) {
      throw Violation.of(
          "node '%s' is claimed by '%s', and is one of '%s'", node.node(), found, owner);
    }
  }

  /** Two instances want the same nodes; one that gives way remembers the other. */
  private static void requireContest(Subject subject, Composition made) {
    if (subject.annotation(made).nodes().values().stream().noneMatch(NodeAnnotation::isClaimed)) {
      return;
    }
    for (String name : ComposedBackend.NAMES) {
      Quantizer twice =
          ComposedBackend.of(subject, tested(subject), name, tested(subject)).quantizer();
      try {
        subject.annotate(twice, made.model());
      } catch (OctetException e) {
        if (e.id().equals("OCT-ANN-011")) {
          continue;
        }
        throw e;
      }
      throw Violation.of(
          "composed with itself under the name '%s', one of both gives way: OCT-ANN-011 is what"
              + " says that both claim a node",
          name);
    }
  }

  private static List<TckCase> converted(Subject subject) {
    List<Composition> runnable = subject.plainest().stream().filter(Outputs::isRunnable).toList();
    List<TckCase> cases = new ArrayList<>();
    int count = Math.min(MOST_CONVERTED, runnable.size());
    for (int i = 0; i < count; i++) {
      Composition made = runnable.get(i * runnable.size() / count);
      String name = ComposedBackend.NAMES.get(i % ComposedBackend.NAMES.size());
      cases.add(Answered.on(made.name(), () -> requireConvertedAsAlone(subject, made, name)));
    }
    return cases;
  }

  private static void requireConvertedAsAlone(Subject subject, Composition made, String name) {
    OpType op = foreign(subject);
    Model model = Variants.beside(made.model(), Variants.single(op, OTHER, Shape.of(2, 3)), false);
    Quantizer idle = ComposedBackend.idle();
    Quantizer other = ComposedBackend.other(op);
    Plan both = plan(ComposedBackend.of(subject, tested(subject), name, other), model);
    Plan own = plan(ComposedBackend.of(subject, tested(subject), name, idle), model);
    Plan others = plan(ComposedBackend.of(subject, idle, name, other), model);
    if (ParameterChecks.isConvertible(own)) {
      List<Map<String, Tensor>> outputs = outputs(subject, both);
      requireSamePart(outputs, outputs(subject, own), false, name);
      requireSamePart(outputs, outputs(subject, others), true, name);
    }
  }

  private static Plan plan(ComposedBackend backend, Model model) {
    Policy floats =
        Policy.builder()
            .boundary(BoundaryRule.of(Point.Side.INPUT, "*", BoundaryRule.Form.FLOAT))
            .boundary(BoundaryRule.of(Point.Side.OUTPUT, "*", BoundaryRule.Form.FLOAT))
            .build();
    return Quantization.plan(
        QuantizationRequest.of(model, backend).options(backend.subject().options()).policy(floats));
  }

  private static List<Map<String, Tensor>> outputs(Subject subject, Plan plan) {
    ConvertedComposition converted = ConvertedComposition.ofOneSample(plan, subject.seed());
    return ConvertedComposition.run(converted.converted().model(), converted.samples());
  }

  private static void requireSamePart(
      List<Map<String, Tensor>> both,
      List<Map<String, Tensor>> alone,
      boolean ofOther,
      String name) {
    Outputs.requireSameBits(
        part(alone, ofOther),
        part(both, ofOther),
        ofOther
            ? "composed with the backend, the nodes of '" + name + "' give other integers"
            : "composed with '" + name + "', the backend's nodes give other integers");
  }

  private static List<Map<String, Tensor>> part(List<Map<String, Tensor>> runs, boolean ofOther) {
    List<Map<String, Tensor>> kept = new ArrayList<>();
    for (Map<String, Tensor> outputs : runs) {
      Map<String, Tensor> own = new TreeMap<>(outputs);
      own.keySet().removeIf(output -> isOther(output) != ofOther);
      kept.add(own);
    }
    return kept;
  }
}
