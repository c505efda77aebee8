package dev.octet.workflow.check;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.compare.Comparison;
import dev.octet.workflow.compare.TensorError;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.evaluate.OutputErrors;
import dev.octet.workflow.evaluate.OutputFigures;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What came of looking at a quantized model before it is handed over: the float model and the
 * quantized one run beside each other on a few samples, on a few more where these leave a doubt,
 * and where the worst output is too far from float, the error is traced and few nodes are kept in
 * float that mend it. Immutable.
 *
 * <p>What decides is the signal to noise of the outputs, measured with each set of nodes in float;
 * nodes that are not needed for it are quantized again. The same plan, calibration and samples give
 * the same nodes on every machine, with any number of threads.
 */
public final class ResultCheck {

  /** How many sets of nodes are measured at most, those of taking nodes back apart. */
  private static final int BUDGET = 64;

  /** How many of the places at which the error grows are looked at. */
  private static final int MOST_FALLS = 6;

  /** What nodes in float must gain to be kept so, in decibels. */
  private static final double LEAST_GAIN = 6;

  /** Of how many quantized nodes one may be kept in float: with more, little is quantized. */
  private static final int LEAST_SHARE = 3;

  /** How many may always be: a tensor between two nodes is in float when both are. */
  private static final int ALWAYS = 2;

  private static final String DECIDER = "measured";

  private final Plan plan;
  private final QuantizedModel quantized;
  private final CheckReport report;

  private ResultCheck(Plan plan, QuantizedModel quantized, CheckReport report) {
    this.plan = plan;
    this.quantized = report.outputs().isEmpty() ? quantized : quantized.measured();
    this.report = report;
  }

  /**
   * Checks a quantized model, and mends it where that is asked and does good.
   *
   * @param plan the plan that it was converted from
   * @param quantized the model
   * @param conversion converts another plan of the same model in the same way
   * @param data samples, a few of which are run
   * @param settings on how many samples, and what is good enough
   * @param kernels what runs the models: Octet's own kernels, so that it is the same everywhere
   * @param execution on which threads, who hears of every run of the float model, and what cancels
   *     it
   * @throws OctetException {@code OCT-RUN-007} if it is cancelled; as {@link DataSource#batch}
   */
  public static ResultCheck of(
      Plan plan,
      QuantizedModel quantized,
      Function<Plan, QuantizedModel> conversion,
      DataSource data,
      CheckSettings settings,
      NamedRuntime kernels,
      Execution execution) {
    return of(plan, quantized, conversion, data, settings, CheckRuntimes.of(kernels), execution);
  }

  /**
   * Checks a quantized model as {@link #of(Plan, QuantizedModel, Function, DataSource,
   * CheckSettings, NamedRuntime, Execution)} does; one that Octet's kernels do not run is run on
   * another runtime, where there is one, and not mended.
   *
   * @param runtimes what runs the models
   */
  public static ResultCheck of(
      Plan plan,
      QuantizedModel quantized,
      Function<Plan, QuantizedModel> conversion,
      DataSource data,
      CheckSettings settings,
      CheckRuntimes runtimes,
      Execution execution) {
    Subject subject = new Subject(plan, quantized, conversion, data, execution);
    return subject.attempt(
        runtimes.kernels(),
        settings,
        why ->
            runtimes
                .elsewhere()
                .map(other -> subject.checkedElsewhere(other, settings, why))
                .orElseGet(() -> subject.notChecked(why)));
  }

  /** Says where this check ran, and why; one that did not run has said so. */
  private ResultCheck noticing(NamedRuntime other, OctetException why) {
    if (report.outputs().isEmpty()) {
      return this;
    }
    Finding finding =
        CheckErrors.CHECKED_ELSEWHERE.about(
            "The quantized model was compared with the float one on '%s', and nothing is mended: %s"
                .formatted(other.name(), why.getMessage()));
    return new ResultCheck(plan, quantized, report.noticing(finding));
  }

  /** Returns the plan of the model that is handed over: with the nodes in float that mend it. */
  public Plan plan() {
    return plan;
  }

  /** Returns the model that is handed over. */
  public QuantizedModel quantized() {
    return quantized;
  }

  /** Returns the figures of the outputs of {@link #quantized}; none if it could not be run. */
  public List<OutputFigures> outputs() {
    return report.outputs();
  }

  /** Returns the figures of the outputs as planned, where nodes were kept in float. */
  public Optional<List<OutputFigures>> asPlanned() {
    return report.asPlanned();
  }

  /**
   * Returns the nodes that were kept in float, sorted, each with the decibels of the worst output
   * if that one alone were quantized again.
   */
  public SortedMap<String, Double> keptFloat() {
    return report.keptFloat();
  }

  /** Returns what was found, as text and as a tree. */
  public Report report() {
    return report.report();
  }

  /** Returns the decibels of the worst output that the float model gives numbers for. */
  static double decibels(List<OutputFigures> figures) {
    return figures.stream()
        .filter(each -> each.equalElements().isEmpty())
        .filter(each -> each.sqnr().signal() > 0 && Double.isFinite(each.sqnr().signal()))
        .mapToDouble(each -> each.sqnr().rank())
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** What is checked. */
  private record Subject(
      Plan plan,
      QuantizedModel quantized,
      Function<Plan, QuantizedModel> conversion,
      DataSource data,
      Execution execution) {

    /**
     * Checks on a runtime, or does something else where that does not run the models.
     *
     * @param otherwise takes why it does not
     */
    ResultCheck attempt(
        NamedRuntime runtime,
        CheckSettings settings,
        Function<OctetException, ResultCheck> otherwise) {
      try {
        return checked(runtime, settings);
      } catch (OctetException e) {
        execution.cancellation().throwIfCancelled();
        if (OutputErrors.isOfOtherSizes(e)) {
          return notChecked(e.fact() + ": values decide how many there are");
        }
        if (e.kind() != ErrorKind.BACKEND) {
          throw e;
        }
        return otherwise.apply(e);
      }
    }

    private ResultCheck checked(NamedRuntime runtime, CheckSettings settings) {
      IntFunction<Checker> checker =
          most ->
              new Checker(
                  plan, conversion, new PickedSamples(data, most), settings, runtime, execution);
      return checker
          .apply(settings.firstSamples())
          .clear(quantized)
          .orElseGet(() -> checker.apply(settings.samples()).check(quantized));
    }

    ResultCheck checkedElsewhere(NamedRuntime other, CheckSettings settings, OctetException why) {
      return attempt(other, settings.mending(false), this::notChecked).noticing(other, why);
    }

    ResultCheck notChecked(OctetException why) {
      return notChecked(String.valueOf(why.getMessage()));
    }

    private ResultCheck notChecked(String why) {
      Finding finding =
          CheckErrors.NOT_CHECKED.about(
              "The quantized model was not compared with the float one: " + why);
      return new ResultCheck(plan, quantized, CheckReport.notChecked(finding));
    }
  }

  /** One check on one runtime. */
  private record Checker(
      Plan plan,
      Function<Plan, QuantizedModel> conversion,
      PickedSamples samples,
      CheckSettings settings,
      NamedRuntime kernels,
      Execution execution) {

    /** Returns the check of a model that is so near to float that more samples tell no more. */
    Optional<ResultCheck> clear(QuantizedModel quantized) {
      ReferenceRuns runs = runs(quantized);
      List<OutputFigures> outputs = runs.compare(quantized.model());
      return ResultCheck.decibels(outputs) >= settings.goalDb()
              && !CheckReport.hasOtherIndices(outputs)
          ? Optional.of(new ResultCheck(plan, quantized, report(plan, runs, outputs)))
          : Optional.empty();
    }

    private ReferenceRuns runs(QuantizedModel quantized) {
      return ReferenceRuns.of(
          kernels, plan.prepared().original(), quantized.model(), samples, execution);
    }

    private CheckReport report(Plan of, ReferenceRuns runs, List<OutputFigures> outputs) {
      return CheckReport.of(samples.size(), settings.leastDb(), outputs, kernels.name())
          .with(RangeFindings.of(of, runs.ranges()));
    }

    ResultCheck check(QuantizedModel quantized) {
      ReferenceRuns runs = runs(quantized);
      List<OutputFigures> outputs = runs.compare(quantized.model());
      CheckReport asPlanned = report(plan, runs, outputs);
      double before = ResultCheck.decibels(outputs);
      if (before >= settings.leastDb()) {
        return new ResultCheck(plan, quantized, asPlanned);
      }
      List<TensorError> falls = falls(quantized);
      return settings.mends()
          ? mended(runs, outputs, falls).orElseGet(() -> bad(quantized, asPlanned, falls))
          : bad(quantized, asPlanned, falls);
    }

    private ResultCheck bad(
        QuantizedModel quantized, CheckReport asPlanned, List<TensorError> falls) {
      return new ResultCheck(plan, quantized, asPlanned.blaming(falls));
    }

    private List<TensorError> falls(QuantizedModel quantized) {
      return Comparison.of(
              kernels,
              plan.prepared().original(),
              quantized.model(),
              samples,
              execution.progress(Progress.none()))
          .falls()
          .stream()
          .limit(MOST_FALLS)
          .toList();
    }

    private Optional<ResultCheck> mended(
        ReferenceRuns runs, List<OutputFigures> asPlanned, List<TensorError> falls) {
      Graph graph = plan.prepared().model().graph();
      List<String> nodes = quantizedNodes();
      FloatSearch search =
          new FloatSearch(nodes, settings.goalDb(), BUDGET, some -> decibels(runs, some));
      double before = ResultCheck.decibels(asPlanned);
      FloatSearch.Found found = search.search(new Suspects(graph, nodes).of(falls), before);
      boolean few = found.inFloat().size() <= Math.max(ALWAYS, nodes.size() / LEAST_SHARE);
      if (!few || !(found.decibels() >= before + LEAST_GAIN)) {
        return Optional.empty();
      }
      Plan changed = plan.inFloat(reasons(found), DECIDER);
      QuantizedModel model = conversion.apply(changed);
      CheckReport report =
          report(changed, runs, runs.compare(model.model())).mended(asPlanned, found.inFloat());
      return Optional.of(new ResultCheck(changed, model, report));
    }

    private List<String> quantizedNodes() {
      return plan.nodes().stream()
          .filter(node -> node.quantized() && node.folded().isEmpty())
          .map(PlannedNode::name)
          .toList();
    }

    private double decibels(ReferenceRuns runs, Set<String> inFloat) {
      execution.cancellation().throwIfCancelled();
      SortedMap<String, String> reasons = new TreeMap<>();
      inFloat.forEach(name -> reasons.put(name, DECIDER));
      try {
        return ResultCheck.decibels(
            runs.compare(conversion.apply(plan.inFloat(reasons, DECIDER)).model()));
      } catch (OctetException e) {
        execution.cancellation().throwIfCancelled();
        // With so many nodes in float nothing may be left to convert: no way to mend the model.
        return Double.NEGATIVE_INFINITY;
      }
    }

    private static Map<String, String> reasons(FloatSearch.Found found) {
      SortedMap<String, String> reasons = new TreeMap<>();
      found
          .inFloat()
          .forEach(
              (name, decibels) ->
                  reasons.put(
                      name,
                      String.format(
                          Locale.ROOT,
                          "the worst output has %s with it quantized, and %s without",
                          CheckReport.words(decibels),
                          CheckReport.words(found.decibels()))));
      return reasons;
    }
  }
}
