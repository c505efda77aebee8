package dev.octet.kernels.cases;

import java.util.stream.Stream;

/**
 * Running sums, bits of integers, and triangles of matrices; values from ONNX Runtime and NumPy.
 */
final class AccumulationCases {

  private AccumulationCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(sums(), bits(), triangles()).flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> sums() {
    return Stream.of(
        OperatorCase.of("CumSum", 14)
            .input("FLOAT[4] 1 2 3 -4")
            .constant("INT64[] 0")
            .gives("FLOAT[4] 1 3 6 2"),
        OperatorCase.of("CumSum", 14)
            .input("FLOAT[2,3] 1 2 3 4 5 6")
            .constant("INT32[] -1")
            .integer("exclusive", 1)
            .gives("FLOAT[2,3] 0 1 3 0 4 9"),
        OperatorCase.of("CumSum", 14)
            .input("FLOAT[2,3] 1 2 3 4 5 6")
            .input("INT32[] 0")
            .integer("reverse", 1)
            .gives("FLOAT[2,3] 5 7 9 4 5 6"),
        OperatorCase.of("CumSum", 14)
            .input("INT64[2,3] 1 2 3 4 5 6")
            .input("INT64[1] 1")
            .integer("reverse", 1)
            .integer("exclusive", 1)
            .gives("INT64[2,3] 5 3 0 11 6 0"),
        OperatorCase.of("CumSum", 14)
            .input("INT32[3] 2147483647 1 5")
            .input("INT64[] 0")
            .gives("INT32[3] 2147483647 -2147483648 -2147483643"),
        OperatorCase.of("CumSum", 11).input("FLOAT[0,3]").input("INT64[] 1").gives("FLOAT[0,3]"),
        OperatorCase.of("CumSum", 14)
            .input("FLOAT[3] 1 NaN 2")
            .input("INT64[] 0")
            .gives("FLOAT[3] 1 NaN NaN"),
        // 2049.5 and 2050.5 are summed in double; each result is rounded once.
        OperatorCase.of("CumSum", 14)
            .input("FLOAT16[4] 1 0.5 2048 1")
            .input("INT64[] 0")
            .gives("FLOAT16[4] 1 1.5 2050 2050"),
        OperatorCase.of("CumProd", 26)
            .input("FLOAT[4] 1 2 -3 4")
            .input("INT64[] 0")
            .gives("FLOAT[4] 1 2 -6 -24"),
        OperatorCase.of("CumProd", 26)
            .input("INT64[2,3] 1 2 3 4 5 6")
            .input("INT64[] -1")
            .integer("exclusive", 1)
            .integer("reverse", 1)
            .gives("INT64[2,3] 6 3 1 30 6 1"));
  }

  private static Stream<OperatorCase> bits() {
    return Stream.of(
        OperatorCase.of("BitwiseAnd", 18)
            .input("INT32[3] 12 -1 7")
            .input("INT32[3] 10 5 -8")
            .gives("INT32[3] 8 5 0"),
        OperatorCase.of("BitwiseOr", 18)
            .input("UINT8[2,1] 12 200")
            .input("UINT8[3] 10 5 255")
            .gives("UINT8[2,3] 14 13 255 202 205 255"),
        OperatorCase.of("BitwiseXor", 18)
            .input("INT64[3] -1 1099511627776 0")
            .input("INT64[] 3")
            .gives("INT64[3] -4 1099511627779 3"),
        OperatorCase.of("BitwiseXor", 18)
            .input("INT8[2] -128 127")
            .input("INT8[2] 1 -1")
            .gives("INT8[2] -127 -128"),
        OperatorCase.of("BitwiseNot", 18)
            .input("UINT16[3] 0 1 65535")
            .gives("UINT16[3] 65535 65534 0"),
        OperatorCase.of("BitwiseNot", 18).input("INT16[0]").gives("INT16[0]"),
        OperatorCase.of("BitShift", 11)
            .input("UINT8[3] 1 255 128")
            .input("UINT8[3] 1 1 8")
            .text("direction", "LEFT")
            .gives("UINT8[3] 2 254 0"),
        OperatorCase.of("BitShift", 11)
            .input("UINT64[3] 1 9223372036854775808 255")
            .input("UINT64[3] 1 63 64")
            .text("direction", "RIGHT")
            .gives("UINT64[3] 0 1 0"),
        OperatorCase.of("BitShift", 11)
            .input("UINT32[2] 4294967295 8")
            .input("UINT32[2] 4 3")
            .text("direction", "LEFT")
            .gives("UINT32[2] 4294967280 64"));
  }

  private static Stream<OperatorCase> triangles() {
    return Stream.of(
        OperatorCase.of("Trilu", 14)
            .input("INT64[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .gives("INT64[3,4] 1 2 3 4 0 6 7 8 0 0 11 12"),
        OperatorCase.of("Trilu", 14)
            .input("INT64[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .integer("upper", 0)
            .gives("INT64[3,4] 1 0 0 0 5 6 0 0 9 10 11 0"),
        OperatorCase.of("Trilu", 14)
            .input("INT64[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .input("INT64[] 2")
            .gives("INT64[3,4] 0 0 3 4 0 0 0 8 0 0 0 0"),
        OperatorCase.of("Trilu", 14)
            .input("INT64[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .input("INT64[] -1")
            .integer("upper", 0)
            .gives("INT64[3,4] 0 0 0 0 5 0 0 0 9 10 0 0"),
        OperatorCase.of("Trilu", 14)
            .input("INT64[3,4] 1 2 3 4 5 6 7 8 9 10 11 12")
            .input("INT64[] -9")
            .integer("upper", 0)
            .gives("INT64[3,4] 0 0 0 0 0 0 0 0 0 0 0 0"),
        OperatorCase.of("Trilu", 14)
            .input("FLOAT[2,2,2] 1 NaN 3 4 5 6 7 8")
            .gives("FLOAT[2,2,2] 1 NaN 0 4 5 6 0 8"),
        OperatorCase.of("Trilu", 14).input("FLOAT[2,0,3]").gives("FLOAT[2,0,3]"),
        OperatorCase.of("Trilu", 14)
            .input("BOOL[2,2] true true true true")
            .integer("upper", 0)
            .gives("BOOL[2,2] true false true true"));
  }
}
