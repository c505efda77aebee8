package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
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
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CalibratorTest {

  private static final Observers OBSERVERS = Observers.standard();
  private static final Dimension N = new Dimension.Symbolic("N");

  @Test
  void seesWhatTheModelComputes() {
    Calibration calibration = calibrator(groups()).run(source(5, 1), Execution.threads(1));
    float[] all = elements(5, 1);
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < all.length; i++) {
      float sum = all[i] + CONSTANT[i % 12];
      min = Math.min(min, sum);
      max = Math.max(max, sum);
    }
    GroupStatistics sums = calibration.groups().get(0);
    assertEquals(min, sums.channels().get(0).min());
    assertEquals(max, sums.channels().get(0).max());
    assertEquals(60, sums.channels().get(0).finite());
    GroupStatistics relu = calibration.groups().get(3);
    assertEquals(Math.max(0, min), relu.channels().get(0).min());
    assertEquals(3, calibration.groups().get(2).channels().size());
    assertEquals(5, calibration.samples());
    assertEquals("model", calibration.modelHash());
  }

  @Test
  void givesTheSameBytesForAnyNumberOfThreadsAndAnyBatch() {
    for (long seed = 1; seed <= 3; seed++) {
      byte[] single = bytes(calibrator(groups()).run(source(53, seed), Execution.threads(1)));
      for (int threads : new int[] {2, 3, 8}) {
        byte[] many = bytes(calibrator(groups()).run(source(53, seed), Execution.threads(threads)));
        assertArrayEquals(single, many, "seed " + seed + ", " + threads + " threads");
      }
      byte[] fixed =
          bytes(
              calibrator(groups()).run(source(53, seed, OptionalInt.of(1)), Execution.threads(1)));
      assertArrayEquals(single, fixed, "seed " + seed + ", one by one");
    }
  }

  @Test
  void shardsOfTheDataMergeToTheBytesOfOnePass() {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      ListSource all = source(61, seed);
      byte[] once = bytes(calibrator(groups()).run(all, Execution.threads(1)));
      for (int shards : new int[] {2, 3, 7}) {
        List<Calibration> parts = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
          ListSource part = all.part(61 * s / shards, 61 * (s + 1) / shards);
          parts.add(calibrator(groups()).run(part, Execution.threads(2)));
        }
        Collections.shuffle(parts, random);
        assertArrayEquals(
            once, bytes(Calibration.merge(parts)), "seed " + seed + ", " + shards + " shards");
      }
    }
  }

  @Test
  void batchesWhereThatChangesNothing() {
    Calibrator calibrator = calibrator(groups());
    List<Integer> done = new ArrayList<>();
    calibrator.run(source(40, 1), Execution.threads(1).progress((d, total) -> done.add(d)));
    assertEquals(List.of(16, 32, 40), done);
  }

  @Test
  void runsSampleBySampleWhereTheModelHasNoTrueBatch() {
    Model model =
        model(
            List.of(
                node("flat", "Reshape", List.of("x", "sizes"), "flat"),
                node("relu", "Relu", List.of("flat"), "y")),
            Map.of("sizes", Tensor.of(new long[] {1, 12}, 2)),
            shape(N, Dimension.of(3), Dimension.of(4)));
    Calibrator calibrator =
        Calibrator.of(
            model,
            OperatorSet.standard(),
            List.of(Groups.of(ObserverSpec.entropy(), "y")),
            OBSERVERS,
            "m");
    List<Integer> done = new ArrayList<>();
    Calibration calibration =
        calibrator.run(source(4, 1), Execution.threads(1).progress((d, total) -> done.add(d)));
    assertEquals(List.of(1, 2, 3, 4), done);
    assertEquals(48, calibration.groups().get(0).channels().get(0).finite());
  }

  @Test
  void countsWhatABatchComputesOnceForEachOfItsSamples() {
    Calibration calibration =
        calibrator(List.of(Groups.of(ObserverSpec.entropy(), "k")))
            .run(source(35, 1), Execution.threads(2));
    assertEquals(35 * 12, calibration.groups().get(0).elements().get(0));
  }

  @Test
  void countsAConstantAsIfEverySampleHadIt() {
    Calibration calibration =
        calibrator(List.of(Groups.of(ObserverSpec.entropy(), "r", "c")))
            .run(source(35, 1), Execution.threads(2));
    assertEquals(List.of(35 * 12L, 35 * 12L), calibration.groups().get(0).elements());
    assertEquals(-50f, calibration.groups().get(0).channels().get(0).min());
  }

  @Test
  void takesTheFixedBatchOfAModel() {
    Model model =
        model(
            List.of(node("relu", "Relu", List.of("x"), "y")),
            Map.of(),
            shape(Dimension.of(4), Dimension.of(3), Dimension.of(4)));
    Calibrator calibrator =
        Calibrator.of(
            model,
            OperatorSet.standard(),
            List.of(Groups.of(ObserverSpec.minMax(), "y")),
            OBSERVERS,
            "m");
    List<Integer> done = new ArrayList<>();
    calibrator.run(
        source(12, 1, OptionalInt.of(4)), Execution.threads(1).progress((d, total) -> done.add(d)));
    assertEquals(List.of(4, 8, 12), done);
  }

  @Test
  void tellsProgressInRisingNumbersOnTheCallersThread() {
    for (int threads : new int[] {1, 2, 4}) {
      List<Integer> done = new ArrayList<>();
      Set<Thread> tellers = new HashSet<>();
      calibrator(groups())
          .run(
              source(1000, 1),
              Execution.threads(threads)
                  .progress(
                      (d, total) -> {
                        assertEquals(1000, total);
                        synchronized (tellers) {
                          tellers.add(Thread.currentThread());
                          done.add(d);
                        }
                      }));
      assertEquals(Set.of(Thread.currentThread()), tellers);
      assertEquals(List.copyOf(new TreeSet<>(done)), done);
      assertEquals(1000, done.get(done.size() - 1));
    }
  }

  @Test
  void stopsWhenItIsInterruptedAndLeavesNoThread() throws InterruptedException {
    for (int threads : new int[] {1, 3}) {
      Calibrator calibrator = calibrator(groups());
      ListSource source = source(2000, 1);
      Thread caller = Thread.currentThread();
      OctetException e =
          assertThrows(
              OctetException.class,
              () ->
                  calibrator.run(
                      source,
                      Execution.threads(threads).progress((done, total) -> caller.interrupt())));
      assertEquals("OCT-CAL-010", e.id());
      assertTrue(e.fact().endsWith(" of 2000 samples"), e.fact());
      assertTrue(Thread.interrupted());
      assertNoThreadIsLeft();
    }
  }

  private static void assertNoThreadIsLeft() {
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(t -> t.getName().startsWith("octet") && t.isAlive()));
  }

  @Test
  void stopsWhenItIsCancelledAndLeavesNoThread() {
    for (int threads : new int[] {1, 3}) {
      for (int cancelledAfter : new int[] {0, 1, 100}) {
        AtomicInteger seen = new AtomicInteger();
        Execution execution =
            Execution.threads(threads).cancellation(() -> seen.get() >= cancelledAfter);
        Calibrator calibrator = calibrator(groups());
        DataSource counted = new CountedSource(source(2000, 1), seen);
        OctetException e =
            assertThrows(OctetException.class, () -> calibrator.run(counted, execution));
        assertEquals("OCT-RUN-007", e.id());
        assertEquals("the work was cancelled", e.fact());
        assertTrue(seen.get() < cancelledAfter + 16 * (threads + 1), seen + " samples");
        assertNoThreadIsLeft();
      }
    }
  }

  @Test
  void streamsStopWhenTheyAreCancelled() {
    AtomicInteger read = new AtomicInteger();
    Iterator<Map<String, Tensor>> sets =
        Stream.generate(() -> source(1, read.incrementAndGet()).batch(0, 1)).iterator();
    Execution execution = Execution.threads(2).cancellation(() -> read.get() == 3);
    Calibrator calibrator = calibrator(groups());
    OctetException e =
        assertThrows(OctetException.class, () -> calibrator.run(DataSource.of(sets), execution));
    assertEquals("OCT-RUN-007", e.id());
    assertEquals(3, read.get());
    assertNoThreadIsLeft();
  }

  @Test
  void givesTheSameBytesOnAnyExecutorAndStartsNoThread() throws Exception {
    byte[] single = bytes(calibrator(groups()).run(source(53, 1), Execution.threads(1)));
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      for (Executor executor : List.<Executor>of(Runnable::run, pool, task -> {})) {
        Execution execution = Execution.threads(4).on(executor);
        assertArrayEquals(single, bytes(calibrator(groups()).run(source(53, 1), execution)));
        Calibration inside =
            pool.submit(() -> calibrator(groups()).run(source(53, 1), execution))
                .get(60, TimeUnit.SECONDS);
        assertArrayEquals(single, bytes(inside), "from within the pool");
        assertNoThreadIsLeft();
      }
      assertFalse(pool.isShutdown());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void reportsTheFirstBatchThatFailsWhateverTheThreadsDo() {
    for (int round = 0; round < 20; round++) {
      ListSource good = source(200, 1);
      FailingSource source = new FailingSource(good, 48);
      Calibrator calibrator = calibrator(groups());
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class, () -> calibrator.run(source, Execution.threads(4)));
      assertEquals("sample 48", e.getMessage());
    }
  }

  @Test
  void passesOnWhatAProgressListenerThrows() {
    Calibrator calibrator = calibrator(groups());
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                calibrator.run(
                    source(50, 1),
                    Execution.threads(2)
                        .progress(
                            (done, total) -> {
                              throw new IllegalStateException("enough");
                            })));
    assertEquals("enough", e.getMessage());
  }

  @Test
  void runsNothingWhenNothingIsObserved() {
    Calibration calibration =
        calibrator(List.of()).run(new FailingSource(source(9, 1), 0), Execution.threads(2));
    assertEquals(9, calibration.samples());
    assertTrue(calibration.groups().isEmpty());
  }

  @Test
  void refusesValuesThatCannotBeObservedBeforeAnythingRuns() {
    assertRefused("OCT-CAL-006", Groups.of(ObserverSpec.minMax(), "nowhere"));
    assertRefused("OCT-CAL-006", Groups.of(ObserverSpec.minMax(), "i"));
    assertRefused("OCT-CAL-001", Groups.of(new ObserverSpec("mean", none()), "x"));
    assertRefused(
        "OCT-CAL-005", Groups.of(ObserverSpec.minMax(), new Granularity.PerChannel(3), "x"));
    assertRefused("OCT-CAL-005", Groups.of(ObserverSpec.minMax(), new Granularity.PerToken(), "x"));
  }

  @Test
  void refusesAGroupOfDifferentNumbersOfChannels() {
    Calibrator calibrator =
        calibrator(
            List.of(Groups.of(ObserverSpec.minMax(), new Granularity.PerChannel(1), "x", "f")));
    OctetException e =
        assertThrows(
            OctetException.class, () -> calibrator.run(source(3, 1), Execution.threads(1)));
    assertEquals("OCT-CAL-022", e.id());
    assertTrue(e.fact().contains("'f'"), e.fact());
  }

  @Test
  void runsObserversThatDependOnOrderInOrder() {
    QuantizerProvider acme = QuantizerProvider.of("acme", context -> {}, new LastValueKind());
    ObservedGroup group = Groups.of(new ObserverSpec("last-value", none()), "x");
    ListSource source = source(300, 1);
    Calibrator calibrator =
        Calibrator.of(
            model(), OperatorSet.standard(), List.of(group), OBSERVERS.with(acme), "model");
    Calibration calibration = calibrator.run(source, Execution.threads(4));
    float[] all = elements(300, 1);
    assertEquals(all[all.length - 1], calibration.groups().get(0).channels().get(0).max());
  }

  private static void assertRefused(String id, ObservedGroup group) {
    OctetException e = assertThrows(OctetException.class, () -> calibrator(List.of(group)));
    assertEquals(id, e.id());
  }

  private static TreeMap<String, String> none() {
    return new TreeMap<>();
  }

  private static final float[] CONSTANT = new float[12];

  static {
    for (int i = 0; i < 12; i++) {
      CONSTANT[i] = i * 0.25f - 1;
    }
  }

  private static List<ObservedGroup> groups() {
    return List.of(
        Groups.of(ObserverSpec.minMax(), "x"),
        Groups.of(ObserverSpec.entropy(), "a"),
        Groups.of(ObserverSpec.squaredError(), "r", "f"),
        Groups.of(ObserverSpec.percentile(99), new Granularity.PerChannel(1), "r"),
        Groups.of(ObserverSpec.entropy(), "k", "c"));
  }

  private static Calibrator calibrator(List<ObservedGroup> groups) {
    return Calibrator.of(model(), OperatorSet.standard(), groups, OBSERVERS, "model");
  }

  /** x + c = a, relu(a) = r, flatten(r) = f; k = relu(c2) depends on no input. */
  private static Model model() {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("c", Tensor.of(withLow(CONSTANT), 3, 4));
    constants.put("d", Tensor.of(CONSTANT, 3, 4));
    constants.put("i", Tensor.of(new long[] {1}, 1));
    return model(
        List.of(
            node("add", "Add", List.of("x", "d"), "a"),
            node("relu", "Relu", List.of("a"), "r"),
            node("flatten", "Flatten", List.of("r"), "f"),
            node("const", "Relu", List.of("c"), "k"),
            node("end", "Relu", List.of("f"), "y")),
        constants,
        shape(N, Dimension.of(3), Dimension.of(4)));
  }

  private static float[] withLow(float[] values) {
    float[] copy = values.clone();
    copy[0] = -50f;
    return copy;
  }

  private static Model model(List<Node> nodes, Map<String, Tensor> constants, Shape input) {
    ValueInfo x = ValueInfo.of("x", TensorType.of(DataType.FLOAT, input));
    ValueInfo y = ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()));
    Graph graph =
        new Graph(
            "g",
            List.of(x),
            List.of(y),
            new LinkedHashMap<>(constants),
            nodes,
            Map.of(),
            Optional.empty());
    return Model.of(graph, 17);
  }

  private static Shape shape(Dimension... dimensions) {
    return new Shape(List.of(dimensions));
  }

  private static Node node(String name, String op, List<String> operands, String result) {
    return Node.of(name, OpType.onnx(op), operands, List.of(result));
  }

  private static ListSource source(int samples, long seed) {
    return source(samples, seed, OptionalInt.empty());
  }

  private static ListSource source(int samples, long seed, OptionalInt fixed) {
    return new ListSource(elements(samples, seed), fixed, 3, 4);
  }

  private static float[] elements(int samples, long seed) {
    return Streams.gaussian(new Random(seed), samples * 12, 0, 2);
  }

  private static byte[] bytes(Calibration calibration) {
    return CalibrationFile.toBytes(calibration);
  }
}
