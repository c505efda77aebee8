package dev.octet.kernels.cases;

import java.util.stream.Stream;

/** Elements put to and taken from places; values from ONNX Runtime and the reference of ONNX. */
final class PlacesCases {

  private PlacesCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(elements(), tuples(), selections(), largest()).flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> elements() {
    return Stream.of(
        OperatorCase.of("ScatterElements", 18)
            .input("FLOAT[3,3] 1 2 3 4 5 6 7 8 9")
            .input("INT64[2,3] 1 0 2 0 2 1")
            .input("FLOAT[2,3] -1 -2 -3 -4 -5 -6")
            .gives("FLOAT[3,3] -4 -2 3 -1 5 -6 7 -5 -3"),
        OperatorCase.of("ScatterElements", 18)
            .input("FLOAT[1,5] 1 2 3 4 5")
            .input("INT64[1,2] 1 -2")
            .input("FLOAT[1,2] 10 20")
            .integer("axis", 1)
            .gives("FLOAT[1,5] 1 10 3 20 5"),
        OperatorCase.of("ScatterElements", 18)
            .input("FLOAT[1,5] 1 2 3 4 5")
            .input("INT64[1,2] 1 1")
            .input("FLOAT[1,2] 10 20")
            .integer("axis", 1)
            .text("reduction", "add")
            .gives("FLOAT[1,5] 1 32 3 4 5"),
        OperatorCase.of("ScatterElements", 18)
            .input("FLOAT[1,5] 1 2 3 4 5")
            .input("INT32[1,2] 1 1")
            .input("FLOAT[1,2] 10 20")
            .integer("axis", 1)
            .text("reduction", "mul")
            .gives("FLOAT[1,5] 1 400 3 4 5"),
        OperatorCase.of("ScatterElements", 18)
            .input("INT64[1,5] 1 2 3 4 5")
            .input("INT64[1,2] 1 3")
            .input("INT64[1,2] 10 -20")
            .integer("axis", 1)
            .text("reduction", "max")
            .gives("INT64[1,5] 1 10 3 4 5"),
        OperatorCase.of("ScatterElements", 18)
            .input("UINT8[2] 1 200")
            .input("INT64[2] 1 0")
            .input("UINT8[2] 2 100")
            .text("reduction", "min")
            .gives("UINT8[2] 1 2"),
        OperatorCase.of("ScatterElements", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[0]")
            .input("FLOAT[0]")
            .gives("FLOAT[2] 1 2"),
        OperatorCase.of("Scatter", 9)
            .input("FLOAT[3,3] 1 2 3 4 5 6 7 8 9")
            .input("INT64[2,3] 1 0 2 0 2 1")
            .input("FLOAT[2,3] -1 -2 -3 -4 -5 -6")
            .gives("FLOAT[3,3] -4 -2 3 -1 5 -6 7 -5 -3"),
        OperatorCase.of("ScatterElements", 13)
            .input("BOOL[2] true false")
            .input("INT64[1] 0")
            .input("BOOL[1] false")
            .gives("BOOL[2] false false"));
  }

  private static Stream<OperatorCase> tuples() {
    return Stream.of(
        OperatorCase.of("ScatterND", 18)
            .input("FLOAT[8] 1 2 3 4 5 6 7 8")
            .input("INT64[4,1] 4 3 1 7")
            .input("FLOAT[4] 9 10 11 12")
            .gives("FLOAT[8] 1 11 3 10 9 6 7 12"),
        OperatorCase.of("ScatterND", 18)
            .input("FLOAT[2,2,2] 1 2 3 4 5 6 7 8")
            .input("INT64[2,1] 0 -1")
            .input("FLOAT[2,2,2] -1 -2 -3 -4 -5 -6 -7 -8")
            .text("reduction", "add")
            .gives("FLOAT[2,2,2] 0 0 0 0 0 0 0 0"),
        OperatorCase.of("ScatterND", 18)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[2,2] 0 1 0 1")
            .input("FLOAT[2] 5 7")
            .text("reduction", "mul")
            .gives("FLOAT[2,2] 1 70 3 4"),
        OperatorCase.of("ScatterND", 18)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[2,2] 0 1 0 1")
            .input("FLOAT[2] -5 7")
            .text("reduction", "max")
            .gives("FLOAT[2,2] 1 7 3 4"),
        OperatorCase.of("ScatterND", 18)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[2,2] 0 1 0 1")
            .input("FLOAT[2] NaN -7")
            .text("reduction", "min")
            .gives("FLOAT[2,2] 1 NaN 3 4"),
        OperatorCase.of("ScatterND", 13)
            .input("INT8[2] 5 6")
            .input("INT64[0,1]")
            .input("INT8[0]")
            .gives("INT8[2] 5 6"),
        OperatorCase.of("GatherND", 13)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[2,2] 0 0 1 1")
            .gives("FLOAT[2] 1 4"),
        OperatorCase.of("GatherND", 13)
            .input("FLOAT[2,2] 1 2 3 4")
            .input("INT64[2,1] 1 0")
            .gives("FLOAT[2,2] 3 4 1 2"),
        OperatorCase.of("GatherND", 13)
            .input("FLOAT[2,2,2] 1 2 3 4 5 6 7 8")
            .input("INT64[2,1,2] 0 1 -1 0")
            .gives("FLOAT[2,1,2] 3 4 5 6"),
        OperatorCase.of("GatherND", 13)
            .input("FLOAT[2,2,2] 1 2 3 4 5 6 7 8")
            .input("INT64[2,1] 1 0")
            .integer("batch_dims", 1)
            .gives("FLOAT[2,2] 3 4 5 6"),
        OperatorCase.of("GatherND", 12)
            .input("BOOL[2] true false")
            .input("INT64[1,1] 1")
            .gives("BOOL[1] false"));
  }

  private static Stream<OperatorCase> selections() {
    return Stream.of(
        OperatorCase.of("OneHot", 11)
            .input("INT64[3] 0 7 -1")
            .constant("INT64[] 3")
            .input("FLOAT[2] 2 5")
            .gives("FLOAT[3,3] 5 2 2 2 2 2 2 2 5"),
        OperatorCase.of("OneHot", 11)
            .input("FLOAT[1,2] 1 0")
            .constant("INT64[] 3")
            .constant("INT32[2] 0 1")
            .integer("axis", 1)
            .gives("INT32[1,3,2] 0 1 1 0 0 0"),
        OperatorCase.of("OneHot", 11)
            .input("INT64[2] 1 -2")
            .constant("INT32[] 2")
            .constant("FLOAT[2] 0 1")
            .integer("axis", -2)
            .gives("FLOAT[2,2] 0 1 1 0"),
        OperatorCase.of("NonZero", 13)
            .input("FLOAT[2,3] 1 0 3 0 NaN -1")
            .gives("INT64[2,4] 0 0 1 1 0 2 1 2"),
        OperatorCase.of("NonZero", 13).input("BOOL[3] true false true").gives("INT64[1,2] 0 2"),
        OperatorCase.of("NonZero", 13).input("INT32[2,2] 0 0 0 0").gives("INT64[2,0]"),
        OperatorCase.of("NonZero", 9).input("FLOAT[0,2]").gives("INT64[2,0]"),
        OperatorCase.of("Compress", 11)
            .input("FLOAT[3,2] 1 2 3 4 5 6")
            .input("BOOL[3] false true true")
            .integer("axis", 0)
            .gives("FLOAT[2,2] 3 4 5 6"),
        OperatorCase.of("Compress", 11)
            .input("FLOAT[3,2] 1 2 3 4 5 6")
            .input("BOOL[2] false true")
            .integer("axis", -1)
            .gives("FLOAT[3,1] 2 4 6"),
        OperatorCase.of("Compress", 11)
            .input("FLOAT[3,2] 1 2 3 4 5 6")
            .input("BOOL[5] false true false false true")
            .gives("FLOAT[2] 2 5"),
        OperatorCase.of("Compress", 11)
            .input("INT8[2,2] 1 2 3 4")
            .input("BOOL[1] false")
            .integer("axis", 0)
            .gives("INT8[0,2]"),
        OperatorCase.of("EyeLike", 9)
            .input("FLOAT[3,4] 0 0 0 0 0 0 0 0 0 0 0 0")
            .integer("k", 1)
            .gives("FLOAT[3,4] 0 1 0 0 0 0 1 0 0 0 0 1"),
        OperatorCase.of("EyeLike", 9)
            .input("INT32[2,2] 0 0 0 0")
            .integer("k", -1)
            .gives("INT32[2,2] 0 0 1 0"),
        OperatorCase.of("EyeLike", 9)
            .input("FLOAT[2,3] 0 0 0 0 0 0")
            .integer("dtype", 7)
            .gives("INT64[2,3] 1 0 0 0 1 0"));
  }

  private static Stream<OperatorCase> largest() {
    return Stream.of(
        OperatorCase.of("TopK", 11)
            .input("FLOAT[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .constant("INT64[1] 3")
            .gives("FLOAT[3,3] 4 3 2 8 7 6 12 11 10", "INT64[3,3] 3 2 1 3 2 1 3 2 1"),
        OperatorCase.of("TopK", 11)
            .input("FLOAT[1,4] 3 1 3 2")
            .constant("INT64[1] 2")
            .gives("FLOAT[1,2] 3 3", "INT64[1,2] 0 2"),
        OperatorCase.of("TopK", 11)
            .input("FLOAT[1,4] 3 1 3 1")
            .constant("INT64[1] 3")
            .integer("largest", 0)
            .gives("FLOAT[1,3] 1 1 3", "INT64[1,3] 1 3 0"),
        OperatorCase.of("TopK", 11)
            .input("FLOAT[3,2] 1 2 3 4 5 6")
            .input("INT64[1] 2")
            .integer("axis", 0)
            .gives("FLOAT[2,2] 5 6 3 4", "INT64[2,2] 2 2 1 1"),
        OperatorCase.of("TopK", 24)
            .input("UINT64[3] 1 18446744073709551615 5")
            .constant("INT64[1] 2")
            .gives("UINT64[2] 18446744073709551615 5", "INT64[2] 1 2"),
        OperatorCase.of("TopK", 10)
            .input("FLOAT[3] -Infinity 0 -0")
            .constant("INT64[1] 1")
            .gives("FLOAT[1] 0", "INT64[1] 1"),
        OperatorCase.of("TopK", 11)
            .input("FLOAT[2,2] 1 2 3 4")
            .constant("INT64[1] 0")
            .gives("FLOAT[2,0]", "INT64[2,0]"),
        OperatorCase.of("TopK", 7)
            .input("FLOAT[2,3] 1 2 3 4 5 6")
            .integer("k", 1)
            .integer("axis", 1)
            .gives("FLOAT[2,1] 3 6", "INT64[2,1] 2 2"));
  }
}
