package dev.octet.workflow;

import dev.octet.annotation.RecordingAnnotations;
import dev.octet.annotation.Resolution;
import dev.octet.annotation.ResolvedGraph;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyDecisions;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.Annotations;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.CalibrationProgress;
import dev.octet.workflow.calibrate.Calibrator;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlanDraft;
import dev.octet.workflow.plan.PreparedModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The steps from a float model to a quantized one, each with a value that can be kept and resumed
 * from.
 */
public final class Quantization {

  private static final int MOST_CANDIDATES = 5;

  private Quantization() {}

  /**
   * Plans without a policy, with Octet's own observers; see {@link #plan(Model, Quantizer, String,
   * Options, Policy, Observers)}.
   *
   * @param model the float model
   * @param quantizer the backend's quantizer
   * @param backend the backend's name
   * @param options the options that the quantizer was created with
   */
  public static Plan plan(Model model, Quantizer quantizer, String backend, Options options) {
    return plan(model, quantizer, backend, options, Policy.none(), Observers.standard());
  }

  /**
   * Plans with Octet's own observers; see {@link #plan(Model, Quantizer, String, Options, Policy,
   * Observers)}.
   */
  public static Plan plan(
      Model model, Quantizer quantizer, String backend, Options options, Policy policy) {
    return plan(model, quantizer, backend, options, policy, Observers.standard());
  }

  /**
   * Plans without a policy; see {@link #plan(Model, Quantizer, String, Options, Policy,
   * Observers)}.
   */
  public static Plan plan(
      Model model, Quantizer quantizer, String backend, Options options, Observers observers) {
    return plan(model, quantizer, backend, options, Policy.none(), observers);
  }

  /**
   * Plans for a backend, whose options may hold those of {@link PolicyOptions}.
   *
   * @param model the float model
   * @param provider the backend
   * @param options the options for it
   * @param policy the caller's policy; what the options say goes over it
   * @throws OctetException as {@link PolicyOptions#split}, {@link PolicyOptions#requireFit} and
   *     {@link #plan(Model, Quantizer, String, Options, Policy, Observers)}
   */
  public static Plan plan(Model model, QuantizerProvider provider, Options options, Policy policy) {
    PolicyOptions.Split split = PolicyOptions.split(provider, options);
    Policy whole = policy.then(split.policy());
    Quantizer quantizer = provider.create(split.backend());
    PolicyOptions.requireNodeOptions(whole, provider.name(), quantizer.nodeOptions());
    PolicyOptions.requireFit(whole, provider);
    Observers observers = Observers.standard().with(provider);
    return plan(model, quantizer, provider.name(), options, whole, observers);
  }

  /**
   * Plans: decides for every node whether and how it is quantized. Nothing runs but the folding of
   * constants.
   *
   * @param model the float model
   * @param quantizer the backend's quantizer
   * @param backend the backend's name
   * @param options the options that were given for the backend, as the plan records them
   * @param policy the caller's policy
   * @param observers the observers that specs may name: {@link Observers#standard} and those of the
   *     backend; the plan keeps them
   * @throws OctetException {@code OCT-PLAN-015} if the backend finds an error; {@code OCT-CAL-001}
   *     or {@code OCT-CAL-002} if it names an observer or parameter that is not known; {@code
   *     OCT-POL-005} if the policy's map of modules names a node that the model has not; as {@link
   *     PolicyOptions#requireNodeOptions}, {@link Policy#decide(Graph, Annotations)}, the quantizer
   *     and {@link Resolution#resolve} say
   */
  public static Plan plan(
      Model model,
      Quantizer quantizer,
      String backend,
      Options options,
      Policy policy,
      Observers observers) {
    PolicyOptions.requireNodeOptions(policy, backend, quantizer.nodeOptions());
    PreparedModel prepared = PreparedModel.of(model, quantizer);
    requireKnownModules(policy, prepared);
    Map<String, String> notRun = notRun(prepared);
    AnnotatedGraph annotated = annotate(prepared, quantizer, backend, notRun, policy);
    List<Finding> findings = new ArrayList<>(quantizer.validate(annotated));
    requireNoError(findings, backend);
    notRun.forEach((node, reason) -> findings.add(notRun(node, reason)));
    ResolvedGraph resolved = Resolution.resolve(annotated).adjusted(quantizer::adjustObservers);
    if (resolved.groups().isEmpty()) {
      findings.add(nothingQuantized(backend));
    }
    PlanDocument document = PlanDraft.of(prepared, resolved, backend, options, policy, findings);
    return Plan.bind(document, prepared, observers);
  }

  /**
   * Takes a plan with Octet's own observers; see {@link #bind(PlanDocument, Model, Quantizer,
   * Observers)}.
   */
  public static Plan bind(PlanDocument document, Model model, Quantizer quantizer) {
    return bind(document, model, quantizer, Observers.standard());
  }

  /**
   * Takes a plan that was read from a file, edited or not.
   *
   * @param document the content of the file
   * @param model the model that it is for
   * @param quantizer the quantizer of its backend and options
   * @param observers the observers that its specs may name
   * @throws OctetException as {@link Plan#bind(PlanDocument, PreparedModel, Observers)}
   */
  public static Plan bind(
      PlanDocument document, Model model, Quantizer quantizer, Observers observers) {
    return Plan.bind(document, PreparedModel.of(model, quantizer), observers);
  }

  /**
   * Takes a plan that was read from a file, edited or not, for the backend that made it.
   *
   * @param document the content of the file
   * @param model the model that it is for
   * @param provider the plan's backend
   * @throws OctetException as {@link Plan#bind} and {@link PolicyOptions#split}
   */
  public static Plan bind(PlanDocument document, Model model, QuantizerProvider provider) {
    Options options = PolicyOptions.split(provider, document.options()).backend();
    Observers observers = Observers.standard().with(provider);
    return bind(document, model, provider.create(options), observers);
  }

  /**
   * Runs the float model on samples and observes the groups of a plan with the plan's observers.
   *
   * @param plan the plan
   * @param data the samples
   * @param threads number of threads that may compute; the result does not depend on it
   * @param progress is told about every batch
   * @throws OctetException as {@link Conversion#requireConvertible}, before the first sample;
   *     {@code OCT-GRAPH-001} if the model holds operators that are not run, before the first
   *     sample; {@code OCT-CAL-003} if no sample reached a point
   */
  public static Calibration calibrate(
      Plan plan, DataSource data, int threads, CalibrationProgress progress) {
    Conversion.requireConvertible(plan);
    PreparedModel prepared = plan.prepared();
    return Calibrator.of(
            prepared.model(),
            plan.observedGroups(),
            plan.observers(),
            plan.hash(),
            prepared.preparedHash())
        .run(data, threads, progress);
  }

  /** Converts with the plan's observers; see {@link Conversion#convert}. */
  public static QuantizedModel convert(Plan plan, Calibration calibration) {
    return Conversion.convert(plan, calibration, plan.observers());
  }

  /** Returns why nodes cannot be run by the reference kernels, by node name. */
  private static Map<String, String> notRun(PreparedModel prepared) {
    Graph graph = prepared.model().graph();
    SupportedOperators supported = SupportedOperators.standard();
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Node node : graph.nodesWithSubgraphs()) {
      supported
          .refusal(node, graph, prepared.model().opsets())
          .ifPresent(
              why ->
                  reasons.put(
                      node.name(),
                      "the reference kernels do not run this " + node.op() + ": " + why));
    }
    return reasons;
  }

  private static Finding notRun(String node, String reason) {
    return new Finding(
        Finding.Severity.WARNING,
        "OCT-PLAN-010",
        "Node '"
            + node
            + "': "
            + reason
            + ". The model can be planned, but not calibrated or run with them.",
        Optional.of(node));
  }

  private static AnnotatedGraph annotate(
      PreparedModel prepared,
      Quantizer quantizer,
      String backend,
      Map<String, String> notRun,
      Policy policy) {
    Graph graph = prepared.model().graph();
    PolicyDecisions decisions = policy.decide(graph, annotations(prepared, backend, Map.of()));
    RecordingAnnotations annotations = annotations(prepared, backend, decisions.directives());
    for (Node node : graph.nodesWithSubgraphs()) {
      Optional.ofNullable(prepared.refusals().get(node.name()))
          .or(() -> Optional.ofNullable(notRun.get(node.name())))
          .ifPresent(reason -> annotations.keepFloat(node, reason));
    }
    quantizer.annotate(graph, annotations);
    return annotations.finish();
  }

  private static void requireKnownModules(Policy policy, PreparedModel prepared) {
    Set<String> known = new HashSet<>();
    prepared.original().graph().nodesWithSubgraphs().forEach(node -> known.add(node.name()));
    prepared.model().graph().nodesWithSubgraphs().forEach(node -> known.add(node.name()));
    for (String name : policy.modules().keySet()) {
      if (!known.contains(name)) {
        throw OctetException.usage(
                "OCT-POL-005", "the map of modules names node '" + name + "', which does not exist")
            .at("modules")
            .candidates(NearMisses.of(name, known, MOST_CANDIDATES))
            .next("Correct the name; octet inspect lists the nodes of a model.");
      }
    }
  }

  private static RecordingAnnotations annotations(
      PreparedModel prepared, String backend, Map<String, Directive> directives) {
    return new RecordingAnnotations(
        backend,
        prepared.model().graph(),
        prepared.mapping(),
        prepared.original().graph(),
        directives);
  }

  private static void requireNoError(List<Finding> findings, String backend) {
    for (Finding finding : findings) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw OctetException.quantization(
                "OCT-PLAN-015",
                "backend '"
                    + backend
                    + "' refuses the model: "
                    + finding.id()
                    + ": "
                    + finding.message())
            .at(finding.node().map(node -> "node '" + node + "'").orElse("the model"))
            .next("Change the options, or exclude the node.");
      }
    }
  }

  private static Finding nothingQuantized(String backend) {
    return new Finding(
        Finding.Severity.WARNING,
        "OCT-PLAN-014",
        "Backend '"
            + backend
            + "' quantizes no node of this model; every node's reason is in the plan.",
        Optional.empty());
  }
}
