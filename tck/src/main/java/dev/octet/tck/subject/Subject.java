package dev.octet.tck.subject;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.tck.graphs.Composer;
import dev.octet.tck.graphs.Composition;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A backend with the options that it is tested under. Thread-safe.
 *
 * <p>What it declares is asked once; plans of compositions are kept, so that rules about one
 * composition do not plan it again.
 */
public final class Subject {

  private final QuantizerProvider provider;
  private final Options options;
  private final long seed;
  private final List<Capability> capabilities;
  private final List<Composition> compositions;
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();

  private Subject(QuantizerProvider provider, Options options, long seed) {
    this.provider = QuantizerProvider.guarded(provider);
    this.options = Objects.requireNonNull(options, "options");
    this.seed = seed;
    this.capabilities = List.copyOf(this.provider.capabilities(options));
    this.compositions = List.copyOf(new Composer(capabilities, seed).compositions());
  }

  /**
   * Takes a backend.
   *
   * @param provider the backend
   * @param options what is given beside its defaults
   * @param seed what random constants and data depend on
   * @throws dev.octet.api.error.OctetException if the backend does not say what it can do
   */
  public static Subject of(QuantizerProvider provider, Options options, long seed) {
    return new Subject(provider, options, seed);
  }

  /** Returns the backend, behind the guard that the catalogue puts around it. */
  public QuantizerProvider provider() {
    return provider;
  }

  /** Returns what is given beside the defaults. */
  public Options options() {
    return options;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Returns what the backend declares for the options. */
  public List<Capability> capabilities() {
    return capabilities;
  }

  /** Returns the models that the kit composed of what the backend declares. */
  public List<Composition> compositions() {
    return compositions;
  }

  /** Plans a composition, or returns the plan that was made of it. */
  public Plan plan(Composition composition) {
    return plans.computeIfAbsent(composition.name(), name -> plan(composition.model()));
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

  /** Lets a quantizer annotate a model, behind its own rewriting of the graph. */
  public AnnotatedGraph annotate(Quantizer quantizer, Model model) {
    Graph graph = quantizer.transformForAnnotation(model.graph()).graph();
    AnnotationContext context =
        AnnotationContext.builder(provider.name(), graph)
            .opsets(model.opsets())
            .options(options.resolve(provider.name(), provider.options()))
            .build();
    quantizer.annotate(context);
    return context.annotated();
  }
}
