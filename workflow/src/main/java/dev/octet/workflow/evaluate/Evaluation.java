package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** How good a model is on some data, and how far from a reference. Immutable once it is made. */
public final class Evaluation {

  private final String runtime;
  private final DataSource data;
  private final int samples;
  private final List<String> outputs;
  private final boolean compared;
  private final Optional<Accuracy> accuracy;
  private final Optional<Accuracy> referenceAccuracy;
  private final Optional<Likelihood> likelihood;
  private final Difference difference = new Difference();

  private Evaluation(String runtime, List<String> outputs, boolean compared, DataSource data) {
    this.runtime = runtime;
    this.outputs = outputs;
    this.compared = compared;
    this.data = data;
    this.samples = data.size();
    this.accuracy = data.labels().map(Accuracy::ofModel);
    this.referenceAccuracy = compared ? data.labels().map(Accuracy::ofReference) : Optional.empty();
    this.likelihood = data.tokenCounts().map(Likelihood::new);
  }

  /**
   * Evaluates a model by itself.
   *
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, DataSource, Execution)}
   */
  public static Evaluation of(
      NamedRuntime runtime, Model model, DataSource data, Execution execution) {
    try (ExecutableModel own = runtime.load(model, execution)) {
      return run(runtime, own, Optional.empty(), data, execution);
    }
  }

  /**
   * Evaluates a model and compares it with a reference, batch by batch; nothing is kept of the
   * samples.
   *
   * @param runtime what runs both models
   * @param model the model
   * @param reference the model to compare with, of the same inputs and outputs
   * @param data the samples, with labels or tokens where these are to be scored
   * @param execution on which threads, who hears of every batch, and what cancels it
   * @throws OctetException {@code OCT-CLI-009} if inputs or outputs differ, {@code OCT-CLI-010} if
   *     an output is no number that can be compared, {@code OCT-CLI-011} if a label is no class of
   *     the model, {@code OCT-CLI-013} if tokens do not belong to the model; as {@link
   *     NamedRuntime#load} and {@link ModelRun#run}
   */
  public static Evaluation of(
      NamedRuntime runtime, Model model, Model reference, DataSource data, Execution execution) {
    requireSameNames(model, reference);
    try (ExecutableModel own = runtime.load(model, execution);
        ExecutableModel other = runtime.load(reference, execution)) {
      return run(runtime, own, Optional.of(other), data, execution);
    }
  }

  private static Evaluation run(
      NamedRuntime runtime,
      ExecutableModel model,
      Optional<ExecutableModel> reference,
      DataSource data,
      Execution execution) {
    List<String> outputs = names(model.outputs());
    Evaluation evaluation = new Evaluation(runtime.name(), outputs, reference.isPresent(), data);
    int own = ModelRun.batchSize(model, data, execution);
    int batch =
        reference.map(r -> Math.min(own, ModelRun.batchSize(r, data, execution))).orElse(own);
    ModelRun.run(
        model,
        data,
        batch,
        execution,
        (from, count, inputs, results) -> {
          evaluation.batch(from, count, inputs, results);
          reference.ifPresent(
              r ->
                  evaluation.compare(
                      from, count, r.run(inputs, execution.cancellation()), results));
        });
    return evaluation;
  }

  /** Returns the number of samples. */
  public int samples() {
    return samples;
  }

  /** Returns the share of samples whose label has the largest score; empty without labels. */
  public OptionalDouble top1() {
    return accuracy.stream().mapToDouble(Accuracy::share).findFirst();
  }

  /** Returns {@link #top1} of the reference; empty without labels or reference. */
  public OptionalDouble referenceTop1() {
    return referenceAccuracy.stream().mapToDouble(Accuracy::share).findFirst();
  }

  /** Returns the mean negative log likelihood in nats; empty where the data is no tokens. */
  public OptionalDouble negativeLogLikelihood() {
    return likelihood.stream().mapToDouble(Likelihood::mean).findFirst();
  }

  /**
   * Returns {@code 10 log10(sum ref^2 / sum (ref - q)^2)} over all samples and outputs, infinite
   * when they are equal; empty without a reference.
   */
  public OptionalDouble sqnrDb() {
    return compared ? OptionalDouble.of(difference.decibels()) : OptionalDouble.empty();
  }

  /**
   * Returns the share of rows of the first output whose largest element stands in the same place as
   * the reference's; empty without a reference.
   */
  public OptionalDouble top1Agreement() {
    return compared ? OptionalDouble.of(difference.agreement()) : OptionalDouble.empty();
  }

  /** Returns what was measured. */
  public Report report() {
    Report report =
        new Report()
            .field("samples", Tree.of(samples))
            .field("runtime", Tree.of(runtime))
            .line("%s samples on '%s'".formatted(samples, runtime));
    accuracy.ifPresent(a -> a.addTo(report));
    referenceAccuracy.ifPresent(a -> a.addTo(report));
    likelihood.ifPresent(l -> l.addTo(report));
    if (compared) {
      difference.addTo(report);
    }
    return report;
  }

  private void batch(int from, int count, Map<String, Tensor> inputs, Map<String, Tensor> results) {
    String first = outputs.get(0);
    Tensor output = output(results, first);
    double[] scores = Elements.of(first, output);
    accuracy.ifPresent(a -> a.batch(from, count, scores));
    likelihood.ifPresent(l -> l.batch(from, inputs.values().iterator().next(), output, scores));
  }

  private void compare(
      int from, int count, Map<String, Tensor> expected, Map<String, Tensor> results) {
    results.forEach(
        (name, output) -> {
          double[] reference = Elements.of(name, output(expected, name));
          double[] own = Elements.of(name, output);
          requireSameLength(name, reference, own);
          difference.add(name, reference, own);
          if (name.equals(outputs.get(0))) {
            referenceAccuracy.ifPresent(a -> a.batch(from, count, reference));
            compareRows(from, count, output, reference, own);
          }
        });
  }

  /** A row is a sample, or a position that is no padding where samples are sequences of tokens. */
  private void compareRows(int from, int count, Tensor output, double[] reference, double[] own) {
    Optional<int[]> tokens = data.tokenCounts();
    if (tokens.isEmpty()) {
      int each = own.length / count;
      for (int i = 0; i < count; i++) {
        difference.addRow(reference, own, i * each, each);
      }
      return;
    }
    int length = (int) output.sizes()[1];
    int each = (int) output.sizes()[2];
    for (int i = 0; i < count; i++) {
      for (int t = 0; t < tokens.get()[from + i]; t++) {
        difference.addRow(reference, own, (i * length + t) * each, each);
      }
    }
  }

  private static OctetException otherReference(String fact) {
    return EvaluationErrors.OTHER_REFERENCE.error(fact).at("--reference").build();
  }

  private static void requireSameLength(String name, double[] reference, double[] own) {
    if (reference.length != own.length) {
      throw otherReference(
          "output '%s' has %s elements, that of the reference %s"
              .formatted(name, own.length, reference.length));
    }
  }

  private static Tensor output(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), "the runtime gave no output " + name);
  }

  private static void requireSameNames(Model model, Model reference) {
    Graph own = model.graph();
    Graph other = reference.graph();
    requireSameNames("inputs", names(own.inputs()), names(other.inputs()));
    requireSameNames("outputs", names(own.outputs()), names(other.outputs()));
  }

  private static void requireSameNames(String what, List<String> names, List<String> wanted) {
    if (!names.equals(wanted)) {
      throw otherReference("the " + what + " are " + names + ", those of the reference " + wanted);
    }
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }
}
