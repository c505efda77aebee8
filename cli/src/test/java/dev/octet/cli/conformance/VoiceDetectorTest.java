package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.backend.cpu.CpuProvider;
import dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
import dev.octet.cli.conformance.VoiceStream.Step;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.check.CheckSettings;
import dev.octet.workflow.check.ResultCheck;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Silero's detector of voices, which carries its state from chunk to chunk, on a minute of speech.
 */
class VoiceDetectorTest {

  private static final Parallelism THREAD = Parallelism.threads(1);
  private static final float TOLERANCE = 1e-4f;

  @ParameterizedTest
  @CsvSource({"silero_vad_16k_op15", "silero_vad_op18_ifless"})
  void givesWhatOnnxRuntimeGivesOverTheWholeRecording(String name) {
    Model model = model(name);
    VoiceStream speech = speech();
    List<Step> own = run(speech, new CpuProvider(), model);
    List<Step> reference = run(speech, new OnnxRuntimeProvider(), model);
    assertEquals(1875, own.size());
    float largest = 0;
    for (int chunk = 0; chunk < own.size(); chunk++) {
      largest = Math.max(largest, Math.abs(own.get(chunk).voice() - reference.get(chunk).voice()));
      assertArrayEquals(
          reference.get(chunk).outputs().get("stateN").floats(),
          own.get(chunk).outputs().get("stateN").floats(),
          TOLERANCE,
          "the state behind chunk " + chunk);
    }
    System.out.printf(Locale.ROOT, "%s: largest difference %.1e%n", name, largest);
    assertTrue(largest <= TOLERANCE, "differs by " + largest);
    assertTrue(own.stream().anyMatch(step -> step.voice() > 0.99f));
    assertTrue(own.stream().anyMatch(step -> step.voice() < 0.01f));
  }

  /**
   * As {@code octet quantize} does it. The six convolutions have integers as planned; the state,
   * which every chunk hands on, is no good then, and the spectrum goes back to float.
   */
  @ParameterizedTest
  @CsvSource({"cpu, 24, 5", "onnxruntime, 24, 5"})
  void itsConvolutionsQuantize(String name, int planned, int kept) {
    QuantizerProvider backend = name.equals("cpu") ? new CpuProvider() : new OnnxRuntimeProvider();
    Model model = model("silero_vad_16k_op15");
    VoiceStream speech = speech().first(640);
    List<Step> floats = run(speech, new CpuProvider(), model);
    try (DataSource data = everySixteenth(model, floats)) {
      Plan plan = Quantization.plan(QuantizationRequest.of(model, backend));
      Execution execution = Execution.threads(THREAD.threads());
      Calibration calibration = Quantization.calibrate(plan, data, execution);
      QuantizedModel quantized = Quantization.convert(plan, calibration);
      assertEquals(planned, quantized.report().quantizedNodes());
      assertEquals(6, convolutions(quantized));
      ResultCheck check =
          ResultCheck.of(
              plan,
              quantized,
              changed -> Quantization.convert(changed, calibration),
              data,
              CheckSettings.standard(),
              NamedRuntime.of("cpu", new CpuProvider().runtime().orElseThrow()),
              execution);
      assertEquals(kept, convolutions(check.quantized()));
      double decibels = sqnr(speech, check.quantized().model(), floats);
      System.out.printf(
          Locale.ROOT,
          "silero_vad, %s: SQNR %.1f dB, in float %s%n",
          name,
          decibels,
          check.keptFloat().keySet());
      assertTrue(decibels >= 18, "SQNR " + decibels);
    }
  }

  private static DataSource everySixteenth(Model model, List<Step> steps) {
    List<Map<String, Tensor>> sets = new ArrayList<>();
    for (int chunk = 0; chunk < steps.size(); chunk += 16) {
      sets.add(steps.get(chunk).inputs());
    }
    return DataSource.of(model.graph(), sets);
  }

  /** Returns how many convolutions read two values that were quantized. */
  private static long convolutions(QuantizedModel quantized) {
    return quantized.model().graph().nodes().stream()
        .filter(node -> node.op().is("Conv"))
        .filter(node -> node.operands().stream().allMatch(each -> each.endsWith("_dequantized")))
        .count();
  }

  /** Returns the decibels of the voices that a quantized model hears, its own state carried on. */
  private static double sqnr(VoiceStream speech, Model quantized, List<Step> floats) {
    IntegerBoundary boundary = IntegerBoundary.of(quantized);
    double signal = 0;
    double noise = 0;
    try (ExecutableModel executable = load(new CpuProvider(), quantized)) {
      List<Step> steps = speech.run(executable, boundary::quantized, boundary::dequantized);
      for (int chunk = 0; chunk < steps.size(); chunk++) {
        double difference = steps.get(chunk).voice() - floats.get(chunk).voice();
        signal += (double) floats.get(chunk).voice() * floats.get(chunk).voice();
        noise += difference * difference;
      }
    }
    return 10 * StrictMath.log10(signal / noise);
  }

  private static List<Step> run(VoiceStream speech, QuantizerProvider backend, Model model) {
    try (ExecutableModel executable = load(backend, model)) {
      return speech.run(executable);
    }
  }

  private static ExecutableModel load(QuantizerProvider backend, Model model) {
    return backend.runtime().orElseThrow().load(LoadRequest.of(model, THREAD));
  }

  private static Model model(String name) {
    return new OnnxFormat().read(corpora().resolve("models/silero_vad/" + name + ".onnx"));
  }

  private static VoiceStream speech() {
    return VoiceStream.read(corpora().resolve("data/silero_vad/test.wav"));
  }

  private static Path corpora() {
    Path folder = Path.of(System.getProperty("octet.corpora", ""));
    assumeTrue(
        Files.isDirectory(folder.resolve("data/silero_vad")),
        "octet.corpora names no folder with data/silero_vad");
    return folder;
  }
}
