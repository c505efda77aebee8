package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.operators.Operators;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the one-node models whose results ONNX Runtime recorded. Where its result saturated between
 * two products, the exact result recorded beside it counts.
 */
class OperatorGoldensTest {

  /** What became of the cases of one operator. */
  private record Tally(int cases, int equal, List<String> different) {}

  @ParameterizedTest(name = "{0}: {1} cases, of which {2} have types that the kernels do not take")
  @CsvSource({
    "QuantizeLinear, 199, 8",
    "DequantizeLinear, 164, 4",
    "DynamicQuantizeLinear, 15, 0",
    "QLinearConv, 154, 0",
    "ConvInteger, 48, 0",
    "QLinearMatMul, 66, 0",
    "MatMulInteger, 66, 0",
    "QGemm, 33, 0",
    "QLinearAdd, 52, 0",
    "QLinearMul, 52, 0",
    "QLinearAveragePool, 48, 0",
    "QLinearGlobalAveragePool, 70, 0",
    "QLinearConcat, 10, 0",
    "QLinearWhere, 2, 0",
    "QLinearSoftmax, 18, 0",
    "QLinearSigmoid, 32, 0",
    "QLinearLeakyRelu, 40, 0",
  })
  void givesTheIntegersOfOnnxRuntime(String operator, int cases, int float8) throws IOException {
    Path folder = contrib();
    Tally tally = new Tally(0, 0, new ArrayList<>());
    for (Tree.Mapping row : rows(folder)) {
      if (text(row, "operator").equals(operator) && row.find("refused").isEmpty()) {
        tally = count(tally, row, folder);
      }
    }
    System.out.printf(
        "%-26s %4d cases %4d equal %4d different%n",
        operator, tally.cases, tally.equal, tally.different.size());
    assertEquals(cases, tally.cases);
    List<String> unexplained = new ArrayList<>(tally.different);
    unexplained.removeIf(d -> d.contains("FLOAT8"));
    assertTrue(
        unexplained.isEmpty(),
        () -> String.join("\n", unexplained.subList(0, Math.min(5, unexplained.size()))));
    assertEquals(float8, tally.different.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QLinearConv",
        "QLinearMatMul",
        "QGemm",
        "QLinearAdd",
        "QLinearMul",
        "QLinearAveragePool",
        "QLinearGlobalAveragePool",
        "QLinearConcat",
        "QLinearWhere",
        "QLinearSigmoid",
        "QLinearLeakyRelu",
        "ConvInteger",
        "MatMulInteger",
        "QuantizeLinear",
        "DequantizeLinear",
        "DynamicQuantizeLinear"
      })
  void exactValuesExplainEveryIntegerOfOnnxRuntime(String operator) throws IOException {
    Path folder = contrib();
    int elements = 0;
    for (Tree.Mapping row : rows(folder)) {
      if (text(row, "operator").equals(operator) && row.find("refused").isEmpty()) {
        elements += explained(folder.resolve(text(row, "id")));
      }
    }
    assertTrue(elements > 0);
  }

  /** Checks the integers of one case and returns how many there are. */
  private static int explained(Path folder) throws IOException {
    Model model = new OnnxFormat().read(folder.resolve("model.onnx"));
    Map<String, Tensor> operands = new LinkedHashMap<>(model.graph().initializers());
    int index = 0;
    for (ValueInfo input : model.graph().inputs()) {
      operands.put(input.name(), NpyFile.read(folder.resolve("input_" + index++ + ".npy")));
    }
    Node node = model.graph().nodes().get(0);
    boolean takesIntegers =
        operands.values().stream()
            .allMatch(
                t ->
                    t.dataType().isInteger()
                        || t.dataType() == DataType.FLOAT
                        || t.dataType() == DataType.BOOL);
    if (model.graph().nodes().size() > 1 || !takesIntegers) {
      return 0; // Results of 4 bits are cast to floats to be recorded; float8 is no integer.
    }
    if (node.op().is("DynamicQuantizeLinear") && overflows(operands)) {
      return 0;
    }
    int elements = 0;
    for (int i = 0; i < node.results().size(); i++) {
      Path exact = folder.resolve("exact_" + i + ".npy");
      Path file = Files.exists(exact) ? exact : folder.resolve("output_" + i + ".npy");
      Tensor expected = NpyFile.read(file);
      long opset = model.opsets().get(node.op().domain());
      elements +=
          explained(folder, new ExactOperands(node, opset, operands, i, expected.type()), expected);
    }
    return elements;
  }

  private static int explained(Path folder, ExactOperands operands, Tensor expected) {
    DataType type = expected.dataType();
    if (!type.isInteger() && type != DataType.FLOAT) {
      return 0;
    }
    ExactResult exact =
        ExactResult.of(
            Operators.find(operands.node().op()).flatMap(OperatorDefinition::exact).orElseThrow(),
            operands);
    IntPredicate explains =
        type.isInteger()
            ? explains(exact, expected.integers())
            : explains(exact, expected.floats());
    for (int i = 0; i < expected.elementCount(); i++) {
      int at = i;
      assertTrue(
          explains.test(i),
          () -> folder + " at " + at + ": " + element(expected, at) + ", " + exact.element(at));
    }
    return Math.toIntExact(expected.elementCount());
  }

  private static IntPredicate explains(ExactResult exact, long[] integers) {
    return i -> exact.explains(i, integers[i]);
  }

  private static IntPredicate explains(ExactResult exact, float[] floats) {
    return i -> exact.explains(i, floats[i]) || isSubnormal(floats[i]);
  }

  /** Tells whether the range of all elements leaves float32, which the bound leaves out. */
  private static boolean overflows(Map<String, Tensor> operands) {
    float low = 0;
    float high = 0;
    for (float value : operands.values().iterator().next().floats()) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    return !Float.isFinite(high - low);
  }

  /** The bound leaves these numbers out. */
  private static boolean isSubnormal(float value) {
    return Math.abs(value) < Float.MIN_NORMAL;
  }

  private static Tally count(Tally tally, Tree.Mapping row, Path folder) throws IOException {
    List<String> different = new ArrayList<>(tally.different);
    String difference = difference(folder.resolve(text(row, "id")), row);
    if (!difference.isEmpty()) {
      different.add(text(row, "id") + ": " + difference);
    }
    int equal = tally.equal + (difference.isEmpty() ? 1 : 0);
    return new Tally(tally.cases + 1, equal, different);
  }

  private static String difference(Path folder, Tree.Mapping row) throws IOException {
    Model model = new OnnxFormat().read(folder.resolve("model.onnx"));
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.graph().inputs()) {
      inputs.put(input.name(), NpyFile.read(folder.resolve("input_" + inputs.size() + ".npy")));
    }
    Map<String, Tensor> outputs;
    try (GraphExecutor executor = GraphExecutor.of(model, 2)) {
      outputs = executor.run(inputs);
    } catch (RuntimeException e) {
      return e.toString();
    }
    boolean saturates =
        row.find("saturates").filter(t -> t instanceof Tree.Bool b && b.value()).isPresent();
    int index = 0;
    for (Tensor actual : outputs.values()) {
      Path exact = folder.resolve("exact_" + index + ".npy");
      Path file = folder.resolve("output_" + index++ + ".npy");
      Tensor expected = NpyFile.read(saturates && Files.exists(exact) ? exact : file);
      if (!expected.equals(actual)) {
        return describe(expected, actual);
      }
    }
    return "";
  }

  private static String describe(Tensor expected, Tensor actual) {
    if (!expected.type().equals(actual.type())) {
      return "expected " + expected + " but was " + actual;
    }
    int differ = 0;
    String first = "";
    int width = (int) (expected.byteCount() / Math.max(1, expected.elementCount()));
    for (int i = 0; i < expected.elementCount(); i++) {
      if (!expected.data().slice(i * width, width).equals(actual.data().slice(i * width, width))) {
        if (differ++ == 0) {
          first = " first at " + i + ": " + element(expected, i) + " but was " + element(actual, i);
        }
      }
    }
    return differ + " of " + expected.elementCount() + " differ," + first;
  }

  private static Object element(Tensor tensor, int index) {
    return tensor.dataType().isInteger() ? tensor.integers()[index] : tensor.floats()[index];
  }

  private static List<Tree.Mapping> rows(Path folder) {
    Tree.Mapping root = (Tree.Mapping) JsonText.read(folder.resolve("cases.json"));
    return ((Tree.Sequence) root.get("cases"))
        .items().stream().map(Tree.Mapping.class::cast).toList();
  }

  private static String text(Tree.Mapping row, String name) {
    return ((Tree.Text) row.get(name)).value();
  }

  private static Path contrib() {
    String goldens = System.getProperty("octet.goldens", "");
    Path folder = Path.of(goldens).resolve("onnxruntime/contrib");
    assumeTrue(
        !goldens.isEmpty() && Files.exists(folder.resolve("cases.json")),
        "the golden results are absent: set the system property octet.goldens");
    return folder;
  }
}
