package dev.octet.kernels.cases;

import static dev.octet.kernels.cases.Elementwise.numbers;
import static dev.octet.kernels.cases.Elementwise.relations;

import dev.octet.api.graph.DataType;
import java.util.List;
import java.util.stream.Stream;

/** Comparisons, logic, and the choice by a truth value. */
final class ComparisonCases {

  private static final List<DataType> TRUTH = List.of(DataType.BOOL);

  private ComparisonCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            relations("Equal", 13, numbers(), (x, y) -> x.compareTo(y) == 0),
            relations("Equal", 13, TRUTH, (x, y) -> x.compareTo(y) == 0),
            relations("Less", 13, numbers(), (x, y) -> x.compareTo(y) < 0),
            relations("Greater", 13, numbers(), (x, y) -> x.compareTo(y) > 0),
            relations("LessOrEqual", 16, numbers(), (x, y) -> x.compareTo(y) <= 0),
            relations("GreaterOrEqual", 16, numbers(), (x, y) -> x.compareTo(y) >= 0),
            relations("And", 7, TRUTH, (x, y) -> x.signum() != 0 && y.signum() != 0),
            relations("Or", 7, TRUTH, (x, y) -> x.signum() != 0 || y.signum() != 0),
            relations("Xor", 7, TRUTH, (x, y) -> x.signum() != y.signum()),
            ofSpecialValues(),
            wheres())
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> ofSpecialValues() {
    return Stream.of(
        special("Equal", "false false true true false"),
        special("Less", "false false false false true"),
        special("Greater", "false false false false false"),
        special("LessOrEqual", "false false true true true"),
        special("GreaterOrEqual", "false false true true false"),
        OperatorCase.of("Less", 13)
            .input("UINT64[2] 18446744073709551615 1")
            .input("UINT64[2] 1 18446744073709551615")
            .gives("BOOL[2] false true"),
        OperatorCase.of("Not", 13)
            .input("BOOL[3] true false true")
            .gives("BOOL[3] false true false"),
        OperatorCase.of("Not", 13).input("BOOL[0]").gives("BOOL[0]"),
        OperatorCase.of("IsNaN", 13)
            .input("FLOAT[5] NaN 0 Infinity -Infinity 1e-45")
            .gives("BOOL[5] true false false false false"),
        OperatorCase.of("IsNaN", 13).input("FLOAT16[2] NaN 65504").gives("BOOL[2] true false"),
        OperatorCase.of("IsInf", 10)
            .input("FLOAT[4] NaN Infinity -Infinity 3e38")
            .gives("BOOL[4] false true true false"),
        OperatorCase.of("IsInf", 10)
            .input("DOUBLE[3] Infinity -Infinity 0")
            .integer("detect_negative", 0)
            .gives("BOOL[3] true false false"),
        OperatorCase.of("IsInf", 10)
            .input("FLOAT[3] Infinity -Infinity 0")
            .integer("detect_positive", 0)
            .gives("BOOL[3] false true false"));
  }

  private static OperatorCase special(String op, String truth) {
    return OperatorCase.of(op, op.endsWith("OrEqual") ? 16 : 13)
        .input("FLOAT[5] NaN 1 0 Infinity -Infinity")
        .input("FLOAT[5] NaN NaN -0.0 Infinity 3e38")
        .gives("BOOL[5] " + truth);
  }

  private static Stream<OperatorCase> wheres() {
    return Stream.of(
        OperatorCase.of("Where", 16)
            .input("BOOL[2,1] true false")
            .input("FLOAT[3] 1 NaN -0.0")
            .input("FLOAT[] 7")
            .gives("FLOAT[2,3] 1 NaN -0.0 7 7 7"),
        OperatorCase.of("Where", 9)
            .input("BOOL[3] true false true")
            .input("BOOL[1] false")
            .input("BOOL[3] true true true")
            .gives("BOOL[3] false true false"),
        OperatorCase.of("Where", 16)
            .input("BOOL[] false")
            .input("INT8[2] 1 2")
            .input("INT8[2,1] -128 127")
            .gives("INT8[2,2] -128 -128 127 127"),
        OperatorCase.of("Where", 16)
            .input("BOOL[1] true")
            .input("FLOAT[0]")
            .input("FLOAT[1] 1")
            .gives("FLOAT[0]"));
  }
}
