package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LogitStatisticsTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float CUT = LogitStatistics.cut(3);

  private final Map<String, ValueInfo> values = new LinkedHashMap<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private static LogitStatistics seen(int rowAxis, float[] data, long... sizes) {
    LogitCollector collector = new LogitCollector(LogitPaths.Path.along(OptionalInt.of(rowAxis)));
    collector.add(data, data.length, sizes, 1);
    return collector.statistics();
  }

  @Test
  void theCutGrowsWithTheLogarithmOfTheLengthAndIsAtLeastSeven() {
    assertEquals(7f, LogitStatistics.cut(1));
    assertEquals(7f, LogitStatistics.cut(7));
    assertEquals((float) (StrictMath.log(8) + 5), LogitStatistics.cut(8));
    assertEquals(11.93f, LogitStatistics.cut(1024), 0.01f);
  }

  @Test
  void keepsWhatLiesLessThanTheCutBelowTheLargestOfItsRow() {
    assertEquals(
        new LogitStatistics(true, -6, 0, 0), seen(-1, new float[] {1, -6, 0, 2, 2, 2}, 2, 3));
    assertEquals(
        new LogitStatistics(true, 1 - CUT, 2, 0),
        seen(-1, new float[] {1, -1e4f, 0, 5, 5, -1e9f}, 2, 3));
    assertEquals(
        new LogitStatistics(true, 1 - CUT, 1, 1),
        seen(-2, new float[] {1, 5, Float.NEGATIVE_INFINITY, 5, 0, 5}, 1, 3, 2));
  }

  @Test
  void leavesOutRowsThatAreMaskedAsAWholeAndNaN() {
    float low = -Float.MAX_VALUE;
    float none = Float.NEGATIVE_INFINITY;
    assertEquals(
        new LogitStatistics(true, 2, 6, 3),
        seen(-1, new float[] {low, low, low, none, none, none, 2, 3, 4}, 3, 3));
    assertEquals(new LogitStatistics(true, 3, 0, 0), seen(-1, new float[] {Float.NaN, 3, 4}, 1, 3));
    assertEquals(new LogitStatistics(true, INFINITY, 0, 0), seen(-1, new float[0], 0, 3));
    assertEquals(new LogitStatistics(true, INFINITY, 0, 0), seen(-1, new float[0], 3, 0));
  }

  @Test
  void seesNothingOfWhatLacksTheAxisOfItsRows() {
    assertEquals(LogitStatistics.none(true), seen(-1, new float[] {3}));
    assertEquals(LogitStatistics.none(true), seen(-3, new float[] {3, 4}, 1, 2));
  }

  @Test
  void partsAddUp() {
    float[] first = {1, -1e4f, 0};
    float[] second = {-5, -2, Float.NEGATIVE_INFINITY};
    float[] both = {1, -1e4f, 0, -5, -2, Float.NEGATIVE_INFINITY};
    assertEquals(seen(-1, both, 2, 3), seen(-1, first, 1, 3).plus(seen(-1, second, 1, 3)));
    assertEquals(
        seen(-1, first, 1, 3).plus(seen(-1, first, 1, 3)), seen(-1, first, 1, 3).repeated(2));
    assertThrows(IllegalArgumentException.class, () -> new LogitStatistics(true, 0, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new LogitStatistics(true, Float.NaN, 0, 0));
  }

  @Test
  void aValueIsLogitsWhereEveryWayFromItEndsInASoftmax() {
    value("x", 2, 3, 4);
    node("add", "Add", List.of("x", "m"), "a");
    constants.put("half", Tensor.of(new float[] {0.5f}));
    constants.put("minus", Tensor.of(new float[] {-1f}));
    value("m", 3, 4);
    node("reshape", "Reshape", List.of("a", "shape"), "r");
    value("a", 2, 3, 4);
    value("r", 6, 4);
    node("scale", "Mul", List.of("r", "half"), "h");
    value("h", 6, 4);
    node("softmax", "Softmax", List.of("h"), "y");
    node("turned", "Mul", List.of("n", "minus"), "u");
    node("other", "Softmax", List.of("u"), "z");
    node("read", "Relu", List.of("o"), "relu");
    node("third", "Softmax", List.of("o"), "w");
    LogitPaths paths = paths();
    assertEquals(Optional.of(OptionalInt.of(-1)), rows(paths, "h"));
    for (String name : List.of("r", "a", "x", "m")) {
      assertEquals(Optional.of(OptionalInt.empty()), rows(paths, name), name);
    }
    for (String name : List.of("n", "o", "y")) {
      assertEquals(Optional.empty(), rows(paths, name), name);
    }
  }

  @Test
  void constantsOfOtherTypesAreNoFactorsOfLogits() {
    constants.put("whole", Tensor.of(new long[] {2}));
    constants.put("double", Tensor.of(new double[] {2}));
    node("count", "Mul", List.of("x", "whole"), "c");
    node("precise", "Mul", List.of("m", "double"), "p");
    node("softmax", "Softmax", List.of("p"), "y");
    LogitPaths paths = paths();
    assertEquals(Optional.empty(), rows(paths, "x"));
    assertEquals(Optional.empty(), rows(paths, "m"));
  }

  @Test
  void rowsAreFollowedThroughWhatMovesThem() {
    value("x", 2, 3, 4);
    value("t", 2, 4, 3);
    nodes.add(
        Node.of(
            "turn",
            OpType.onnx("Transpose"),
            List.of("x"),
            List.of("t"),
            Attribute.of("perm", List.of(0L, 2L, 1L))));
    node("reshape", "Reshape", List.of("t", "shape"), "r");
    value("r", 8, 3);
    node("softmax", "Softmax", List.of("r"), "y");
    value("s", 6, 4);
    node("split", "Reshape", List.of("s", "shape"), "q");
    value("q", 12, 2);
    node("other", "Softmax", List.of("q"), "z");
    LogitPaths paths = paths();
    assertEquals(Optional.of(OptionalInt.of(-1)), rows(paths, "t"));
    assertEquals(Optional.of(OptionalInt.of(-2)), rows(paths, "x"));
    assertEquals(Optional.of(OptionalInt.empty()), rows(paths, "s"));
  }

  @Test
  void aSoftmaxThatIsSpeltOutComparesRows() {
    value("x", 2, 3, 4);
    reduced("x", "largest", Attribute.of("axes", List.of(1L)));
    node("sub", "Sub", List.of("x", "largest"), "below");
    node("exp", "Exp", List.of("below"), "y");
    node("log", "LogSoftmax", List.of("m"), "l");
    node("weights", "Exp", List.of("l"), "w");
    LogitPaths paths = paths();
    assertEquals(Optional.of(OptionalInt.of(-2)), rows(paths, "x"));
    assertEquals(Optional.of(OptionalInt.of(-2)), rows(paths, "below"));
    assertEquals(handedOn(), paths.path("largest"));
    assertEquals(Optional.of(OptionalInt.of(-1)), rows(paths, "m"));
    assertEquals(Optional.of(OptionalInt.of(-1)), rows(paths, "l"));
  }

  @Test
  void whatIsNoWholeSoftmaxComparesNothing() {
    value("x", 2, 4);
    value("s", 2, 4);
    node("log", "LogSoftmax", List.of("m"), "y");
    node("exp", "Exp", List.of("n"), "e");
    reduced("x", "flat", Attribute.of("axes", List.of(1L)), Attribute.of("keepdims", 0L));
    node("sub", "Sub", List.of("x", "flat"), "d");
    node("exp of it", "Exp", List.of("d"), "f");
    reduced("s", "read", Attribute.of("axes", List.of(1L)));
    node("sub of s", "Sub", List.of("s", "read"), "b");
    node("exp of s", "Exp", List.of("b"), "g");
    node("relu", "Relu", List.of("read"), "h");
    LogitPaths paths = paths();
    for (String name : List.of("m", "n", "x", "d", "flat", "s", "read")) {
      assertEquals(Optional.empty(), paths.path(name), name);
    }
  }

  @Test
  void whatChoosesElementsHandsThemOn() {
    node("clip", "Clip", List.of("x"), "c");
    node("concat", "Concat", List.of("c", "m"), "j");
    nodes.add(Node.of("split", OpType.onnx("Split"), List.of("j"), List.of("a", "b")));
    node("softmax", "Softmax", List.of("a"), "y");
    node("other", "Softmax", List.of("b"), "z");
    nodes.add(Node.of("parts", OpType.onnx("Split"), List.of("n"), List.of("p", "q")));
    node("third", "Softmax", List.of("p"), "w");
    node("relu", "Relu", List.of("q"), "r");
    LogitPaths paths = paths();
    for (String name : List.of("x", "c", "m", "j")) {
      assertEquals(handedOn(), paths.path(name), name);
    }
    assertEquals(Optional.empty(), paths.path("n"));
  }

  @Test
  void ofElementsThatAreHandedOnOnlyInfinitiesCount() {
    LogitCollector collector = new LogitCollector(handedOn().orElseThrow());
    collector.add(new float[] {1, -1e9f, Float.NEGATIVE_INFINITY}, 3, new long[] {3}, 2);
    assertEquals(new LogitStatistics(true, INFINITY, 0, 2), collector.statistics());
  }

  private static Optional<LogitPaths.Path> handedOn() {
    return Optional.of(new LogitPaths.Path(OptionalInt.empty(), true));
  }

  private void reduced(String operand, String result, Attribute... attributes) {
    nodes.add(
        Node.of(
            "max of " + operand,
            OpType.onnx("ReduceMax"),
            List.of(operand),
            List.of(result),
            attributes));
  }

  private static Optional<OptionalInt> rows(LogitPaths paths, String value) {
    return paths.path(value).map(LogitPaths.Path::rowAxis);
  }

  private LogitPaths paths() {
    List<ValueInfo> inputs = new ArrayList<>();
    for (String name : List.of("x", "m", "n", "o", "s")) {
      inputs.add(values.getOrDefault(name, info(name, 4)));
      values.remove(name);
    }
    Graph graph =
        new Graph("g", inputs, List.of(info("y", 4)), constants, nodes, values, Optional.empty());
    return LogitPaths.of(Model.of(graph, 17));
  }

  private void node(String name, String op, List<String> operands, String result) {
    nodes.add(Node.of(name, OpType.onnx(op), operands, List.of(result)));
  }

  private void value(String name, long... sizes) {
    values.put(name, info(name, sizes));
  }

  private static ValueInfo info(String name, long... sizes) {
    return ValueInfo.of(name, TensorType.of(DataType.FLOAT, Shape.of(sizes)));
  }
}
