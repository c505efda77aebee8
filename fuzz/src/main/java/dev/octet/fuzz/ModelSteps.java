package dev.octet.fuzz;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the commands do with a model: it is shown, planned, run, calibrated and converted. */
final class ModelSteps {

  private static final String BACKEND = "cpu";
  private static final long MOST_ELEMENTS = 1 << 12;
  private static final long FREE_SIZE = 2;

  /** After that long, runs are asked to end: a valid model may take as long as it likes. */
  private static final Duration RUN = Duration.ofMillis(500);

  private final Catalogs catalogs;
  private final NamedRuntime runtime;

  ModelSteps(Catalogs catalogs) {
    this.catalogs = catalogs;
    this.runtime = catalogs.runtime(BACKEND);
  }

  Plan plan(Model model) {
    return Quantization.plan(QuantizationRequest.of(model, catalogs.backend(BACKEND)));
  }

  /** Does all of it, as far as the model is small. */
  void all(Model model) {
    show(Inspection.of(model, runtime.operators()));
    Plan plan = plan(model);
    show(Inspection.of(plan));
    Optional<Map<String, Tensor>> inputs = inputs(model);
    if (inputs.isPresent()) {
      run(model, inputs.get());
      quantize(plan, inputs.get());
    }
  }

  /** Shows a model, and reads all that it holds. */
  void read(Model model) {
    show(Inspection.of(model, runtime.operators()));
    model.graph().initializers().values().forEach(Tensor::data);
  }

  private static void show(Report report) {
    report.json(true);
    report.text();
  }

  private static Execution execution() {
    long end = System.nanoTime() + RUN.toNanos();
    Cancellation late = () -> System.nanoTime() > end;
    return Execution.threads(1).cancellation(late);
  }

  private void run(Model model, Map<String, Tensor> inputs) {
    Execution execution = execution();
    try (ExecutableModel loaded = runtime.load(model, execution)) {
      loaded.run(inputs, execution.cancellation());
    }
  }

  private void quantize(Plan plan, Map<String, Tensor> inputs) {
    Execution execution = execution();
    DataSource data = DataSource.of(plan.prepared().model().graph(), List.of(inputs, inputs));
    Calibration calibration = Quantization.calibrate(plan, data, execution);
    QuantizedModel quantized = Quantization.convert(plan, calibration, execution);
    run(quantized.model(), inputs);
  }

  /** Returns something for every input; empty where that would be much. */
  private static Optional<Map<String, Tensor>> inputs(Model model) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.graph().inputs()) {
      Optional<Tensor> tensor = input.tensorType().flatMap(ModelSteps::tensor);
      if (tensor.isEmpty()) {
        return Optional.empty();
      }
      inputs.put(input.name(), tensor.get());
    }
    return Optional.of(inputs);
  }

  private static Optional<Tensor> tensor(TensorType type) {
    List<Dimension> dimensions = type.shape().map(Shape::dimensions).orElse(List.of());
    long[] sizes = dimensions.stream().mapToLong(d -> d.known().orElse(FREE_SIZE)).toArray();
    long count = 1;
    for (long size : sizes) {
      count = size > MOST_ELEMENTS ? MOST_ELEMENTS + 1 : Math.min(MOST_ELEMENTS + 1, count * size);
    }
    DataType kind = type.dataType();
    if (count > MOST_ELEMENTS || kind == DataType.STRING) {
      return Optional.empty();
    }
    return Optional.of(filled(kind, (int) count, sizes));
  }

  /** Small numbers, the first of them 0, so that they are indices too. */
  private static Tensor filled(DataType type, int count, long[] sizes) {
    if (type.isInteger()) {
      long[] elements = new long[count];
      for (int i = 0; i < count; i++) {
        elements[i] = i % 3;
      }
      return Tensor.ofIntegers(type, elements, sizes);
    }
    if (type == DataType.FLOAT) {
      float[] elements = new float[count];
      for (int i = 0; i < count; i++) {
        elements[i] = i % 5 / 2f;
      }
      return Tensor.of(elements, sizes);
    }
    return Tensor.ofBytes(type, sizes, ByteBuffer.allocate((count * type.bits() + 7) / 8));
  }
}
