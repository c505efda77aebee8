package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.error.ErrorKind;
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
import dev.octet.api.graph.ValueType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.Capability;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.format.onnx.OnnxFormat;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxRuntimeTest {

  private static final Parallelism ONE_THREAD = Parallelism.threads(1);

  @Test
  void theNativeLibraryLoadsHere() {
    assertInstanceOf(Availability.Available.class, new OnnxRuntimeProvider().availability());
  }

  @Test
  void aModelRunsInTheRealRuntime() {
    try (ExecutableModel model =
        new OnnxRuntime().load(LoadRequest.of(sum(DataType.FLOAT), ONE_THREAD))) {
      Map<String, Tensor> results =
          model.run(Map.of("x", Tensor.of(new float[] {1f, -2f, 0.5f}, 1, 3)));
      assertEquals(List.of("y"), List.copyOf(results.keySet()));
      assertArrayEquals(new float[] {2f, -4f, 1f}, results.get("y").floats());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {
        "FLOAT",
        "DOUBLE",
        "INT8",
        "UINT8",
        "INT16",
        "INT32",
        "INT64",
        "BOOL",
        "FLOAT16",
        "BFLOAT16"
      })
  void tensorsKeepTheirBytesOnTheWayThereAndBack(DataType type) {
    byte[] bytes = new byte[(int) type.packedBytes(3)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (type == DataType.BOOL ? i % 2 : i + 1);
    }
    Tensor tensor = Tensor.ofBytes(type, new long[] {1, 3}, java.nio.ByteBuffer.wrap(bytes));
    Model model = model(Node.of("copy", OpType.onnx("Identity"), List.of("x"), List.of("y")), type);
    try (ExecutableModel copy = new OnnxRuntime().load(LoadRequest.of(model, ONE_THREAD))) {
      assertEquals(tensor, copy.run(Map.of("x", tensor)).get("y"));
    }
  }

  @Test
  void missingAndUnknownInputsAreRefusedByName() {
    try (ExecutableModel model =
        new OnnxRuntime().load(LoadRequest.of(sum(DataType.FLOAT), ONE_THREAD))) {
      Tensor tensor = Tensor.of(new float[3], 1, 3);
      OctetException error =
          assertThrows(OctetException.class, () -> model.run(Map.of("z", tensor)));
      assertEquals("OCT-RUN-001", error.id());
      assertEquals(List.of("x"), error.candidates());
    }
  }

  @Test
  void anInputOfAnotherTypeOrShapeIsRefused() {
    try (ExecutableModel model =
        new OnnxRuntime().load(LoadRequest.of(sum(DataType.FLOAT), ONE_THREAD))) {
      for (Tensor wrong :
          List.of(
              Tensor.of(new float[4], 1, 4),
              Tensor.of(new float[3], 3),
              Tensor.of(new int[3], 1, 3))) {
        OctetException error =
            assertThrows(OctetException.class, () -> model.run(Map.of("x", wrong)));
        assertEquals("OCT-RUN-002", error.id());
      }
    }
  }

  @Test
  void aModelThatTheRuntimeDoesNotTakeIsRefusedWithItsWords() {
    Model model =
        model(Node.of("odd", OpType.onnx("Odd"), List.of("x"), List.of("y")), DataType.FLOAT);
    OctetException error =
        assertThrows(
            OctetException.class, () -> new OnnxRuntime().load(LoadRequest.of(model, ONE_THREAD)));
    assertEquals("OCT-ORT-001", error.id());
    assertEquals(ErrorKind.BACKEND, error.kind());
    assertTrue(error.fact().contains("Odd"), error.fact());
  }

  @Test
  void nodesOfDomainsThatTheRuntimeDoesNotHaveAreNamed() {
    Model model =
        model(
            Node.of("odd", new OpType("acme", "Odd"), List.of("x"), List.of("y")), DataType.FLOAT);
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> new OnnxRuntime().load(LoadRequest.of(model.withOpset("acme", 1), ONE_THREAD)));
    assertEquals("OCT-GRAPH-001", error.id());
    assertTrue(
        error.fact().contains("'odd' (acme.Odd: ONNX Runtime has no operators of domain acme)"),
        error.fact());
  }

  @Test
  void aRunThatTheRuntimeStopsIsNamedWithItsWords() {
    ValueInfo index = ValueInfo.of("x", ValueType.TensorType.of(DataType.INT64, Shape.of(1)));
    ValueInfo y = ValueInfo.of("y", ValueType.TensorType.of(DataType.FLOAT, Shape.of(1)));
    Graph graph =
        new Graph(
            "g",
            List.of(index),
            List.of(y),
            Map.of("table", Tensor.of(new float[] {1, 2, 3}, 3)),
            List.of(Node.of("g", OpType.onnx("Gather"), List.of("table", "x"), List.of("y"))),
            Map.of(),
            Optional.empty());
    try (ExecutableModel model =
        new OnnxRuntime().load(LoadRequest.of(Model.of(graph, 21), ONE_THREAD))) {
      OctetException error =
          assertThrows(
              OctetException.class, () -> model.run(Map.of("x", Tensor.of(new long[] {3}, 1))));
      assertEquals("OCT-ORT-003", error.id());
      assertEquals(ErrorKind.BACKEND, error.kind());
      Tensor last = model.run(Map.of("x", Tensor.of(new long[] {2}, 1))).get("y");
      assertArrayEquals(new float[] {3}, last.floats());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"UINT16", "UINT32", "UINT64"})
  void anInputOfATypeWithoutTensorsInJavaIsRefused(DataType type) {
    Model model = model(Node.of("c", OpType.onnx("Identity"), List.of("x"), List.of("y")), type);
    Tensor x = Tensor.ofIntegers(type, new long[3], 1, 3);
    try (ExecutableModel copy = new OnnxRuntime().load(LoadRequest.of(model, ONE_THREAD))) {
      OctetException error = assertThrows(OctetException.class, () -> copy.run(Map.of("x", x)));
      assertEquals("OCT-ORT-005", error.id());
      assertTrue(error.fact().endsWith(" of type " + type), error.fact());
    }
  }

  @Test
  void anOutputThatIsNoTensorIsRefused() {
    ValueInfo x = ValueInfo.of("x", ValueType.TensorType.of(DataType.FLOAT, Shape.of(1)));
    ValueInfo y = ValueInfo.of("y", new ValueType.Other("sequence of tensors"));
    Node node = Node.of("s", OpType.onnx("SequenceConstruct"), List.of("x", "x"), List.of("y"));
    Graph graph =
        new Graph("g", List.of(x), List.of(y), Map.of(), List.of(node), Map.of(), Optional.empty());
    try (ExecutableModel model =
        new OnnxRuntime().load(LoadRequest.of(Model.of(graph, 21), ONE_THREAD))) {
      OctetException error =
          assertThrows(
              OctetException.class, () -> model.run(Map.of("x", Tensor.of(new float[1], 1))));
      assertEquals("OCT-ORT-004", error.id());
      assertEquals("output 'y' is no tensor", error.fact());
    }
  }

  @Test
  void aLibraryThatDoesNotLoadIsNamed() throws Exception {
    List<URL> path = new ArrayList<>();
    for (Class<?> of :
        List.of(
            OnnxRuntimeTest.class,
            Test.class,
            OnnxRuntime.class,
            Model.class,
            OnnxFormat.class,
            RuleBackend.class,
            OrtEnvironment.class,
            Class.forName("dev.octet.protobuf.Message"))) {
      String file = of.getName().replace('.', '/') + ".class";
      String location = String.valueOf(of.getResource("/" + file));
      path.add(new URL(location.substring(0, location.length() - file.length())));
    }
    List<String> skipped =
        List.of("onnxruntime.native.onnxruntime.skip", "onnxruntime.native.onnxruntime4j_jni.skip");
    skipped.forEach(property -> System.setProperty(property, "true"));
    try (URLClassLoader own = new URLClassLoader(path.toArray(URL[]::new), null)) {
      Supplier<?> load =
          (Supplier<?>)
              own.loadClass(Loading.class.getName()).getDeclaredConstructor().newInstance();
      assertEquals("OCT-ORT-002", load.get());
    } finally {
      skipped.forEach(System::clearProperty);
    }
  }

  /** Loads a model and returns the id of the error; in a class loader of its own. */
  public static final class Loading implements Supplier<String> {
    /** Made by name. */
    public Loading() {}

    @Override
    public String get() {
      return assertThrowsId(
          () -> new OnnxRuntime().load(LoadRequest.of(sum(DataType.FLOAT), ONE_THREAD)));
    }

    private static String assertThrowsId(Runnable load) {
      try {
        load.run();
        return "nothing";
      } catch (OctetException e) {
        return e.id();
      }
    }
  }

  /** Whatever the weights are: no two of them leave int16, or their kernels do not add pairs. */
  @ParameterizedTest
  @CsvSource({"int7, false", "uint8, true"})
  void typesAloneKeepPairsInsideInt16(String weights, boolean unsigned) {
    List<Capability> layers =
        new OnnxRuntimeProvider()
            .capabilities(Options.of("weights", weights)).stream()
                .filter(c -> c.weight().isPresent())
                .toList();
    assertEquals(false, layers.isEmpty());
    for (Capability layer : layers) {
      QuantizedType weight = layer.weight().orElseThrow();
      long largest = Math.max(-weight.min(), weight.max());
      long pair = 2 * layer.activation().orElseThrow().max() * largest;
      assertEquals(unsigned, weight.storage() == Storage.UINT8, layer.toString());
      assertEquals(unsigned, pair > Short.MAX_VALUE, layer.toString());
    }
  }

  @Test
  void unknownOptionsAreRefused() {
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> new OnnxRuntimeProvider().create(Options.of("exclud", "a")));
    assertEquals("OCT-OPT-001", error.id());
  }

  private static Model sum(DataType type) {
    return model(Node.of("add", OpType.onnx("Add"), List.of("x", "x"), List.of("y")), type);
  }

  private static Model model(Node node, DataType type) {
    Shape shape = new Shape(List.of(new Dimension.Symbolic("N"), Dimension.of(3)));
    ValueInfo x = ValueInfo.of("x", ValueType.TensorType.of(type, shape));
    ValueInfo y = ValueInfo.of("y", ValueType.TensorType.of(type, shape));
    Graph graph =
        new Graph("g", List.of(x), List.of(y), Map.of(), List.of(node), Map.of(), Optional.empty());
    return Model.of(graph, 21);
  }
}
