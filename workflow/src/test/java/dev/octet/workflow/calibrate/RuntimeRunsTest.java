package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RuntimeRunsTest {

  private static final Observers OBSERVERS = Observers.standard();
  private static final OperatorSet OPERATORS = OperatorSet.standard();

  /** A sample of x, and of everything that is computed from it, is 12 floats. */
  private static final long VALUE = 48;

  private final PlainRuntime plain = new PlainRuntime();
  private final NamedRuntime acme = NamedRuntime.of("acme", plain);

  /** x + d = a, relu(a) = r, flatten(r) = f, relu(f) = y; k = relu(c) depends on no input. */
  private static Model model(Dimension... sizes) {
    float[] elements = new float[12];
    for (int i = 0; i < 12; i++) {
      elements[i] = i / 4f - 1;
    }
    ValueInfo x = ValueInfo.of("x", TensorType.of(DataType.FLOAT, new Shape(List.of(sizes))));
    ValueInfo y = ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()));
    List<Node> nodes =
        List.of(
            node("Add", List.of("x", "d"), "a"),
            node("Relu", List.of("a"), "r"),
            node("Flatten", List.of("r"), "f"),
            node("Relu", List.of("c"), "k"),
            node("Relu", List.of("f"), "y"));
    Map<String, Tensor> constants =
        Map.of("c", Tensor.of(elements, 3, 4), "d", Tensor.of(elements, 3, 4));
    return Model.of(
        new Graph("g", List.of(x), List.of(y), constants, nodes, Map.of(), Optional.empty()), 17);
  }

  private static Model model() {
    return model(new Dimension.Symbolic("N"), Dimension.of(3), Dimension.of(4));
  }

  private static Node node(String op, List<String> operands, String result) {
    return Node.of(result + "_" + op, OpType.onnx(op), operands, List.of(result));
  }

  private static List<ObservedGroup> groups() {
    return List.of(
        Groups.of(ObserverSpec.minMax(), "x"),
        Groups.of(ObserverSpec.entropy(), "a"),
        Groups.of(ObserverSpec.squaredError(), "r", "f"),
        Groups.of(ObserverSpec.percentile(99), new Granularity.PerChannel(1), "r"),
        Groups.of(ObserverSpec.entropy(), "k", "c"));
  }

  private static ListSource source(int samples, OptionalInt fixed) {
    return new ListSource(Streams.gaussian(new Random(3), samples * 12, 0, 2), fixed, 3, 4);
  }

  private RuntimeRuns runs(ObservedGroups groups, long mostBytes) {
    return new RuntimeRuns(model(), OPERATORS, groups, acme, mostBytes);
  }

  @Test
  void seesWhatTheKernelsTellInHoweverManyPasses() {
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    for (int batch : new int[] {0, 1, 3}) {
      OptionalInt fixed = batch == 0 ? OptionalInt.empty() : OptionalInt.of(batch);
      ListSource data = source(21, fixed);
      List<TensorStatistics> told =
          KernelRuns.of(model(), OPERATORS, groups).over(data, Execution.threads(2));
      for (long mostBytes : new long[] {1, 2 * VALUE, 1000 * VALUE}) {
        List<TensorStatistics> seen = runs(groups, mostBytes).over(data, Execution.threads(2));
        assertEquals(told, seen, "batch " + batch + ", " + mostBytes + " bytes");
      }
    }
  }

  @Test
  void seesOfAStreamWhatItSeesOfData() {
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    ListSource data = source(5, OptionalInt.empty());
    List<Map<String, Tensor>> sets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sets.add(data.batch(i, 1));
    }
    SampleStream stream = DataSource.of(sets.iterator());
    FloatRuns.Streamed streamed = runs(groups, VALUE).over(stream, Execution.threads(1));
    assertEquals(5, streamed.samples());
    assertEquals(
        runs(groups, VALUE).over(data, Execution.threads(1)), streamed.statistics(), "statistics");
  }

  @Test
  void aPassGivesNoMoreThanItMayAndComputesNothingElse() {
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    runs(groups, 2 * VALUE).over(source(3, OptionalInt.empty()), Execution.threads(1));
    assertEquals(List.of(List.of("a", "r"), List.of("f", "k")), plain.outputs());
  }

  @Test
  void whatIsLargerThanTheBoundHasAPassOfItsOwn() {
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    runs(groups, VALUE - 1).over(source(3, OptionalInt.empty()), Execution.threads(1));
    assertEquals(List.of(List.of("a"), List.of("r"), List.of("f"), List.of("k")), plain.outputs());
  }

  @Test
  void aModelOfWhichOnlyInputsAreObservedKeepsItsOutputs() {
    ObservedGroups groups =
        ObservedGroups.of(model(), List.of(Groups.of(ObserverSpec.minMax(), "x")), OBSERVERS);
    ListSource data = source(4, OptionalInt.empty());
    assertEquals(
        KernelRuns.of(model(), OPERATORS, groups).over(data, Execution.threads(1)),
        runs(groups, VALUE).over(data, Execution.threads(1)));
    assertEquals(List.of(List.of("y")), plain.outputs());
  }

  @Test
  void observersThatDependOnOrderSeeTheirValuesInOneRun() {
    QuantizerProvider last = QuantizerProvider.of("last", context -> {}, new LastValueKind());
    ObserverSpec spec = new ObserverSpec("last-value", new TreeMap<>());
    ObservedGroups groups =
        ObservedGroups.of(
            model(),
            List.of(Groups.of(spec, "d", "y", "a"), Groups.of(spec, "k")),
            OBSERVERS.with(last));
    ListSource data = source(7, OptionalInt.empty());
    assertEquals(
        KernelRuns.of(model(), OPERATORS, groups).over(data, Execution.threads(2)),
        runs(groups, 1).over(data, Execution.threads(2)));
    assertEquals(List.of(List.of("a", "y"), List.of("k")), plain.outputs());
  }

  @Test
  void refusesAGroupWhosePartsHaveOtherNumbersOfChannels() {
    ObservedGroup group = Groups.of(ObserverSpec.minMax(), new Granularity.PerChannel(1), "x", "f");
    ObservedGroups groups = ObservedGroups.of(model(), List.of(group), OBSERVERS);
    for (long mostBytes : new long[] {1, 1000 * VALUE}) {
      OctetException e =
          assertThrows(
              OctetException.class,
              () ->
                  runs(groups, mostBytes)
                      .over(source(3, OptionalInt.empty()), Execution.threads(1)));
      assertEquals("OCT-CAL-022", e.id());
      assertTrue(e.fact().contains("12 channels") || e.fact().contains("3 channels"), e.fact());
    }
  }

  @Test
  void tellsProgressOverAllPasses() {
    List<Integer> done = new ArrayList<>();
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    runs(groups, 2 * VALUE)
        .over(
            source(4, OptionalInt.empty()),
            Execution.threads(1).progress((samples, total) -> done.add(samples)));
    assertEquals(List.of(0, 1, 1, 2, 2, 3, 3, 4), done);
  }

  @Test
  void stopsBetweenSamplesWhenItIsCancelled() {
    AtomicInteger asked = new AtomicInteger();
    ObservedGroups groups = ObservedGroups.of(model(), groups(), OBSERVERS);
    Execution execution =
        Execution.threads(1)
            .progress((samples, total) -> asked.incrementAndGet())
            .cancellation(() -> asked.get() >= 2);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> runs(groups, VALUE).over(source(9, OptionalInt.empty()), execution));
    assertEquals("OCT-RUN-007", e.id());
    assertEquals(2, asked.get());
  }

  @Test
  void aCalibratorNamesWhatRan() {
    NamedRuntime fast = acme.with(Options.of("mode", "fast"));
    Calibrator calibrator = Calibrator.of(model(), OPERATORS, groups(), OBSERVERS, "model", fast);
    assertEquals("acme 1.2 (mode=fast)", calibrator.runtime().toString());
    assertEquals("acme 1.2 (mode=slow)", acme.build().toString());
    Calibration calibration = calibrator.run(source(6, OptionalInt.empty()), Execution.threads(1));
    assertEquals(
        Calibrator.of(model(), OPERATORS, groups(), OBSERVERS, "model")
            .run(source(6, OptionalInt.empty()), Execution.threads(1)),
        calibration);
  }

  @Test
  void sizesThatOnlySamplesTellCountToo() {
    Dimension free = new Dimension.Symbolic("any");
    Model open = model(free, free, free);
    ObservedGroups groups = ObservedGroups.of(open, groups(), OBSERVERS);
    List<PassPlan.Pass> passes =
        PassPlan.passes(
            open,
            OPERATORS,
            groups.tensors(),
            Map.of("x", Tensor.of(new float[12], 1, 3, 4)),
            2 * VALUE);
    assertEquals(
        List.of(List.of("a", "r"), List.of("f", "k")),
        passes.stream().map(PassPlan.Pass::results).toList());
  }
}
