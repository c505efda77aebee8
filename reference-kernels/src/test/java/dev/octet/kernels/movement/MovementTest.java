package dev.octet.kernels.movement;

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
import dev.octet.api.graph.ValueType;
import dev.octet.kernels.execute.GraphExecutor;
import dev.octet.kernels.execute.OneNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MovementTest {

  private static Tensor ramp(long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return Tensor.of(values, sizes);
  }

  @ParameterizedTest
  @CsvSource({"0,1,2,3", "3,2,1,0", "0,2,3,1", "0,3,1,2", "1,0,2,3", "2,0,3,1"})
  void transposeMovesAxes(int a, int b, int c, int d) {
    int[] perm = {a, b, c, d};
    int[] sizes = {2, 3, 4, 5};
    Tensor y = OneNode.of("Transpose", 13).input(ramp(2, 3, 4, 5)).with("perm", a, b, c, d).run(2);
    long[] moved = y.integers();
    for (int i = 0; i < moved.length; i++) {
      int rest = i;
      int[] index = new int[4];
      for (int axis = 3; axis >= 0; axis--) {
        index[perm[axis]] = rest % sizes[perm[axis]];
        rest /= sizes[perm[axis]];
      }
      assertEquals(((index[0] * 3 + index[1]) * 4 + index[2]) * 5 + index[3], moved[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "INT8", "UINT16", "INT32", "INT64", "BOOL", "UINT4"})
  void transposeTakesEveryElementType(DataType type) {
    byte[] bytes = new byte[(int) type.packedBytes(6)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37 % 120);
    }
    Tensor x = Tensor.ofBytes(type, new long[] {2, 3}, java.nio.ByteBuffer.wrap(bytes));
    Tensor once = OneNode.of("Transpose", 13).input(x).run();
    assertArrayEquals(new long[] {3, 2}, once.sizes());
    assertEquals(x, OneNode.of("Transpose", 13).input(once).run());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 1, 0 1 2 3 4", "1, -1, 1, 1 2 3", "-3, 100, 1, 2 3 4", "4, 0, -1, 4 3 2 1",
    "-1, -100, -2, 4 2 0", "3, 3, 1, ''", "0, 5, 7, 0", "4, -9223372036854775808, -1, 4 3 2 1 0",
    "9, 0, -3, 4 1", "-100, 2, 1, 0 1"
  })
  void sliceClampsItsBounds(long start, long end, long step, String expected) {
    OneNode node =
        OneNode.of("Slice", 13)
            .input(ramp(5))
            .input(Tensor.of(new long[] {start}, 1))
            .input(Tensor.of(new long[] {end}, 1))
            .constant(Tensor.of(new long[] {0}, 1))
            .constant(Tensor.of(new long[] {step}, 1));
    long[] taken = node.run().integers();
    StringBuilder text = new StringBuilder();
    for (long element : taken) {
      text.append(text.isEmpty() ? "" : " ").append(element);
    }
    assertEquals(expected, text.toString());
  }

  @Test
  void sliceTakesAttributesInOlderOperatorSets() {
    Tensor y =
        OneNode.of("Slice", 9)
            .input(ramp(3, 4))
            .with("axes", 1)
            .with("starts", 1)
            .with("ends", 3)
            .run();
    assertArrayEquals(new long[] {1, 2, 5, 6, 9, 10}, y.integers());
  }

  @ParameterizedTest
  @CsvSource({
    "constant, 7 7 0 1 2 7",
    "edge, 0 0 0 1 2 2",
    "reflect, 2 1 0 1 2 1",
    "wrap, 1 2 0 1 2 0"
  })
  void padRepeatsByMode(String mode, String expected) {
    Tensor y =
        OneNode.of("Pad", 19)
            .input(ramp(3))
            .constant(Tensor.of(new long[] {2, 1}, 2))
            .constant(Tensor.of(new long[] {7}))
            .with(Attribute.of("mode", mode))
            .run();
    assertArrayEquals(
        Arrays.stream(expected.split(" ")).mapToLong(Long::parseLong).toArray(), y.integers());
  }

  @Test
  void negativePaddingCrops() {
    Tensor y =
        OneNode.of("Pad", 13)
            .input(ramp(3, 3))
            .constant(Tensor.of(new long[] {-1, 1, 0, -2}, 4))
            .run();
    assertArrayEquals(new long[] {2, 2}, y.sizes());
    assertArrayEquals(new long[] {0, 3, 0, 6}, y.integers());
    Tensor old =
        OneNode.of("Pad", 10)
            .input(Tensor.of(new float[] {1}, 1))
            .with("pads", 1, 0)
            .with(Attribute.of("value", 2.5f))
            .run();
    assertArrayEquals(new float[] {2.5f, 1}, old.floats());
  }

  @Test
  void concatAndSplitAreInverse() {
    Tensor x = ramp(2, 7, 3);
    OneNode split =
        OneNode.of("Split", 13)
            .input(x)
            .constant(Tensor.of(new long[] {2, 0, 5}, 3))
            .with(Attribute.of("axis", 1))
            .results(3);
    List<Tensor> parts = split.runAll(2);
    assertArrayEquals(new long[] {2, 0, 3}, parts.get(1).sizes());
    OneNode concat = OneNode.of("Concat", 13).with(Attribute.of("axis", -2));
    parts.forEach(concat::input);
    assertEquals(x, concat.run(2));
    List<Tensor> equal = OneNode.of("Split", 18).input(ramp(7)).results(3).runAll(1);
    assertArrayEquals(new long[] {0, 1, 2}, equal.get(0).integers());
    assertArrayEquals(new long[] {6}, equal.get(2).integers());
  }

  @Test
  void gatherTakesSlicesByIndex() {
    OneNode node =
        OneNode.of("Gather", 13)
            .input(ramp(2, 3, 2))
            .input(Tensor.of(new int[] {-1, 0}, 2))
            .with(Attribute.of("axis", 1));
    Tensor y = node.run();
    assertArrayEquals(new long[] {2, 2, 2}, y.sizes());
    assertArrayEquals(new long[] {4, 5, 0, 1, 10, 11, 6, 7}, y.integers());
  }

  @Test
  void indicesOutsideAnAxisAreRefused() {
    OneNode node = OneNode.of("Gather", 13).input(ramp(3)).input(Tensor.of(new long[] {3}, 1));
    OctetException refused = assertThrows(OctetException.class, node::run);
    assertEquals("OCT-RUN-005", refused.id());
    assertEquals("index 3 lies outside an axis of 3", refused.fact());
  }

  @Test
  void expandAndTileRepeat() {
    Tensor expanded =
        OneNode.of("Expand", 13).input(ramp(2, 1)).input(Tensor.of(new long[] {3, 1, 2}, 3)).run();
    assertArrayEquals(new long[] {3, 2, 2}, expanded.sizes());
    assertArrayEquals(new long[] {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1}, expanded.integers());
    Tensor tiled =
        OneNode.of("Tile", 13).input(ramp(1, 2)).constant(Tensor.of(new long[] {2, 2}, 2)).run();
    assertArrayEquals(new long[] {0, 1, 0, 1, 0, 1, 0, 1}, tiled.integers());
  }

  @Test
  void shapesDecidedByInputsArePlannedAnew() {
    OneNode first =
        OneNode.of("Reshape", 13).input(ramp(2, 6)).input(Tensor.of(new long[] {0, 3, -1}, 3));
    assertArrayEquals(new long[] {2, 3, 2}, first.run().sizes());
    OneNode zero =
        OneNode.of("Reshape", 14)
            .input(Tensor.of(new float[0], 0, 3))
            .input(Tensor.of(new long[] {3, 0}, 2))
            .with(Attribute.of("allowzero", 1));
    assertArrayEquals(new long[] {3, 0}, zero.run().sizes());
  }

  /** Up to operator set 9 the mask has the element type of the operand. */
  @Test
  void theMaskOfAnOldDropoutIsRefused() {
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    OctetException refused = assertThrows(OctetException.class, () -> mask(9, x));
    assertEquals("OCT-GRAPH-001", refused.id());
    assertTrue(refused.fact().contains("its mask is no truth value before operator set 10"));
    assertEquals(Tensor.of(new boolean[] {true, true}, 2), mask(10, x));
  }

  private static Tensor mask(long opset, Tensor x) {
    ValueInfo given = ValueInfo.of("x", x.type());
    ValueInfo mask = ValueInfo.of("m", new ValueType.Other("computed"));
    Node dropout = Node.of("dropout", OpType.onnx("Dropout"), List.of("x"), List.of("y", "m"));
    Graph graph =
        new Graph(
            "g",
            List.of(given),
            List.of(mask),
            Map.of(),
            List.of(dropout),
            Map.of(),
            Optional.empty());
    try (GraphExecutor executor = GraphExecutor.of(Model.of(graph, opset), 1)) {
      return executor.run(Map.of("x", x)).get("m");
    }
  }
}
