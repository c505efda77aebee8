package dev.octet.workflow.evaluate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How good a model is on some data, and how far from a reference. Inputs and outputs that are
 * integers with a meaning are made of floats and made floats again. Immutable once it is made.
 */
public final class Evaluation {

  private final String runtime;
  private final List<String> outputs;
  private final boolean compared;
  private final Optional<Accuracy> accuracy;
  private final Optional<Accuracy> referenceAccuracy;
  private final Optional<Likelihood> likelihood;
  private final Optional<LayerErrors> layers;
  private final Difference difference = new Difference();
  private int samples;

  private Evaluation(
      String runtime,
      List<String> outputs,
      boolean compared,
      boolean labelled,
      boolean tokens,
      Optional<LayerErrors> layers) {
    this.layers = layers;
    this.runtime = runtime;
    this.outputs = outputs;
    this.compared = compared;
    this.accuracy = labelled ? Optional.of(Accuracy.ofModel()) : Optional.empty();
    this.referenceAccuracy =
        labelled && compared ? Optional.of(Accuracy.ofReference()) : Optional.empty();
    this.likelihood = tokens ? Optional.of(new Likelihood()) : Optional.empty();
  }

  /** Samples that ran together, with the label and the number of scored tokens of each. */
  private record Batch(
      int count, Map<String, Tensor> inputs, Optional<int[]> labels, Optional<int[]> tokenCounts) {}

  /**
   * Evaluates a model by itself.
   *
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, DataSource, Execution)}
   */
  public static Evaluation of(
      NamedRuntime runtime, Model model, DataSource data, Execution execution) {
    try (ExecutableModel own = runtime.loadInFloat(model, execution)) {
      List<String> outputs = names(model.graph().outputs());
      return run(runtime, outputs, Optional.empty(), own, Optional.empty(), data, execution);
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
    try (ExecutableModel own = runtime.loadInFloat(model, execution);
        ExecutableModel other = runtime.loadInFloat(reference, execution)) {
      List<String> outputs = names(model.graph().outputs());
      return run(runtime, outputs, Optional.empty(), own, Optional.of(other), data, execution);
    }
  }

  /**
   * Evaluates a model, compares it with a float one, and looks at every quantized layer. Samples
   * run one after the other unless the model fixes how many run together, so that no more than what
   * the layers give for one of them is in memory.
   *
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, DataSource, Execution)}
   */
  public static Evaluation withLayers(
      NamedRuntime runtime, Model model, Model reference, DataSource data, Execution execution) {
    requireSameNames(model, reference);
    LayerErrors layers = LayerErrors.between(reference, model);
    try (ExecutableModel own = runtime.loadInFloat(layers.watchedModel(), execution);
        ExecutableModel other = runtime.loadInFloat(layers.watchedReference(), execution)) {
      List<String> outputs = names(model.graph().outputs());
      return run(runtime, outputs, Optional.of(layers), own, Optional.of(other), data, execution);
    }
  }

  /**
   * Evaluates a model by itself on samples that come one after the other.
   *
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, SampleStream, Execution)}
   */
  public static Evaluation of(
      NamedRuntime runtime, Model model, SampleStream stream, Execution execution) {
    try (ExecutableModel own = runtime.loadInFloat(model, execution)) {
      return run(runtime, own, Optional.empty(), stream, execution);
    }
  }

  /**
   * Evaluates a model and compares it with a reference on samples that come one after the other:
   * both run each set when it is read, so that one pass will do.
   *
   * @param stream the samples, with labels where these are to be scored
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, DataSource, Execution)} and
   *     {@link SampleStream#read}
   */
  public static Evaluation of(
      NamedRuntime runtime,
      Model model,
      Model reference,
      SampleStream stream,
      Execution execution) {
    requireSameNames(model, reference);
    try (ExecutableModel own = runtime.loadInFloat(model, execution);
        ExecutableModel other = runtime.loadInFloat(reference, execution)) {
      return run(runtime, own, Optional.of(other), stream, execution);
    }
  }

  private static Evaluation run(
      NamedRuntime runtime,
      List<String> outputs,
      Optional<LayerErrors> layers,
      ExecutableModel model,
      Optional<ExecutableModel> reference,
      DataSource data,
      Execution execution) {
    Optional<int[]> labels = data.labels();
    Optional<int[]> tokens = data.tokenCounts();
    Evaluation evaluation =
        new Evaluation(
            runtime.name(),
            outputs,
            reference.isPresent(),
            labels.isPresent(),
            tokens.isPresent(),
            layers);
    int size =
        layers.isPresent()
            ? data.fixedBatch().orElse(1)
            : batchSize(model, reference, data, execution);
    ModelRun.run(
        model,
        data,
        size,
        execution,
        (from, count, inputs, results) -> {
          Batch batch =
              new Batch(count, inputs, part(labels, from, count), part(tokens, from, count));
          evaluation.add(batch, results, labels);
          reference.ifPresent(
              r -> evaluation.compare(batch, r.run(inputs, execution.cancellation()), results));
        });
    return evaluation;
  }

  private static int batchSize(
      ExecutableModel model,
      Optional<ExecutableModel> reference,
      DataSource data,
      Execution execution) {
    int own = ModelRun.batchSize(model, data, execution);
    return reference.map(r -> Math.min(own, ModelRun.batchSize(r, data, execution))).orElse(own);
  }

  private static Optional<int[]> part(Optional<int[]> all, int from, int count) {
    return all.map(each -> Arrays.copyOfRange(each, from, from + count));
  }

  private static Evaluation run(
      NamedRuntime runtime,
      ExecutableModel model,
      Optional<ExecutableModel> reference,
      SampleStream stream,
      Execution execution) {
    List<String> outputs = names(model.outputs());
    Evaluation evaluation =
        new Evaluation(
            runtime.name(),
            outputs,
            reference.isPresent(),
            stream.isLabelled(),
            false,
            Optional.empty());
    Cancellation cancellation = execution.cancellation();
    stream.read(
        execution,
        (from, count, inputs, labels) -> {
          Batch batch = new Batch(count, inputs, labels, Optional.empty());
          Map<String, Tensor> results = model.run(inputs, cancellation);
          evaluation.add(batch, results, labels);
          reference.ifPresent(r -> evaluation.compare(batch, r.run(inputs, cancellation), results));
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
    return compared ? OptionalDouble.of(difference.sqnr().decibels()) : OptionalDouble.empty();
  }

  /**
   * Returns the share of rows of the first output whose largest element stands in the same place as
   * the reference's; empty without a reference.
   */
  public OptionalDouble top1Agreement() {
    return compared ? OptionalDouble.of(difference.agreement()) : OptionalDouble.empty();
  }

  /** Returns the figures of the quantized layers; empty where they were not asked for. */
  public Optional<LayerErrors> layers() {
    return layers;
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
    layers.ifPresent(l -> l.addTo(report));
    return report;
  }

  /** Labels that are known are all checked at the first batch, so that no long run is in vain. */
  private void add(Batch batch, Map<String, Tensor> results, Optional<int[]> known) {
    String first = outputs.get(0);
    Tensor output = output(results, first);
    double[] scores = Elements.of(first, output);
    if (samples == 0) {
      known.ifPresent(all -> Accuracy.requireClasses(0, all, scores.length / batch.count()));
    }
    samples = Math.addExact(samples, batch.count());
    accuracy.ifPresent(a -> a.batch(batch.labels().orElseThrow(), scores));
    likelihood.ifPresent(
        l ->
            l.batch(
                batch.tokenCounts().orElseThrow(),
                batch.inputs().values().iterator().next(),
                output,
                scores));
  }

  private void compare(Batch batch, Map<String, Tensor> expected, Map<String, Tensor> results) {
    layers.ifPresent(l -> l.add(expected, results));
    outputs.forEach(
        name -> {
          Tensor output = output(results, name);
          double[] reference = Elements.of(name, output(expected, name));
          double[] own = Elements.of(name, output);
          requireSameLength(name, reference, own);
          difference.add(name, reference, own);
          if (name.equals(outputs.get(0))) {
            referenceAccuracy.ifPresent(a -> a.batch(batch.labels().orElseThrow(), reference));
            compareRows(batch, output, reference, own);
          }
        });
  }

  /** A row is a sample, or a position that is no padding where samples are sequences of tokens. */
  private void compareRows(Batch batch, Tensor output, double[] reference, double[] own) {
    if (batch.tokenCounts().isEmpty()) {
      int each = own.length / batch.count();
      for (int i = 0; i < batch.count(); i++) {
        difference.addRow(reference, own, i * each, each);
      }
      return;
    }
    int[] tokens = batch.tokenCounts().get();
    int length = (int) output.sizes()[1];
    int each = (int) output.sizes()[2];
    for (int i = 0; i < batch.count(); i++) {
      for (int t = 0; t < tokens[i]; t++) {
        difference.addRow(reference, own, (i * length + t) * each, each);
      }
    }
  }

  private static OctetException otherReference(String fact) {
    return EvaluationErrors.OTHER_REFERENCE.error(fact).at("--reference").build();
  }

  static void requireSameLength(String name, double[] reference, double[] own) {
    if (reference.length != own.length) {
      throw otherReference(
          "output '%s' has %s elements, that of the reference %s"
              .formatted(name, own.length, reference.length));
    }
  }

  static Tensor output(Map<String, Tensor> results, String name) {
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
