package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/** Operators that move elements. */
final class MovementCases {

  private static final String ABCDEF = "INT8[2,3] 1 2 3 4 5 6";

  private MovementCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            reshapes(),
            transposes(),
            repeats(),
            joins(),
            splits(),
            blocks(),
            slices(),
            pads(),
            gathers())
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> reshapes() {
    return Stream.of(
        OperatorCase.of("Identity", 13).input("FLOAT[2] NaN -0.0").gives("FLOAT[2] NaN -0.0"),
        OperatorCase.of("Identity", 13).input("INT4[0]").gives("INT4[0]"),
        OperatorCase.of("Flatten", 13).input("INT8[2,1,3] 1 2 3 4 5 6").gives(ABCDEF),
        OperatorCase.of("Flatten", 13)
            .input(ABCDEF)
            .integer("axis", 0)
            .gives("INT8[1,6] 1 2 3 4 5 6"),
        OperatorCase.of("Flatten", 13)
            .input("INT8[2,1,3] 1 2 3 4 5 6")
            .integer("axis", -1)
            .gives(ABCDEF),
        OperatorCase.of("Flatten", 13)
            .input(ABCDEF)
            .integer("axis", 2)
            .gives("INT8[6,1] 1 2 3 4 5 6"),
        reshape(ABCDEF, "INT64[2] 3 -1", "INT8[3,2] 1 2 3 4 5 6"),
        reshape(ABCDEF, "INT64[3] 0 1 -1", "INT8[2,1,3] 1 2 3 4 5 6"),
        reshape("FLOAT[1,1] 7", "INT64[0]", "FLOAT[] 7"),
        reshape("FLOAT[0,3]", "INT64[2] -1 3", "FLOAT[0,3]"),
        reshape("FLOAT[0,3]", "INT64[2] 3 0", "FLOAT[3,0]").integer("allowzero", 1),
        OperatorCase.of("Squeeze", 11).input("INT8[1,2,1] 1 2").gives("INT8[2] 1 2"),
        OperatorCase.of("Squeeze", 11)
            .input("INT8[1,2,1] 1 2")
            .integers("axes", -1)
            .gives("INT8[1,2] 1 2"),
        OperatorCase.of("Squeeze", 13)
            .input("INT8[1,2,1] 1 2")
            .constant("INT64[2] 0 -1")
            .gives("INT8[2] 1 2"),
        OperatorCase.of("Unsqueeze", 11)
            .input("INT8[2] 1 2")
            .integers("axes", 0, 2)
            .gives("INT8[1,2,1] 1 2"),
        OperatorCase.of("Unsqueeze", 13)
            .input("INT8[] 5")
            .constant("INT64[2] -1 0")
            .gives("INT8[1,1] 5"),
        OperatorCase.of("Dropout", 7).input("FLOAT[2] 1 NaN").gives("FLOAT[2] 1 NaN"),
        OperatorCase.of("Dropout", 13)
            .input("DOUBLE[2,1] 1 2")
            .constant("FLOAT[] 0.5")
            .constant("BOOL[] false")
            .gives("DOUBLE[2,1] 1 2", "BOOL[2,1] true true"));
  }

  private static OperatorCase reshape(String x, String shape, String y) {
    return OperatorCase.of("Reshape", 14).input(x).constant(shape).gives(y);
  }

  private static Stream<OperatorCase> transposes() {
    return Stream.of(
        OperatorCase.of("Transpose", 13).input(ABCDEF).gives("INT8[3,2] 1 4 2 5 3 6"),
        OperatorCase.of("Transpose", 13)
            .input("DOUBLE[1,2,3] 1 2 3 4 5 6")
            .integers("perm", 2, 0, 1)
            .gives("DOUBLE[3,1,2] 1 4 2 5 3 6"),
        OperatorCase.of("Transpose", 13).input("BOOL[] true").gives("BOOL[] true"),
        OperatorCase.of("Transpose", 13)
            .input("FLOAT[2,0,3]")
            .integers("perm", 1, 2, 0)
            .gives("FLOAT[0,3,2]"),
        // Element (i, j) of 150 x 200 goes to (j, i).
        OperatorCase.of("Transpose", 13)
            .input(ints(i -> i, 150, 200))
            .gives(ints(i -> i % 150 * 200 + i / 150, 200, 150)));
  }

  private static Tensor ints(IntUnaryOperator element, long... sizes) {
    return Elementwise.fill(DataType.INT32, i -> Integer.toString(element.applyAsInt(i)), sizes);
  }

  private static Stream<OperatorCase> repeats() {
    return Stream.of(
        OperatorCase.of("Expand", 13)
            .input("INT8[3,1] 1 2 3")
            .constant("INT64[2] 1 2")
            .gives("INT8[3,2] 1 1 2 2 3 3"),
        OperatorCase.of("Expand", 8)
            .input("FLOAT[2] 1 NaN")
            .constant("INT64[3] 2 1 1")
            .gives("FLOAT[2,1,2] 1 NaN 1 NaN"),
        OperatorCase.of("Expand", 13)
            .input("BOOL[] true")
            .constant("INT64[1] 3")
            .gives("BOOL[3] true true true"),
        OperatorCase.of("Expand", 13).input("INT16[1] 5").constant("INT64[1] 0").gives("INT16[0]"),
        OperatorCase.of("Tile", 13)
            .input("INT8[1,2] 1 2")
            .constant("INT64[2] 2 2")
            .gives("INT8[2,4] 1 2 1 2 1 2 1 2"),
        OperatorCase.of("Tile", 13).input("INT64[2] 7 8").constant("INT64[1] 0").gives("INT64[0]"),
        OperatorCase.of("Tile", 7)
            .input("FLOAT[3] 1 2 3")
            .constant("INT64[1] 1")
            .gives("FLOAT[3] 1 2 3"));
  }

  private static Stream<OperatorCase> joins() {
    return Stream.of(
        OperatorCase.of("Concat", 13)
            .input(ABCDEF)
            .input("INT8[1,3] 7 8 9")
            .integer("axis", 0)
            .gives("INT8[3,3] 1 2 3 4 5 6 7 8 9"),
        OperatorCase.of("Concat", 11)
            .input(ABCDEF)
            .input("INT8[2,0]")
            .constant("INT8[2,1] 7 8")
            .integer("axis", -1)
            .gives("INT8[2,4] 1 2 3 7 4 5 6 8"),
        OperatorCase.of("Concat", 13)
            .input("INT4[3] -8 7 1")
            .input("INT4[2] 2 3")
            .integer("axis", 0)
            .gives("INT4[5] -8 7 1 2 3"),
        OperatorCase.of("Concat", 13).input("FLOAT[1] 1").integer("axis", 0).gives("FLOAT[1] 1"));
  }

  private static Stream<OperatorCase> splits() {
    return Stream.of(
        OperatorCase.of("Split", 11).input("INT8[4] 1 2 3 4").gives("INT8[2] 1 2", "INT8[2] 3 4"),
        OperatorCase.of("Split", 11)
            .input(ABCDEF)
            .integer("axis", -1)
            .integers("split", 1, 2)
            .gives("INT8[2,1] 1 4", "INT8[2,2] 2 3 5 6"),
        OperatorCase.of("Split", 13)
            .input(ABCDEF)
            .constant("INT64[3] 2 0 1")
            .integer("axis", 1)
            .gives("INT8[2,2] 1 2 4 5", "INT8[2,0]", "INT8[2,1] 3 6"),
        OperatorCase.of("Split", 18)
            .input("FLOAT[7] 1 2 3 4 5 6 7")
            .integer("num_outputs", 3)
            .gives("FLOAT[3] 1 2 3", "FLOAT[3] 4 5 6", "FLOAT[1] 7"));
  }

  private static Stream<OperatorCase> blocks() {
    String eight = "INT8[1,8,1,1] 1 2 3 4 5 6 7 8";
    return Stream.of(
        // Channel b * 2 + c holds pixel b of channel c.
        OperatorCase.of("DepthToSpace", 13)
            .input(eight)
            .integer("blocksize", 2)
            .gives("INT8[1,2,2,2] 1 3 5 7 2 4 6 8"),
        // Channel c * 4 + b holds pixel b of channel c.
        OperatorCase.of("DepthToSpace", 13)
            .input(eight)
            .integer("blocksize", 2)
            .text("mode", "CRD")
            .gives("INT8[1,2,2,2] 1 2 3 4 5 6 7 8"),
        OperatorCase.of("DepthToSpace", 7)
            .input("FLOAT[0,4,3,3]")
            .integer("blocksize", 2)
            .gives("FLOAT[0,1,6,6]"),
        OperatorCase.of("SpaceToDepth", 13)
            .input("INT8[1,2,2,2] 1 3 5 7 2 4 6 8")
            .integer("blocksize", 2)
            .gives(eight),
        OperatorCase.of("SpaceToDepth", 13)
            .input("FLOAT[1,1,2,4] 1 2 3 4 5 6 7 8")
            .integer("blocksize", 2)
            .gives("FLOAT[1,4,1,2] 1 3 2 4 5 7 6 8"));
  }

  private static Stream<OperatorCase> slices() {
    String huge = "9223372036854775807";
    return Stream.of(
        OperatorCase.of("Slice", 9)
            .input(ABCDEF)
            .integers("starts", 1)
            .integers("ends", 1000)
            .integers("axes", 1)
            .gives("INT8[2,2] 2 3 5 6"),
        slice(ABCDEF, "INT64[2] 0 -2", "INT64[2] 1 " + huge, "INT8[1,2] 2 3"),
        slice("FLOAT[5] 1 2 3 4 5", "INT64[1] 9", "INT64[1] 20", "FLOAT[0]"),
        slice("FLOAT[5] 1 2 3 4 5", "INT32[1] -4", "INT32[1] -1", "FLOAT[3] 2 3 4"),
        slice("FLOAT[5] 1 2 3 4 5", "INT64[1] -1", "INT64[1] -" + huge, "FLOAT[3] 5 3 1")
            .absent()
            .constant("INT64[1] -2"),
        slice("FLOAT[5] 1 2 3 4 5", "INT64[1] 3", "INT64[1] 0", "FLOAT[3] 4 3 2")
            .constant("INT64[1] -1")
            .constant("INT64[1] -1"),
        slice("BOOL[2] true false", "INT64[1] 0", "INT64[1] 2", "BOOL[1] true")
            .constant("INT64[1] 0")
            .constant("INT64[1] " + huge));
  }

  private static OperatorCase slice(String x, String starts, String ends, String y) {
    return OperatorCase.of("Slice", 13).input(x).constant(starts).constant(ends).gives(y);
  }

  private static Stream<OperatorCase> pads() {
    String row = "FLOAT[4] 1 2 3 4";
    return Stream.of(
        OperatorCase.of("Pad", 10)
            .input("FLOAT[1,2] 1 2")
            .integers("pads", 0, 1, 1, 0)
            .real("value", 9)
            .gives("FLOAT[2,3] 9 1 2 9 9 9"),
        OperatorCase.of("Pad", 10)
            .input("DOUBLE[1] 1")
            .integers("pads", 1, 1)
            .real("value", 0.5f)
            .gives("DOUBLE[3] 0.5 1 0.5"),
        OperatorCase.of("Pad", 10)
            .input("FLOAT16[1] 1")
            .integers("pads", 0, 1)
            .real("value", -2)
            .gives("FLOAT16[2] 1 -2"),
        pad(row, "INT64[2] 2 1", "constant", "FLOAT[7] 0 0 1 2 3 4 0"),
        pad(row, "INT64[2] 3 4", "reflect", "FLOAT[11] 4 3 2 1 2 3 4 3 2 1 2"),
        pad(row, "INT64[2] 2 2", "edge", "FLOAT[8] 1 1 1 2 3 4 4 4"),
        pad(row, "INT64[2] 1 5", "wrap", "FLOAT[10] 4 1 2 3 4 1 2 3 4 1"),
        pad(row, "INT64[2] -1 -2", "constant", "FLOAT[1] 2"),
        pad(row, "INT64[2] -2 1", "constant", "FLOAT[3] 3 4 0"),
        pad(row, "INT64[2] -2 1", "edge", "FLOAT[3] 3 4 4"),
        pad("FLOAT[0]", "INT64[2] 1 1", "constant", "FLOAT[2] 0 0"),
        OperatorCase.of("Pad", 13)
            .input("INT8[2] 1 2")
            .constant("INT64[2] 1 0")
            .input("INT8[] -128")
            .gives("INT8[3] -128 1 2"),
        OperatorCase.of("Pad", 18)
            .input("UINT8[1,2] 1 2")
            .constant("INT64[2] 1 1")
            .absent()
            .constant("INT64[1] -1")
            .gives("UINT8[1,4] 0 1 2 0"));
  }

  private static OperatorCase pad(String x, String pads, String mode, String y) {
    return OperatorCase.of("Pad", 19).input(x).constant(pads).text("mode", mode).gives(y);
  }

  private static Stream<OperatorCase> gathers() {
    return Stream.of(
        OperatorCase.of("Gather", 13)
            .input(ABCDEF)
            .input("INT64[2] 1 -2")
            .gives("INT8[2,3] 4 5 6 1 2 3"),
        OperatorCase.of("Gather", 13)
            .input(ABCDEF)
            .constant("INT32[1,2] 2 0")
            .integer("axis", -1)
            .gives("INT8[2,1,2] 3 1 6 4"),
        OperatorCase.of("Gather", 13)
            .input("BOOL[3] true false false")
            .input("INT64[] -3")
            .gives("BOOL[] true"),
        OperatorCase.of("Gather", 13)
            .input(ABCDEF)
            .input("INT64[0]")
            .integer("axis", 1)
            .gives("INT8[2,0]"),
        OperatorCase.of("GatherElements", 13)
            .input(ABCDEF)
            .input("INT64[1,3] 1 0 -1")
            .gives("INT8[1,3] 4 2 6"),
        OperatorCase.of("GatherElements", 13)
            .input("FLOAT[2,2] 1 2 3 NaN")
            .input("INT32[2,3] 0 0 1 1 -1 0")
            .integer("axis", 1)
            .gives("FLOAT[2,3] 1 1 2 NaN NaN 3"),
        OperatorCase.of("GatherElements", 13)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[0,2]")
            .gives("FLOAT[0,2]"));
  }
}
