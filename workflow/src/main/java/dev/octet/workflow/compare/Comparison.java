package dev.octet.workflow.compare;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.kernels.execute.ModelCheck;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.NormalisedModel;
import dev.octet.workflow.normalise.Normaliser;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.run.WatchedValues;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How far each tensor of a quantized model is from that of the float model: with everything before
 * it quantized too, and where the quantized model is given the float values of what is before it.
 * Immutable once it is made.
 *
 * <p>Three models run on the same samples, one after the other: the float model, the quantized one,
 * and the latter cut at every tensor, which takes the values of the first. Samples run one by one
 * unless a model fixes how many run together; of what they give, sums and counts alone are kept.
 * The sums run in float64 and in the order of the samples, so that figures do not depend on
 * threads.
 */
public final class Comparison {

  static final double LEAST_FALL = 6;
  static final double MOST_LEFT = 25;

  private final String runtime;
  private final int samples;
  private final List<TensorError> errors;
  private final List<UncomparedTensor> uncompared;

  private Comparison(
      String runtime, int samples, List<TensorError> errors, List<UncomparedTensor> uncompared) {
    this.runtime = runtime;
    this.samples = samples;
    this.errors = List.copyOf(errors);
    this.uncompared = List.copyOf(uncompared);
  }

  /**
   * Compares two models.
   *
   * @param runtime what runs both
   * @param reference the float model
   * @param quantized the model that was made of it
   * @param data the samples
   * @param execution on which threads, who hears of every sample, and what cancels it
   * @throws OctetException {@code OCT-CMP-001} if inputs differ, {@code OCT-CMP-002} if no tensor
   *     is in both, {@code OCT-CMP-003} if one has another number of elements; as {@link
   *     ModelCheck#requireForm}, {@link NamedRuntime#load} and {@link ModelRun#run}
   */
  public static Comparison of(
      NamedRuntime runtime,
      Model reference,
      Model quantized,
      DataSource data,
      Execution execution) {
    requireSameInputs(reference.graph(), quantized.graph());
    OperatorSet operators = OperatorSet.with(runtime.operators());
    NormalisedModel normalised =
        Normaliser.normalise(reference, operators, execution.cancellation());
    Graph typed = ShapeInference.infer(quantized, operators);
    ModelCheck.requireForm(typed, quantized.opsets());
    Counterparts found = Counterparts.of(reference, normalised, quantized, typed, operators);
    if (found.found().isEmpty()) {
      throw CompareErrors.NOTHING_IN_COMMON
          .error("no tensor of the float model was found in the quantized one")
          .build();
    }
    List<TensorWatch> watches = found.found().stream().map(TensorWatch::new).toList();
    run(
        runtime,
        new Models(normalised.model(), quantized, typed, found.found()),
        watches,
        data,
        execution);
    return new Comparison(
        runtime.name(),
        data.size(),
        ReadErrors.of(normalised.model().graph(), watches),
        found.lacking());
  }

  private static void requireSameInputs(Graph reference, Graph quantized) {
    List<String> wanted = reference.inputs().stream().map(ValueInfo::name).toList();
    List<String> own = quantized.inputs().stream().map(ValueInfo::name).toList();
    if (!wanted.equals(own)) {
      throw CompareErrors.OTHER_INPUTS
          .error("the inputs are " + own + ", those of the float model " + wanted)
          .build();
    }
  }

  /**
   * The models that run.
   *
   * @param reference the float model
   * @param quantized the quantized one
   * @param local the quantized one, cut
   */
  private record Models(Model reference, Model quantized, LocalModel local) {

    Models(Model reference, Model quantized, Graph typed, List<Counterpart> found) {
      this(
          WatchedValues.of(
              reference,
              reference.graph(),
              found.stream().filter(each -> !each.isInput()).map(Counterpart::tensor).toList()),
          WatchedValues.of(
              quantized, typed, found.stream().map(each -> each.read().name()).toList()),
          LocalModel.of(quantized, typed, found));
    }
  }

  private static void run(
      NamedRuntime runtime,
      Models models,
      List<TensorWatch> watches,
      DataSource data,
      Execution execution) {
    try (ExecutableModel reference = runtime.load(models.reference, execution);
        ExecutableModel quantized = runtime.load(models.quantized, execution);
        ExecutableModel local = runtime.load(models.local.model(), execution)) {
      ModelRun.run(
          reference,
          data,
          data.fixedBatch().orElse(1),
          execution,
          (from, count, inputs, floats) -> {
            Map<String, Tensor> expected = new LinkedHashMap<>(inputs);
            expected.putAll(floats);
            add(watches, expected, quantized.run(inputs, execution.cancellation()));
            Map<String, Tensor> given = given(models.local, inputs, floats);
            addLocal(watches, models.local, expected, local.run(given, execution.cancellation()));
          });
    }
  }

  private static void add(
      List<TensorWatch> watches, Map<String, Tensor> expected, Map<String, Tensor> results) {
    for (TensorWatch watch : watches) {
      Counterpart each = watch.counterpart();
      watch.add(
          output(expected, each.tensor()).floats(),
          floats(each, output(expected, each.tensor()), output(results, each.read().name())));
    }
  }

  private static void addLocal(
      List<TensorWatch> watches,
      LocalModel local,
      Map<String, Tensor> expected,
      Map<String, Tensor> results) {
    for (TensorWatch watch : watches) {
      Counterpart each = watch.counterpart();
      String name = Objects.requireNonNull(local.results().get(each.tensor()));
      watch.addLocal(
          output(expected, each.tensor()).floats(),
          floats(each, output(expected, each.tensor()), output(results, name)));
    }
  }

  private static Map<String, Tensor> given(
      LocalModel local, Map<String, Tensor> inputs, Map<String, Tensor> floats) {
    Map<String, Tensor> given = new LinkedHashMap<>(inputs);
    local.given().forEach((tensor, name) -> given.put(name, output(floats, tensor)));
    return given;
  }

  private static float[] floats(Counterpart counterpart, Tensor expected, Tensor result) {
    if (expected.elementCount() != result.elementCount()) {
      throw CompareErrors.OTHER_SIZE
          .error(
              "tensor '%s' has %s elements, that of the float model %s"
                  .formatted(counterpart.tensor(), result.elementCount(), expected.elementCount()))
          .build();
    }
    return counterpart.read().floats(result);
  }

  private static Tensor output(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), "the runtime gave no output " + name);
  }

  /** Returns the number of samples. */
  public int samples() {
    return samples;
  }

  /** Returns the name of the runtime that ran the models. */
  public String runtime() {
    return runtime;
  }

  /** Returns the tensors in the order of the float model. */
  public List<TensorError> inOrder() {
    return errors;
  }

  /**
   * Returns the tensors, the worst first: by the accumulated error, and in the order of the float
   * model where that is the same. What is no number is worst, what is equal is last.
   */
  public List<TensorError> worstFirst() {
    return errors.stream()
        .sorted(Comparator.comparingDouble(each -> each.accumulated().rank()))
        .toList();
  }

  /**
   * Returns the tensors at which the error grows most from what is read to what is given, the most
   * first: those that lose at least {@value #LEAST_FALL} dB, and of which less than {@value
   * #MOST_LEFT} dB are left.
   */
  public List<TensorError> falls() {
    return errors.stream()
        .filter(each -> each.fallDb() >= LEAST_FALL && each.accumulated().decibels() < MOST_LEFT)
        .sorted(Comparator.comparingDouble(each -> -each.fallDb()))
        .toList();
  }

  /** Returns the tensors of the float model of which there is no error, with the reason. */
  public List<UncomparedTensor> uncompared() {
    return uncompared;
  }

  /**
   * Returns what was found, as text and as a tree.
   *
   * @param rows how many tensors the table for people has at most
   * @throws OctetException {@code OCT-CMP-004} if that is below 1
   */
  public Report report(int rows) {
    return ComparisonReport.of(this, rows);
  }

  /**
   * Returns what was found as one page of HTML that needs nothing beside it: the errors along the
   * model, the tensors with the worst first, and of each how its values fit its range. It has no
   * address outside, and its colours follow those of the screen. The same comparison gives the same
   * text.
   *
   * @param reference what the float model is called, any text
   * @param quantized what the quantized one is called, any text
   */
  public String page(String reference, String quantized) {
    return ComparisonPage.of(this, reference, quantized);
  }
}
