package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.execute.SupportedOperators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Runs the ONNX node tests on the reference kernels: floats within the tolerance of the ONNX test
 * runner, everything else exactly. Tests whose nodes are refused beforehand are counted, not run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxNodeConformanceTest {

  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  private static final String ARCHIVE = "conformance/onnx_node_all_6be0677f.tar.gz";

  /** Fewer tests than this mean that something is refused that should run. */
  private static final int FEWEST = 1520;

  private final SortedMap<String, Integer> passed = new TreeMap<>();
  private final SortedMap<String, Integer> refused = new TreeMap<>();

  @TestFactory
  Stream<DynamicTest> nodeTests() throws IOException {
    String corpora = System.getProperty("octet.corpora");
    assumeTrue(corpora != null, "octet.corpora is not set");
    Path archive = Path.of(corpora, ARCHIVE);
    assumeTrue(Files.exists(archive), archive + " is absent");
    List<DynamicTest> tests = new ArrayList<>();
    for (NodeTestArchive.Case each : NodeTestArchive.read(archive).values()) {
      Model model = new OnnxFormat().read(each.model(), each.name());
      String operator = operator(model);
      Map<String, String> reasons = SupportedOperators.refusals(model);
      if (!reasons.isEmpty() || !hasDenseValues(model)) {
        refused.merge(operator, 1, Integer::sum);
      } else {
        tests.add(DynamicTest.dynamicTest(each.name(), () -> runOrRefuse(each, model, operator)));
      }
    }
    int count = tests.size();
    tests.add(
        DynamicTest.dynamicTest(
            "enough tests ran", () -> assertTrue(count >= FEWEST, count + " tests")));
    return tests.stream();
  }

  @AfterAll
  void printCounts() {
    StringBuilder text = new StringBuilder("ONNX node tests passed (refused) by operator:");
    refused.keySet().forEach(operator -> passed.putIfAbsent(operator, 0));
    int ran = passed.values().stream().mapToInt(Integer::intValue).sum();
    passed.forEach(
        (operator, count) -> {
          int not = refused.getOrDefault(operator, 0);
          if (count > 0) {
            text.append(' ').append(operator).append(' ').append(count);
            text.append(not > 0 ? " (" + not + ")" : "").append(',');
          }
        });
    System.out.println(text + " in all " + ran);
  }

  /** The operator that a test is about: that of its last node. */
  private static String operator(Model model) {
    List<Node> nodes = model.graph().nodes();
    return nodes.isEmpty() ? "none" : nodes.get(nodes.size() - 1).op().toString();
  }

  private static boolean hasDenseValues(Model model) {
    return Stream.concat(model.graph().inputs().stream(), model.graph().outputs().stream())
        .allMatch(v -> v.type() instanceof TensorType);
  }

  /**
   * Runs a test, or sees it refused in the run: whether a Dropout trains is an input, and in the
   * body of one Loop the number of the iteration decides a shape.
   */
  private void runOrRefuse(NodeTestArchive.Case each, Model model, String operator)
      throws IOException {
    if (each.name().startsWith("test_training_dropout")) {
      requireRefusal("OCT-GRAPH-001", each, model, operator);
    } else if (each.name().equals("test_loop11")) {
      requireRefusal("OCT-GRAPH-003", each, model, operator);
    } else {
      run(each, model, operator);
    }
  }

  private void requireRefusal(String id, NodeTestArchive.Case each, Model model, String operator) {
    OctetException late = assertThrows(OctetException.class, () -> run(each, model, operator));
    assertEquals(id, late.id());
    refused.merge(operator, 1, Integer::sum);
  }

  private void run(NodeTestArchive.Case each, Model model, String operator) throws IOException {
    try (GraphExecutor executor = GraphExecutor.of(model, 2)) {
      int set = 0;
      for (; !each.tensors(set, "output").isEmpty(); set++) {
        Map<String, Tensor> outputs =
            executor.run(named(model.graph().inputs(), each.tensors(set, "input")));
        Map<String, Tensor> expected = named(model.graph().outputs(), each.tensors(set, "output"));
        expected.forEach((name, tensor) -> compare(name, tensor, outputs.get(name)));
      }
      assertTrue(set > 0, "there is no test data");
    }
    passed.merge(operator, 1, Integer::sum);
  }

  private static Map<String, Tensor> named(List<ValueInfo> values, List<byte[]> files)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      tensors.put(values.get(i).name(), NodeTestArchive.tensor(files.get(i)));
    }
    return tensors;
  }

  private static void compare(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.dataType(), actual.dataType(), name);
    assertArrayEquals(expected.sizes(), actual.sizes(), name);
    if (!Elements.isReal(expected.dataType())) {
      assertEquals(expected, actual, name);
      return;
    }
    TensorArray wanted = TensorArray.of(expected);
    TensorArray got = TensorArray.of(actual);
    for (int i = 0; i < expected.elementCount(); i++) {
      double w = Elements.real(expected.dataType(), wanted.array(), i);
      double g = Elements.real(expected.dataType(), got.array(), i);
      boolean near = Math.abs(w - g) <= ABSOLUTE + RELATIVE * Math.abs(w);
      assertTrue(
          w == g || near || (Double.isNaN(w) && Double.isNaN(g)),
          name + "[" + i + "] is " + g + ", not " + w);
    }
  }
}
