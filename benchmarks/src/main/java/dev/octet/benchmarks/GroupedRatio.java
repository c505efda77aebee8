package dev.octet.benchmarks;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.workflow.source.Int8DynActInt4WeightQuantizer;
import dev.octet.workflow.source.ModelForm;
import dev.octet.workflow.source.SourceQuantized;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;

/**
 * Times a linear layer of 4096 inputs and outputs with weights of 4 bits in groups of 32 in {@code
 * cpu} beside ONNX Runtime: {@code GroupedRatio [ROWS ...]}, by default 1, 64 and 2000 rows.
 *
 * <p>The layer is {@code Int8DynActInt4WeightQuantizer}'s, in each form of the file. Both runtimes
 * get the same model, and their runs alternate in this process, on one thread and on two. What is
 * printed is the medians of what a run takes and their ratio: of one thread the time that it had on
 * a processor, of two the time that passed. The results are compared first, and {@code cpu} has to
 * give none for no rows, which ONNX Runtime 1.29 refuses in the form of DequantizeLinear in blocks.
 * Before that stands what {@code cpu} holds of the layer after a run, when nobody else has the
 * model: bytes of the heap for each weight.
 */
public final class GroupedRatio {

  private static final int SIZE = 4096;
  private static final int GROUP = 32;
  private static final long SEED = 20_240_229;
  private static final long OPSET = 21;

  private static final int ROUNDS = 11;
  private static final long ROUND_NANOSECONDS = 60_000_000;
  private static final long WARM_UP_NANOSECONDS = 1_000_000_000;

  /** Threads of ONNX Runtime that look for work after a run are quiet by then. */
  private static final long QUIET_MILLISECONDS = 30;

  /** Of the largest result; the order of additions and single steps of inputs are far below. */
  private static final double TOLERANCE = 0.01;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private GroupedRatio() {}

  /** Measures the given numbers of rows. */
  public static void main(String[] args) throws InterruptedException {
    List<String> rows = args.length == 0 ? List.of("1", "64", "2000") : List.of(args);
    for (ModelForm form : ModelForm.values()) {
      print("%-11s held by cpu: %6.3f bytes a weight", form.word(), held(form));
    }
    SourceQuantized layer = quantized();
    for (ModelForm form : ModelForm.values()) {
      for (int threads = 1; threads <= 2; threads++) {
        Parallelism parallelism = Parallelism.threads(threads);
        LoadRequest request = LoadRequest.of(layer.in(form).model(), parallelism);
        try (ExecutableModel octet = runtime("cpu").load(request);
            ExecutableModel peer = runtime("onnxruntime").load(request)) {
          requireNone(octet.run(Map.of("x", input(0))));
          for (String count : rows) {
            compare(form, threads, input(Integer.parseInt(count)), octet, peer);
          }
        }
      }
    }
  }

  private static SourceQuantized quantized() {
    return Int8DynActInt4WeightQuantizer.builder().groupSize(GROUP).build().quantize(layer());
  }

  private static double held(ModelForm form) {
    load(form).close(); // What the process itself keeps is there before.
    long before = heap();
    try (ExecutableModel model = load(form)) {
      model.run(Map.of("x", input(1)));
      return (double) (heap() - before) / SIZE / SIZE;
    }
  }

  private static ExecutableModel load(ModelForm form) {
    Model model = quantized().in(form).model();
    return runtime("cpu").load(LoadRequest.of(model, Parallelism.threads(1)));
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private static Model layer() {
    Random random = new Random(SEED);
    float[] weights = new float[SIZE * SIZE];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() / 64;
    }
    Graph graph =
        new Graph(
            "layer",
            List.of(rows("x")),
            List.of(rows("y")),
            Map.of("w", Tensor.of(weights, SIZE, SIZE)),
            List.of(Node.of("layer", OpType.onnx("MatMul"), List.of("x", "w"), List.of("y"))),
            Map.of(),
            Optional.empty());
    return Model.of(graph, OPSET);
  }

  private static ValueInfo rows(String name) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("rows"), new Dimension.Known(SIZE)));
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape));
  }

  private static Tensor input(int rows) {
    Random random = new Random(SEED + rows);
    float[] x = new float[rows * SIZE];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return Tensor.of(x, rows, SIZE);
  }

  private static BackendRuntime runtime(String backend) {
    for (QuantizerProvider provider : ServiceLoader.load(QuantizerProvider.class)) {
      if (provider.name().equals(backend)) {
        return provider.runtime().orElseThrow();
      }
    }
    throw new IllegalArgumentException("no backend is named '" + backend + "'");
  }

  private static void requireNone(Map<String, Tensor> results) {
    long[] sizes = y(results).sizes();
    if (!Arrays.equals(sizes, new long[] {0, SIZE})) {
      throw new IllegalStateException("no rows give " + Arrays.toString(sizes));
    }
  }

  private static void compare(
      ModelForm form, int threads, Tensor x, ExecutableModel octet, ExecutableModel peer)
      throws InterruptedException {
    Map<String, Tensor> inputs = Map.of("x", x);
    double difference = difference(octet.run(inputs), peer.run(inputs));
    if (!(difference <= TOLERANCE)) {
      throw new IllegalStateException("the two differ by " + difference + " of the largest result");
    }
    double[] medians = medians(inputs, octet, peer, threads);
    print(
        "%-11s %4d x %d x %d, threads %d: cpu %9.3f ms, onnxruntime %9.3f ms, %6.2f times",
        form.word(),
        x.sizes()[0],
        SIZE,
        SIZE,
        threads,
        medians[0],
        medians[1],
        medians[0] / medians[1]);
  }

  /** Returns the largest difference of two results in parts of the largest result. */
  private static double difference(Map<String, Tensor> octet, Map<String, Tensor> peer) {
    float[] ours = y(octet).floats();
    float[] theirs = y(peer).floats();
    if (ours.length != theirs.length) {
      throw new IllegalStateException(ours.length + " results beside " + theirs.length);
    }
    double largest = Float.MIN_NORMAL;
    double difference = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(theirs[i]));
      difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
    }
    return difference / largest;
  }

  private static Tensor y(Map<String, Tensor> results) {
    return Objects.requireNonNull(results.get("y"));
  }

  private static double[] medians(
      Map<String, Tensor> inputs, ExecutableModel octet, ExecutableModel peer, int threads)
      throws InterruptedException {
    LongSupplier clock = threads == 1 ? THREADS::getCurrentThreadCpuTime : System::nanoTime;
    run(octet, inputs, clock, WARM_UP_NANOSECONDS);
    run(peer, inputs, clock, WARM_UP_NANOSECONDS);
    double[][] times = new double[2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      Thread.sleep(QUIET_MILLISECONDS);
      times[0][round] = run(octet, inputs, clock, ROUND_NANOSECONDS);
      times[1][round] = run(peer, inputs, clock, ROUND_NANOSECONDS);
    }
    return new double[] {median(times[0]), median(times[1])};
  }

  /** Runs for some time; returns milliseconds a run. */
  private static double run(
      ExecutableModel model, Map<String, Tensor> inputs, LongSupplier clock, long nanoseconds) {
    long start = clock.getAsLong();
    long passed;
    int runs = 0;
    do {
      model.run(inputs);
      runs++;
      passed = clock.getAsLong() - start;
    } while (passed < nanoseconds);
    return passed / 1e6 / runs;
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
