package dev.octet.workflow;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyDecisions;
import dev.octet.annotation.resolve.Resolution;
import dev.octet.annotation.resolve.ResolvedGraph;
import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Directive;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.plan.BackendFindings;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDraft;
import dev.octet.workflow.plan.PreparedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides for every node of one model whether and how it is quantized. */
final class Planning {

  private final Backend backend;
  private final OperatorSet operators;
  private final PreparedModel prepared;
  private final Cancellation cancellation;

  private Planning(
      Backend backend, OperatorSet operators, PreparedModel prepared, Cancellation cancellation) {
    this.backend = backend;
    this.operators = operators;
    this.prepared = prepared;
    this.cancellation = cancellation;
  }

  /**
   * Plans a model as it is.
   *
   * @param raised what raising its operator set did, for the plan
   */
  static Plan plan(Model model, Backend backend, List<Finding> raised, Cancellation cancellation) {
    OperatorSet operators = backend.own().operators();
    PreparedModel prepared = PreparedModel.of(model, backend.quantizer(), operators, cancellation);
    return new Planning(backend, operators, prepared, cancellation).plan(raised);
  }

  private Plan plan(List<Finding> raised) {
    cancellation.throwIfCancelled();
    requireKnownModules();
    Map<String, String> notRun = notRun();
    AnnotatedGraph annotated = annotate(notRun);
    cancellation.throwIfCancelled();
    List<Finding> own = backend.quantizer().validate(annotated);
    BackendFindings.requireNodes(
        backend.name(), own, prepared.original().graph(), prepared.model().graph());
    requireNoError(own);
    List<Finding> findings = new ArrayList<>(raised);
    findings.addAll(own);
    notRun.forEach((node, reason) -> findings.add(notRun(node, reason)));
    ResolvedGraph marked = Resolution.resolve(annotated);
    ResolvedGraph resolved = marked.adjusted(backend.quantizer()::adjustObservers);
    requireGrids(marked, resolved);
    PlannableMarks.require(resolved);
    findings.addAll(NarrowConstants.findings(resolved));
    cancellation.throwIfCancelled();
    Plan plan =
        PlanDraft.of(
            prepared, resolved, backend.own(), backend.options(), backend.policy(), findings);
    return unserved(resolved, plan).map(plan::withFinding).orElse(plan);
  }

  /** Returns why no conversion serves the plan; empty when one does. */
  private Optional<Finding> unserved(ResolvedGraph resolved, Plan plan) {
    return resolved.groups().isEmpty() && plan.narrowFloats().isEmpty()
        ? Optional.of(nothingQuantized())
        : Conversion.obstacle(plan).map(Planning::notConverted);
  }

  /** Returns why nodes cannot be run by the reference kernels, by node name. */
  private Map<String, String> notRun() {
    Graph graph = prepared.model().graph();
    Map<String, String> reasons = new LinkedHashMap<>();
    for (Node node : graph.nodesWithSubgraphs()) {
      SupportedOperators.refusal(node, graph, prepared.model(), operators)
          .ifPresent(
              why ->
                  reasons.put(
                      node.name(),
                      "the reference kernels do not run this " + node.op() + ": " + why));
    }
    return reasons;
  }

  private static Finding notRun(String node, String reason) {
    return WorkflowErrors.NOT_RUN.aboutNode(
        node,
        "Node '"
            + node
            + "': "
            + reason
            + ". The model is planned, but not calibrated or run with them; '--runtime NAME' names"
            + " a backend whose runtime does.");
  }

  private static Finding notConverted(OctetException obstacle) {
    return WorkflowErrors.NOT_CONVERTED.about(
        "The plan can be looked at and compared, but not converted: " + obstacle.fact() + ".");
  }

  private AnnotatedGraph annotate(Map<String, String> notRun) {
    Map<String, String> reasons = new HashMap<>(notRun);
    reasons.putAll(prepared.refusals());
    PolicyDecisions decided = decisions();
    Map<String, Directive> directives = new HashMap<>(decided.directives());
    directives.putAll(AlreadyQuantized.directives(prepared.model().graph()));
    AnnotationContext context =
        context().directives(directives).boundary(decided.boundary()).reasons(reasons).build();
    backend.quantizer().annotate(context);
    return context.annotated();
  }

  private PolicyDecisions decisions() {
    Policy policy = backend.policy();
    return policy.isEmpty() ? PolicyDecisions.none() : policy.decide(context().build());
  }

  private void requireKnownModules() {
    Policy policy = backend.policy();
    if (policy.modules().isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>();
    prepared.original().graph().nodesWithSubgraphs().forEach(node -> known.add(node.name()));
    prepared.model().graph().nodesWithSubgraphs().forEach(node -> known.add(node.name()));
    for (String name : policy.modules().keySet()) {
      if (!known.contains(name)) {
        throw WorkflowErrors.UNKNOWN_MODULE_NODE
            .error("the map of modules names node '" + name + "', which does not exist")
            .at("modules")
            .candidates(NearMisses.of(name, known))
            .build();
      }
    }
  }

  private AnnotationContext.Builder context() {
    return AnnotationContext.builder(backend.name(), prepared.model().graph())
        .opsets(prepared.model().opsets())
        .options(backend.ownOptions())
        .userGraph(prepared.original().graph(), prepared.mapping());
  }

  private void requireNoError(List<Finding> findings) {
    for (Finding finding : findings) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw WorkflowErrors.REFUSED
            .error(
                "backend '"
                    + backend.name()
                    + "' refuses the model: "
                    + finding.id()
                    + ": "
                    + finding.message())
            .at(finding.node().map(node -> "node '" + node + "'").orElse("the model"))
            .build();
      }
    }
  }

  /** Who replaces an observed spec by a fixed one keeps to the grid that the marks asked for. */
  private void requireGrids(ResolvedGraph marked, ResolvedGraph adjusted) {
    for (ObserverPlan.Group group : adjusted.groups()) {
      QuantizationSpec.Concrete before = marked.groups().get(group.id()).spec();
      Optional<float[]> fixed =
          group
              .spec()
              .match(
                  new QuantizationSpec.ConcreteCases<Optional<float[]>>(
                      observed -> Optional.empty(),
                      known -> Optional.of(known.parameters().scales()),
                      derived -> Optional.empty()));
      Optional<Boolean> on =
          fixed.flatMap(scales -> before.observed().map(spec -> areOnGrid(scales, spec)));
      if (!on.orElse(true)) {
        throw WorkflowErrors.OFF_GRID
            .error(
                "backend '"
                    + backend.name()
                    + "' replaces "
                    + before
                    + " by "
                    + group.spec()
                    + ", whose scale is not on the grid of the first")
            .at(group.points().get(0).toString())
            .build();
      }
    }
  }

  private boolean areOnGrid(float[] scales, QuantizationSpec.Observed spec) {
    ParameterRule.Grid grid = backend.own().observers().rule(spec).grid();
    boolean on = true;
    for (float scale : scales) {
      on &= grid.atLeast(scale) == scale;
    }
    return on;
  }

  private Finding nothingQuantized() {
    return WorkflowErrors.NOTHING_QUANTIZED.about(
        "Backend '"
            + backend.name()
            + "' quantizes no node of this model; every node's reason is in the plan.");
  }
}
