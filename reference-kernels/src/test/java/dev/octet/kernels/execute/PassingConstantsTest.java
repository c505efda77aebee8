package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
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
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.dialect.IntegerDialect;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights for which there is no room are read again by whoever needs them, with the same bits. */
class PassingConstantsTest {

  private static final int WIDTH = 1024;
  private static final int GROUP = 256;

  @TempDir Path folder;

  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> results = new ArrayList<>();

  private void constant(String name, DataType type, long... sizes) throws IOException {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    byte[] data = new byte[(int) type.packedBytes(count)];
    new Random(name.hashCode()).nextBytes(data);
    for (int i = 3; type == DataType.FLOAT && i < data.length; i += 4) {
      data[i] = (byte) (data[i] < 0 ? 0xbc : 0x3c);
    }
    Path file = Files.write(folder.resolve(name), data);
    constants.put(
        name, Tensor.ofRegion(type, sizes, FileRegion.map(FileIdentity.of(file), 0, data.length)));
  }

  private void node(String name, OpType op, List<String> operands, Attribute... attributes) {
    nodes.add(Node.of(name, op, operands, List.of(name), attributes));
  }

  private void node(String name, String op, List<String> operands, Attribute... attributes) {
    node(name, OpType.onnx(op), operands, attributes);
  }

  private static ValueInfo rows(String name) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), new Dimension.Known(WIDTH)));
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape));
  }

  private static ValueInfo any(String name) {
    return new ValueInfo(name, new TensorType(DataType.FLOAT, Optional.empty()), Optional.empty());
  }

  private Graph graph(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Graph graph =
        new Graph("g", inputs, outputs, constants, List.copyOf(nodes), Map.of(), Optional.empty());
    constants.clear();
    nodes.clear();
    return graph;
  }

  /** Every way in which a node has a weight: as it is, packed, computed, turned, in a body. */
  private Model model() throws IOException {
    node("other", "Identity", List.of("x"));
    Graph then = graph(List.of(), List.of(any("other")));
    constant("own", DataType.FLOAT, WIDTH, WIDTH);
    node("inner", "MatMul", List.of("x", "own"));
    node("sum", "MatMul", List.of("inner", "w"));
    Graph otherwise = graph(List.of(), List.of(any("sum")));
    constant("w", DataType.FLOAT, WIDTH, WIDTH);
    constant("v", DataType.FLOAT, WIDTH, WIDTH);
    constant("k", DataType.FLOAT, WIDTH, WIDTH / 2, 1, 1);
    constant("q", DataType.INT8, WIDTH, WIDTH);
    constant("p", DataType.INT8, WIDTH, WIDTH);
    constants.put("scale", Tensor.of(new float[] {0.0078125f}));
    constants.put("zero", Tensor.of(DataType.INT8, new byte[] {3}));
    constants.put("scales", Tensor.of(scales(), WIDTH / GROUP, WIDTH));
    constants.put("image", Tensor.of(new long[] {-1, WIDTH, 1, 1}, 4));
    constants.put("never", Tensor.of(new float[] {-1e30f}));
    constants.put("all", Tensor.of(new long[] {0, 1}, 2));
    node("product", "MatMul", List.of("x", "w"));
    node("gemm", "Gemm", List.of("product", "v"), Attribute.of("transB", 1L));
    node("cut", "Reshape", List.of("gemm", "image"));
    node("conv", "Conv", List.of("cut", "k"), Attribute.of("group", 2L));
    node("turned", "Transpose", List.of("w"), Attribute.of("perm", List.of(1L, 0L)));
    node("behind", "MatMul", List.of("x", "turned"));
    node("floats", "DequantizeLinear", List.of("q", "scale", "zero"));
    node("read", "MatMul", List.of("x", "floats"));
    node("xq", "QuantizeLinear", List.of("x", "scale", "zero"));
    node(
        "grouped",
        IntegerDialect.MATMUL_TO_FLOAT,
        List.of("xq", "scale", "zero", "p", "scales"),
        Attribute.of(IntegerDialect.BLOCK_SIZE, (long) GROUP));
    node("largest", "ReduceMax", List.of("v", "all"), Attribute.of("keepdims", 0L));
    node("more", "Add", List.of("x", "largest"));
    node("s", "ReduceSum", List.of("x", "all"), Attribute.of("keepdims", 0L));
    node("flag", "Less", List.of("s", "never"));
    node(
        "if",
        "If",
        List.of("flag"),
        subgraph("then_branch", then),
        subgraph("else_branch", otherwise));
    results.addAll(List.of("conv", "behind", "read", "grouped", "more", "if", "turned"));
    Graph graph =
        graph(List.of(rows("x")), results.stream().map(PassingConstantsTest::any).toList());
    return Model.of(graph, 21).withOpset("com.microsoft", 1);
  }

  private static Attribute subgraph(String name, Graph graph) {
    return new Attribute(name, new Attribute.GraphValue(graph), Optional.empty());
  }

  private static float[] scales() {
    float[] scales = new float[WIDTH / GROUP * WIDTH];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.001f * (i % 7 + 1);
    }
    return scales;
  }

  private static Tensor input(int count) {
    float[] x = new float[count * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 17 - 8) / 8f;
    }
    return Tensor.of(x, count, WIDTH);
  }

  private static Map<String, Tensor> run(GraphExecutor executor, int count) {
    return executor.run(Map.of("x", input(count)));
  }

  @Test
  void resultsAreThoseOfWeightsInMemory() throws IOException {
    Model model = model();
    Parallelism one = Parallelism.threads(1);
    for (boolean observable : new boolean[] {true, false}) {
      try (GraphExecutor held = GraphExecutor.within(Long.MAX_VALUE, model, observable, one);
          GraphExecutor passing = GraphExecutor.within(0, model, observable, one)) {
        for (int count : new int[] {1, 2, 1}) {
          Map<String, Tensor> expected = run(held, count);
          assertEquals(results, List.copyOf(expected.keySet()));
          assertEquals(expected, run(passing, count));
        }
      }
    }
  }

  @Test
  void runsAtTheSameTimeAndThreadsChangeNothing() throws Exception {
    Model model = model();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (GraphExecutor held =
            GraphExecutor.within(Long.MAX_VALUE, model, false, Parallelism.threads(1));
        GraphExecutor passing = GraphExecutor.within(0, model, false, Parallelism.threads(2))) {
      List<Callable<Map<String, Tensor>>> runs = new ArrayList<>();
      for (int count : new int[] {1, 2, 1}) {
        runs.add(() -> run(passing, count));
      }
      List<Future<Map<String, Tensor>>> found = threads.invokeAll(runs);
      for (int i = 0; i < found.size(); i++) {
        assertEquals(run(held, i % 2 + 1), found.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void whatIsComputedOfThemCanBeObserved() throws IOException {
    Model model = model();
    List<List<Float>> seen = new ArrayList<>();
    for (long bytes : new long[] {0, Long.MAX_VALUE}) {
      List<Float> values = new ArrayList<>();
      try (GraphExecutor executor =
          GraphExecutor.within(bytes, model, true, Parallelism.threads(1))) {
        executor.run(
            Map.of("x", input(1)),
            Cancellation.never(),
            Set.of("turned", "floats", "gemm"),
            (name, array, count, sizes) -> values.add(array[count - 1]));
      }
      seen.add(values);
    }
    assertEquals(3, seen.get(0).size());
    assertEquals(seen.get(1), seen.get(0));
  }

  /** One run after the file of a weight was cut off, whichever node meets it first. */
  @Test
  void aWeightWhoseFileWasCutOffIsRefusedByItsFile() throws IOException {
    Model model = model();
    try (GraphExecutor executor = GraphExecutor.within(0, model, false, Parallelism.threads(2))) {
      run(executor, 1);
      for (String name : List.of("w", "v", "k", "q", "p")) {
        Files.write(folder.resolve(name), new byte[5]);
      }
      OctetException e = assertThrows(OctetException.class, () -> run(executor, 1));
      assertEquals("OCT-FILE-003", e.id());
      assertTrue(e.fact().contains("was changed while it was in use"), e.fact());
    }
  }

  @Test
  void aPageThatIsGoneIsLaidToTheFileThatWasCutOff() throws IOException {
    ConstantFiles files = ConstantFiles.of(model().graph());
    Supplier<String> work =
        () -> {
          throw new InternalError("a fault occurred in an unsafe memory access operation");
        };
    assertThrows(InternalError.class, () -> files.reading(work));
    Files.write(folder.resolve("own"), new byte[5]);
    OctetException e = assertThrows(OctetException.class, () -> files.reading(work));
    assertEquals("OCT-FILE-003", e.id());
    assertTrue(e.fact().contains("own' was changed"), e.fact());
    assertEquals("done", files.reading(() -> "done"));
  }

  /** A quarter of this machine's heap is more than what this model takes. */
  @Test
  void whereThereIsRoomNothingPasses() throws IOException {
    Graph graph = model().graph();
    assertFalse(HeapShare.of(graph).passing());
    long bytes = 14L * WIDTH * WIDTH + 2L * WIDTH * WIDTH;
    assertFalse(HeapShare.of(graph, bytes).passing(), "14 MiB of floats and 2 of integers");
    assertTrue(HeapShare.of(graph, bytes - 1).passing());
    Tensor small = Tensor.of(new float[] {1});
    assertFalse(new HeapShare(true).constant(small).isPassing(), "it is in memory");
    Tensor large = Objects.requireNonNull(graph.initializers().get("w"));
    assertTrue(new HeapShare(true).constant(large).isPassing());
    assertFalse(new HeapShare(false).constant(large).isPassing());
  }

  @Test
  void anArrayIsSharedWhileSomebodyReadsItAndGoesThen() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    ArrayType type = ArrayType.of(DataType.FLOAT, new long[] {4});
    Constant constant =
        Constant.passing(
            type, () -> new TensorArray(type, new float[] {made.incrementAndGet(), 2, 3, 4}));
    Object first = constant.array().array();
    assertSame(first, constant.array().array());
    assertEquals(1, made.get());
    WeakReference<Object> held = new WeakReference<>(first);
    first = null;
    for (int i = 0; i < 50 && held.get() != null; i++) {
      System.gc();
      Thread.sleep(i < 3 ? 0 : 10);
    }
    assertNull(held.get());
    constant.release();
    constant.releaseStoredTwice();
    assertEquals(2f, ((float[]) constant.array().array())[0]);
    assertEquals(4, constant.tensorIfKept().orElseThrow().elementCount());
  }
}
