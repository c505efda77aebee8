package dev.octet.kernels.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of a table of integers: what a Gather of the whole table in float gives. */
class TableRowsTest {

  private static final int ROWS = 5;
  private static final int COLUMNS = 8;

  private final Random random = new Random(12);
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  static Stream<Arguments> tables() {
    List<Arguments> all = new ArrayList<>();
    for (DataType type :
        List.of(
            DataType.INT2,
            DataType.UINT2,
            DataType.INT4,
            DataType.UINT4,
            DataType.INT8,
            DataType.UINT8,
            DataType.INT16)) {
      for (boolean zeroPoints : new boolean[] {false, true}) {
        all.add(Arguments.of(type, zeroPoints, List.of(), 1, 0));
        all.add(Arguments.of(type, zeroPoints, List.of(5L), 0, 0));
        all.add(Arguments.of(type, zeroPoints, List.of(8L), 1, 0));
        all.add(Arguments.of(type, zeroPoints, List.of(5L, 3L), 1, 3));
        all.add(Arguments.of(type, zeroPoints, List.of(5L, 8L), -1, 1));
        all.add(Arguments.of(type, zeroPoints, List.of(5L, 1L), 1, 100));
      }
    }
    return all.stream();
  }

  /** Adds a table behind a DequantizeLinear. */
  private void table(DataType type, boolean zeroPoints, List<Long> sizes, int axis, int block) {
    constants.put("q", integers(type, ROWS, COLUMNS));
    long[] grid = sizes.stream().mapToLong(Long::longValue).toArray();
    int count = (int) sizes.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = random.nextFloat() + 0.01f;
    }
    constants.put("s", Tensor.of(scales, grid));
    List<String> operands = new ArrayList<>(List.of("q", "s"));
    if (zeroPoints) {
      constants.put("z", integers(type, grid));
      operands.add("z");
    }
    List<Attribute> attributes = new ArrayList<>(List.of(Attribute.of("axis", axis)));
    if (block > 0) {
      attributes.add(Attribute.of("block_size", block));
    }
    node("w", "DequantizeLinear", operands, attributes.toArray(Attribute[]::new));
  }

  private Tensor integers(DataType type, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    long[] all = new long[count];
    for (int i = 0; i < count; i++) {
      long bits = random.nextInt() & ((1L << type.bits()) - 1);
      all[i] = type.isSignedInteger() ? bits - (1L << (type.bits() - 1)) : bits;
    }
    return Tensor.ofIntegers(type, all, sizes);
  }

  private void node(String name, String op, List<String> operands, Attribute... attributes) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(name), attributes));
  }

  private Model model(Tensor indices) {
    List<ValueInfo> results = new ArrayList<>();
    outputs.forEach(
        name -> results.add(ValueInfo.of(name, new TensorType(DataType.FLOAT, Optional.empty()))));
    return Model.of(
        new Graph(
            "g",
            List.of(ValueInfo.of("i", indices.type())),
            results,
            constants,
            nodes,
            Map.of(),
            Optional.empty()),
        25);
  }

  private static Map<String, Tensor> run(Model model, Tensor indices) {
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      return executor.run(Map.of("i", indices));
    }
  }

  private void takesRowsOf(Tensor indices) {
    Model model = model(indices);
    Lowered lowered = QdqLowering.lower(model);
    assertEquals("takes rows of integers, which are then dequantized", reason(lowered));
    assertTrue(lowered.model().graph().node("w").isEmpty(), "the table is not dequantized");
    Map<String, Tensor> expected = run(model, indices);
    assertEquals(expected, run(lowered.model(), indices));
  }

  private static String reason(Lowered lowered) {
    return lowered.report().entries().stream()
        .filter(e -> e.node().equals("y"))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void dequantizesTheRowsThatAreTaken(
      DataType type, boolean zeroPoints, List<Long> sizes, int axis, int block) {
    table(type, zeroPoints, sizes, axis, block);
    node("y", "Gather", List.of("w", "i"));
    outputs.add("y");
    takesRowsOf(Tensor.of(new long[] {4, 0, -1, -5, 2, 2}, 2, 3));
    takesRowsOf(Tensor.of(new int[] {3}));
    takesRowsOf(Tensor.of(new long[] {-2}, 1));
    takesRowsOf(Tensor.of(new long[0], 0));
  }

  @Test
  void refusesARowThatIsNotThereByTheNameOfTheNode() {
    table(DataType.INT4, true, List.of(5L, 2L), 1, 4);
    node("y", "Gather", List.of("w", "i"));
    outputs.add("y");
    for (long index : new long[] {5, -6}) {
      Tensor indices = Tensor.of(new long[] {index}, 1);
      Model lowered = QdqLowering.lower(model(indices)).model();
      OctetException e = assertThrows(OctetException.class, () -> run(lowered, indices));
      assertEquals("OCT-RUN-005", e.id());
      assertTrue(e.getMessage().contains("'y'"), e.getMessage());
      assertTrue(
          e.getMessage().contains("index " + index + " lies outside an axis of 5"), e.getMessage());
    }
  }

  /** A product in float reads the same table. */
  @Test
  void leavesTheTableToOthersThatReadIt() {
    table(DataType.INT4, true, List.of(5L, 2L), 1, 4);
    node("y", "Gather", List.of("w", "i"));
    node("again", "Gather", List.of("w", "i"));
    node("sums", "Gemm", List.of("y", "w"), Attribute.of("transB", 1L));
    outputs.addAll(List.of("y", "again", "sums"));
    Tensor indices = Tensor.of(new long[] {1, -1, 0}, 3);
    Lowered lowered = QdqLowering.lower(model(indices));
    assertTrue(lowered.model().graph().node("w").isPresent());
    assertEquals("q", lowered.model().graph().node("y").orElseThrow().operands().get(0));
    assertEquals(run(model(indices), indices), run(lowered.model(), indices));
  }

  @Test
  void leavesInFloatWhatAreNoRows() {
    table(DataType.INT4, false, List.of(2L, 8L), 0, 3);
    node("y", "Gather", List.of("w", "i"));
    outputs.add("y");
    Tensor indices = Tensor.of(new long[] {1}, 1);
    assertEquals(
        "operand 0 has a scale for each block of 3 elements",
        reason(QdqLowering.lower(model(indices))));
    nodes.clear();
    table(DataType.INT4, false, List.of(5L, 2L), 1, 4);
    node("y", "Gather", List.of("w", "i"), Attribute.of("axis", 1));
    Lowered columns = QdqLowering.lower(model(indices));
    assertEquals("operand 0 has a scale for each block of 4 elements", reason(columns));
    assertEquals(run(model(indices), indices), run(columns.model(), indices));
  }

  /** No array of a byte for each integer is made of the table. */
  @Test
  void readsATableOfFewBitsAsItIsStored() {
    for (DataType type : List.of(DataType.INT2, DataType.UINT4, DataType.INT8)) {
      assertTrue(!gather(Tensor.ofIntegers(type, new long[] {1, 0, 1, 1}, 2, 2)).reads(0));
    }
    assertTrue(gather(Tensor.of(new float[] {1, 2}, 2)).reads(0));
    assertArrayEquals(
        new boolean[] {true, true},
        new boolean[] {
          gather(Tensor.of(new long[] {1, 2}, 2)).reads(0),
          gather(Tensor.ofIntegers(DataType.INT4, new long[] {1, 2}, 2)).reads(1)
        });
  }

  private static CompiledNode gather(Tensor table) {
    Node node = Node.of("y", OpType.onnx("Gather"), List.of("q", "i"), List.of("y"));
    List<Optional<DataType>> types =
        List.of(Optional.of(table.dataType()), Optional.of(DataType.INT64));
    return Operators.kernelOf(OpType.onnx("Gather"))
        .orElseThrow()
        .compile(
            new Compilation(
                new Signature(node, 21, types),
                List.of(table.dataType()),
                List.of(Optional.of(Constant.of(table)), Optional.empty())));
  }
}
