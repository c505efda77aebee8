package dev.octet.tck.subject;

import dev.octet.annotation.policy.BoundaryRule;
import dev.octet.annotation.policy.Policy;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.tck.graphs.BehindLayer;
import dev.octet.tck.graphs.Breadth;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.graphs.Compositions;
import dev.octet.tck.graphs.ModelsToRewrite;
import dev.octet.tck.graphs.Origin;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A backend with the options that it is tested under. Thread-safe.
 *
 * <p>What it declares is asked once; what comes of compositions is kept, so that rules about one
 * composition do not plan or convert it again.
 */
public final class Subject {

  private final QuantizerProvider provider;
  private final Options options;
  private final Breadth breadth;
  private final long seed;
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private final Map<String, AnnotatedGraph> annotations = new ConcurrentHashMap<>();
  private final Map<String, ConvertedComposition> conversions = new ConcurrentHashMap<>();
  private @Nullable List<Capability> capabilities;
  private final Compositions composed;
  private Compositions.@Nullable OfCapabilities own;
  private @Nullable List<Rewriting> rewritings;
  private final Measurements measurements = new Measurements();

  private Subject(
      QuantizerProvider provider,
      Options options,
      Breadth breadth,
      long seed,
      Compositions composed) {
    this.composed = Objects.requireNonNull(composed, "composed");
    this.provider = QuantizerProvider.guarded(provider);
    this.options = Objects.requireNonNull(options, "options");
    this.breadth = breadth;
    this.seed = seed;
  }

  /**
   * Takes a backend.
   *
   * @param provider the backend
   * @param options what is given beside its defaults
   * @param breadth how much is composed of what it declares
   * @param seed what random constants and data depend on
   * @throws dev.octet.api.error.OctetException if the backend does not say what it is called
   */
  public static Subject of(
      QuantizerProvider provider, Options options, Breadth breadth, long seed) {
    return of(provider, options, breadth, seed, new Compositions());
  }

  /**
   * Takes a backend as {@link #of(QuantizerProvider, Options, Breadth, long)} does.
   *
   * @param composed what was composed for others, which is used for what declares the same
   * @throws dev.octet.api.error.OctetException if the backend does not say what it is called
   */
  public static Subject of(
      QuantizerProvider provider,
      Options options,
      Breadth breadth,
      long seed,
      Compositions composed) {
    return new Subject(provider, options, breadth, seed, composed);
  }

  /** Returns the backend, behind the guard that the catalogue puts around it. */
  public QuantizerProvider provider() {
    return provider;
  }

  /**
   * Returns the backend without its guard, for what only its class tells.
   *
   * @throws dev.octet.api.error.OctetException if it does not answer
   */
  public QuantizerProvider unguarded() {
    return provider.ask(QuantizerProvider.class, "ask", itself -> itself).orElseThrow();
  }

  /** Returns what is given beside the defaults. */
  public Options options() {
    return options;
  }

  /** Returns how much is composed of what it declares. */
  public Breadth breadth() {
    return breadth;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /**
   * Returns what the backend declares for the options.
   *
   * @throws dev.octet.api.error.OctetException if it does not say
   */
  public synchronized List<Capability> capabilities() {
    List<Capability> known = capabilities;
    if (known == null) {
      known = List.copyOf(provider.capabilities(options));
      capabilities = known;
    }
    return known;
  }

  /**
   * Returns the backend's runtime as a catalogue hands it out.
   *
   * @throws dev.octet.api.error.OctetException if it has none, or none that works here
   */
  public BackendRuntime runtime() {
    return QuantizerCatalog.of(List.of(provider)).runtime(provider.name());
  }

  /** Returns what cases measure of the runtime. */
  public Measurements measurements() {
    return measurements;
  }

  /** Returns the models that the kit composed of what the backend declares. */
  public List<Composition> compositions() {
    return composed().all();
  }

  /** Returns the compositions that meet their capability. */
  public List<Composition> met() {
    return compositions().stream().filter(made -> made.broken().isEmpty()).toList();
  }

  /** Returns the compositions that one condition of their capability keeps from it. */
  public List<Composition> nearMisses() {
    return compositions().stream().filter(made -> made.broken().isPresent()).toList();
  }

  /**
   * Returns compositions of operators that the backend does not declare in that order, under the
   * whole breadth alone.
   */
  public List<Composition> undeclared() {
    return breadth == Breadth.WHOLE ? composed().undeclared() : List.of();
  }

  /**
   * Returns compositions of user's models in which a BatchNormalization is folded into the first
   * operator: those of each capability that asks for it, and of each that keeps away from it.
   */
  public List<Composition> normalized() {
    return composed().normalized();
  }

  /** Returns smaller compositions of the kind of one, the smallest first; see {@link Origin}. */
  public List<Composition> smaller(Composition made) {
    return made.origin().map(origin -> origin.smaller(capabilities())).orElse(List.of());
  }

  /**
   * Returns what keeps the kit from composing a graph that meets a capability, in words.
   *
   * @param index the capability's number
   */
  public String obstacle(int index) {
    return composed().obstacle(index);
  }

  private synchronized Compositions.OfCapabilities composed() {
    Compositions.OfCapabilities known =
        own == null ? composed.of(capabilities(), breadth, seed) : own;
    own = known;
    return known;
  }

  /** Returns the plainest composition of each capability, for rules that take long. */
  public List<Composition> plainest() {
    Set<Capability> seen = new HashSet<>();
    return met().stream().filter(made -> seen.add(made.capability())).toList();
  }

  /**
   * Returns what the backend rewrites before it annotates, each model by a quantizer of its own:
   * every composition, under the whole breadth models of other operators, and variants of the
   * plainest compositions and of the first that it changed of each capability. Models that it
   * leaves as they are are left out.
   */
  public synchronized List<Rewriting> rewritings() {
    List<Rewriting> known = rewritings;
    if (known == null) {
      known = findRewritings();
      rewritings = known;
    }
    return known;
  }

  private List<Rewriting> findRewritings() {
    Map<String, Composition> open = new LinkedHashMap<>();
    if (breadth == Breadth.WHOLE) {
      ModelsToRewrite.general(seed).forEach(made -> open.put("general/" + made.name(), made));
    }
    compositions().forEach(made -> open.put(made.name(), made));
    Set<Composition> varied = new HashSet<>(plainest());
    Set<Capability> changed = new HashSet<>();
    List<Rewriting> changes = new ArrayList<>();
    open.forEach(
        (name, made) -> {
          Rewriting plain = rewrite(name, "", made.model());
          if (plain.isChange()) {
            changes.add(plain);
          }
          boolean first = plain.isChange() && changed.add(made.capability());
          if (first || varied.contains(made)) {
            ModelsToRewrite.variants(made.model()).entrySet().stream()
                .map(variant -> rewrite(name, variant.getKey(), variant.getValue()))
                .filter(Rewriting::isChange)
                .forEach(changes::add);
          }
        });
    return List.copyOf(changes);
  }

  private Rewriting rewrite(String name, String variant, Model model) {
    return Rewriting.of(name, variant, model, provider.create(options));
  }

  /** Plans a composition, or returns the plan that was made of it. */
  public Plan plan(Composition composition) {
    Model user = composition.behind().map(BehindLayer::user).orElse(composition.model());
    return plans.computeIfAbsent(composition.name(), name -> plan(user));
  }

  /** Annotates a composition with a quantizer of its own, or returns what came of that. */
  public AnnotatedGraph annotation(Composition composition) {
    return annotations.computeIfAbsent(
        composition.name(),
        name ->
            composition
                .behind()
                .map(this::annotate)
                .orElseGet(() -> annotate(composition.model())));
  }

  /** Plans, calibrates and converts a composition, or returns what came of that. */
  public ConvertedComposition conversion(Composition composition) {
    return conversions.computeIfAbsent(
        composition.name(), name -> ConvertedComposition.of(floatAtItsEnds(composition), seed));
  }

  /** Plans a composition such that the file takes and gives floats, also where the backend asks. */
  private Plan floatAtItsEnds(Composition composition) {
    Plan usual = plan(composition);
    if (usual.boundary().isEmpty()) {
      return usual;
    }
    Policy floats =
        Policy.builder()
            .boundary(BoundaryRule.of(Point.Side.INPUT, "*", BoundaryRule.Form.FLOAT))
            .boundary(BoundaryRule.of(Point.Side.OUTPUT, "*", BoundaryRule.Form.FLOAT))
            .build();
    return Quantization.plan(
        QuantizationRequest.of(composition.model(), provider).options(options).policy(floats));
  }

  /** Plans a model anew. */
  public Plan plan(Model model) {
    return Quantization.plan(QuantizationRequest.of(model, provider).options(options));
  }

  /**
   * Lets a new quantizer of the backend annotate a model, behind its own rewriting of the graph.
   */
  public AnnotatedGraph annotate(Model model) {
    return annotate(provider.create(options), model);
  }

  private AnnotatedGraph annotate(BehindLayer behind) {
    Quantizer quantizer = provider.create(options);
    GraphEditor.Edited edited = quantizer.transformForAnnotation(behind.folded().graph());
    AnnotationContext context =
        context(edited.graph(), behind.folded(), options)
            .userGraph(behind.user().graph(), behind.mapping().then(edited.mapping()))
            .build();
    quantizer.annotate(context);
    return context.annotated();
  }

  /** Lets a quantizer annotate a model, behind its own rewriting of the graph. */
  public AnnotatedGraph annotate(Quantizer quantizer, Model model) {
    return annotate(quantizer, model, options);
  }

  /** Lets a quantizer that was created with other options annotate a model. */
  public AnnotatedGraph annotate(Quantizer quantizer, Model model, Options others) {
    Graph graph = quantizer.transformForAnnotation(model.graph()).graph();
    AnnotationContext context = context(graph, model, others).build();
    quantizer.annotate(context);
    return context.annotated();
  }

  private AnnotationContext.Builder context(Graph graph, Model model, Options others) {
    return AnnotationContext.builder(provider.name(), graph)
        .opsets(model.opsets())
        .options(others.resolve(provider.name(), provider.options()));
  }
}
