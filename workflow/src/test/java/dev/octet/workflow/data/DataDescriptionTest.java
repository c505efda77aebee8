package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.graph.ValueType.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDescriptionTest {

  private static final Graph ONE_INPUT = graph(input("in", DataType.FLOAT, "N", 2));

  @TempDir Path folder;

  @BeforeEach
  void writeArrays() throws IOException {
    byte[] six = TestArrays.bytes(1, 2, 3, 4, 5, 6);
    Files.write(folder.resolve("x.npy"), TestArrays.npy(1, "|u1", false, "(3, 2)", six));
    Files.write(folder.resolve("y.npy"), TestArrays.npy(1, "|u1", false, "(2, 3)", six));
    byte[] labels = TestArrays.bytes(0, 2, 1);
    Files.write(folder.resolve("l.npy"), TestArrays.npy(1, "|i1", false, "(3,)", labels));
    Files.write(folder.resolve("ids.npy"), TestArrays.npy(1, "|u1", false, "(3, 2)", six));
    byte[] real = TestArrays.floats(1, 2, 3);
    Files.write(folder.resolve("real.npy"), TestArrays.npy(1, "<f4", false, "(3,)", real));
  }

  @Test
  void givesBatchesOfFloat32ByDefault() throws IOException {
    try (DataSource data = open("inputs: {in: {file: x.npy}}", ONE_INPUT)) {
      assertEquals(3, data.size());
      assertEquals(OptionalInt.empty(), data.fixedBatch());
      assertEquals(Map.of("in", Tensor.of(new float[] {3, 4, 5, 6}, 2, 2)), data.batch(1, 2));
      assertTrue(data.labels().isEmpty());
      assertThrows(IndexOutOfBoundsException.class, () -> data.batch(2, 2));
    }
  }

  @Test
  void takesARangeOfSamplesAndLabelsThroughTheMap() throws IOException {
    String yaml =
        """
        inputs: {in: {file: x.npy, steps: [{multiply: 2}]}}
        labels: l.npy
        labelMap: [9, 5, 7]
        skip: 1
        take: 2
        """;
    try (DataSource data = open(yaml, ONE_INPUT)) {
      assertEquals(2, data.size());
      assertArrayEquals(new int[] {7, 5}, data.labels().orElseThrow());
      assertEquals(Tensor.of(new float[] {6, 8}, 1, 2), data.batch(0, 1).get("in"));
    }
  }

  @Test
  void knowsItsDataByContentAndNotByPlaceOrSteps() throws IOException {
    SampleRange whole = range("inputs: {in: {file: x.npy}}", ONE_INPUT);
    assertEquals(0, whole.first());
    assertEquals(3, whole.count());
    Files.copy(folder.resolve("x.npy"), folder.resolve("copy.npy"));
    byte[] six = TestArrays.bytes(1, 2, 3, 4, 5, 6);
    byte[] npy = TestArrays.npy(2, "|u1", false, "(3, 2)", six);
    TestArrays.npz(folder.resolve("x.npz"), true, "x", npy);
    byte[] columns = TestArrays.bytes(1, 3, 5, 2, 4, 6);
    Files.write(folder.resolve("f.npy"), TestArrays.npy(1, "|u1", true, "(3, 2)", columns));
    assertEquals(whole, range("inputs: {in: {file: copy.npy}}", ONE_INPUT));
    assertEquals(whole, range("inputs: {in: {file: 'x.npz:x'}}", ONE_INPUT));
    assertEquals(whole, range("inputs: {in: {file: f.npy, steps: [{add: 1}]}}", ONE_INPUT));
    SampleRange part = range("{inputs: {in: {file: x.npy}}, skip: 1, take: 1}", ONE_INPUT);
    assertEquals(new SampleRange(whole.data(), 1, 1), part);
    byte[] others = TestArrays.bytes(1, 2, 3, 4, 5, 7);
    Files.write(folder.resolve("x.npy"), TestArrays.npy(1, "|u1", false, "(3, 2)", others));
    assertNotEquals(whole.data(), range("inputs: {in: {file: x.npy}}", ONE_INPUT).data());
  }

  private SampleRange range(String yaml, Graph graph) throws IOException {
    try (DataSource data = open(yaml, graph)) {
      return data.range().orElseThrow();
    }
  }

  @Test
  void dividesSamplesIntoShardsOfWholeBatches() throws IOException {
    try (DataSource data = open("inputs: {in: {file: x.npy}}\nlabels: l.npy", ONE_INPUT)) {
      assertEquals(data.range().orElseThrow().part(0, 1), data.shard(1, 2).range().orElseThrow());
      DataSource last = data.shard(2, 2);
      assertEquals(data.range().orElseThrow().part(1, 2), last.range().orElseThrow());
      assertEquals(data.batch(1, 2), last.batch(0, 2));
      assertArrayEquals(new int[] {2, 1}, last.labels().orElseThrow());
      assertThrows(IndexOutOfBoundsException.class, () -> last.batch(1, 2));
      assertEquals(data.batch(0, 3), data.shard(1, 1).batch(0, 3));
      OctetException empty = assertThrows(OctetException.class, () -> data.shard(1, 4));
      assertEquals("OCT-DATA-029", empty.id());
      for (int[] wrong : new int[][] {{0, 2}, {3, 2}, {1, 0}}) {
        OctetException e = assertThrows(OctetException.class, () -> data.shard(wrong[0], wrong[1]));
        assertEquals("OCT-DATA-020", e.id());
      }
    }
    Graph three = graph(input("in", DataType.FLOAT, 3, 2));
    try (DataSource data = open("inputs: {in: {file: x.npy}}", three)) {
      assertThrows(OctetException.class, () -> data.shard(1, 2));
      assertEquals(3, data.shard(2, 2).size());
    }
  }

  @Test
  void keepsTheBatchThatTheModelFixes() throws IOException {
    Graph three = graph(input("in", DataType.FLOAT, 3, 2));
    try (DataSource data = open("inputs: {in: {file: x.npy}}", three)) {
      assertEquals(OptionalInt.of(3), data.fixedBatch());
      assertThrows(IllegalArgumentException.class, () -> data.batch(0, 1));
      assertEquals(3, data.batch(0, 3).get("in").sizes()[0]);
    }
  }

  @Test
  void givesWholeInputsToAModelWithoutABatchDimension() throws IOException {
    Graph vector = graph(input("in", DataType.FLOAT, 2));
    try (DataSource data = open("inputs: {in: {file: x.npy}}", vector)) {
      assertEquals(OptionalInt.of(1), data.fixedBatch());
      assertEquals(Tensor.of(new float[] {5, 6}, 2), data.batch(2, 1).get("in"));
    }
  }

  @Test
  void givesTheTypeThatACastMakes() throws IOException {
    Graph ids = graph(input("in", DataType.INT64, "N", 2));
    String yaml = "inputs: {in: {file: ids.npy, steps: [{cast: int64}]}}";
    try (DataSource data = open(yaml, ids)) {
      assertEquals(Tensor.of(new long[] {1, 2}, 1, 2), data.batch(0, 1).get("in"));
    }
  }

  @Test
  void takesLabelsFromFoldersOfImages() throws IOException {
    for (String name : List.of("b/1.png", "a/1.png")) {
      Path file = folder.resolve("images").resolve(name);
      Files.createDirectories(file.getParent());
      ImageIO.write(new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }
    Graph graph = graph(input("in", DataType.FLOAT, "N", 3, 1, 2));
    String yaml = "inputs: {in: {file: images, steps: [{transpose: NHWC -> NCHW}]}}";
    try (DataSource data = open(yaml, graph)) {
      assertArrayEquals(new int[] {0, 1}, data.labels().orElseThrow());
      assertArrayEquals(new long[] {2, 3, 1, 2}, data.batch(0, 2).get("in").sizes());
    }
  }

  @Test
  void cutsAndPadsTokens() throws IOException {
    Files.writeString(folder.resolve("t.json"), "[[1, 2, 3, 4], [5]]");
    Graph ids = graph(input("ids", DataType.INT64, 1, 3));
    try (DataSource data = open("tokens: t.json", ids)) {
      assertEquals(Map.of("ids", Tensor.of(new long[] {1, 2, 3}, 1, 3)), data.batch(0, 1));
      assertEquals(Map.of("ids", Tensor.of(new long[] {5, 0, 0}, 1, 3)), data.batch(1, 1));
      assertArrayEquals(new int[] {3, 1}, data.tokenCounts().orElseThrow());
    }
    Graph free = graph(input("ids", DataType.INT32, "N", "T"));
    try (DataSource data = open("tokens: t.json\nskip: 1", free)) {
      assertEquals(OptionalInt.of(1), data.fixedBatch());
      assertEquals(Map.of("ids", Tensor.of(new int[] {5}, 1, 1)), data.batch(0, 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inputs: {in: {file: none.npy}} | OCT-DATA-001 | 1:21",
        "inputs: {in: {file: none.npz:x}} | OCT-DATA-001 | 1:21",
        "inputs: {in: {file: d.yaml}} | OCT-DATA-002 | 1:21",
        "inputs: {in: {file: x.npy}, on: {file: x.npy}} | OCT-DATA-006 | 1:33",
        "inputs: {} | OCT-DATA-005 | 1:9",
        "inputs: {in: {file: x.npy, step: []}} | OCT-TREE-003 | 1:28",
        "input: {in: {file: x.npy}} | OCT-TREE-003 | 1:1",
        "labels: l.npy | OCT-TREE-002 | 1:1",
        "inputs: {in: {file: x.npy, steps: [{shuffle: 1}]}} | OCT-DATA-007 | 1:46",
        "inputs: {in: {file: y.npy}} | OCT-DATA-010 | 1:21",
        "inputs: {in: {file: x.npy, steps: [{reshape: [2, 1]}]}} | OCT-DATA-010 | 1:21",
        "{inputs: {in: {file: x.npy}}, labels: y.npy} | OCT-DATA-012 | 1:39",
        "{inputs: {in: {file: x.npy}}, labels: real.npy} | OCT-DATA-012 | 1:39",
        "{inputs: {in: {file: x.npy}}, labelMap: [1]} | OCT-DATA-025 | 1:41",
        "{inputs: {in: {file: x.npy}}, labels: l.npy, labelMap: [1, 2]} | OCT-DATA-013 | 1:56",
        "{inputs: {in: {file: x.npy}}, skip: 3} | OCT-DATA-014 | 1:37",
        "{inputs: {in: {file: x.npy}}, skip: -1} | OCT-TREE-005 | 1:37",
        "{inputs: {in: {file: x.npy}}, take: 4} | OCT-DATA-014 | 1:37",
        "{inputs: {in: {file: x.npy}}, skip: 2, take: 2} | OCT-DATA-014 | 1:46",
        "{inputs: {in: {file: x.npy}}, take: 0} | OCT-DATA-014 | 1:37",
        "tokens: x.npy | OCT-DATA-019 | 1:9"
      })
  void namesTheMistakeAndItsPlaceBeforeAnySample(String yaml, String id, String place)
      throws IOException {
    assertError(id, place, yaml, ONE_INPUT);
  }

  @Test
  void namesInputsWithDifferentNumbersOfSamples() throws IOException {
    Graph two = graph(input("a", DataType.FLOAT, "N", 2), input("b", DataType.FLOAT, "N", 3));
    assertError("OCT-DATA-011", "1:31", "inputs: {a: {file: x.npy}, b: {file: y.npy}}", two);
  }

  @Test
  void namesAnElementTypeThatTheModelDoesNotTake() throws IOException {
    Graph ids = graph(input("in", DataType.INT64, "N", 2));
    assertError("OCT-DATA-009", "1:21", "inputs: {in: {file: x.npy}}", ids);
  }

  @Test
  void namesACastToAnotherTypeThanTheModelTakes() throws IOException {
    Graph floats = graph(input("in", DataType.FLOAT, "N", 2));
    String yaml = "inputs: {in: {file: x.npy, steps: [{cast: int64}]}}";
    assertError("OCT-DATA-009", "1:21", yaml, floats);
  }

  @Test
  void namesASymbolWithTwoSizes() throws IOException {
    byte[] nine = TestArrays.bytes(1, 2, 3, 4, 5, 6, 7, 8, 9);
    Files.write(folder.resolve("z.npy"), TestArrays.npy(1, "|u1", false, "(3, 3)", nine));
    Graph two = graph(input("a", DataType.FLOAT, "N", "K"), input("b", DataType.FLOAT, "N", "K"));
    assertError("OCT-DATA-023", "1:31", "inputs: {a: {file: x.npy}, b: {file: z.npy}}", two);
  }

  @Test
  void namesANumberOfSamplesThatTheBatchDoesNotDivide() throws IOException {
    Graph pairs = graph(input("in", DataType.FLOAT, 2, 2));
    assertError("OCT-DATA-018", "1:1", "inputs: {in: {file: x.npy}}", pairs);
  }

  @Test
  void namesAMissingInput() throws IOException {
    Graph two = graph(input("in", DataType.FLOAT, "N", 2), input("b", DataType.FLOAT, "N", 3));
    assertError("OCT-DATA-005", "1:9", "inputs: {in: {file: x.npy}}", two);
  }

  @Test
  void refusesOtherNumbersOfLabelsThanOfSamples() {
    DataSource data = DataSource.of(ONE_INPUT, Map.of("in", Tensor.of(new float[4], 2, 2)));
    for (int[] labels : new int[][] {{}, {1}, {1, 2, 3}}) {
      OctetException e = assertThrows(OctetException.class, () -> data.labelled(labels));
      assertEquals("OCT-DATA-030", e.id());
      assertEquals("there are " + labels.length + " labels for 2 samples", e.fact());
    }
  }

  @Test
  void refusesAnArrayOfElementsThatNumPyDoesNotKnow() {
    Tensor nibbles = Tensor.ofIntegers(DataType.INT4, new long[4], 2, 2);
    OctetException e =
        assertThrows(OctetException.class, () -> DataSource.of(ONE_INPUT, Map.of("in", nibbles)));
    assertEquals("OCT-DATA-031", e.id());
    assertEquals("the array 'in' holds INT4", e.fact());
  }

  @Test
  void namesAModelWithoutInputs() throws IOException {
    assertError("OCT-DATA-021", "1:9", "inputs: {}", graph());
  }

  @Test
  void namesAnInputThatIsNoTensor() throws IOException {
    Graph sequences = graph(ValueInfo.of("in", new ValueType.Other("sequence of tensors")));
    assertError("OCT-DATA-022", "1:21", "inputs: {in: {file: x.npy}}", sequences);
  }

  @Test
  void namesInputsThatTakeDifferentNumbersOfSamples() throws IOException {
    Graph two = graph(input("a", DataType.FLOAT, 1, 2), input("b", DataType.FLOAT, 3, 2));
    assertError("OCT-DATA-024", "1:31", "inputs: {a: {file: x.npy}, b: {file: x.npy}}", two);
  }

  @Test
  void namesALabelBeyond32Bits() throws IOException {
    byte[] elements = new byte[24];
    elements[4] = 1;
    Files.write(folder.resolve("long.npy"), TestArrays.npy(1, "<i8", false, "(3,)", elements));
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> open("{inputs: {in: {file: x.npy}}, labels: long.npy}", ONE_INPUT));
    assertEquals("OCT-DATA-026", e.id());
    assertEquals("label 4294967296 of sample 0", e.fact());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[]]", "[[1], []]", "[[1, -1]]"})
  void namesASequenceThatHoldsNoTokens(String sequences) throws IOException {
    Files.writeString(folder.resolve("t.json"), sequences);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> open("tokens: t.json", graph(input("ids", DataType.INT64, "N", "T"))));
    assertEquals("OCT-DATA-027", e.id());
  }

  @Test
  void describesTheCorpora() {
    String corpora = System.getProperty("octet.corpora");
    org.junit.jupiter.api.Assumptions.assumeTrue(corpora != null, "octet.corpora is not set");
    Path file = Path.of(corpora, "descriptions", "mnist_test.yaml");
    Graph mnist = graph(input("Input3", DataType.FLOAT, 1, 1, 28, 28));
    try (DataSource data = DataDescription.open(file, mnist)) {
      assertEquals(9800, data.size());
      assertEquals(6, data.labels().orElseThrow()[9799]);
      double sum = 0;
      for (float pixel : data.batch(9799, 1).get("Input3").floats()) {
        sum += pixel;
      }
      assertEquals(41833, sum);
    }
  }

  private void assertError(String id, String place, String yaml, Graph graph) throws IOException {
    OctetException e = assertThrows(OctetException.class, () -> open(yaml, graph));
    assertEquals(id, e.id(), e.getMessage());
    assertEquals(folder.resolve("d.yaml") + ":" + place, e.place().orElseThrow().split(" ")[0]);
  }

  private DataSource open(String yaml, Graph graph) throws IOException {
    return DataDescription.open(Files.writeString(folder.resolve("d.yaml"), yaml), graph);
  }

  private static Graph graph(ValueInfo... inputs) {
    return new Graph(
        "g", List.of(inputs), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());
  }

  private static ValueInfo input(String name, DataType type, Object... dimensions) {
    List<Dimension> shape = new ArrayList<>();
    for (Object dimension : dimensions) {
      shape.add(
          dimension instanceof Integer size
              ? Dimension.of(size)
              : new Dimension.Symbolic((String) dimension));
    }
    return ValueInfo.of(name, TensorType.of(type, new Shape(shape)));
  }
}
