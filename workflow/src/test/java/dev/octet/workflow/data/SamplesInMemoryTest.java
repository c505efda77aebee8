package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Samples that were never in a file. */
class SamplesInMemoryTest {

  private static final Dimension N = new Dimension.Symbolic("N");

  private static ValueInfo input(String name, DataType type, Dimension... sizes) {
    return ValueInfo.of(name, TensorType.of(type, new Shape(List.of(sizes))));
  }

  private static Graph graph(ValueInfo... inputs) {
    return new Graph(
        "g", List.of(inputs), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());
  }

  private static Graph pairs() {
    return graph(input("x", DataType.FLOAT, N, Dimension.of(2)));
  }

  private static Graph tokens(Dimension batch, Dimension length) {
    return graph(input("ids", DataType.INT64, batch, length));
  }

  private static void assertRefused(String id, String fact, Executable executable) {
    OctetException e = assertThrows(OctetException.class, executable);
    assertEquals(id, e.id());
    assertEquals(fact, e.fact());
  }

  private static Map<String, Tensor> set(String name, float... elements) {
    return Map.of(name, Tensor.of(elements, elements.length / 2, 2));
  }

  @Test
  void anArrayForEachSampleIsStackedAlongTheFirstAxis() {
    long[] shape = {2};
    DataSource one = DataSource.of(pairs(), shape, new float[] {1, 2});
    assertEquals(1, one.size());
    assertEquals(set("x", 1, 2), one.batch(0, 1));
    DataSource three =
        DataSource.of(pairs(), shape, new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6});
    assertEquals(3, three.size());
    assertEquals(OptionalInt.empty(), three.fixedBatch());
    assertEquals(set("x", 3, 4, 5, 6), three.batch(1, 2));
    assertEquals(Optional.empty(), three.labels());
  }

  @Test
  void arraysThatAreNoSamplesOfTheModelAreRefused() {
    long[] shape = {2};
    float[] good = {1, 2};
    assertRefused("OCT-DATA-032", "there are no samples", () -> DataSource.of(pairs(), shape));
    assertRefused(
        "OCT-DATA-034",
        "sample 1 has 3 elements, the shape [2] has 2",
        () -> DataSource.of(pairs(), shape, good, new float[3]));
    assertRefused(
        "OCT-DATA-034",
        "sample 0 has 0 elements, the shape [2] has 2",
        () -> DataSource.of(pairs(), shape, new float[0]));
    assertRefused(
        "OCT-DATA-010",
        "input 'x' takes FLOAT[N, 2], the data gives FLOAT[N, 2, 1]",
        () -> DataSource.of(pairs(), new long[] {2, 1}, good));
    Graph two = graph(input("x", DataType.FLOAT, N), input("y", DataType.FLOAT, N));
    assertRefused(
        "OCT-DATA-005",
        "the model's input 'y' is missing",
        () -> DataSource.of(two, new long[0], new float[1]));
    assertRefused(
        "OCT-DATA-021", "the model has no inputs", () -> DataSource.of(graph(), shape, good));
    assertThrows(
        NullPointerException.class, () -> DataSource.of(pairs(), shape, good, (float[]) null));
  }

  @Test
  void arraysByNameMustBeThoseOfTheModel() {
    DataSource source = DataSource.of(pairs(), set("x", 1, 2, 3, 4));
    assertEquals(2, source.size());
    assertEquals(set("x", 3, 4), source.batch(1, 1));
    assertRefused(
        "OCT-DATA-006",
        "the model has no input 'z'",
        () -> DataSource.of(pairs(), Map.of("z", Tensor.of(new float[2], 1, 2))));
    assertRefused(
        "OCT-DATA-005", "the model's input 'x' is missing", () -> DataSource.of(pairs(), Map.of()));
    assertRefused(
        "OCT-DATA-014",
        "there are 0 samples after the first 0",
        () -> DataSource.of(pairs(), set("x")));
    Graph two =
        graph(input("x", DataType.FLOAT, N, Dimension.of(2)), input("y", DataType.INT64, N));
    assertRefused(
        "OCT-DATA-011",
        "input 'y' has 3 samples, 'x' has 1",
        () ->
            DataSource.of(
                two, Map.of("x", Tensor.of(new float[2], 1, 2), "y", Tensor.of(new long[3], 3))));
  }

  @Test
  void aSetIsARun() {
    DataSource source = DataSource.of(pairs(), List.of(set("x", 1, 2, 3, 4), set("x", 5, 6, 7, 8)));
    assertEquals(4, source.size());
    assertEquals(OptionalInt.of(2), source.fixedBatch());
    assertEquals(set("x", 5, 6, 7, 8), source.batch(2, 2));
    assertThrows(IllegalArgumentException.class, () -> source.batch(1, 2));
    assertThrows(IllegalArgumentException.class, () -> source.batch(0, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> source.batch(4, 2));
    DataSource one = DataSource.of(pairs(), List.of(set("x", 1, 2)));
    assertEquals(1, one.size());
    assertEquals(set("x", 1, 2), one.batch(0, 1));
  }

  /** Terms of a product are no samples, though every input has as many of them. */
  @Test
  void aFirstAxisThatNoOutputHasCountsNoSamples() {
    Map<String, Tensor> set =
        Map.of("a", Tensor.of(new float[5], 5), "b", Tensor.of(new float[15], 5, 3));
    for (long columns : new long[] {3, 5}) {
      Graph graph =
          new Models()
              .input("a", 5)
              .input("b", 5, 3)
              .node("product", "MatMul", List.of("a", "b"), "y")
              .output("y", 1)
              .model(17)
              .graph();
      ValueInfo stated = ValueInfo.of("y", TensorType.of(DataType.FLOAT, Shape.of(columns)));
      Graph typed =
          new Graph(
              "g",
              graph.inputs(),
              List.of(stated),
              Map.of(),
              graph.nodes(),
              Map.of(),
              Optional.empty());
      assertEquals(columns == 3 ? 2 : 10, DataSource.of(typed, List.of(set, set)).size());
      assertEquals(10, DataSource.of(graph, List.of(set, set)).size());
    }
  }

  @Test
  void setsOfDifferentSizesAreASampleEach() {
    DataSource source = DataSource.of(pairs(), List.of(set("x", 1, 2, 3, 4), set("x", 5, 6)));
    assertEquals(2, source.size());
    assertEquals(OptionalInt.of(1), source.fixedBatch());
    assertEquals(set("x", 1, 2, 3, 4), source.batch(0, 1));
  }

  @Test
  void setsThatAreNoInputsOfTheModelAreRefused() {
    assertRefused("OCT-DATA-032", "there are no samples", () -> DataSource.of(pairs(), List.of()));
    assertRefused(
        "OCT-FMT-004",
        "the model's input 'x' is missing",
        () -> DataSource.of(pairs(), List.of(set("x", 1, 2), set("z", 1, 2))));
    Tensor good = Tensor.of(new float[2], 1, 2);
    assertRefused(
        "OCT-RUN-001",
        "the model has no input 'z'",
        () -> DataSource.of(pairs(), List.of(Map.of("x", good, "z", good))));
    for (Tensor unfit : List.of(Tensor.of(new float[3], 1, 3), Tensor.of(new long[2], 1, 2))) {
      assertRefused(
          "OCT-RUN-002",
          "input 'x' takes FLOAT[N, 2], not " + unfit,
          () -> DataSource.of(pairs(), List.of(Map.of("x", unfit))));
    }
    List<Map<String, Tensor>> withNull = new ArrayList<>();
    withNull.add(null);
    assertThrows(NullPointerException.class, () -> DataSource.of(pairs(), withNull));
  }

  @Test
  void labelsAreAsManyAsSamples() {
    DataSource source = DataSource.of(pairs(), set("x", 1, 2, 3, 4));
    int[] labels = {7, 9};
    DataSource labelled = source.labelled(labels);
    labels[0] = 0;
    assertArrayEquals(new int[] {7, 9}, labelled.labels().orElseThrow());
    assertArrayEquals(new int[] {9}, labelled.shard(2, 2).labels().orElseThrow());
    assertEquals(source.batch(0, 2), labelled.batch(0, 2));
    assertEquals(source.ranges(), labelled.ranges());
    assertRefused(
        "OCT-DATA-030", "there are 1 labels for 2 samples", () -> source.labelled(new int[1]));
    assertRefused(
        "OCT-DATA-030", "there are 3 labels for 2 samples", () -> source.labelled(1, 2, 3));
    assertRefused("OCT-DATA-030", "there are 0 labels for 2 samples", () -> source.labelled());
  }

  @Test
  void sequencesOfTokensAreCutOrPaddedToAFixedLength() {
    DataSource source =
        DataSource.tokens(
            tokens(N, Dimension.of(3)), new long[] {5}, new long[] {1, 2, 3, 4}, new long[] {7, 8});
    assertEquals(3, source.size());
    Tensor batch = source.batch(0, 3).get("ids");
    assertEquals(Tensor.of(new long[] {5, 0, 0, 1, 2, 3, 7, 8, 0}, 3, 3), batch);
    assertArrayEquals(new int[] {1, 3, 2}, source.tokenCounts().orElseThrow());
  }

  @Test
  void raggedSequencesRunAloneWhereTheLengthIsFree() {
    Graph graph = graph(input("ids", DataType.INT32, N, new Dimension.Symbolic("L")));
    DataSource source = DataSource.tokens(graph, new int[] {5}, new int[] {1, 2, 3});
    assertEquals(OptionalInt.of(1), source.fixedBatch());
    assertEquals(Tensor.of(new int[] {1, 2, 3}, 1, 3), source.batch(1, 1).get("ids"));
  }

  @Test
  void sequencesThatAreNoneAreRefused() {
    Graph graph = tokens(Dimension.of(2), Dimension.of(3));
    assertRefused(
        "OCT-DATA-032", "there are no samples", () -> DataSource.tokens(graph, new long[0][]));
    OctetException empty =
        assertThrows(
            OctetException.class, () -> DataSource.tokens(graph, new long[] {1}, new long[0]));
    assertEquals("OCT-DATA-027", empty.id());
    assertEquals(Optional.of("sequence 1"), empty.place());
    assertRefused(
        "OCT-DATA-027",
        "a sequence is empty or holds a negative token",
        () -> DataSource.tokens(graph, new int[] {-1}));
    assertRefused(
        "OCT-DATA-018",
        "the model takes 2 samples at a time; there are 3",
        () -> DataSource.tokens(graph, new int[] {1}, new int[] {1}, new int[] {1}));
    assertEquals(
        "OCT-DATA-019",
        assertThrows(OctetException.class, () -> DataSource.tokens(pairs(), new int[] {1})).id());
    assertThrows(NullPointerException.class, () -> DataSource.tokens(graph, new long[] {1}, null));
  }

  private static Iterator<Map<String, Tensor>> sets(float[]... sets) {
    return Arrays.stream(sets).map(elements -> set("x", elements)).iterator();
  }

  private static List<String> read(SampleStream stream) {
    List<String> read = new ArrayList<>();
    int samples =
        stream.read(
            Execution.standard().progress((done, total) -> read.add(done + "/" + total)),
            (from, count, inputs, labels) ->
                read.add(from + "+" + count + labels.map(Arrays::toString).orElse("")));
    read.add("all " + samples);
    return read;
  }

  @Test
  void aStreamIsReadOnceWithItsLabels() {
    float[] one = {1, 2};
    float[] two = {1, 2, 3, 4};
    assertEquals(List.of("0+1", "1/1", "all 1"), read(DataSource.of(sets(one))));
    SampleStream stream =
        DataSource.of(sets(one, two, one))
            .labelled(Arrays.stream(new int[] {4, 5, 6, 7}).iterator());
    assertEquals(
        List.of("0+1[4]", "1/1", "1+2[5, 6]", "3/3", "3+1[7]", "4/4", "all 4"), read(stream));
    assertRefused("OCT-DATA-033", "the samples are read for a second time", () -> read(stream));
  }

  @Test
  void aStreamCanBeKept() {
    float[] one = {1, 2};
    float[] other = {3, 4};
    SampleStream stream =
        DataSource.of(sets(one, other)).labelled(Arrays.stream(new int[] {4, 5}).iterator());
    DataSource kept = stream.keep(pairs(), 2, Execution.threads(1));
    assertEquals(2, kept.size());
    assertEquals(set("x", other), kept.batch(1, 1));
    assertEquals(set("x", other), kept.batch(1, 1));
    assertArrayEquals(new int[] {4, 5}, kept.labels().orElseThrow());
    assertEquals(
        Optional.empty(), DataSource.of(sets(one)).keep(pairs(), 9, Execution.threads(1)).labels());
    assertRefused("OCT-DATA-033", "the samples are read for a second time", () -> read(stream));
  }

  @Test
  void noMoreOfAStreamIsReadThanOneSetBeyondWhatIsKept() {
    Iterator<Map<String, Tensor>> sets = sets(new float[4], new float[4], new float[4]);
    assertRefused(
        "OCT-DATA-046",
        "there are more than 3 samples, and no more are kept",
        () -> DataSource.of(sets).keep(pairs(), 3, Execution.threads(1)));
    assertTrue(sets.hasNext());
    SampleStream none = DataSource.of(sets());
    assertThrows(IllegalArgumentException.class, () -> none.keep(pairs(), 0, Execution.threads(1)));
    assertRefused(
        "OCT-DATA-032", "there are no samples", () -> none.keep(pairs(), 1, Execution.threads(1)));
  }

  @Test
  void streamsWithoutSamplesOrWithOtherLabelsAreRefused() {
    assertRefused("OCT-DATA-032", "there are no samples", () -> read(DataSource.of(sets())));
    float[] two = {1, 2, 3, 4};
    assertRefused(
        "OCT-DATA-030",
        "there are 1 labels for 2 samples",
        () -> read(DataSource.of(sets(two)).labelled(Arrays.stream(new int[1]).iterator())));
    assertRefused(
        "OCT-DATA-030",
        "there are more labels for 2 samples",
        () -> read(DataSource.of(sets(two)).labelled(Arrays.stream(new int[3]).iterator())));
    assertThrows(
        NullPointerException.class, () -> DataSource.of((Iterator<Map<String, Tensor>>) null));
  }
}
