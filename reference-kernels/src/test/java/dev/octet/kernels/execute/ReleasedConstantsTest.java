package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
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
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.dialect.IntegerDialect;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Of a loaded model's constants nothing stays in memory that no kernel reads any more. */
class ReleasedConstantsTest {

  private static final int DEPTH = 64;
  private static final int COLUMNS = 48;
  private static final int GROUP = 32;

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, WeakReference<byte[]>> bytes = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** Adds a constant whose bytes can be looked for. */
  private void constant(String name, DataType type, long... sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    byte[] data = new byte[(int) type.packedBytes(count)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (type == DataType.FLOAT ? i % 4 == 3 ? 63 : 0 : i * 37);
    }
    constants.put(name, Tensor.ofBytes(type, sizes, ByteBuffer.wrap(data)));
    bytes.put(name, new WeakReference<>(data));
  }

  private void node(Node node) {
    nodes.add(node);
  }

  private static ValueInfo rows(String name, long columns) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), new Dimension.Known(columns)));
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape));
  }

  /** Returns the graph, and keeps nothing of it. */
  private Graph graph(List<ValueInfo> inputs, ValueInfo... outputs) {
    Graph graph =
        new Graph(
            "g",
            inputs,
            List.of(outputs),
            constants,
            List.copyOf(nodes),
            Map.of(),
            Optional.empty());
    constants.clear();
    nodes.clear();
    return graph;
  }

  private ExecutableModel load(ValueInfo... outputs) {
    Model model =
        Model.of(graph(List.of(rows("x", DEPTH)), outputs), 21).withOpset("com.microsoft", 1);
    return new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)));
  }

  /** Tells whether the bytes of a constant are in memory. */
  private boolean isHeld(String name) throws InterruptedException {
    WeakReference<byte[]> reference = bytes.get(name);
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(i < 3 ? 0 : 10);
    }
    return reference.get() != null;
  }

  private static Map<String, Tensor> run(ExecutableModel model, int count) {
    return model.run(Map.of("x", input(count)), Cancellation.never());
  }

  private static Tensor input(int count) {
    float[] x = new float[count * DEPTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 17 - 8) / 8f;
    }
    return Tensor.of(x, count, DEPTH);
  }

  private static float[] first(float[] all, int count) {
    return Arrays.copyOf(all, count);
  }

  private void quantizedInput() {
    constants.put("one", Tensor.of(new float[] {0.125f}));
    constants.put("zero", Tensor.of(DataType.INT8, new byte[] {0}));
    node(Node.of("q", OpType.onnx("QuantizeLinear"), List.of("x", "one", "zero"), List.of("xq")));
  }

  private void product(String weight, String result) {
    product(weight, "scales", result);
  }

  private void product(String weight, String scales, String result) {
    node(
        Node.of(
            result,
            IntegerDialect.MATMUL_TO_FLOAT,
            List.of("xq", "one", "zero", weight, scales),
            List.of(result),
            Attribute.of(IntegerDialect.BLOCK_SIZE, (long) GROUP)));
  }

  private void layer(DataType type) {
    quantizedInput();
    constant("w", type, DEPTH, COLUMNS);
    constant("scales", DataType.FLOAT, DEPTH / GROUP, COLUMNS);
    product("w", "y");
  }

  /** New shapes bring new plans, which find what the first one has packed. */
  @Test
  void whatAKernelHasPackedIsHeldByNobodyElse() throws InterruptedException {
    for (DataType type : List.of(DataType.INT4, DataType.INT8, DataType.UINT8)) {
      layer(type);
      try (ExecutableModel model = load(rows("y", COLUMNS))) {
        float[] all = run(model, 7).get("y").floats();
        assertFalse(isHeld("w"), type + " is held twice");
        for (int count : new int[] {1, 2, 3, 4, 5, 6, 7}) {
          float[] some = run(model, count).get("y").floats();
          assertArrayEquals(first(all, count * COLUMNS), some);
        }
      }
    }
  }

  @Test
  void aWeightInBlocksOfBytesIsHeldOnce() throws InterruptedException {
    constant("w", DataType.UINT8, COLUMNS, DEPTH / GROUP, GROUP / 2);
    constant("scales", DataType.FLOAT, COLUMNS * (DEPTH / GROUP));
    node(
        Node.of(
            "y",
            IntegerDialect.MATMUL_N_BITS,
            List.of("x", "w", "scales"),
            List.of("y"),
            Attribute.of("K", (long) DEPTH),
            Attribute.of("N", (long) COLUMNS),
            Attribute.of("bits", 4L),
            Attribute.of("block_size", (long) GROUP),
            Attribute.of("accuracy_level", 4L)));
    try (ExecutableModel loaded = load(rows("y", COLUMNS))) {
      float[] all = run(loaded, 5).get("y").floats();
      assertFalse(isHeld("w"));
      assertFalse(isHeld("scales"));
      assertArrayEquals(first(all, COLUMNS), run(loaded, 1).get("y").floats());
    }
  }

  private static ValueInfo matrix(String name, DataType type, long... sizes) {
    return ValueInfo.of(name, TensorType.of(type, Shape.of(sizes)));
  }

  /** One product takes the weights as they are stored; something else wants their elements. */
  @Test
  void whatAnotherNodeOrTheCallerReadsStays() throws InterruptedException {
    layer(DataType.INT8);
    constant("v", DataType.INT8, DEPTH, COLUMNS);
    product("v", "given");
    constant("u", DataType.INT8, DEPTH, DEPTH);
    constants.put("some", Tensor.of(repeated(1f, 2 * DEPTH), 2, DEPTH));
    product("u", "some", "square");
    node(
        Node.of(
            "joined",
            OpType.onnx("Concat"),
            List.of("xq", "u"),
            List.of("joined"),
            Attribute.of("axis", 0L)));
    try (ExecutableModel model =
        load(
            rows("y", COLUMNS),
            rows("given", COLUMNS),
            rows("square", DEPTH),
            matrix("v", DataType.INT8, DEPTH, COLUMNS),
            new ValueInfo(
                "joined", new TensorType(DataType.INT8, Optional.empty()), Optional.empty()))) {
      Map<String, Tensor> once = run(model, 1);
      assertFalse(isHeld("w"));
      assertEquals((byte) (37 * 3), once.get("v").integers()[3]);
      assertEquals((byte) (37 * 3), once.get("joined").integers()[DEPTH + 3]);
      Map<String, Tensor> again = run(model, 2);
      assertEquals(once.get("v"), again.get("v"));
      assertEquals((byte) (37 * 3), again.get("joined").integers()[2 * DEPTH + 3]);
    }
  }

  /** What leads to a packed weight is computed once, and the way there is forgotten. */
  @Test
  void whatIsComputedFromConstantsStaysAsLongAsItIsRead() throws InterruptedException {
    quantizedInput();
    constant("turned", DataType.INT8, COLUMNS, DEPTH);
    constant("scales", DataType.FLOAT, DEPTH / GROUP, COLUMNS);
    node(Node.of("turn", OpType.onnx("Transpose"), List.of("turned"), List.of("w")));
    product("w", "y");
    constant("floats", DataType.FLOAT, 1, DEPTH);
    node(Node.of("minus", OpType.onnx("Neg"), List.of("floats"), List.of("m")));
    node(Node.of("less", OpType.onnx("Add"), List.of("x", "m"), List.of("z")));
    try (ExecutableModel model = load(rows("y", COLUMNS), rows("z", DEPTH))) {
      float[] y = run(model, 3).get("y").floats();
      assertFalse(isHeld("turned"));
      assertFalse(isHeld("floats"));
      Map<String, Tensor> again = run(model, 2);
      assertArrayEquals(first(y, 2 * COLUMNS), again.get("y").floats());
      assertEquals(-1.5f, again.get("z").floats()[0]);
    }
  }

  /** Where contents of an input decide a shape, all that leads there is computed with the plan. */
  @Test
  void plansForContentsComputeWithWhatIsPacked() throws InterruptedException {
    layer(DataType.INT8);
    node(Node.of("where", OpType.onnx("NonZero"), List.of("y"), List.of("places")));
    TensorType open = new TensorType(DataType.INT64, Optional.empty());
    try (ExecutableModel model = load(ValueInfo.of("places", open))) {
      Map<String, Tensor> once = run(model, 3);
      assertFalse(isHeld("w"));
      assertEquals(once, run(model, 3));
      Tensor rows = run(model, 1).get("places");
      assertTrue(rows.sizes()[1] > 0 && rows.sizes()[1] < once.get("places").sizes()[1]);
    }
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  /** A body reads a weight of the graph around it, and has one of its own. */
  @Test
  void bodiesHaveWhatTheyReadAndLetGoOfTheRest() throws InterruptedException {
    constant("scales", DataType.FLOAT, DEPTH / GROUP, COLUMNS);
    constants.put("zero", Tensor.of(DataType.INT8, new byte[] {0}));
    constant("own", DataType.INT4, DEPTH, COLUMNS);
    product("own", "o");
    Graph then = graph(List.of(), rows("o", COLUMNS));
    product("w", "p");
    Graph otherwise = graph(List.of(), rows("p", COLUMNS));
    layer(DataType.INT8);
    constants.put("least", Tensor.of(new float[] {0f}));
    constants.put("axes", Tensor.of(new long[] {0, 1}, 2));
    node(
        Node.of(
            "sum",
            OpType.onnx("ReduceSum"),
            List.of("x", "axes"),
            List.of("s"),
            Attribute.of("keepdims", 0L)));
    node(Node.of("compare", OpType.onnx("Less"), List.of("s", "least"), List.of("c")));
    node(
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("c"),
            List.of("b"),
            subgraph("then_branch", then),
            subgraph("else_branch", otherwise)));
    ExecutableModel model = load(rows("y", COLUMNS), rows("b", COLUMNS));
    then = null;
    otherwise = null;
    try (model) {
      float[] below = run(model, 1).get("b").floats();
      assertFalse(isHeld("own"));
      assertFalse(isHeld("w"));
      assertArrayEquals(below, first(run(model, 2).get("b").floats(), COLUMNS));
      Tensor ones = Tensor.of(repeated(1f, DEPTH), 1, DEPTH);
      Map<String, Tensor> above = model.run(Map.of("x", ones), Cancellation.never());
      assertEquals(above.get("y"), above.get("b"));
    }
  }

  /**
   * The first plan leaves out a branch, which has a weight of its own and reads one from outside.
   */
  @Test
  void aBranchThatTheFirstPlanLeavesOutFindsItsConstants() {
    constant("scales", DataType.FLOAT, DEPTH / GROUP, COLUMNS);
    constants.put("zero", Tensor.of(DataType.INT8, new byte[] {0}));
    constant("own", DataType.INT4, DEPTH, COLUMNS);
    product("own", "o");
    Graph then = graph(List.of(), rows("o", COLUMNS));
    node(Node.of("copy", OpType.onnx("Identity"), List.of("v"), List.of("p")));
    Graph otherwise = graph(List.of(), rows("p", COLUMNS));
    layer(DataType.INT8);
    constants.put("v", Tensor.of(repeated(3f, COLUMNS), 1, COLUMNS));
    node(
        Node.of(
            "if",
            OpType.onnx("If"),
            List.of("flag"),
            List.of("b"),
            subgraph("then_branch", then),
            subgraph("else_branch", otherwise)));
    List<ValueInfo> inputs = List.of(rows("x", DEPTH), matrix("flag", DataType.BOOL, 1));
    Model model =
        Model.of(graph(inputs, rows("y", COLUMNS), rows("b", COLUMNS)), 21)
            .withOpset("com.microsoft", 1);
    try (ExecutableModel loaded =
        new ReferenceRuntime().load(LoadRequest.of(model, Parallelism.threads(1)))) {
      for (boolean flag : new boolean[] {false, true, false, true}) {
        Map<String, Tensor> given =
            Map.of("x", input(2), "flag", Tensor.of(new boolean[] {flag}, 1));
        Tensor chosen = loaded.run(given, Cancellation.never()).get("b");
        assertArrayEquals(new long[] {flag ? 2 : 1, COLUMNS}, chosen.sizes());
        assertEquals(!flag, chosen.floats()[0] == 3f);
      }
    }
  }

  private static float[] repeated(float value, int count) {
    float[] all = new float[count];
    Arrays.fill(all, value);
    return all;
  }

  /** Threads that plan different shapes at once, before anything was let go of. */
  @Test
  void plansMadeAtTheSameTimeFindWhatTheyRead() throws Exception {
    for (int round = 0; round < 20; round++) {
      layer(DataType.INT4);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try (ExecutableModel model = load(rows("y", COLUMNS))) {
        List<Callable<float[]>> runs = new ArrayList<>();
        for (int count = 1; count <= 4; count++) {
          int rows = count;
          runs.add(() -> run(model, rows).get("y").floats());
        }
        List<Future<float[]>> results = threads.invokeAll(runs);
        for (int i = 0; i < runs.size(); i++) {
          assertArrayEquals(first(results.get(3).get(), (i + 1) * COLUMNS), results.get(i).get());
        }
      } finally {
        threads.shutdown();
      }
    }
  }

  /** Observers may ask for what was computed from constants, in every plan. */
  @Test
  void whatCanBeObservedStays() {
    constants.put("c", Tensor.of(repeated(2f, 2 * DEPTH), 2, DEPTH));
    node(Node.of("minus", OpType.onnx("Neg"), List.of("c"), List.of("m")));
    node(Node.of("more", OpType.onnx("Abs"), List.of("m"), List.of("a")));
    node(Node.of("max", OpType.onnx("ReduceMax"), List.of("a"), List.of("top")));
    node(Node.of("add", OpType.onnx("Add"), List.of("x", "top"), List.of("y")));
    Model model = Model.of(graph(List.of(rows("x", DEPTH)), rows("y", DEPTH)), 13);
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      for (int count = 1; count <= 3; count++) {
        List<Float> seen = new ArrayList<>();
        executor.run(
            Map.of("x", input(count)),
            Cancellation.never(),
            Set.of("m"),
            (name, values, length, sizes) -> seen.add(values[2 * DEPTH - 1]));
        assertEquals(List.of(-2f), seen);
      }
    }
  }

  /** Nothing is left to compute where a result is an operand by another name. */
  @Test
  void aRunWithoutStepsCanBeCancelledToo() {
    node(Node.of("same", OpType.onnx("Identity"), List.of("x"), List.of("y")));
    try (ExecutableModel model = load(rows("y", DEPTH))) {
      assertEquals(input(2), run(model, 2).get("y"));
      Cancellation cancelled = () -> true;
      Map<String, Tensor> inputs = Map.of("x", input(2));
      OctetException refused =
          assertThrows(OctetException.class, () -> model.run(inputs, cancelled));
      assertEquals("OCT-RUN-007", refused.id());
    }
  }
}
