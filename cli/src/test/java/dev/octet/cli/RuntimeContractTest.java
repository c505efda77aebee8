package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.fixtures.jdk.Callers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every runtime promises of a loaded model. */
class RuntimeContractTest {

  private static final Callers CALLERS = new Callers(8);
  private static final int WIDTH = 6;

  static Stream<String> runtimes() {
    return catalog().providers().stream()
        .filter(provider -> provider.availability() instanceof Availability.Available)
        .filter(provider -> provider.runtime().isPresent())
        .map(QuantizerProvider::name);
  }

  @Test
  void theRuntimesOfTheDistributionAreHeldToIt() {
    assertTrue(runtimes().toList().containsAll(List.of("cpu", "onnxruntime")));
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void runsAtTheSameTimeGiveTheAnswersOfRunsAlone(String runtime) throws Exception {
    List<Map<String, Tensor>> inputs = new ArrayList<>();
    List<Map<String, Tensor>> alone = new ArrayList<>();
    try (ExecutableModel model = load(runtime)) {
      for (int i = 0; i < 15; i++) {
        inputs.add(Map.of("x", batch(1 + i % 5, i)));
        alone.add(model.run(inputs.get(i)));
      }
    }
    try (ExecutableModel model = load(runtime)) {
      CALLERS.share(
          4_000,
          run -> {
            int sample = run % inputs.size();
            assertEquals(alone.get(sample), model.run(inputs.get(sample)), "run " + run);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void aClosedModelRunsNoMoreAndMayBeClosedAgain(String runtime) {
    ExecutableModel model = load(runtime);
    Map<String, Tensor> inputs = Map.of("x", batch(2, 1));
    Map<String, Tensor> outputs = model.run(inputs);
    float[] before = values(outputs);
    model.close();
    assertThrows(IllegalStateException.class, () -> model.run(inputs));
    model.close();
    assertThrows(IllegalStateException.class, () -> model.run(inputs));
    assertEquals(List.of("x"), model.inputs().stream().map(ValueInfo::name).toList());
    assertEquals(List.of("y"), model.outputs().stream().map(ValueInfo::name).toList());
    assertEquals(
        Tensor.of(before, before.length),
        Tensor.of(values(outputs), before.length),
        "outputs outlive the model");
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void closingEndsNoRunThatIsUnderWay(String runtime) throws Exception {
    Map<String, Tensor> inputs = Map.of("x", batch(3, 2));
    for (int i = 0; i < 20; i++) {
      ExecutableModel model = load(runtime);
      Map<String, Tensor> alone = model.run(inputs);
      AtomicInteger next = new AtomicInteger();
      CALLERS.each(
          () -> {
            int turn = next.getAndIncrement();
            try {
              while (true) {
                assertEquals(alone, model.run(inputs));
                if (turn == 0) {
                  model.close();
                }
              }
            } catch (IllegalStateException closed) {
              return null;
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void wrongInputsAreRefusedAndTheModelRunsOn(String runtime) {
    try (ExecutableModel model = load(runtime)) {
      Tensor x = batch(2, 1);
      assertEquals("OCT-RUN-006", refusal(model, Map.of()));
      assertEquals("OCT-RUN-001", refusal(model, Map.of("x", x, "z", x)));
      assertEquals("OCT-RUN-002", refusal(model, Map.of("x", x.reshaped(WIDTH, 2))));
      assertEquals("OCT-RUN-002", refusal(model, Map.of("x", Tensor.of(new int[WIDTH], 1, WIDTH))));
      assertEquals(2, model.run(Map.of("x", x)).get("y").sizes()[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("runtimes")
  void aCancelledRunEndsAndTheModelRunsOn(String runtime) {
    try (ExecutableModel model = load(runtime)) {
      Map<String, Tensor> inputs = Map.of("x", batch(2, 1));
      OctetException e = assertThrows(OctetException.class, () -> model.run(inputs, () -> true));
      assertEquals("OCT-RUN-007", e.id());
      assertEquals(2, model.run(inputs, Cancellation.never()).get("y").sizes()[0]);
    }
  }

  /** A runtime without use for the executor goes by the number of threads. */
  @ParameterizedTest
  @MethodSource("runtimes")
  void theThreadsOfTheCallerGiveTheSameAnswers(String runtime) throws Exception {
    Map<String, Tensor> inputs = Map.of("x", batch(64, 1));
    Map<String, Tensor> alone;
    try (ExecutableModel model = load(runtime)) {
      alone = model.run(inputs);
    }
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      for (Executor executor : List.<Executor>of(Runnable::run, pool)) {
        Parallelism options = Parallelism.threads(4).on(executor);
        try (ExecutableModel model =
            catalog().runtime(runtime).load(LoadRequest.of(model(), options))) {
          assertEquals(alone, model.run(inputs));
          assertEquals(
              alone, pool.submit(() -> model.run(inputs)).get(60, TimeUnit.SECONDS), "from within");
        }
      }
      assertEquals(1, pool.submit(() -> 1).get());
    } finally {
      pool.shutdown();
    }
  }

  private static String refusal(ExecutableModel model, Map<String, Tensor> inputs) {
    return assertThrows(OctetException.class, () -> model.run(inputs)).id();
  }

  private static float[] values(Map<String, Tensor> outputs) {
    return outputs.values().iterator().next().floats();
  }

  private static QuantizerCatalog catalog() {
    return QuantizerCatalog.discover(RuntimeContractTest.class.getClassLoader());
  }

  private static ExecutableModel load(String runtime) {
    return catalog().runtime(runtime).load(LoadRequest.of(model(), Parallelism.threads(2)));
  }

  private static Tensor batch(int rows, int seed) {
    float[] x = new float[rows * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (seed * 31 + i * 7) % 61 / 8f - 3.5f;
    }
    return Tensor.of(x, rows, WIDTH);
  }

  /** A quantized product and its float Softmax. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    byte[] w = new byte[WIDTH * WIDTH];
    for (int i = 0; i < w.length; i++) {
      w[i] = (byte) (i * 37 % 127 - 63);
    }
    constants.put("w", Tensor.of(DataType.INT8, w, WIDTH, WIDTH));
    constants.put("s", Tensor.of(new float[] {0.0625f}));
    constants.put("zx", Tensor.ofIntegers(DataType.UINT8, new long[] {60}));
    constants.put("zw", Tensor.ofIntegers(DataType.INT8, new long[] {0}));
    List<Node> nodes =
        List.of(
            node("QuantizeLinear", List.of("x", "s", "zx"), "xq"),
            node("DequantizeLinear", List.of("xq", "s", "zx"), "xd"),
            node("DequantizeLinear", List.of("w", "s", "zw"), "wd"),
            node("MatMul", List.of("xd", "wd"), "m"),
            node("QuantizeLinear", List.of("m", "s", "zx"), "mq"),
            node("DequantizeLinear", List.of("mq", "s", "zx"), "md"),
            node("Softmax", List.of("md"), "y"));
    return CommandFixture.model(
        nodes,
        constants,
        13,
        CommandFixture.value("x", "N", WIDTH),
        CommandFixture.value("y", "N", WIDTH));
  }

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result, OpType.onnx(op), operands, List.of(result));
  }
}
