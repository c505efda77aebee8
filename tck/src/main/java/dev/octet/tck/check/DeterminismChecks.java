package dev.octet.tck.check;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.subject.Presets;
import dev.octet.tck.subject.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a decision depends on the graph and the options alone. */
final class DeterminismChecks {
  private static final int THREADS = 4;

  /** Beginnings of names, some as exporters of models write them. */
  private static final List<String> PREFIXES =
      List.of(
          "zz/",
          "0:",
          "Conv_relu_",
          "\u0130\u00e9 ",
          "/model/layers.11/self_attn/q_proj/MatMul_embed_tokens_",
          "lm_head.classifier.fc_weight_bias_quant_");

  /** An operator that nobody has, for reasons. */
  private static final OpType NOBODYS = new OpType("dev.octet.tck", "Nothing");

  /** Names of graphs, as exporters of models write them. */
  private static final List<String> GRAPHS =
      List.of("main_graph", "torch_jit", "tf2onnx", "model_quantized_int8", "");

  /** So many models are annotated in every order of two. */
  private static final int MOST_ORDERED = 40;

  /** How often one model is annotated again. */
  private static final int TIMES = 12;

  /** How often each thread goes through all models. */
  private static final int ROUNDS = 6;

  /** At so many moments, and so far apart, everything is annotated again. */
  private static final int MOMENTS = 8;

  private static final Duration BETWEEN_MOMENTS = Duration.ofMillis(139);

  /** A power of two: models are put beside themselves. */
  private static final int COPIES = 64;

  private DeterminismChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-DET-001", DeterminismChecks::reusable),
        new RuleCheck(
            "TCK-DET-002", subject -> pairs(subject, DeterminismChecks::requireOrderless)),
        new RuleCheck("TCK-DET-003", subject -> each(subject, DeterminismChecks::requireNameless)),
        new RuleCheck("TCK-DET-004", DeterminismChecks::localeless),
        new RuleCheck("TCK-DET-005", DeterminismChecks::threads),
        new RuleCheck("TCK-DET-006", DeterminismChecks::otherOptions),
        new RuleCheck("TCK-DET-007", DeterminismChecks::explicitDefaults),
        new RuleCheck("TCK-DET-008", DeterminismChecks::olderOperatorSets));
  }

  /** What a composition must show. */
  @FunctionalInterface
  private interface Demand {
    void on(Subject subject, Composition made);
  }

  /** What two compositions must show. */
  @FunctionalInterface
  private interface PairDemand {
    void on(Subject subject, Composition first, Composition second);
  }

  private static List<TckCase> each(Subject subject, Demand demand) {
    return subject.plainest().stream()
        .map(made -> TckCase.of(made.name(), () -> demand.on(subject, made)))
        .toList();
  }

  /** Each composition with the next one, so that different operators and shapes meet. */
  private static List<TckCase> pairs(Subject subject, PairDemand demand) {
    List<TckCase> cases = new ArrayList<>();
    List<Composition> all = subject.plainest();
    for (int i = 0; i < all.size(); i++) {
      Composition first = all.get(i);
      Composition second = all.get((i + 1) % all.size());
      cases.add(TckCase.of(first.name(), () -> demand.on(subject, first, second)));
    }
    return cases;
  }

  private static List<TckCase> reusable(Subject subject) {
    List<TckCase> cases = new ArrayList<>(pairs(subject, DeterminismChecks::requireReusable));
    if (subject.breadth() == Breadth.WHOLE) {
      cases.add(TckCase.of("every-order", () -> requireSameInEveryOrder(subject)));
    }
    return cases;
  }

  /** One instance annotates models that begin with unlike operators, each behind each other one. */
  private static void requireSameInEveryOrder(Subject subject) {
    Quantizer used = subject.provider().create(subject.options());
    Map<String, Composition> byOperator = new LinkedHashMap<>();
    for (Composition made : subject.plainest()) {
      byOperator.putIfAbsent(made.model().graph().nodes().get(0).op().toString(), made);
    }
    List<Composition> all = byOperator.values().stream().limit(MOST_ORDERED).toList();
    for (Composition before : all) {
      for (Composition made : all) {
        subject.annotate(used, before.model());
        AnnotationText.requireEqual(
            AnnotationText.of(subject.annotation(made)),
            AnnotationText.of(subject.annotate(used, made.model())),
            "that the instance annotated " + before.name() + " right before");
      }
    }
  }

  private static void requireReusable(Subject subject, Composition first, Composition second) {
    Quantizer used = subject.provider().create(subject.options());
    SortedMap<String, String> fresh = AnnotationText.of(subject.annotation(first));
    subject.annotate(used, second.model());
    AnnotationText.requireEqual(
        fresh,
        AnnotationText.of(subject.annotate(used, first.model())),
        "that the instance annotated " + second.name() + " before");
    for (int times = 2; times <= TIMES; times++) {
      AnnotationText.requireEqual(
          fresh,
          AnnotationText.of(subject.annotate(used, first.model())),
          "that the instance annotated the same model before, " + (times - 1) + " times,");
    }
    AnnotationText.requireEqual(
        fresh,
        AnnotationText.of(subject.annotate(first.model())),
        "that another instance annotated models before");
  }

  private static void requireOrderless(Subject subject, Composition first, Composition second) {
    SortedMap<String, String> alone = new TreeMap<>();
    alone.putAll(AnnotationText.of(subject.annotation(first), prefixed("a_"), false));
    alone.putAll(AnnotationText.of(subject.annotation(second), prefixed("b_"), false));
    requireSameAs(
        alone, subject, Variants.beside(first.model(), second.model(), false), "a model beside it");
    requireSameAs(
        alone,
        subject,
        Variants.beside(first.model(), second.model(), true),
        "another order of nodes");
    requireSameAs(
        alone,
        subject,
        Variants.interleaved(first.model(), second.model()),
        "nodes that take turns");
    requireSameInLargeModels(subject, first);
  }

  /** Limits on the number of nodes, and what takes as long as their square, show here. */
  private static void requireSameInLargeModels(Subject subject, Composition made) {
    Model model = made.model();
    List<String> prefixes = List.of("");
    while (prefixes.size() < COPIES) {
      model = Variants.beside(model, model, false);
      prefixes = prefixes.stream().flatMap(p -> Stream.of("a_" + p, "b_" + p)).toList();
    }
    SortedMap<String, String> copies = new TreeMap<>();
    for (String prefix : prefixes) {
      copies.putAll(AnnotationText.of(subject.annotation(made), prefixed(prefix), false));
    }
    requireSameAs(copies, subject, model, "that the model is " + COPIES + " times as large");
  }

  private static void requireSameAs(
      SortedMap<String, String> expected, Subject subject, Model model, String changed) {
    AnnotationText.requireEqual(
        expected,
        AnnotationText.of(subject.annotate(model), UnaryOperator.identity(), false),
        changed);
  }

  private static UnaryOperator<String> prefixed(String prefix) {
    return name -> prefix + name;
  }

  private static void requireNameless(Subject subject, Composition made) {
    for (String prefix : PREFIXES) {
      requireNameless(
          subject, made, prefixed(prefix), "other names, beginning with '" + prefix + "',");
    }
    Model twice = Variants.beside(made.model(), made.model(), false);
    AnnotationText.requireEqual(
        AnnotationText.of(subject.annotate(twice), DeterminismChecks::mirrored, false),
        AnnotationText.of(
            subject.annotate(Variants.renamed(twice, DeterminismChecks::mirrored)),
            UnaryOperator.identity(),
            false),
        "that names sort the other way round");
    for (String graph : GRAPHS) {
      AnnotationText.requireEqual(
          AnnotationText.of(subject.annotation(made)),
          AnnotationText.of(subject.annotate(Variants.labelled(made.model(), graph))),
          "another name of the graph, '" + graph + "', and notes at its nodes");
    }
  }

  private static void requireNameless(
      Subject subject, Composition made, UnaryOperator<String> rename, String what) {
    AnnotationText.requireEqual(
        AnnotationText.of(subject.annotation(made), rename, false),
        AnnotationText.of(
            subject.annotate(Variants.renamed(made.model(), rename)),
            UnaryOperator.identity(),
            false),
        what);
  }

  /** Returns a name whose letters are counted from the end of the alphabet. */
  private static String mirrored(String name) {
    return name.chars()
        .mapToObj(letter -> Character.toString(letter < 128 ? 0x2500 - letter : letter))
        .collect(Collectors.joining());
  }

  private static List<TckCase> olderOperatorSets(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (Composition made : subject.plainest()) {
      Variants.ofOlderOperatorSet(made.model())
          .ifPresent(
              older ->
                  cases.add(TckCase.of(made.name(), () -> requireAsBefore(subject, made, older))));
    }
    return cases;
  }

  private static void requireAsBefore(Subject subject, Composition made, Model older) {
    AnnotationText.requireEqual(
        AnnotationText.of(subject.annotation(made)),
        AnnotationText.of(subject.annotate(older)),
        "operator set " + older.opset() + " in the place of " + made.model().opset());
  }

  /** Reasons have numbers in them, and only what just misses a capability has a reason. */
  private static List<TckCase> localeless(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    cases.add(TckCase.of("capabilities", () -> requireLocalelessTexts(subject)));
    Stream.concat(subject.plainest().stream(), subject.nearMisses().stream())
        .map(made -> TckCase.of(made.name(), () -> requireLocaleless(subject, made)))
        .forEach(cases::add);
    if (subject.breadth() == Breadth.WHOLE) {
      cases.add(TckCase.of("as-time-passes", () -> requireTimeless(subject)));
    }
    return cases;
  }

  private static void requireLocalelessTexts(Subject subject) {
    List<String> usual = texts(subject);
    requireEverywhere(changed -> requireSameTexts(subject, usual, changed));
  }

  private static void requireLocaleless(Subject subject, Composition made) {
    Model model = Variants.followedBy(made.model(), NOBODYS);
    SortedMap<String, String> usual = AnnotationText.of(subject.annotate(model));
    requireEverywhere(
        changed ->
            AnnotationText.requireEqual(
                usual, AnnotationText.of(subject.annotate(model)), changed));
  }

  /** Compares with other properties of the process, and in another place. */
  private static void requireEverywhere(Consumer<String> compared) {
    PropertyRelation.require("backend", other -> compared.accept("that " + other));
    Elsewhere.turkey()
        .run("quantizer", () -> compared.accept("the default locale tr-TR with another time zone"));
  }

  private static void requireSameTexts(Subject subject, List<String> usual, String changed) {
    if (!usual.equals(texts(subject))) {
      throw Violation.of(
          "%s changes the capabilities: %s, then %s", changed, usual, texts(subject));
    }
  }

  /** Longer than a second, so that every clock of seconds goes on. */
  private static void requireTimeless(Subject subject) throws InterruptedException {
    List<String> capabilities = texts(subject);
    for (int i = 0; i < MOMENTS; i++) {
      Thread.sleep(BETWEEN_MOMENTS.toMillis());
      requireSameTexts(subject, capabilities, "that time passes");
      for (Composition made : subject.plainest()) {
        AnnotationText.requireEqual(
            AnnotationText.of(subject.annotation(made)),
            AnnotationText.of(subject.annotate(made.model())),
            "that time passes");
      }
    }
  }

  private static List<String> texts(Subject subject) {
    return subject.provider().capabilities(subject.options()).stream()
        .map(Object::toString)
        .toList();
  }

  private static List<TckCase> threads(Subject subject) {
    return List.of(
        TckCase.of(
            "four-threads",
            () -> {
              ExecutorService pool = Executors.newFixedThreadPool(THREADS);
              try {
                requireThreadless(subject, pool);
              } finally {
                pool.shutdownNow();
              }
            }));
  }

  /** Each thread goes through the same models from another place on. */
  private static void requireThreadless(Subject subject, ExecutorService pool)
      throws InterruptedException, ExecutionException {
    List<Composition> all = subject.plainest();
    all.forEach(subject::annotation);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int start = t * all.size() / THREADS;
      running.add(
          pool.submit(
              () -> {
                Quantizer own = subject.provider().create(subject.options());
                for (int i = 0; i < ROUNDS * all.size(); i++) {
                  Composition made = all.get((start + i) % all.size());
                  AnnotationText.requireEqual(
                      AnnotationText.of(subject.annotation(made)),
                      AnnotationText.of(subject.annotate(own, made.model())),
                      "that other threads annotate with instances of their own");
                }
              }));
    }
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Violation violation) {
          throw violation;
        }
        throw Violation.of(
            "with %d threads that each have an instance of their own, one fails: %s",
            THREADS, e.getCause());
      }
    }
  }

  private static List<TckCase> otherOptions(Subject subject) {
    List<TckCase> cases = new ArrayList<>();
    for (Options other : Presets.of(subject.provider())) {
      if (!other.equals(subject.options())) {
        cases.add(TckCase.of(Presets.words(other), () -> requireOwnOptions(subject, other)));
      }
    }
    return cases;
  }

  private static void requireOwnOptions(Subject subject, Options other) {
    Quantizer first = subject.provider().create(subject.options());
    Quantizer second = subject.provider().create(other);
    subject.provider().capabilities(other);
    for (Composition made : subject.plainest()) {
      AnnotatedGraph before = subject.annotate(second, made.model(), other);
      AnnotationText.requireEqual(
          AnnotationText.of(subject.annotation(made)),
          AnnotationText.of(subject.annotate(first, made.model())),
          "an instance with the options " + other + ", made later,");
      AnnotationText.requireEqual(
          AnnotationText.of(before),
          AnnotationText.of(subject.annotate(second, made.model(), other)),
          "an instance with the options " + subject.options() + ", made before,");
    }
  }

  private static List<TckCase> explicitDefaults(Subject subject) {
    Options stated =
        subject.options().resolve(subject.provider().name(), subject.provider().options());
    return List.of(
        TckCase.of(
            "every-default-stated",
            () -> {
              for (Composition made : subject.plainest()) {
                AnnotationText.requireEqual(
                    AnnotationText.of(subject.annotation(made)),
                    AnnotationText.of(
                        subject.annotate(subject.provider().create(stated), made.model(), stated)),
                    "that the defaults are given as options, " + stated + ",");
              }
            }));
  }
}
