package dev.octet.tck.subject;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.tck.graphs.RandomFloats;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of a composition, with the data that it was calibrated on. Immutable.
 *
 * @param plan the plan
 * @param calibration what was observed; empty when the plan has nothing to observe
 * @param converted the converted model with its report
 * @param samples the inputs of each run
 */
public record ConvertedComposition(
    Plan plan,
    Optional<Calibration> calibration,
    QuantizedModel converted,
    List<Map<String, Tensor>> samples) {

  private static final int SAMPLES = 4;

  /** Operators that give NaN for everything below 1. */
  private static final Set<String> FROM_ONE = Set.of("Acosh");

  /** Copies the list. */
  public ConvertedComposition {
    samples = List.copyOf(samples);
  }

  /** Calibrates a plan on samples of its own, and converts. */
  public static ConvertedComposition of(Plan plan, long seed) {
    return of(plan, seed, SAMPLES);
  }

  /**
   * Calibrates a plan on the first of its samples alone, and converts: for rules that do not ask
   * what ranges are. A search for ranges takes the longer, the more values there are.
   */
  public static ConvertedComposition ofOneSample(Plan plan, long seed) {
    return of(plan, seed, 1);
  }

  private static ConvertedComposition of(Plan plan, long seed, int calibrated) {
    Model model = plan.prepared().original();
    List<Map<String, Tensor>> samples = samples(model, seed);
    if (plan.observedGroups().isEmpty()) {
      return new ConvertedComposition(plan, Optional.empty(), Quantization.convert(plan), samples);
    }
    DataSource data = DataSource.of(model.graph(), samples.subList(0, calibrated));
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    return new ConvertedComposition(
        plan, Optional.of(calibration), Quantization.convert(plan, calibration), samples);
  }

  /** Converts once more, from the same calibration. */
  public QuantizedModel again() {
    return calibration
        .map(seen -> Quantization.convert(plan, seen))
        .orElseGet(() -> Quantization.convert(plan));
  }

  /**
   * Returns the inputs of a few runs: floats in [-2, 2), slices along the first axis of different
   * ranges; where an operator reads them that has no value below 1, {@code 1 + |x|} of those.
   */
  public static List<Map<String, Tensor>> samples(Model model, long seed) {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (ValueInfo input : model.graph().inputs()) {
        inputs.put(input.name(), sample(model.graph(), input, seed, i));
      }
      samples.add(inputs);
    }
    return samples;
  }

  private static Tensor sample(Graph graph, ValueInfo input, long seed, int number) {
    long[] sizes = input.tensorType().flatMap(TensorType::shape).map(Shape::sizes).orElseThrow();
    Tensor random = RandomFloats.tensor(seed, "sample" + number + "/" + input.name(), sizes);
    boolean fromOne =
        graph.nodes().stream()
            .anyMatch(
                node ->
                    FROM_ONE.contains(node.op().toString())
                        && node.operands().contains(input.name()));
    return fromOne ? fromOne(random.floats(), sizes) : random;
  }

  private static Tensor fromOne(float[] values, long... sizes) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + Math.abs(values[i]);
    }
    return Tensor.of(values, sizes);
  }

  /** Runs a model in the reference kernels and returns the outputs of each run. */
  public static List<Map<String, Tensor>> run(Model model, List<Map<String, Tensor>> samples) {
    List<Map<String, Tensor>> outputs = new ArrayList<>();
    try (ExecutableModel loaded = new ReferenceRuntime().load(LoadRequest.of(model).build())) {
      samples.forEach(inputs -> outputs.add(loaded.run(inputs)));
    }
    return outputs;
  }
}
