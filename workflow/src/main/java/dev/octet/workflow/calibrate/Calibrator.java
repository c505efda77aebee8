package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.RuntimeBuild;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Objects;

/**
 * Runs a float model on samples and collects the statistics of observed groups.
 *
 * <p>The result depends on the model, the groups and the multiset of samples alone: not on the
 * number of threads, nor on how samples are batched. Where some observer depends on order, samples
 * run one after the other, in their order, and the result depends on that order too; threads then
 * share the work of each node. Samples are read as they are needed and nothing is kept of them but
 * the statistics, so memory does not grow with their number. Everything about model and groups that
 * can be checked is checked when a calibrator is made. Immutable; several threads may use one
 * calibrator.
 */
public final class Calibrator {

  private final ObservedGroups groups;
  private final String modelHash;
  private final FloatRuns runs;

  private Calibrator(ObservedGroups groups, String modelHash, FloatRuns runs) {
    this.groups = groups;
    this.modelHash = Objects.requireNonNull(modelHash, "modelHash");
    this.runs = runs;
  }

  /** Returns what runs the samples. */
  public RuntimeBuild runtime() {
    return runs.runtime();
  }

  /**
   * Makes a calibrator that runs samples on Octet's own kernels: the same bits on every machine.
   *
   * @param model the float model, normalised and transformed as the plan says
   * @param operators the operators that there are
   * @param groups the groups to observe, of one plan or of several; a constant among a group's
   *     values counts as if every sample had it
   * @param observers the kinds of observers
   * @param modelHash the content hash of the user's model, for the calibration
   * @throws OctetException {@code OCT-CAL-001} or {@code OCT-CAL-002} if an observer or parameter
   *     is unknown, {@code OCT-CAL-024} if its value is, {@code OCT-CAL-005} if a granularity
   *     cannot be calibrated, {@code OCT-CAL-006} if a value is no float value of the model, {@code
   *     OCT-GRAPH-001} if nodes cannot be executed
   */
  public static Calibrator of(
      Model model,
      OperatorSet operators,
      List<ObservedGroup> groups,
      Observers observers,
      String modelHash) {
    ObservedGroups checked = ObservedGroups.of(model, groups, observers);
    return new Calibrator(checked, modelHash, KernelRuns.of(model, operators, checked));
  }

  /**
   * Makes a calibrator that runs samples on the runtime of a backend, one after the other unless
   * the model fixes how many run together; that of {@code cpu} is Octet's own kernels, as above.
   * Observed values are outputs of the model that is run, in as many passes over the samples as
   * keep what one run gives within 64 MiB, as far as sizes are known; samples of a stream run each
   * pass when they come. Values inside of subgraphs are never seen. Whether the runtime takes the
   * model is known when the first sample is to run.
   *
   * @throws OctetException as {@link #of(Model, OperatorSet, List, Observers, String)}, but for
   *     {@code OCT-GRAPH-001}; {@code OCT-OPT-001}, {@code OCT-OPT-003} or {@code OCT-OPT-004} for
   *     options that the runtime does not take
   */
  public static Calibrator of(
      Model model,
      OperatorSet operators,
      List<ObservedGroup> groups,
      Observers observers,
      String modelHash,
      NamedRuntime runtime) {
    if (runtime.build().isOctets()) {
      return of(model, operators, groups, observers, modelHash);
    }
    ObservedGroups checked = ObservedGroups.of(model, groups, observers);
    return new Calibrator(
        checked,
        modelHash,
        new RuntimeRuns(model, operators, checked, runtime, PassPlan.MOST_BYTES));
  }

  /**
   * Runs the model on all samples.
   *
   * @param data the samples, for the model's inputs
   * @param execution on which threads, who hears of every batch, and what cancels it
   * @return the statistics, in which every group's values were seen
   * @throws OctetException {@code OCT-CAL-003} if a value was never computed; {@code OCT-CAL-022}
   *     if the values of a per-channel group have different numbers of channels; {@code
   *     OCT-CAL-010} if the calling thread was interrupted, whose interrupt status stays set;
   *     {@code OCT-RUN-007} if the execution is cancelled; {@code OCT-CAL-017} if the observer of a
   *     backend fails; as {@link ExecutableModel#run} and {@link DataSource#batch}, for the first
   *     batch that fails; on another runtime as {@link NamedRuntime#load}
   */
  public Calibration run(DataSource data, Execution execution) {
    SeenSamples seen = seen(data);
    if (groups.list().isEmpty()) {
      execution.progress().samples(data.size(), data.size());
      return new Calibration(modelHash, seen, List.of());
    }
    return calibration(seen, runs.over(data, execution));
  }

  /**
   * Runs the model on samples that come one after the other, each set in a run of its own; threads
   * share the work of each node.
   *
   * @throws OctetException as {@link #run(DataSource, Execution)} and {@link SampleStream#read}
   */
  public Calibration run(SampleStream stream, Execution execution) {
    FloatRuns.Streamed streamed = runs.over(stream, execution);
    return calibration(SeenSamples.unknown(streamed.samples()), streamed.statistics());
  }

  private Calibration calibration(SeenSamples seen, List<TensorStatistics> statistics) {
    Calibration calibration =
        Calibration.of(modelHash, seen, groups.list(), statistics, groups.observers());
    calibration.requireAnyReached();
    return calibration;
  }

  private static SeenSamples seen(DataSource data) {
    List<SampleRange> ranges = Interruptible.run(() -> 0, data.size(), data::ranges);
    return SeenSamples.of(ranges, ranges.isEmpty() ? data.size() : 0);
  }
}
