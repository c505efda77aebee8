package dev.octet.workflow;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.resolve.Resolution;
import dev.octet.api.error.OctetException;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.runtime.Cancellation;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Calibrator;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.convert.Conversion;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PreparedModel;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.recipe.Recipe;
import dev.octet.workflow.run.NamedRuntime;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The steps from a float model to a quantized one, each with a value that can be kept and resumed
 * from.
 *
 * <p>A model whose operator sets have no room for the types and granularities of its plan is raised
 * by its format to the first that have, and it is the raised model that is planned; taking up the
 * plan raises it to the same one.
 */
public final class Quantization {

  private Quantization() {}

  /** Plans, see {@link #plan(QuantizationRequest, Execution)}. */
  public static Plan plan(QuantizationRequest request) {
    return plan(request, Execution.standard());
  }

  /**
   * Plans: decides for every node whether and how it is quantized. Nothing runs but the folding of
   * constants.
   *
   * @param execution what cancels it; planning computes on the calling thread
   * @return the plan; what raising the model did is the first of its findings, and that it cannot
   *     be converted is the last
   * @throws OctetException {@code OCT-PLAN-015} if the backend finds an error; {@code OCT-CAL-001}
   *     or {@code OCT-CAL-002} if it names an observer or parameter that is not known; {@code
   *     OCT-POL-005} if the policy's map of modules names a node that the model has not; {@code
   *     OCT-REG-006} if the backend fails; {@code OCT-RUN-007} if it is cancelled; as {@link
   *     Recipe#requireFit}, {@link PolicyOptions#split}, {@link PolicyOptions#requireNodeOptions},
   *     {@link PolicyOptions#requireFit}, {@link Policy#decide(AnnotationContext)}, {@link
   *     Resolution#resolve}, {@link ModelFormat#raise} and the quantizer say
   */
  public static Plan plan(QuantizationRequest request, Execution execution) {
    Backend backend = Backend.of(request);
    Cancellation cancellation = execution.cancellation();
    Plan plan = Planning.plan(request.model(), backend, List.of(), cancellation);
    RaisedModel raised = RoomForPlan.raised(request.model(), plan.document());
    return raised.model().opsets().equals(request.model().opsets())
        ? plan
        : Planning.plan(raised.model(), backend, raised.findings(), cancellation);
  }

  /** Takes up a plan, see {@link #bind(PlanDocument, Model, QuantizerProvider, Execution)}. */
  public static Plan bind(PlanDocument document, Model model, QuantizerProvider provider) {
    return bind(document, model, provider, Execution.standard());
  }

  /**
   * Takes up a plan that was read from a file, edited or not.
   *
   * @param document the content of the file
   * @param model the model that it is for
   * @param provider the backend that made it
   * @param execution what cancels it; the calling thread computes
   * @throws OctetException as {@link Plan#bind}, {@link PolicyOptions#split} and {@link
   *     ModelFormat#raise}; {@code OCT-REG-006} if the backend fails; {@code OCT-RUN-007} if it is
   *     cancelled
   */
  public static Plan bind(
      PlanDocument document, Model model, QuantizerProvider provider, Execution execution) {
    Backend backend = Backend.of(provider, document.options());
    RaisedModel raised = RoomForPlan.raised(model, document);
    PreparedModel prepared =
        PreparedModel.of(
            raised.model(),
            backend.quantizer(),
            backend.own().operators(),
            execution.cancellation());
    return Plan.bind(document, prepared, backend.own());
  }

  /**
   * Runs the float model on samples and observes the groups of a plan with the plan's observers, on
   * Octet's own kernels: the same calibration on every machine.
   *
   * @param plan the plan
   * @param data the samples
   * @param execution on which threads, who hears of every batch, and what cancels it; the result
   *     does not depend on it
   * @throws OctetException as {@link Conversion#requireConvertible}, before the first sample;
   *     {@code OCT-GRAPH-001} if the model holds operators that are not run, before the first
   *     sample; {@code OCT-CAL-003} if no sample reached a point; as {@link Calibrator#run}
   */
  public static Calibration calibrate(Plan plan, DataSource data, Execution execution) {
    return calibrate(List.of(plan), data, execution);
  }

  /**
   * Runs the float model on samples on the runtime of a backend, such as {@code onnxruntime} for
   * models with operators that Octet has no kernel for. The calibration names the runtime, with its
   * version and options; it need not be the same on another machine.
   *
   * @param runtime what runs the float model, see {@link Catalogs#runtime}
   * @throws OctetException as {@link #calibrate(Collection, DataSource, NamedRuntime, Execution)}
   */
  public static Calibration calibrate(
      Plan plan, DataSource data, NamedRuntime runtime, Execution execution) {
    return calibrate(List.of(plan), data, runtime, execution);
  }

  /**
   * Runs the float model on samples that come one after the other; nothing is kept of them.
   *
   * @param stream the samples, read once and on the calling thread
   * @throws OctetException as {@link #calibrate(Plan, DataSource, Execution)}
   */
  public static Calibration calibrate(Plan plan, SampleStream stream, Execution execution) {
    return calibrate(List.of(plan), stream, execution);
  }

  /**
   * Runs the float model on samples that come one after the other, on the runtime of a backend.
   *
   * @throws OctetException as {@link #calibrate(Collection, DataSource, NamedRuntime, Execution)}
   */
  public static Calibration calibrate(
      Plan plan, SampleStream stream, NamedRuntime runtime, Execution execution) {
    return calibrate(List.of(plan), stream, runtime, execution);
  }

  /**
   * Runs the float model on samples once for several plans. The calibration serves each of them as
   * one for it alone does, bit for bit, and every other that it covers.
   *
   * @param plans at least one; of one backend, and of one prepared model: they may differ in
   *     options and policy
   * @throws OctetException {@code OCT-CAL-030} if there is no plan, or they are of several backends
   *     or prepared models; as {@link #calibrate(Plan, DataSource, Execution)}
   */
  public static Calibration calibrate(
      Collection<Plan> plans, DataSource data, Execution execution) {
    return calibrated(plans, calibrator(plans), data, execution);
  }

  /**
   * Runs the float model on samples once for several plans, on the runtime of a backend.
   *
   * @throws OctetException as {@link #calibrate(Collection, DataSource, Execution)}, but that it is
   *     the runtime which refuses operators, when the first sample is to run; {@code OCT-OPT-001},
   *     {@code OCT-OPT-003} or {@code OCT-OPT-004} for options that it does not take
   */
  public static Calibration calibrate(
      Collection<Plan> plans, DataSource data, NamedRuntime runtime, Execution execution) {
    return calibrated(plans, calibrator(plans, runtime), data, execution);
  }

  /**
   * Runs the float model on samples that come one after the other, once for several plans.
   *
   * @throws OctetException as {@link #calibrate(Collection, DataSource, Execution)}
   */
  public static Calibration calibrate(
      Collection<Plan> plans, SampleStream stream, Execution execution) {
    return calibrated(plans, calibrator(plans), stream, execution);
  }

  /**
   * Runs the float model on samples that come one after the other, once for several plans, on the
   * runtime of a backend.
   *
   * @throws OctetException as {@link #calibrate(Collection, DataSource, NamedRuntime, Execution)}
   */
  public static Calibration calibrate(
      Collection<Plan> plans, SampleStream stream, NamedRuntime runtime, Execution execution) {
    return calibrated(plans, calibrator(plans, runtime), stream, execution);
  }

  private static Calibration calibrated(
      Collection<Plan> plans, Calibrator calibrator, DataSource data, Execution execution) {
    return calibrator
        .run(data, execution)
        .withClassNames(ClassList.of(data))
        .madeBy(maker(plans, calibrator));
  }

  private static Calibration calibrated(
      Collection<Plan> plans, Calibrator calibrator, SampleStream stream, Execution execution) {
    return calibrator.run(stream, execution).madeBy(maker(plans, calibrator));
  }

  private static Maker maker(Collection<Plan> plans, Calibrator calibrator) {
    return Maker.here(plans.iterator().next().backend().build(), calibrator.runtime());
  }

  private static Calibrator calibrator(Collection<Plan> plans) {
    Plan first = convertible(plans);
    return Calibrator.of(
        first.prepared().model(),
        first.backend().operators(),
        observed(plans),
        first.observers(),
        first.prepared().preparedHash());
  }

  private static Calibrator calibrator(Collection<Plan> plans, NamedRuntime runtime) {
    Plan first = convertible(plans);
    return Calibrator.of(
        first.prepared().model(),
        first.backend().operators(),
        observed(plans),
        first.observers(),
        first.prepared().preparedHash(),
        runtime);
  }

  /** Returns the first of some plans that can be calibrated together. */
  private static Plan convertible(Collection<Plan> plans) {
    PlansTogether.require(plans);
    for (Plan plan : plans) {
      Conversion.requireConvertible(plan);
      plan.requireBuild();
    }
    return plans.iterator().next();
  }

  private static List<ObservedGroup> observed(Collection<Plan> plans) {
    return plans.stream()
        .flatMap(
            plan ->
                Stream.concat(
                    plan.observedGroups().stream(), plan.watchedGroups().keySet().stream()))
        .distinct()
        .toList();
  }

  /** Converts, see {@link #convert(Plan, Calibration, Execution)}. */
  public static QuantizedModel convert(Plan plan, Calibration calibration) {
    return convert(plan, calibration, Execution.standard());
  }

  /**
   * Converts a planned and calibrated model; the calling thread computes.
   *
   * @param execution what cancels it
   * @throws OctetException as {@link Conversion#convert(Plan, Calibration, Cancellation)}
   */
  public static QuantizedModel convert(Plan plan, Calibration calibration, Execution execution) {
    return Conversion.convert(plan, calibration, execution.cancellation());
  }

  /** Converts a plan of which nothing is calibrated, see {@link #convert(Plan, Execution)}. */
  public static QuantizedModel convert(Plan plan) {
    return convert(plan, Execution.standard());
  }

  /**
   * Converts a model without data, when {@link Plan#observedGroups} of its plan is empty: the
   * weights alone are quantized, or activations while the model runs. The calling thread computes.
   *
   * @param execution what cancels it
   * @throws OctetException as {@link Conversion#convert(Plan, Cancellation)}
   */
  public static QuantizedModel convert(Plan plan, Execution execution) {
    return Conversion.convert(plan, execution.cancellation());
  }
}
