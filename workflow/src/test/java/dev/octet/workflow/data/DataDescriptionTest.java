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
import dev.octet.api.quantizer.Finding;
import dev.octet.fixtures.jdk.PngFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDescriptionTest {

  private static final String IMAGES =
      "inputs: {in: {file: images, steps: [{transpose: NHWC -> NCHW}]}}\n";

  private static final Graph CLASSIFIER =
      new Graph(
          "g",
          List.of(input("in", DataType.FLOAT, "N", 3, 1, 1)),
          List.of(input("scores", DataType.FLOAT, "N", 3)),
          Map.of(),
          List.of(),
          Map.of(),
          Optional.empty());

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

  /** 2049 lies between the float16 numbers 2048 and 2050, and goes to the even one. */
  @Test
  void givesAModelOfFloat16WhatItTakes() throws IOException {
    Graph halves = graph(input("in", DataType.FLOAT16, "N", 1));
    Tensor expected =
        Tensor.of(DataType.FLOAT16, new short[] {0x6800, 0x3c00, (short) 0xfc00}, 3, 1);
    byte[] stored = TestArrays.bytes(0x00, 0x68, 0x00, 0x3c, 0x00, 0xfc);
    Files.write(folder.resolve("h.npy"), TestArrays.npy(1, "<f2", false, "(3, 1)", stored));
    byte[] wide = TestArrays.floats(2049, 1, -65520);
    Files.write(folder.resolve("f.npy"), TestArrays.npy(1, "<f4", false, "(3, 1)", wide));
    for (String file :
        List.of("{file: h.npy}", "{file: f.npy}", "{file: f.npy, steps: [{cast: float16}]}")) {
      try (DataSource data = open("inputs: {in: " + file + "}", halves)) {
        assertEquals(expected, data.batch(0, 3).get("in"), file);
      }
    }
    Graph doubles = graph(input("in", DataType.DOUBLE, "N", 1));
    try (DataSource data = open("inputs: {in: {file: f.npy}}", doubles)) {
      assertEquals(Tensor.of(new double[] {2049, 1, -65520}, 3, 1), data.batch(0, 3).get("in"));
    }
  }

  @Test
  void roundsWhereItCastsToFloat16() throws IOException {
    byte[] wide = TestArrays.floats(2049, 1, -65520);
    Files.write(folder.resolve("f.npy"), TestArrays.npy(1, "<f4", false, "(3, 1)", wide));
    String yaml =
        "inputs: {in: {file: f.npy, steps: [{cast: float16}, {add: 1}, {cast: float32}]}}";
    try (DataSource data = open(yaml, graph(input("in", DataType.FLOAT, "N", 1)))) {
      assertEquals(
          Tensor.of(new float[] {2049, 2, Float.NEGATIVE_INFINITY}, 3, 1),
          data.batch(0, 3).get("in"));
    }
  }

  @Test
  void namesIntegersThatAModelOfFloat16IsGiven() throws IOException {
    Graph halves = graph(input("in", DataType.FLOAT16, "N", 2));
    assertError("OCT-DATA-009", "1:21", "inputs: {in: {file: x.npy}}", halves);
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
      List<SampleRange> ranges = data.ranges();
      assertEquals(1, ranges.size());
      return ranges.get(0);
    }
  }

  @Test
  void dividesSamplesIntoShardsOfWholeBatches() throws IOException {
    try (DataSource data = open("inputs: {in: {file: x.npy}}\nlabels: l.npy", ONE_INPUT)) {
      assertEquals(data.ranges(0, 1), data.shard(1, 2).ranges());
      DataSource last = data.shard(2, 2);
      assertEquals(data.ranges(1, 2), last.ranges());
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
      new PngFile(file).colour(2, 1);
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

  @Test
  void imagesOfUnlikeSizesRunAloneWhereTheModelTakesAnySize() throws IOException {
    images("a/1 a/2 b/1");
    new PngFile(folder.resolve("images/a/2.png")).colour(30, 20);
    String steps = "[{transpose: NHWC -> NCHW}, {multiply: 2}, {subtract: [1, 2, 3]}]";
    String text = "inputs: {in: {file: images, steps: " + steps + "}}";
    Graph open = graph(input("in", DataType.FLOAT, "N", 3, "H", "W"));
    try (DataSource data = open(text, open)) {
      assertEquals(OptionalInt.of(1), data.fixedBatch());
      Tensor second = data.batch(2, 1).get("in");
      assertArrayEquals(new long[] {1, 3, 20, 30}, second.sizes());
      Tensor first = data.batch(0, 1).get("in");
      assertEquals(3, first.sizes()[1]);
      assertTrue(first.elementCount() < second.elementCount());
      Finding finding = data.sampleFindings().get(0);
      assertEquals("OCT-DATA-103", finding.id());
      assertTrue(finding.message().contains("2 sizes"), finding.message());
      assertEquals(List.of("a", "b"), ClassList.of(data));
    }
    Graph two =
        graph(
            input("in", DataType.FLOAT, "N", 3, "H", "W"),
            input("mask", DataType.FLOAT, "N", 3, "H", "W"));
    String mask = ", mask: {file: masks, steps: " + steps + "}}";
    Files.createDirectories(folder.resolve("masks"));
    for (String name : List.of("1.png", "2.png", "3.png")) {
      new PngFile(folder.resolve("masks").resolve(name)).colour(1, 1, 0);
    }
    String same = text.substring(0, text.length() - 1) + mask;
    OctetException e = assertThrows(OctetException.class, () -> open(same, two));
    assertEquals("OCT-DATA-023", e.id(), e.getMessage());
    assertTrue(e.fact().contains("dimension 'H' is"), e.fact());
    assertError("OCT-DATA-015", "1:21", text, graph(input("in", DataType.FLOAT, 2, 3, "H", "W")));
    assertError("OCT-DATA-010", "1:21", text, graph(input("in", DataType.FLOAT, "N", 3, 1, "W")));
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
        "inputs: {in: {file: x.npy, steps: [{rotate: 1}]}} | OCT-DATA-007 | 1:45",
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

  @Test
  void dealsTheImagesOfAFolderRoundTheClasses() throws IOException {
    images("a/1 a/2 a/3 b/1 c/1 c/2");
    String yaml = "inputs: {in: {file: images, steps: [{transpose: NHWC -> NCHW}]}}\n";
    try (DataSource data = open(yaml, CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 1, 2, 0, 2, 0}, data.labels().orElseThrow());
      assertEquals(List.of("a", "b", "c"), data.classNames());
      assertEquals(1, data.ranges().size());
    }
    try (DataSource data = open(yaml + "skip: 1\ntake: 4", CLASSIFIER)) {
      assertArrayEquals(new int[] {1, 2, 0, 2}, data.labels().orElseThrow());
      float[] reds = {4, 5, 2, 6};
      for (int i = 0; i < reds.length; i++) {
        assertEquals(reds[i], data.batch(i, 1).get("in").floats()[0]);
        assertEquals(reds[i], data.batch(0, 4).get("in").floats()[3 * i]);
      }
      String hash = data.ranges().get(0).data();
      assertEquals(
          List.of(new SampleRange(hash, 1, 1), new SampleRange(hash, 3, 3)), data.ranges());
      assertEquals(List.of(new SampleRange(hash, 3, 2)), data.shard(1, 2).ranges());
    }
  }

  @Test
  void shufflesBeforeItDeals() throws IOException {
    images("a/1 a/2 a/3 b/1 c/1 c/2");
    String yaml = "inputs: {in: {file: images, steps: [{transpose: NHWC -> NCHW}]}}\nshuffle: 3\n";
    try (DataSource data = open(yaml + "take: 3", CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 1, 2}, data.labels().orElseThrow());
    }
  }

  /** The order was computed by hand from the rule, in Python. */
  @Test
  void shufflesBySplitMix64() throws IOException {
    byte[] bytes = TestArrays.bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Files.write(folder.resolve("ten.npy"), TestArrays.npy(1, "|u1", false, "(10, 1)", bytes));
    Graph graph = graph(input("in", DataType.FLOAT, "N", 1));
    String yaml = "{inputs: {in: {file: ten.npy}}, labels: ten.npy, shuffle: 7, skip: 2, take: 7}";
    Files.write(folder.resolve("l10.npy"), TestArrays.npy(1, "|u1", false, "(10,)", bytes));
    try (DataSource data = open(yaml.replace("labels: ten", "labels: l10"), graph)) {
      float[] order = data.batch(0, 7).get("in").floats();
      int[] labels = data.labels().orElseThrow();
      for (int i = 0; i < labels.length; i++) {
        assertEquals(labels[i], order[i]);
      }
      assertArrayEquals(new int[] {8, 6, 1, 2, 4, 7, 0}, labels);
    }
    Files.writeString(
        folder.resolve("t.json"), "[[0], [1], [2], [3], [4], [5], [6], [7], [8], [9]]");
    Graph ids = graph(input("ids", DataType.INT64, "N", 1));
    try (DataSource data = open("{tokens: t.json, shuffle: 7, skip: 2, take: 1}", ids)) {
      assertEquals(Tensor.of(new long[] {8}, 1, 1), data.batch(0, 1).get("ids"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classes: [a, b, c]", "classes: names.txt"})
  void tellsFoldersByTheNamesOfTheClasses(String classes) throws IOException {
    images("a/1 c/1");
    Files.writeString(folder.resolve("names.txt"), "\uFEFFa\r\nb\n\nc\n");
    try (DataSource data = open(IMAGES + classes, CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 2}, data.labels().orElseThrow());
      assertEquals(List.of("a", "b", "c"), data.classNames());
      assertEquals(List.of(), data.findings());
    }
  }

  @Test
  void givesNoLabelsWhereAClassIsMissingAndNoneIsNamed() throws IOException {
    images("a/1 c/1");
    try (DataSource data = open(IMAGES, CLASSIFIER)) {
      assertTrue(data.labels().isEmpty());
      assertEquals("OCT-DATA-101", data.findings().get(0).id());
      String message = data.findings().get(0).message();
      assertTrue(message.startsWith("There are 2 folders, a, c, and the model gives 3"), message);
    }
    try (DataSource data = open(IMAGES + "labelMap: [0, 2]", CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 2}, data.labels().orElseThrow());
      assertEquals(List.of(), data.findings());
    }
  }

  @Test
  void countsAFolderWithoutImagesAsAClass() throws IOException {
    images("a/1 c/1");
    Files.createDirectories(folder.resolve("images/b"));
    try (DataSource data = open(IMAGES, CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 2}, data.labels().orElseThrow());
    }
  }

  @Test
  void saysThatTheListHasNotTheClassesOfTheModel() throws IOException {
    images("a/1 b/1");
    try (DataSource data = open(IMAGES + "classes: [a, b]", CLASSIFIER)) {
      assertArrayEquals(new int[] {0, 1}, data.labels().orElseThrow());
      assertEquals("OCT-DATA-102", data.findings().get(0).id());
    }
  }

  @Test
  void knowsNamesInBothFormsOfUnicode() throws IOException {
    images("cafe\u0301/1 b/1");
    try (DataSource data = open(IMAGES + "classes: [x, b, caf\u00e9]", CLASSIFIER)) {
      assertArrayEquals(new int[] {1, 2}, data.labels().orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "classes: [a, b, d] | OCT-DATA-038 | folder 'c' is named like no class",
        "classes: [a, c, a] | OCT-DATA-037 | class 'a' stands twice",
        "classes: [] | OCT-DATA-037 | there is no class in the list",
        "classes: latin1.txt | OCT-DATA-037 | is no text of UTF-8",
        "classes: none.txt | OCT-DATA-001 | there is no file",
        "{classes: [a, b, c], labelMap: [1, 2]} | OCT-DATA-039 | there is a label map beside",
        "{classes: [a, b], labels: two.npy} | OCT-DATA-040 | label 5 of sample 1 has no name"
      })
  void namesTheMistakeInAListOfClasses(String yaml, String id, String fact) throws IOException {
    images("a/1 c/1");
    Files.write(folder.resolve("latin1.txt"), new byte[] {(byte) 0xe4, '\n'});
    byte[] labels = TestArrays.npy(1, "|u1", false, "(2,)", TestArrays.bytes(0, 5));
    Files.write(folder.resolve("two.npy"), labels);
    String flow = yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1) : yaml;
    String text = "{" + IMAGES.strip() + ", " + flow + "}";
    OctetException e = assertThrows(OctetException.class, () -> open(text, CLASSIFIER));
    assertEquals(id, e.id(), e.getMessage());
    assertTrue(e.fact().contains(fact), e.fact());
  }

  @Test
  void bringsImagesOfEverySizeToOne() throws IOException {
    images("a/1 b/1");
    new PngFile(folder.resolve("images/a/1.png")).colour(30, 20);
    String steps = "[{resize: 4}, {center-crop: 4}, {transpose: NHWC -> NCHW}, {multiply: 2}]";
    Graph four = graph(input("in", DataType.FLOAT, "N", 3, 4, 4));
    try (DataSource data = open("inputs: {in: {file: images, steps: " + steps + "}}", four)) {
      assertEquals(2, data.size());
      assertEquals(4, data.batch(1, 1).get("in").floats()[0]);
    }
    assertError("OCT-DATA-015", "1:21", "inputs: {in: {file: images}}", four);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{transpose: NHWC -> NCHW}, {resize: 4}] | OCT-DATA-008",
        "[{resize: 0}] | OCT-DATA-007",
        "[{resize: [1, 2, 3]}] | OCT-DATA-007",
        "[{resize: [65536, 65536]}] | OCT-DATA-007",
        "[{resize: {size: 3, filter: nearest}}] | OCT-TREE-004",
        "[{resize: {size: 3, filters: bilinear}}] | OCT-TREE-003",
        "[{letterbox: {size: 3, fill: 256}}] | OCT-DATA-007",
        "[{center-crop: []}] | OCT-DATA-007",
        "[{channels: cmyk}] | OCT-DATA-007",
        "[{rezise: 3}] | OCT-DATA-007"
      })
  void refusesStepsForImagesThatAreNone(String steps, String id) throws IOException {
    images("a/1");
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> open("inputs: {in: {file: images, steps: " + steps + "}}", CLASSIFIER));
    assertEquals(id, e.id(), e.getMessage());
  }

  @Test
  void refusesStepsForImagesOnArrays() throws IOException {
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> open("inputs: {in: {file: x.npy, steps: [{resize: 2}]}}", ONE_INPUT));
    assertEquals("OCT-DATA-008", e.id());
    assertEquals("step 'resize' is for images, and these are numbers", e.fact());
  }

  /** Writes images of one pixel, whose level of red is their number from 1. */
  private void images(String names) throws IOException {
    int number = 1;
    for (String name : names.split(" ")) {
      Path file = folder.resolve("images").resolve(name + ".png");
      Files.createDirectories(file.getParent());
      new PngFile(file).colour(1, 1, number++ << 16);
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
