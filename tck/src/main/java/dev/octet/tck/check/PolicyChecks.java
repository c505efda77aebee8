package dev.octet.tck.check;

import dev.octet.annotation.policy.BoundaryRule;
import dev.octet.annotation.policy.ModulePosition;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.ForeignOperators;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.ConvertedComposition;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Whether a backend obeys what its caller says of nodes. */
final class PolicyChecks {
  private static final String MODULE = "block";
  private static final String MODULE_CLASS = "acme.nn.Block";

  private PolicyChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-POL-001", PolicyChecks::excluded),
        new RuleCheck("TCK-POL-002", PolicyChecks::allExcluded),
        new RuleCheck("TCK-POL-003", PolicyChecks::configured),
        new RuleCheck("TCK-POL-004", PolicyChecks::precedence),
        new RuleCheck("TCK-POL-005", PolicyChecks::othersOfExcluded));
  }

  /** The words by which a policy can select every node of a model, but for their names. */
  private enum Words {
    OPERATOR {
      @Override
      List<Selector> selectors(Model model) {
        return model.graph().nodesWithSubgraphs().stream()
            .map(node -> node.op().toString())
            .distinct()
            .map(Selector::operatorType)
            .toList();
      }
    },
    MODULE {
      @Override
      List<Selector> selectors(Model model) {
        return List.of(Selector.module(PolicyChecks.MODULE));
      }
    },
    MODULE_REGEX {
      @Override
      List<Selector> selectors(Model model) {
        return List.of(Selector.moduleRegex("b[lmn]ock"));
      }
    },
    MODULE_TYPE {
      @Override
      List<Selector> selectors(Model model) {
        return List.of(Selector.moduleType(MODULE_CLASS));
      }
    },
    GLOBAL {
      @Override
      List<Selector> selectors(Model model) {
        return List.of(Selector.global());
      }
    },
    NODE_PATTERN {
      @Override
      List<Selector> selectors(Model model) {
        return List.of(Selector.node("*"));
      }
    };

    abstract List<Selector> selectors(Model model);
  }

  private static List<TckCase> excluded(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    List<Composition> plainest = subject.plainest();
    Words[] words = Words.values();
    for (int i = 0; i < plainest.size(); i++) {
      Composition made = plainest.get(i);
      cases.add(TckCase.of(made.name(), () -> requireExcluded(subject, made)));
      // Each way meets some of the operators, so that the cases do not grow with both.
      Words plain = words[i % words.length];
      Words inside = words[(i + 1) % words.length];
      cases.add(excludedBy(subject, made.model(), plain, made.name()));
      cases.add(
          excludedBy(subject, Variants.insideIf(made.model()), inside, "inside-if/" + made.name()));
    }
    return cases;
  }

  private static TckCase excludedBy(Subject subject, Model model, Words way, String name) {
    String word = way.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return TckCase.of(
        "by-" + word + "/" + name, () -> requireAllExcluded(subject, model, way.selectors(model)));
  }

  private static void requireAllExcluded(Subject subject, Model model, List<Selector> selectors) {
    Policy.Builder policy =
        Policy.builder()
            .modules(
                model.graph().nodesWithSubgraphs().stream()
                    .collect(
                        Collectors.toMap(
                            Node::name, node -> ModulePosition.of(MODULE, MODULE_CLASS))));
    selectors.forEach(policy::exclude);
    Plan plan = plan(subject, model, policy.build(), subject.options());
    for (PlannedNode node : plan.userNodes()) {
      if (node.rule().isPresent()
          || node.operands().stream().anyMatch(point -> point.group().isPresent())
          || node.results().stream().anyMatch(point -> point.group().isPresent())) {
        throw Violation.of(
            "the policy excludes every node by %s, and rule '%s' quantizes '%s'",
            selectors.get(0), node.rule().orElse("none"), node.name());
      }
    }
  }

  private static void requireExcluded(Subject subject, Composition made) {
    for (String name : made.chain()) {
      Policy policy = Policy.builder().exclude(Selector.node(name)).build();
      Plan plan = plan(subject, made.model(), policy, subject.options());
      PlannedNode node = Planned.node(plan, name);
      if (node.rule().isPresent()
          || node.operands().stream().anyMatch(point -> point.group().isPresent())
          || node.results().stream().anyMatch(point -> point.group().isPresent())) {
        throw Violation.of(
            "the policy excludes node '%s', and rule '%s' quantizes it",
            name, node.rule().orElse("none"));
      }
      if (!node.decidedBy().contains(name)) {
        throw Violation.of(
            "the policy excludes node '%s', and the plan says that '%s' decided",
            name, node.decidedBy());
      }
    }
  }

  private static Plan plan(Subject subject, Model model, Policy policy, Options options) {
    try {
      return Quantization.plan(
          QuantizationRequest.of(model, subject.provider()).options(options).policy(policy));
    } catch (OctetException e) {
      throw Violation.of("with the policy %s it makes no plan: %s", policy.rules(), e.getMessage());
    }
  }

  private static List<TckCase> allExcluded(Subject subject) {
    return subject.plainest().stream()
        .filter(Outputs::isRunnable)
        .map(made -> TckCase.of(made.name(), () -> requireFloatBits(subject, made)))
        .toList();
  }

  private static void requireFloatBits(Subject subject, Composition made) {
    Model twice = Variants.beside(made.model(), made.model(), false);
    Policy policy =
        Policy.builder()
            .exclude(Selector.node("a_*"))
            .boundary(BoundaryRule.of(Point.Side.INPUT, "*", BoundaryRule.Form.FLOAT))
            .boundary(BoundaryRule.of(Point.Side.OUTPUT, "*", BoundaryRule.Form.FLOAT))
            .build();
    Plan plan = plan(subject, twice, policy, subject.options());
    for (int group : plan.groups().keySet()) {
      for (Point point : Planned.points(plan, group)) {
        if (point.name().startsWith("a_")) {
          throw Violation.of("the policy excludes every node 'a_*', and %s is quantized", point);
        }
      }
    }
    if (!ParameterChecks.isConvertible(plan)) {
      return;
    }
    ConvertedComposition converted = ConvertedComposition.ofOneSample(plan, subject.seed());
    Outputs.requireSameBits(
        excluded(ConvertedComposition.run(twice, converted.samples())),
        excluded(ConvertedComposition.run(converted.converted().model(), converted.samples())),
        "the policy excludes the nodes 'a_*', and the converted model gives other floats there");
  }

  private static List<Map<String, Tensor>> excluded(List<Map<String, Tensor>> runs) {
    List<Map<String, Tensor>> kept = new ArrayList<>();
    for (Map<String, Tensor> outputs : runs) {
      Map<String, Tensor> own = new TreeMap<>(outputs);
      own.keySet().removeIf(name -> !name.startsWith("a_"));
      kept.add(own);
    }
    return kept;
  }

  private static List<TckCase> othersOfExcluded(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (Composition made : subject.plainest()) {
      cases.add(TckCase.of(made.name(), () -> requireOthersAsBefore(subject, made)));
      ForeignOperators.to(subject.capabilities())
          .ifPresent(
              op ->
                  cases.add(
                      TckCase.of(
                          "framed/" + made.name(),
                          () -> requireNeighboursAsBefore(subject, made, op))));
    }
    return cases;
  }

  /** Names of the second of two equal models begin with the names of the first. */
  private static void requireOthersAsBefore(Subject subject, Composition made) {
    Model twice =
        Variants.renamed(
            Variants.beside(made.model(), made.model(), false),
            name -> name.startsWith("b_") ? "a_" + name.substring(2) + "0" : name);
    List<String> others = made.chain().stream().map(name -> "a_" + name + "0").toList();
    requireSameBut(subject, twice, prefixed("a_", made), others::contains);
    Model inside = Variants.insideIf(made.model());
    requireSameBut(subject, inside, prefixed("then_", made), name -> name.startsWith("else_"));
  }

  private static List<String> prefixed(String prefix, Composition made) {
    return made.chain().stream().map(name -> prefix + name).toList();
  }

  private static void requireNeighboursAsBefore(Subject subject, Composition made, OpType op) {
    Model framed = Variants.framed(made.model(), op, "around");
    List<String> around =
        framed.graph().nodes().stream()
            .map(Node::name)
            .filter(name -> name.startsWith("around"))
            .toList();
    requireSameBut(subject, framed, around, made.chain()::contains);
  }

  private static void requireSameBut(
      Subject subject, Model model, List<String> excluded, Predicate<String> others) {
    Policy.Builder policy = Policy.builder();
    excluded.forEach(node -> policy.exclude(Selector.node(node)));
    AnnotationText.requireEqual(
        chosen(subject.plan(model), others),
        chosen(plan(subject, model, policy.build(), subject.options()), others),
        "that " + excluded + " are excluded");
  }

  private static SortedMap<String, String> chosen(Plan plan, Predicate<String> names) {
    SortedMap<String, String> texts = texts(plan, UnaryOperator.identity(), "");
    texts.keySet().removeIf(names.negate());
    return texts;
  }

  private static List<TckCase> configured(Subject subject) {
    return eachChoice(subject, PolicyChecks::requireOneNode);
  }

  private static List<TckCase> precedence(Subject subject) {
    return eachChoice(subject, PolicyChecks::requirePrecedence);
  }

  /** Asks about a composition with an option of nodes and another value than the subject's. */
  private interface ChoiceDemand {
    void on(Subject subject, Composition made, Options current, Options other);
  }

  private static List<TckCase> eachChoice(Subject subject, ChoiceDemand demand) {
    Set<String> ofNodes = subject.provider().create(subject.options()).nodeOptions();
    Options resolved =
        subject.options().resolve(subject.provider().name(), subject.provider().options());
    List<TckCase> cases = new ArrayList<>();
    for (OptionDescriptor option : subject.provider().options()) {
      Optional<String> current = resolved.find(option.name());
      Optional<String> other =
          Presets.values(option).stream()
              .filter(value -> current.isPresent() && !current.get().equals(value))
              .findFirst();
      if (ofNodes.contains(option.name()) && other.isPresent()) {
        Options now = Options.of(option.name(), current.orElseThrow());
        Options then = Options.of(option.name(), other.get());
        for (Composition made : configurable(subject)) {
          cases.add(
              TckCase.of(
                  option.name() + "=" + other.get() + "/" + made.name(),
                  () -> demand.on(subject, made, now, then)));
        }
      }
    }
    if (cases.isEmpty()) {
      cases.add(TckCase.of("refuses-node-options", () -> requireRefused(subject)));
    }
    return cases;
  }

  /**
   * Returns what each choice is tried on; one model where presets differ in the choices already.
   */
  private static List<Composition> configurable(Subject subject) {
    return subject.breadth() == Breadth.WHOLE
        ? subject.plainest()
        : subject.plainest().stream().limit(1).toList();
  }

  /** A backend without an option of nodes refuses a policy that configures one. */
  private static void requireRefused(Subject subject) throws Exception {
    Policy policy = Policy.builder().node("n0", Options.of("tck-unknown", "1")).build();
    QuantizationRequest request =
        QuantizationRequest.of(Variants.withoutNode(), subject.provider())
            .options(subject.options())
            .policy(policy);
    try {
      Quantization.plan(request);
    } catch (OctetException e) {
      return;
    }
    throw Violation.of("a policy that configures the unknown option 'tck-unknown' is not refused");
  }

  private static void requireOneNode(
      Subject subject, Composition made, Options current, Options other) {
    Model twice = Variants.beside(made.model(), made.model(), false);
    Policy policy = Policy.builder().node("a_*", other).build();
    SortedMap<String, String> plain = texts(subject.plan(made), name -> "b_" + name, "");
    SortedMap<String, String> changed =
        texts(
            plan(subject, made.model(), Policy.none(), subject.options().overriddenBy(other)),
            name -> "a_" + name,
            "");
    Plan both = plan(subject, twice, policy, subject.options());
    AnnotationText.requireEqual(
        plain,
        texts(both, UnaryOperator.identity(), "b_"),
        "option " + other + " of the nodes beside it");
    AnnotationText.requireEqual(
        changed,
        texts(both, UnaryOperator.identity(), "a_"),
        "that option " + other + " is given for the node and not for the model");
  }

  private static void requirePrecedence(
      Subject subject, Composition made, Options current, Options other) {
    List<BiConsumer<Policy.Builder, Options>> rising =
        List.of(
            Policy.Builder::global,
            (policy, options) -> {
              made.model().graph().nodes().stream()
                  .map(node -> node.op().toString())
                  .distinct()
                  .forEach(op -> policy.operatorType(op, options));
            },
            (policy, options) -> policy.module(MODULE, options),
            (policy, options) -> policy.node("*", options));
    List<String> words = List.of("global", "operator type", "module", "node");
    SortedMap<String, String> wanted = texts(subject.plan(made), UnaryOperator.identity(), "");
    Map<String, ModulePosition> modules =
        made.model().graph().nodes().stream()
            .map(Node::name)
            .collect(Collectors.toMap(name -> name, name -> ModulePosition.of(MODULE)));
    SortedMap<String, String> changed =
        texts(
            plan(subject, made.model(), Policy.none(), subject.options().overriddenBy(other)),
            UnaryOperator.identity(),
            "");
    for (int low = 0; low + 1 < rising.size(); low++) {
      String levels = " by " + words.get(low + 1) + ", over " + words.get(low) + ",";
      Policy.Builder back = Policy.builder().modules(modules);
      rising.get(low + 1).accept(back, current);
      rising.get(low).accept(back, other);
      requirePlan(subject, made, wanted, back.build(), "option " + current + levels);
      Policy.Builder forth = Policy.builder().modules(modules);
      rising.get(low + 1).accept(forth, other);
      rising.get(low).accept(forth, current);
      requirePlan(subject, made, changed, forth.build(), "option " + other + levels);
    }
  }

  private static void requirePlan(
      Subject subject,
      Composition made,
      SortedMap<String, String> wanted,
      Policy policy,
      String what) {
    Plan plan = plan(subject, made.model(), policy, subject.options());
    AnnotationText.requireEqual(wanted, texts(plan, UnaryOperator.identity(), ""), what);
  }

  /** Returns what a plan decides of the nodes whose names begin with a prefix. */
  private static SortedMap<String, String> texts(
      Plan plan, UnaryOperator<String> rename, String prefix) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (PlannedNode node : plan.nodes()) {
      if (node.name().startsWith(prefix)) {
        texts.put(rename.apply(node.name()), AnnotationText.text(node, plan, rename));
      }
    }
    return texts;
  }
}
