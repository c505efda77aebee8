package dev.octet.workflow.source;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyDecisions;
import dev.octet.api.error.OctetException;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Granularity;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.evaluate.Sqnr;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.normalise.Normaliser;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.source.LinearLayer.Form;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites the linear layers of a model by a scheme. The same model, scheme, policy and data give
 * the same model on every machine and any number of threads. Without data nothing runs but the
 * folding of constants.
 */
public final class SourceQuantization {

  /** How many samples of a stream are kept to fit weights to. */
  public static final int KEPT_SAMPLES = 1024;

  private final SourceScheme scheme;
  private final LinearLayers layers;
  private final PolicyDecisions decisions;
  private final LayerRules rules;
  private final WeightFitting fitting;
  private final SourceRewriting rewriting;
  private final List<LayerOutcome> outcomes = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<LinearLayers.Weight> stored = new HashSet<>();
  private final Set<String> kept = new HashSet<>();

  private SourceQuantization(
      Graph graph,
      LinearLayers layers,
      SourceScheme scheme,
      PolicyDecisions decisions,
      WeightFitting fitting) {
    this.scheme = scheme;
    this.layers = layers;
    this.decisions = decisions;
    this.fitting = fitting;
    this.rules = LayerRules.of(scheme, layers, quantized(layers, scheme.rule(), decisions));
    this.rewriting = new SourceRewriting(graph, layers, scheme.rule());
  }

  private static List<LinearLayer> quantized(
      LinearLayers layers, LayerRule rule, PolicyDecisions decisions) {
    return layers.distinct().stream()
        .filter(layer -> excluded(decisions, layer.node()).isEmpty() && fits(rule, layer))
        .toList();
  }

  /** Rewrites every layer, see {@link #quantize(Model, SourceScheme, Policy)}. */
  public static SourceQuantized quantize(Model model, SourceScheme scheme) {
    return quantize(model, scheme, Policy.none());
  }

  /**
   * Rewrites the layers that a policy does not exclude.
   *
   * @param model the float model
   * @param scheme what becomes of its layers; one that needs no data
   * @param policy which nodes stay float; options that it gives nodes have no meaning here
   * @throws OctetException {@code OCT-SRC-001} if no layer is quantized; {@code OCT-SRC-002} and
   *     {@code OCT-SRC-003} if a weight has no integers; {@code OCT-SRC-007} if the scheme fits
   *     weights to data; {@code OCT-POL-001} if a selector of the policy matches no node; as {@link
   *     ModelFormat#raise}
   */
  public static SourceQuantized quantize(Model model, SourceScheme scheme, Policy policy) {
    if (scheme.fitting().isPresent()) {
      throw SourceErrors.DATA_NEEDED.error("there is no data for " + scheme).build();
    }
    Prepared prepared = Prepared.of(model, scheme, policy);
    return prepared.quantize(
        scheme,
        (layer, weight, rule) -> NearestRounding.stored(layer.node(), weight, layer.form(), rule));
  }

  /**
   * Rewrites the layers that a policy does not exclude, and fits their weights to data.
   *
   * @param model the float model
   * @param scheme what becomes of its layers; where it fits no weights, the data does not run
   * @param policy which nodes stay float; options that it gives nodes have no meaning here
   * @param data samples for the model; they run through it as often as it has inputs of layers
   * @param execution on which threads, who hears how far it is, and what cancels it
   * @throws OctetException {@code OCT-SRC-001} if no layer is quantized; {@code OCT-SRC-002} and
   *     {@code OCT-SRC-003} if a weight has no integers; {@code OCT-SRC-008} if the data gives a
   *     layer NaN or an infinity; {@code OCT-RUN-003} if the calling thread was interrupted; {@code
   *     OCT-RUN-007} if the execution is cancelled; {@code OCT-POL-001} if a selector of the policy
   *     matches no node; as {@link ModelFormat#raise}, {@link DataSource#batch} and {@link
   *     GraphExecutor#run}
   */
  public static SourceQuantized quantize(
      Model model, SourceScheme scheme, Policy policy, DataSource data, Execution execution) {
    if (scheme.fitting().isEmpty()) {
      return quantize(model, scheme, policy);
    }
    Prepared prepared = Prepared.of(model, scheme, policy);
    try (GptqFitting fitting =
        new GptqFitting(
            prepared.model(), prepared.layers(), scheme.fitting().orElseThrow(), data, execution)) {
      return prepared.quantize(scheme, fitting);
    }
  }

  /**
   * Rewrites the layers that a policy does not exclude, and fits their weights to samples that come
   * one after the other. They are read once, on the calling thread, and kept in memory.
   *
   * @param stream at most {@value #KEPT_SAMPLES} samples; where the scheme fits no weights, they
   *     are not read
   * @throws OctetException as {@link #quantize(Model, SourceScheme, Policy, DataSource,
   *     Execution)}; {@code OCT-DATA-046} if there are more samples, for which there is {@link
   *     SampleStream#keep}
   */
  public static SourceQuantized quantize(
      Model model, SourceScheme scheme, Policy policy, SampleStream stream, Execution execution) {
    if (scheme.fitting().isEmpty()) {
      return quantize(model, scheme, policy);
    }
    try (DataSource data = kept(stream, model, execution)) {
      return quantize(model, scheme, policy, data, execution);
    }
  }

  /** Progress counts the runs, of which nothing is known before the samples are. */
  static DataSource kept(SampleStream stream, Model model, Execution execution) {
    return stream.keep(model.graph(), KEPT_SAMPLES, execution.progress(Progress.none()));
  }

  /** A model in whose form every scheme's nodes have words, and its layers. */
  private record Prepared(
      Model model, LinearLayers layers, PolicyDecisions decisions, List<Finding> findings) {

    static Prepared of(Model model, SourceScheme scheme, Policy policy) {
      RaisedModel raised = raised(model, scheme.rule());
      Model normalised = Normaliser.normalise(raised.model()).model();
      return new Prepared(
          normalised,
          LinearLayers.of(normalised.graph(), tables(scheme)),
          policy.decide(normalised.graph(), node -> List.of(node.name())),
          raised.findings());
    }

    private static LinearLayers.Tables tables(SourceScheme scheme) {
      if (!scheme.quantizesTables()) {
        return LinearLayers.Tables.FLOAT;
      }
      return scheme.tiesTables() ? LinearLayers.Tables.TIED : LinearLayers.Tables.QUANTIZED;
    }

    SourceQuantized quantize(SourceScheme scheme, WeightFitting fitting) {
      SourceQuantization run =
          new SourceQuantization(model.graph(), layers, scheme, decisions, fitting);
      run.findings.addAll(findings);
      return run.quantize(model);
    }
  }

  private static RaisedModel raised(Model model, LayerRule rule) {
    // Groups have a word in no earlier operator set than any other form of a weight.
    List<StoredForm> forms = new ArrayList<>();
    DataType weights = StoredWeight.storage(rule.weights()).dataType();
    forms.add(new StoredForm(weights, granularity(rule), false));
    rule.activations()
        .ifPresent(
            a -> {
              Granularity shared =
                  a.perToken() ? new Granularity.PerToken() : new Granularity.PerTensor();
              forms.add(new StoredForm(DataType.INT8, shared, true));
            });
    return ModelFormat.of(model)
        .map(format -> format.raise(model, forms))
        .orElseGet(() -> new RaisedModel(model, List.of()));
  }

  private static Granularity granularity(LayerRule rule) {
    Form largest = new Form(Long.MAX_VALUE, 1, 1, 0, -1);
    return rule.granularity().of(largest);
  }

  private SourceQuantized quantize(Model model) {
    for (LinearLayers.Candidate candidate : layers.candidates()) {
      outcomes.add(outcome(candidate));
    }
    if (outcomes.stream().noneMatch(LayerOutcome::isQuantized)) {
      throw nothing();
    }
    return new SourceQuantized(model.withGraph(rewriting.finish()), outcomes, findings);
  }

  private OctetException nothing() {
    String why =
        outcomes.isEmpty()
            ? "the model has no MatMul, Gemm or Conv"
                + (scheme.quantizesTables() ? ", and no table" : "")
            : "none of "
                + outcomes.size()
                + " layers is quantized; '"
                + outcomes.get(0).node()
                + "' stays float because "
                + outcomes.get(0).reason().orElseThrow();
    return SourceErrors.NO_LAYERS.error(why + " (" + scheme + ")").build();
  }

  private static Optional<String> excluded(PolicyDecisions decisions, String node) {
    return decisions
        .of(node)
        .flatMap(
            said ->
                said.match(
                    new Directive.Cases<Optional<String>>(
                        out -> Optional.of("the filters leave it out: " + out.decidedBy()),
                        configured -> Optional.empty())));
  }

  private static boolean fits(LayerRule rule, LinearLayer layer) {
    return rule.padding() || rule.granularity().rest(layer.form()) == 0;
  }

  private LayerOutcome outcome(LinearLayers.Candidate candidate) {
    Optional<String> excluded = excluded(decisions, candidate.node().name());
    if (excluded.isPresent() || candidate.layer().isEmpty()) {
      return left(candidate, excluded.orElse(candidate.reason()));
    }
    LinearLayer layer = candidate.layer().get();
    LayerRule rule = rules.of(layer);
    if (!fits(rule, layer)) {
      String why = rule.granularity() + " do not divide its " + layer.form().inputs() + " inputs";
      findings.add(SourceErrors.LEFT_FLOAT.aboutNode(layer.node(), why + "; it stays float."));
      return left(candidate, why);
    }
    return quantized(layer, rule);
  }

  private LayerOutcome quantized(LinearLayer layer, LayerRule rule) {
    Tensor weight = layers.constant(layer).constant().orElseThrow();
    StoredWeight result = rewriting.rewrite(layer, () -> fitting.fit(layer, weight, rule));
    boolean first = stored.add(layers.weight(layer));
    return new LayerOutcome(
        layer.node(),
        layer.op(),
        Optional.empty(),
        Optional.of(
            new LayerOutcome.Weight(
                layer.form().inputs(),
                layer.form().outputs(),
                first ? weight.byteCount() : 0,
                first ? result.byteCount() : 0,
                Optional.of(result.sqnr()).filter(Sqnr::isFinite).map(Sqnr::decibels))));
  }

  private LayerOutcome left(LinearLayers.Candidate candidate, String reason) {
    return new LayerOutcome(
        candidate.node().name(),
        candidate.node().op(),
        Optional.of(reason),
        candidate.layer().map(this::asItIs));
  }

  private LayerOutcome.Weight asItIs(LinearLayer layer) {
    GraphValue constant = layers.constant(layer);
    Tensor weight = constant.constant().orElseThrow();
    long bytes = kept.add(constant.path()) ? weight.byteCount() : 0;
    return new LayerOutcome.Weight(
        layer.form().inputs(), layer.form().outputs(), bytes, bytes, Optional.empty());
  }
}
