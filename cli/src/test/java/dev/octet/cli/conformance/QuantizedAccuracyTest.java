package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.backend.arm.ArmProvider;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.backend.qnn.QnnProvider;
import dev.octet.backend.x86.X86Provider;
import dev.octet.backend.xnnpack.XnnpackProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the accuracy of quantized models, on the sample that the project ships and on models that
 * others trained.
 */
class QuantizedAccuracyTest {

  private static final Parallelism THREADS = Parallelism.threads(2);
  private static final int BATCH = 16;

  @Test
  void theSampleKeepsItsAccuracyOnBothBackends() {
    Path sample = sample();
    Model model = new OnnxFormat().read(sample.resolve("shapes.onnx"));
    BackendRuntime own = new CpuProvider().runtime().orElseThrow();
    double reference = top1(own, model, sample.resolve("test.yaml"));
    assertTrue(reference >= 0.97, "float top-1 " + reference);
    for (QuantizerProvider backend :
        new QuantizerProvider[] {new CpuProvider(), new OnnxRuntimeProvider()}) {
      QuantizedModel quantized = quantize(model, backend, sample.resolve("calibration.yaml"));
      BackendRuntime runtime = backend.runtime().orElseThrow();
      double accuracy = top1(runtime, quantized.model(), sample.resolve("test.yaml"));
      assertTrue(
          reference - accuracy <= 0.010, backend.name() + " " + accuracy + ", float " + reference);
      assertEquals(39, quantized.report().quantizedNodes());
      boolean mayRunElsewhere =
          new OnnxRuntimeProvider().checkConverted(quantized.model()).isEmpty();
      assertEquals(backend.name().equals("onnxruntime"), mayRunElsewhere, backend.name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cifar_resnet20/resnet20.onnx, cifar10, 0.8040, 0.010",
    "mlperf_kws/kws_ds_cnn.onnx, kws, 0.9000, 0.010",
    "mnist/opt-mnist.onnx, mnist, 0.9890, 0.003"
  })
  void modelsOfOthersKeepTheirAccuracy(
      String file, String data, double published, double largestLoss) {
    Path corpora = corpora();
    Path descriptions = corpora.resolve("descriptions");
    Model model = new OnnxFormat().read(corpora.resolve("models").resolve(file));
    BackendRuntime runtime = new CpuProvider().runtime().orElseThrow();
    Path test = descriptions.resolve(data + "_test.yaml");
    double reference = top1(runtime, model, test);
    assertEquals(published, reference, 0.00005, "float top-1");
    QuantizedModel quantized =
        quantize(model, new CpuProvider(), descriptions.resolve(data + "_calibration.yaml"));
    double accuracy = top1(runtime, quantized.model(), test);
    System.out.printf(Locale.ROOT, "%s: float top-1 %.4f, int8 %.4f%n", file, reference, accuracy);
    assertTrue(published - accuracy <= largestLoss, "int8 top-1 " + accuracy);
    assertEquals(0, quantized.report().floatNodes().size());
  }

  static List<QuantizerProvider> withoutRuntime() {
    return List.of(new ArmProvider(), new QnnProvider(), new X86Provider(), new XnnpackProvider());
  }

  @ParameterizedTest
  @MethodSource("withoutRuntime")
  void resnet20KeepsItsAccuracyWithTheDecisionsOfOthersOnBothRuntimes(QuantizerProvider decisions) {
    Path corpora = corpora();
    Path descriptions = corpora.resolve("descriptions");
    Model model = new OnnxFormat().read(corpora.resolve("models/cifar_resnet20/resnet20.onnx"));
    QuantizedModel quantized =
        quantize(model, decisions, descriptions.resolve("cifar10_calibration.yaml"));
    for (QuantizerProvider backend :
        new QuantizerProvider[] {new CpuProvider(), new OnnxRuntimeProvider()}) {
      BackendRuntime runtime = backend.runtime().orElseThrow();
      double accuracy = top1(runtime, quantized.model(), descriptions.resolve("cifar10_test.yaml"));
      System.out.printf(
          Locale.ROOT,
          "resnet20, %s, run by %s: top-1 %.4f%n",
          decisions.name(),
          backend.name(),
          accuracy);
      assertTrue(0.8040 - accuracy <= 0.010, backend.name() + " " + accuracy);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mlperf_vww/vww_mobilenetv1_025_96.onnx, 96",
    "mobilenet_v1_0.25_128/mobilenet_v1_0.25_128_dequant.onnx, 128"
  })
  void mobileNetworksQuantizeAndRunOnSeededInputs(String file, int size) {
    Model model = new OnnxFormat().read(corpora().resolve("models").resolve(file));
    SeededImages images = new SeededImages(model.graph().inputs().get(0).name(), size);
    double own = decibels(model, new CpuProvider(), images);
    double safe = decibels(model, new OnnxRuntimeProvider(), images);
    System.out.printf(
        Locale.ROOT, "%s: SQNR %.1f dB, made for onnxruntime %.1f dB%n", file, own, safe);
    assertTrue(own > 15, "SQNR " + own);
    // Of noise and two logits that hardly move, what a weight costs is a matter of luck.
    assertTrue(safe > own - 3.5, "SQNR " + safe + ", of cpu " + own);
  }

  /** Returns the signal to noise of what a backend makes of a model, run by Octet's kernels. */
  private static double decibels(Model model, QuantizerProvider backend, SeededImages images) {
    QuantizedModel quantized = quantize(model, backend, images);
    assertEquals(0, quantized.report().floatNodes().size());
    BackendRuntime runtime = new CpuProvider().runtime().orElseThrow();
    float[] reference = run(runtime, model, images.batch(0, images.size()));
    float[] actual = run(runtime, quantized.model(), images.batch(0, images.size()));
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < reference.length; i++) {
      signal += (double) reference[i] * reference[i];
      noise += ((double) reference[i] - actual[i]) * ((double) reference[i] - actual[i]);
    }
    return 10 * StrictMath.log10(signal / noise);
  }

  private static QuantizedModel quantize(Model model, QuantizerProvider backend, Path data) {
    try (DataSource source = DataDescription.open(data, model.graph())) {
      return quantize(model, backend, source);
    }
  }

  private static QuantizedModel quantize(
      Model model, QuantizerProvider backend, DataSource source) {
    Plan plan = Quantization.plan(QuantizationRequest.of(model, backend));
    Calibration calibration =
        Quantization.calibrate(plan, source, Execution.threads(THREADS.threads()));
    return Quantization.convert(plan, calibration);
  }

  private static double top1(BackendRuntime runtime, Model model, Path data) {
    IntegerBoundary boundary = IntegerBoundary.of(model);
    try (DataSource source = DataDescription.open(data, model.graph(), boundary);
        ExecutableModel executable = runtime.load(LoadRequest.of(model, THREADS))) {
      int[] labels = source.labels().orElseThrow();
      int each = source.fixedBatch().orElse(BATCH);
      int right = 0;
      for (int first = 0; first < source.size(); first += each) {
        int count = Math.min(each, source.size() - first);
        Map<String, Tensor> outputs =
            executable.run(boundary.quantized(source.batch(first, count)));
        float[] logits = boundary.dequantized(outputs).values().iterator().next().floats();
        for (int i = 0; i < count; i++) {
          int classes = logits.length / count;
          right += largest(logits, i * classes, classes) == labels[first + i] ? 1 : 0;
        }
      }
      return (double) right / source.size();
    }
  }

  private static int largest(float[] logits, int first, int classes) {
    int best = 0;
    for (int i = 1; i < classes; i++) {
      best = logits[first + i] > logits[first + best] ? i : best;
    }
    return best;
  }

  private static float[] run(BackendRuntime runtime, Model model, Map<String, Tensor> inputs) {
    try (ExecutableModel executable = runtime.load(LoadRequest.of(model, THREADS))) {
      return executable.run(inputs).values().iterator().next().floats();
    }
  }

  /** The sample lies in the repository, above the module that the tests run in. */
  private static Path sample() {
    return Path.of("..", "examples", "sample");
  }

  private static Path corpora() {
    String folder = System.getProperty("octet.corpora");
    assumeTrue(
        folder != null && Files.isDirectory(Path.of(folder)),
        "octet.corpora names no folder of models");
    return Path.of(folder);
  }

  /** Eight images of seeded noise in [-1, 1). */
  private record SeededImages(String input, int side) implements DataSource {

    @Override
    public int size() {
      return 8;
    }

    @Override
    public OptionalInt fixedBatch() {
      return OptionalInt.empty();
    }

    @Override
    public Map<String, Tensor> batch(int from, int count) {
      int each = 3 * side * side;
      float[] pixels = new float[count * each];
      for (int image = 0; image < count; image++) {
        SplittableRandom random = new SplittableRandom(from + image);
        for (int i = 0; i < each; i++) {
          pixels[image * each + i] = (float) random.nextDouble(-1, 1);
        }
      }
      return Map.of(input, Tensor.of(pixels, count, 3, side, side));
    }

    @Override
    public Optional<int[]> labels() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
