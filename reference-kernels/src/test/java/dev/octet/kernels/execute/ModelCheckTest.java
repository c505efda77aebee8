package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.ErrorKind;
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
import dev.octet.api.runtime.Parallelism;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.operators.OperatorSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What no run could compute is found before one begins, and what fails in a run names its node. */
class ModelCheckTest {

  private static final long MANY = 1L << 40;
  private static final long BYTES = 17_179_869_176L;

  private static Node node(String op, List<String> operands, Attribute... attributes) {
    return Node.of("node", OpType.onnx(op), operands, List.of("y"), attributes);
  }

  private static ValueInfo rows(String name) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(4)));
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, shape));
  }

  private static Model model(
      Map<String, Tensor> constants, Map<String, ValueInfo> values, Node... nodes) {
    ValueInfo result = ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()));
    return Model.of(
        new Graph(
            "g",
            List.of(rows("x")),
            List.of(result),
            constants,
            List.of(nodes),
            values,
            Optional.empty()),
        13);
  }

  private static OctetException refused(Map<String, Tensor> constants, Node... nodes) {
    return refused(model(constants, Map.of(), nodes));
  }

  private static OctetException refused(Model model) {
    OctetException e =
        assertThrows(OctetException.class, () -> ModelCheck.require(model, OperatorSet.standard()));
    assertEquals(ErrorKind.INPUT, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("node 'node', "), e.getMessage());
    return e;
  }

  private static void requireSaid(String id, String fact, OctetException e) {
    assertEquals(id, e.id(), e::getMessage);
    assertTrue(String.valueOf(e.getMessage()).contains(fact), e.getMessage());
  }

  @Test
  void takesWhatCanRun() {
    ModelCheck.require(
        model(Map.of(), Map.of(), node("Relu", List.of("x"))), OperatorSet.standard());
  }

  @Test
  void operandsOfSeveralTypesAreNamed() {
    Map<String, Tensor> constants = Map.of("i", Tensor.of(new long[4], 4));
    String fact = "operand 0, A, of type FLOAT and operand 1, B, of type INT64";
    requireSaid("OCT-GRAPH-005", fact, refused(constants, node("Add", List.of("x", "i"))));
  }

  @Test
  void aRunAlsoFindsThem() {
    Model model =
        model(Map.of("i", Tensor.of(new long[4], 4)), Map.of(), node("Add", List.of("x", "i")));
    OctetException e = assertThrows(OctetException.class, () -> GraphExecutor.of(model, 1));
    assertEquals("OCT-GRAPH-005", e.id());
  }

  @Test
  void shapesThatContradictEachOtherAreNamedWhateverTheBatch() {
    requireSaid(
        "OCT-GRAPH-002",
        "shapes [[N, 4], [3]] do not broadcast",
        refused(Map.of("b", Tensor.of(new float[3], 3)), node("Add", List.of("x", "b"))));
    requireSaid(
        "OCT-GRAPH-002",
        "axis 16 lies outside rank 2",
        refused(Map.of(), node("Softmax", List.of("x"), Attribute.of("axis", 16))));
  }

  @Test
  void whatTheModelStatesOfItsValuesMayBeWrong() {
    ValueInfo wrong = ValueInfo.of("t", TensorType.of(DataType.FLOAT, Shape.of(1, 3)));
    Model model =
        model(
            Map.of("b", Tensor.of(new float[4], 4)),
            Map.of("t", wrong),
            Node.of("first", new OpType("com.acme", "Any"), List.of("x"), List.of("t")),
            node("Add", List.of("t", "b")));
    ModelCheck.require(model, OperatorSet.standard());
  }

  @Test
  void anOutputOfAnotherElementTypeThanTheModelStatesIsRefused() {
    requireSaid(
        "OCT-GRAPH-008",
        "output 'y' is INT32[N, 4], where the model states FLOAT[...]",
        refused(Map.of(), node("Cast", List.of("x"), Attribute.of("to", 6))));
  }

  @Test
  void aResultOfAnotherShapeThanTheModelStatesIsRefused() {
    Graph graph =
        new Graph(
            "g",
            List.of(rows("x")),
            List.of(ValueInfo.of("y", TensorType.of(DataType.FLOAT, Shape.of(1, 3)))),
            Map.of(),
            List.of(node("Relu", List.of("x"))),
            Map.of(),
            Optional.empty());
    StatedOutputs.require(graph, Map.of("y", Tensor.of(new float[3], 1, 3)));
    for (Tensor other : List.of(Tensor.of(new float[4], 1, 4), Tensor.of(new float[3], 3))) {
      Map<String, Tensor> results = Map.of("y", other);
      requireSaid(
          "OCT-GRAPH-008",
          "where the model states FLOAT[1, 3] (at node 'node', Relu)",
          assertThrows(OctetException.class, () -> StatedOutputs.require(graph, results)));
    }
  }

  @Test
  void aNodeWithoutTheSubgraphsOfItsOperatorIsRefused() {
    requireSaid(
        "OCT-GRAPH-005",
        "its subgraphs have other inputs or outputs than the node",
        refused(Map.of("c", Tensor.of(new boolean[] {true})), node("If", List.of("c"))));
  }

  private static Model contributed(
      String op, Map<String, Tensor> constants, List<String> operands, Attribute... attributes) {
    OpType type = new OpType("com.microsoft", op);
    Node node = Node.of("node", type, operands, List.of("y"), attributes);
    return model(constants, Map.of(), node).withOpset("com.microsoft", 1);
  }

  @Test
  void operatorsOfOnnxRuntimeAreHeldToWhatItStatesOfThem() {
    Map<String, Tensor> constants =
        Map.of(
            "q", Tensor.ofIntegers(DataType.INT8, new long[] {1, 2}, 2),
            "s", Tensor.of(new float[] {0.5f}),
            "z", Tensor.of(new long[1]));
    requireSaid(
        "OCT-GRAPH-005",
        "operand 0, x, is missing",
        refused(contributed("QuantizeLinear", constants, List.of())));
    requireSaid(
        "OCT-GRAPH-005",
        "it has operand 5, which QLinearSigmoid has not",
        refused(contributed("QLinearSigmoid", constants, List.of("q", "s", "", "s", "", "s"))));
    requireSaid(
        "OCT-GRAPH-005",
        "attribute opset is missing",
        refused(contributed("QLinearSoftmax", constants, List.of("q", "s", "", "s", "q"))));
    requireSaid(
        "OCT-GRAPH-005",
        "operand 1 of type INT8 is not FLOAT",
        refused(contributed("QLinearSigmoid", constants, List.of("q", "q", "", "q", ""))));
    requireSaid(
        "OCT-GRAPH-005",
        "operand 2 of type INT64 has neither 8 nor 16 bits",
        refused(
            contributed("QLinearAdd", constants, List.of("q", "s", "z", "q", "s", "", "s", ""))));
  }

  /** Lowering makes such nodes. */
  @Test
  void integersOfSixteenBitsAreTakenWhereKernelsTakeThem() {
    Map<String, Tensor> constants =
        Map.of(
            "q", Tensor.ofIntegers(DataType.INT16, new long[] {1, 2}, 2),
            "o", Tensor.ofIntegers(DataType.UINT8, new long[] {1}, 1),
            "s", Tensor.of(new float[] {0.5f}));
    Model model =
        contributed("QLinearAdd", constants, List.of("q", "s", "", "q", "s", "", "s", "o"));
    ValueInfo y = ValueInfo.of("y", new TensorType(DataType.UINT8, Optional.empty()));
    ModelCheck.require(model.withGraph(withOutput(model.graph(), y)), OperatorSet.standard());
  }

  @Test
  void zeroPointsThatNeitherTheStandardNorAKernelTakesAreRefused() {
    Map<String, Tensor> constants =
        Map.of("s", Tensor.of(new float[] {0.5f}), "z", Tensor.of(new long[1]));
    requireSaid(
        "OCT-GRAPH-005",
        "operand 2 of type INT64 is no integer of at most 32 bits",
        refused(constants, node("QuantizeLinear", List.of("x", "s", "z"))));
  }

  @Test
  void anOperatorSetThatIsNotStatedOrHasNoSuchOperatorIsNamed() {
    Model model = model(Map.of(), Map.of(), node("Acos", List.of("x")));
    requireSaid("OCT-GRAPH-005", "operator set 5 has no Acos", refused(Model.of(model.graph(), 5)));
    requireSaid("OCT-GRAPH-005", "operator set 0 has no Acos", refused(Model.of(model.graph(), 0)));
    Model unstated =
        new Model(model.graph(), new TreeMap<>(Map.of("com.acme", 1L)), Map.of(), Optional.empty());
    requireSaid("OCT-GRAPH-005", "the model states no operator set of ai.onnx", refused(unstated));
  }

  @Test
  void modesOfPoolingOtherThanTheTwoThatThereAreAreRefused() {
    for (String mode : List.of("ceil_mode", "storage_order")) {
      for (long value : new long[] {-1, 2}) {
        Node pool =
            node(
                "MaxPool",
                List.of("i"),
                Attribute.of("kernel_shape", List.of(2L, 2L)),
                Attribute.of(mode, value));
        requireSaid(
            "OCT-GRAPH-002",
            mode + " " + value + ", which is neither 0 nor 1",
            refused(Map.of("i", Tensor.of(new float[16], 1, 1, 4, 4)), pool));
      }
    }
  }

  @Test
  void aResizeSaysScalesOrSizes() {
    Map<String, Tensor> constants =
        Map.of("s", Tensor.of(new float[] {1, 2}, 2), "z", Tensor.of(new long[] {1, 8}, 2));
    Node both = node("Resize", List.of("x", "", "s", "z"));
    requireSaid("OCT-GRAPH-002", "scales and sizes at once", refused(constants, both));
    Map<String, Tensor> empty = Map.of("s", Tensor.of(new float[0], 0), "z", constants.get("z"));
    ModelCheck.require(model(empty, Map.of(), both), OperatorSet.standard());
  }

  @Test
  void listsThatAreSingleNumbersAreRefused() {
    Map<String, Tensor> constants =
        Map.of("n", Tensor.of(new long[] {1}), "l", Tensor.of(new long[] {1}, 1));
    String fact = "operand 1 has the shape []";
    requireSaid("OCT-GRAPH-002", fact, refused(constants, node("Slice", List.of("x", "n", "n"))));
    requireSaid("OCT-GRAPH-002", fact, refused(constants, node("Squeeze", List.of("x", "n"))));
    requireSaid("OCT-GRAPH-002", fact, refused(constants, node("Tile", List.of("x", "n"))));
    requireSaid("OCT-GRAPH-002", fact, refused(constants, node("ReduceSum", List.of("x", "n"))));
    requireSaid(
        "OCT-GRAPH-002",
        "operand 3 has the shape []",
        refused(constants, node("Slice", List.of("x", "l", "l", "n"))));
    // A number or a list.
    ModelCheck.require(
        model(constants, Map.of(), node("Unsqueeze", List.of("x", "n"))), OperatorSet.standard());
  }

  @Test
  void sizesThatCannotBeCountedInAKernelAreRefused() {
    int many = 1 << 16;
    Graph graph = model(Map.of(), Map.of(), node("GlobalMaxPool", List.of("x"))).graph();
    ValueInfo none = ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(0, 1, many, many)));
    Model model = Model.of(withInput(graph, none), 13);
    try (GraphExecutor executor = GraphExecutor.of(model, 1)) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[0], 0, 1, many, many));
      OctetException e = assertThrows(OctetException.class, () -> executor.run(inputs));
      requireSaid("OCT-GRAPH-007", "[0, 1, 65536, 65536] has more than 2^31 - 1 elements", e);
    }
  }

  @Test
  void constantsThatNoArrayHoldsAreRefusedBeforeTheyAreComputed() {
    Map<String, Tensor> shape = Map.of("s", Tensor.of(new long[] {MANY, MANY}, 2));
    String fact = "more than 2^31 - 1 elements";
    requireSaid("OCT-GRAPH-007", fact, refused(shape, node("ConstantOfShape", List.of("s"))));
    Map<String, Tensor> range =
        Map.of("a", Tensor.of(new long[1]), "b", Tensor.of(new long[] {MANY}), "c", one());
    requireSaid("OCT-GRAPH-007", fact, refused(range, node("Range", List.of("a", "b", "c"))));
  }

  private static Tensor one() {
    return Tensor.of(new long[] {1});
  }

  @Test
  void sizesThatCannotBeCountedAreRefused() {
    Map<String, Tensor> constants =
        Map.of(
            "r", Tensor.of(new long[] {Long.MAX_VALUE, 2}, 2), "c", Tensor.of(new float[4], 2, 2));
    Node repeated = node("Tile", List.of("c", "r"));
    requireSaid("OCT-GRAPH-007", "cannot be counted", refused(constants, repeated));
    Node spread = node("DepthToSpace", List.of("x")).withAttribute(Attribute.of("blocksize", 2));
    Node gathered = node("SpaceToDepth", List.of("x")).withAttribute(Attribute.of("blocksize", 2));
    requireUncountable(spread, Shape.of(1, 4, 1, Long.MAX_VALUE - 1));
    requireUncountable(gathered, Shape.of(1, Long.MAX_VALUE / 2, 2, 2));
  }

  private static void requireUncountable(Node node, Shape shape) {
    Model model = model(Map.of(), Map.of(), node);
    ValueInfo input = ValueInfo.of("x", TensorType.of(DataType.FLOAT, shape));
    Model large = model.withGraph(withInput(model.graph(), input));
    OctetException e =
        assertThrows(OctetException.class, () -> ModelCheck.require(large, OperatorSet.standard()));
    requireSaid("OCT-GRAPH-007", "cannot be counted", e);
  }

  @Test
  void aResultThatIsLargerThanTheMemoryIsRefusedBeforeItIsAllocated() {
    assumeTrue(Runtime.getRuntime().maxMemory() < BYTES, "there is memory for it");
    Map<String, Tensor> shape = Map.of("s", Tensor.of(new long[] {Integer.MAX_VALUE, 1}, 2));
    Model model = model(shape, Map.of(), node("Expand", List.of("x", "s")));
    ValueInfo one = ValueInfo.of("x", TensorType.of(DataType.DOUBLE, Shape.of(1, 1)));
    Model narrow = model.withGraph(withInput(model.graph(), one));
    try (GraphExecutor executor = GraphExecutor.of(narrow, 1)) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new double[1], 1, 1));
      OctetException e = assertThrows(OctetException.class, () -> executor.run(inputs));
      requireSaid("OCT-GRAPH-007", "takes 17179869176 bytes", e);
    }
  }

  @Test
  void aNodeWhoseWorkTakesMoreThanTheMemoryIsRefusedByName() {
    NodeErrors errors = new NodeErrors(node("Expand", List.of("x", "s")), List.of());
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    OctetException e =
        assertThrows(
            OctetException.class,
            () ->
                errors.guard(
                    () -> {
                      throw new OutOfMemoryError("Java heap space");
                    }));
    requireSaid(
        "OCT-GRAPH-007",
        "its work needs more memory than is left of the " + mebibytes + " MiB that the JVM may use",
        e);
  }

  private static Graph withInput(Graph graph, ValueInfo input) {
    return with(graph, input, graph.outputs().get(0));
  }

  private static Graph withOutput(Graph graph, ValueInfo output) {
    return with(graph, graph.inputs().get(0), output);
  }

  private static Graph with(Graph graph, ValueInfo input, ValueInfo output) {
    return new Graph(
        graph.name(),
        List.of(input),
        List.of(output),
        graph.initializers(),
        graph.nodes(),
        graph.values(),
        graph.origin());
  }

  @Test
  void aKernelThatFailsNamesItsNodeAndKeepsTheCause() {
    Operator broken =
        Operator.of(
            preparation ->
                (operands, results, workers) -> {
                  throw new ArrayIndexOutOfBoundsException("7");
                });
    Model model = model(Map.of(), Map.of(), node("Relu", List.of("x")));
    try (GraphExecutor executor =
        GraphExecutor.of(model, op -> Optional.of(broken), Parallelism.threads(1))) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[4], 1, 4));
      OctetException e = assertThrows(OctetException.class, () -> executor.run(inputs));
      requireSaid("OCT-GRAPH-006", "ArrayIndexOutOfBoundsException: 7", e);
      requireSaid("OCT-GRAPH-006", "node 'node', Relu on [FLOAT[1, 4]]", e);
      assertInstanceOf(ArrayIndexOutOfBoundsException.class, e.getCause());
    }
  }
}
