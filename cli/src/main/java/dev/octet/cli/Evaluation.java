package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Measures a model batch by batch; keeps nothing of the samples. Not thread-safe. */
final class Evaluation implements ModelRun.Receiver {

  private final ExecutableModel model;
  private final Optional<ExecutableModel> reference;
  private final DataSource data;
  private final Optional<Accuracy> accuracy;
  private final Optional<Accuracy> referenceAccuracy;
  private final Optional<Likelihood> likelihood;
  private final Difference difference = new Difference();

  Evaluation(ExecutableModel model, Optional<ExecutableModel> reference, DataSource data) {
    this.model = model;
    this.reference = reference;
    this.data = data;
    this.accuracy = data.labels().map(Accuracy::ofModel);
    this.referenceAccuracy = reference.flatMap(r -> data.labels()).map(Accuracy::ofReference);
    this.likelihood = data.tokenCounts().map(Likelihood::new);
  }

  /** Returns how many samples both models take in one run. */
  int batchSize() {
    int own = ModelRun.batchSize(model, data);
    return Math.min(own, reference.map(r -> ModelRun.batchSize(r, data)).orElse(own));
  }

  @Override
  public void batch(int from, int count, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    String first = model.outputs().get(0).name();
    Tensor output = output(outputs, first);
    double[] scores = Elements.of(first, output);
    accuracy.ifPresent(a -> a.batch(from, count, scores));
    likelihood.ifPresent(l -> l.batch(from, inputs.values().iterator().next(), output, scores));
    reference.ifPresent(r -> compare(from, count, r.run(inputs), outputs));
  }

  /** Adds what was measured to a report. */
  void addTo(Report report) {
    accuracy.ifPresent(a -> a.addTo(report));
    referenceAccuracy.ifPresent(a -> a.addTo(report));
    likelihood.ifPresent(l -> l.addTo(report));
    if (reference.isPresent()) {
      difference.addTo(report);
    }
  }

  private void compare(
      int from, int count, Map<String, Tensor> expected, Map<String, Tensor> outputs) {
    outputs.forEach(
        (name, output) -> {
          double[] reference = Elements.of(name, output(expected, name));
          double[] own = Elements.of(name, output);
          requireSameLength(name, reference, own);
          difference.add(name, reference, own);
          if (name.equals(model.outputs().get(0).name())) {
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

  private static void requireSameLength(String name, double[] reference, double[] own) {
    if (reference.length != own.length) {
      throw OctetException.input(
              "OCT-CLI-009",
              "output '%s' has %s elements, that of the reference %s"
                  .formatted(name, own.length, reference.length))
          .at("--reference")
          .next("Compare a model with the one it was made from.");
    }
  }

  private static Tensor output(Map<String, Tensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name), "the runtime gave no output " + name);
  }
}
