package dev.octet.workflow.evaluate;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.ModelRun;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.run.SampleBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * How good a model is on some data, and how far from a reference. Inputs and outputs that are
 * integers with a meaning are made of floats and made floats again. Immutable once it is made.
 */
public final class Evaluation {

  /** What the values inside of a reference may take in memory at a time. */
  private static final long MOST_BYTES = 64L << 20;

  private final String runtime;
  private final List<String> names;
  private final Optional<Difference> difference;
  private final Optional<Accuracy> accuracy;
  private final Optional<Accuracy> referenceAccuracy;
  private final Optional<Likelihood> likelihood;
  private final Optional<Likelihood> referenceLikelihood;
  private final Optional<LayerErrors> layers;
  private final InputRanges inputs;
  private final ActivationRanges activations;
  private int samples;

  private Evaluation(String runtime, Subject subject, Scoring scoring) {
    boolean labelled = scoring.labels();
    boolean tokens = scoring.tokens();
    boolean compared = subject.reference.isPresent();
    this.layers = subject.layers;
    this.activations = subject.activations;
    this.runtime = runtime;
    this.names = names(subject.model.graph().outputs());
    this.inputs = InputRanges.of(subject.model);
    this.difference =
        subject.reference.map(
            reference -> new Difference(RowMeasure.of(reference, scoring.classes())));
    this.accuracy = present(labelled, Accuracy::ofModel);
    this.referenceAccuracy = present(labelled && compared, Accuracy::ofReference);
    this.likelihood = present(tokens, Likelihood::ofModel);
    this.referenceLikelihood = present(tokens && compared, Likelihood::ofReference);
  }

  private static <T> Optional<T> present(boolean there, Supplier<T> made) {
    return there ? Optional.of(made.get()) : Optional.empty();
  }

  /** What is evaluated. */
  private record Subject(
      Model model,
      Optional<Model> reference,
      Optional<LayerErrors> layers,
      ActivationRanges activations) {

    static Subject alone(Model model) {
      return new Subject(model, Optional.empty(), Optional.empty(), ActivationRanges.none());
    }

    static Subject of(Model model, Model reference, Optional<LayerErrors> layers) {
      ActivationRanges activations = ActivationRanges.between(reference, model, false);
      return new Subject(model, Optional.of(reference), layers, activations);
    }

    /** Returns the model as it is run. */
    Model running() {
      return layers.map(LayerErrors::watchedModel).orElse(model);
    }

    /** Returns the reference as it is run. */
    Optional<Model> runningReference() {
      return layers
          .map(LayerErrors::watchedReference)
          .or(() -> reference)
          .map(activations::watchedIn);
    }
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
    return run(runtime, Subject.alone(model), data, execution);
  }

  /**
   * Evaluates a model and compares it with a reference, batch by batch; nothing is kept of the
   * samples.
   *
   * @param runtime what runs both models
   * @param model the model
   * @param reference the model to compare with, float or quantized, of the same inputs and outputs
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
    return run(runtime, Subject.of(model, reference, Optional.empty()), data, execution);
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
    Optional<LayerErrors> layers = Optional.of(LayerErrors.between(reference, model));
    return run(runtime, Subject.of(model, reference, layers), data, execution);
  }

  /**
   * Evaluates a model by itself on samples that come one after the other.
   *
   * @throws OctetException as {@link #of(NamedRuntime, Model, Model, SampleStream, Execution)}
   */
  public static Evaluation of(
      NamedRuntime runtime, Model model, SampleStream stream, Execution execution) {
    return run(runtime, Subject.alone(model), stream, execution);
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
    return run(runtime, Subject.of(model, reference, Optional.empty()), stream, execution);
  }

  /** The models, ready to run. */
  private record Loaded(ExecutableModel model, Optional<ExecutableModel> reference)
      implements AutoCloseable {

    static Loaded of(NamedRuntime runtime, Subject subject, Execution execution) {
      ExecutableModel own = runtime.loadInFloat(subject.running(), execution);
      try {
        return new Loaded(
            own, subject.runningReference().map(r -> runtime.loadInFloat(r, execution)));
      } catch (RuntimeException | Error e) {
        own.close();
        throw e;
      }
    }

    @Override
    public void close() {
      reference.ifPresent(ExecutableModel::close);
      model.close();
    }
  }

  private static Evaluation run(
      NamedRuntime runtime, Subject subject, DataSource data, Execution execution) {
    Optional<int[]> labels = data.labels();
    Optional<int[]> tokens = data.tokenCounts();
    Evaluation evaluation = new Evaluation(runtime.name(), subject, Scoring.of(data));
    try (Loaded loaded = Loaded.of(runtime, subject, execution)) {
      int size =
          subject.layers.isPresent()
              ? data.fixedBatch().orElse(1)
              : batchSize(runtime, loaded, subject, data, execution);
      ModelRun.run(
          loaded.model,
          data,
          size,
          execution,
          (from, count, inputs, results) ->
              evaluation.add(
                  new Batch(count, inputs, part(labels, from, count), part(tokens, from, count)),
                  results,
                  labels,
                  loaded.reference.map(
                      r -> ModelRun.run(r, SampleBatch.of(data, from, count, inputs), execution))));
    }
    return evaluation;
  }

  private static int batchSize(
      NamedRuntime runtime, Loaded loaded, Subject subject, DataSource data, Execution execution) {
    int own = ModelRun.batchSize(subject.running(), loaded.model, data, execution);
    if (loaded.reference.isEmpty() || own == 1 || data.fixedBatch().isPresent()) {
      return own;
    }
    // What a reference gives beside its outputs may well have the samples along another axis.
    Model reference = subject.reference.orElseThrow();
    try (ExecutableModel plain = runtime.loadInFloat(reference, execution)) {
      int other = ModelRun.batchSize(reference, plain, data, execution);
      int both = Math.min(own, other);
      return both == 1 || subject.activations.isEmpty()
          ? both
          : Math.min(both, affordable(loaded.reference.get(), data, execution));
    }
  }

  /** Returns of how many samples the values inside of a reference fill a bounded memory. */
  private static int affordable(ExecutableModel reference, DataSource data, Execution execution) {
    long bytes =
        ModelRun.run(reference, SampleBatch.read(data, 0, 1), execution).values().stream()
            .mapToLong(Tensor::byteCount)
            .sum();
    return (int) Math.max(1, MOST_BYTES / Math.max(1, bytes));
  }

  private static Optional<int[]> part(Optional<int[]> all, int from, int count) {
    return all.map(each -> Arrays.copyOfRange(each, from, from + count));
  }

  private static Evaluation run(
      NamedRuntime runtime, Subject subject, SampleStream stream, Execution execution) {
    Evaluation evaluation = new Evaluation(runtime.name(), subject, Scoring.of(stream));
    try (Loaded loaded = Loaded.of(runtime, subject, execution)) {
      stream.read(
          execution,
          (from, count, inputs, labels) -> {
            SampleBatch samples = SampleBatch.ofStream(from, count, inputs);
            evaluation.add(
                new Batch(count, inputs, labels, Optional.empty()),
                ModelRun.run(loaded.model, samples, execution),
                labels,
                loaded.reference.map(r -> ModelRun.run(r, samples, execution)));
          });
    }
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

  /** Returns {@link #negativeLogLikelihood} of the reference; empty without tokens or reference. */
  public OptionalDouble referenceNegativeLogLikelihood() {
    return referenceLikelihood.stream().mapToDouble(Likelihood::mean).findFirst();
  }

  /**
   * Returns {@code 10 log10(sum ref^2 / sum (ref - q)^2)} over all samples, of the output that is
   * farthest from the reference: infinite when all are equal, NaN or negative infinity when it is
   * no number; empty without a reference, and where all outputs are indices or truth values.
   */
  public OptionalDouble sqnrDb() {
    return difference.stream()
        .map(d -> Difference.worst(d.figures()))
        .filter(worst -> worst.equalElements().isEmpty())
        .mapToDouble(worst -> worst.sqnr().decibels())
        .findFirst();
  }

  /**
   * Returns the share of rows whose largest element stands in the same place as the reference's,
   * the least of the outputs whose elements are classes: the first one where samples have labels or
   * are tokens, and those of two axes that end in Softmax. Empty without a reference or such an
   * output.
   */
  public OptionalDouble top1Agreement() {
    return difference.stream()
        .flatMap(d -> Difference.leastAgreement(d.figures()).stream())
        .mapToDouble(least -> least.agreement().orElseThrow())
        .findFirst();
  }

  /** Returns how far each output is from the reference, in their order; none without one. */
  public List<OutputFigures> outputs() {
    return difference.map(Difference::figures).orElse(List.of());
  }

  /**
   * Returns how the samples fit the range of each input that has one: integers with a meaning, and
   * floats that are quantized with one scale. Inputs that were given integers are not among them.
   */
  public List<InputRange> inputs() {
    return inputs.list();
  }

  /**
   * Returns how the values inside of the reference fit the ranges that the model has for them, in
   * the order of the model; none without a reference, or where it is quantized, too.
   */
  public List<ActivationRange> activations() {
    return activations.list();
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
    referenceLikelihood.ifPresent(l -> l.addTo(report));
    difference.ifPresent(d -> d.addTo(report));
    report.field("outputs", Tree.of(outputTrees()));
    inputs.addTo(report);
    activations.addTo(report);
    layers.ifPresent(l -> l.addTo(report));
    return report;
  }

  /** The accuracy is that of the first output. */
  private List<Tree> outputTrees() {
    List<Tree> trees = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Map<String, Tree> fields = new LinkedHashMap<>(Map.of("name", Tree.of(names.get(i))));
      if (i == 0 && top1().isPresent()) {
        fields.put("top1", Tree.of(top1().getAsDouble()));
      }
      if (difference.isPresent()) {
        fields.putAll(outputs().get(i).tree().entries());
      }
      trees.add(Tree.of(fields));
    }
    return trees;
  }

  /**
   * Takes a batch. Labels that are known are all checked at the first one, so that no long run is
   * in vain.
   */
  private void add(
      Batch batch,
      Map<String, Tensor> results,
      Optional<int[]> known,
      Optional<Map<String, Tensor>> expected) {
    String first = names.get(0);
    Tensor output = output(results, first);
    double[] scores = OutputElements.of(first, output);
    if (samples == 0) {
      known.ifPresent(all -> Accuracy.requireClasses(0, all, scores.length / batch.count()));
    }
    samples = Math.addExact(samples, batch.count());
    inputs.add(batch.inputs());
    score(batch, output, scores, accuracy, likelihood);
    expected.ifPresent(reference -> compare(batch, reference, results));
  }

  private static void score(
      Batch batch,
      Tensor output,
      double[] scores,
      Optional<Accuracy> accuracy,
      Optional<Likelihood> likelihood) {
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
    activations.add(expected);
    for (String name : names) {
      Tensor wanted = output(expected, name);
      double[] reference = OutputElements.of(name, wanted);
      boolean first = name.equals(names.get(0));
      Optional<int[]> positions = batch.tokenCounts().filter(counts -> first);
      difference
          .orElseThrow()
          .add(name, batch.count(), positions, reference, output(results, name));
      if (first) {
        score(batch, wanted, reference, referenceAccuracy, referenceLikelihood);
      }
    }
  }

  private static ErrorId ofOtherReference() {
    return EvaluationErrors.OTHER_REFERENCE;
  }

  private static OctetException otherReference(String fact) {
    return ofOtherReference().error(fact).at("--reference").build();
  }

  static boolean isOtherReference(OctetException error) {
    return error.id().equals(ofOtherReference().text());
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

  /** Returns runtime and number of samples. */
  @Override
  public String toString() {
    return "evaluation on '" + runtime + "' of " + samples + " samples";
  }
}
