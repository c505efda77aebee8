package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepsTest {

  private static final Layout TWO_BY_TWO_BY_THREE = layout(2, 2, 3);

  @Test
  void movesChannelsFirst() {
    Steps steps = steps("[{transpose: NHWC -> NCHW}]", layout(1, 2, 3));
    Values in = new Values.Floats(new float[] {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16});
    float[] expected = {1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16};
    assertArrayEquals(expected, steps.apply(in, 2).floats());
    assertArrayEquals(new long[] {3, 1, 2}, steps.layout().sizes());
  }

  @Test
  void movesFourAxesAsTheirIndicesSay() {
    Steps steps = steps("[{transpose: NABC -> NCAB}]", layout(2, 3, 4));
    float[] in = new float[24];
    for (int i = 0; i < in.length; i++) {
      in[i] = i;
    }
    float[] out = steps.apply(new Values.Floats(in), 1).floats();
    for (int c = 0; c < 4; c++) {
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 3; b++) {
          assertEquals((a * 3 + b) * 4 + c, out[(c * 2 + a) * 3 + b]);
        }
      }
    }
  }

  @Test
  void keepsIntegersExactWhenTheyOnlyMove() {
    Steps steps = steps("[{reshape: [2]}, {cast: int64}]", layout(DataType.INT64, 1, 2));
    long[] in = {9007199254740993L, -1};
    Values.Integers out = (Values.Integers) steps.apply(new Values.Integers(DataType.INT64, in), 1);
    assertArrayEquals(in, out.elements());
  }

  @Test
  void roundsEachOperationOnceToFloat32() {
    Steps steps =
        steps(
            "[{multiply: 0.00392156862745098}, {subtract: 0.485}, {divide: 0.229}, {add: 0.1}]",
            layout(DataType.UINT8, 1));
    Values in = new Values.Integers(DataType.UINT8, new long[] {0, 1, 77, 255});
    float[] expected = new float[4];
    float[] pixels = {0, 1, 77, 255};
    for (int i = 0; i < 4; i++) {
      float scaled = pixels[i] * 0.003921569f;
      float shifted = scaled - 0.485f;
      float divided = shifted / 0.229f;
      expected[i] = divided + 0.1f;
    }
    assertArrayEquals(expected, steps.apply(in, 4).floats());
  }

  @Test
  void takesTheNearestFloat32OfADecimalWithoutAFirstRoundingToFloat64() {
    // Just above the middle of 1 and the next float32, but the middle itself in float64.
    Steps steps = steps("[{multiply: 1.00000005960464477539062500001}]", layout(1));
    float out = steps.apply(new Values.Floats(new float[] {1}), 1).floats()[0];
    assertEquals(Math.nextUp(1f), out);
  }

  @Test
  void runsListsAlongTheAxisNamedC() {
    Steps last = steps("[{transpose: NCHW -> NHWC}, {add: [10, 20]}]", layout(2, 1, 2));
    Values in = new Values.Floats(new float[] {1, 2, 3, 4});
    assertArrayEquals(new float[] {11, 23, 12, 24}, last.apply(in, 1).floats());
  }

  @Test
  void runsListsAlongTheAxisThatALaterTransposeNamesC() {
    Steps steps = steps("[{add: [10, 20]}, {transpose: NHWC -> NCHW}]", layout(1, 2, 2));
    Values in = new Values.Floats(new float[] {1, 2, 3, 4});
    assertArrayEquals(new float[] {11, 13, 22, 24}, steps.apply(in, 1).floats());
  }

  @Test
  void runsListsAlongTheAxisAfterTheSamplesWhenNoneIsNamed() {
    Steps steps = steps("[{add: [10, 20]}]", layout(2, 2));
    Values in = new Values.Floats(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    float[] expected = {11, 12, 23, 24, 15, 16, 27, 28};
    assertArrayEquals(expected, steps.apply(in, 2).floats());
  }

  @Test
  void forgetsNamesAtAReshape() {
    Steps steps =
        steps("[{transpose: NHC -> NCH}, {reshape: [2, 2]}, {add: [10, 20]}]", layout(2, 2));
    Values in = new Values.Floats(new float[] {1, 2, 3, 4});
    assertArrayEquals(new float[] {11, 13, 22, 24}, steps.apply(in, 1).floats());
  }

  @Test
  void castsTowardsZeroAndClamps() {
    Steps steps = steps("[{cast: int8}]", layout(1));
    float[] in = {-1.9f, 1.9f, 127.5f, 1e10f, -1e10f, Float.NaN, Float.NEGATIVE_INFINITY};
    Values.Integers out = (Values.Integers) steps.apply(new Values.Floats(in), in.length);
    assertArrayEquals(new long[] {-1, 1, 127, 127, -128, 0, -128}, out.elements());
  }

  @Test
  void castsIntegersByTheirLowBits() {
    Steps steps = steps("[{cast: uint8}, {cast: int8}, {cast: bool}]", layout(DataType.INT16, 1));
    Values in = new Values.Integers(DataType.INT16, new long[] {256, -1, 128});
    Values.Integers out = (Values.Integers) steps.apply(in, 3);
    assertArrayEquals(new long[] {0, 1, 1}, out.elements());
  }

  @Test
  void roundsUnsigned64BitIntegersToNearest() {
    float[] floats =
        new Values.Integers(DataType.UINT64, new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE})
            .floats();
    assertArrayEquals(new float[] {0x1p64f, 0x1p63f, 0x1p63f}, floats);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{rotate: 1}] | OCT-DATA-007",
        "[{add: 1, multiply: 2}] | OCT-DATA-007",
        "[{}] | OCT-DATA-007",
        "[{transpose: NHWC}] | OCT-DATA-007",
        "[{transpose: NHWC -> NCHX}] | OCT-DATA-007",
        "[{transpose: NHWC -> CHWN}] | OCT-DATA-007",
        "[{transpose: NHHC -> NCHH}] | OCT-DATA-007",
        "[{transpose: NHC -> NCH}] | OCT-DATA-008",
        "[{transpose: NHWC -> NCHW}, {transpose: NHWC -> NCHW}] | OCT-DATA-008",
        "[{add: [1, 2, 3]}] | OCT-DATA-008",
        "[{add: []}] | OCT-DATA-007",
        "[{add: 1e39}] | OCT-DATA-007",
        "[{add: x}] | OCT-TREE-001",
        "[{divide: [1, 0]}] | OCT-DATA-007",
        "[{reshape: [2, 2, 2]}] | OCT-DATA-008",
        "[{reshape: [-1]}] | OCT-DATA-008",
        "[{reshape: [65536, 65536, 65536, 65536]}] | OCT-DATA-008",
        "[{cast: float}] | OCT-DATA-007",
        "[add] | OCT-DATA-007"
      })
  void refusesStepsThatDoNotFit(String yaml, String id) {
    OctetException e = assertThrows(OctetException.class, () -> steps(yaml, TWO_BY_TWO_BY_THREE));
    assertEquals(id, e.id());
    assertEquals("d:1:", e.place().orElseThrow().substring(0, 4));
  }

  private static Steps steps(String yaml, Layout start) {
    List<Tree> items = YamlText.parse(yaml, "d").asItems();
    return Steps.of(items, start);
  }

  private static Layout layout(long... sizes) {
    return layout(DataType.FLOAT, sizes);
  }

  private static Layout layout(DataType type, long... sizes) {
    return new Layout(type, sizes, "");
  }
}
