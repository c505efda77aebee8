package dev.octet.kernels.cases;

import static dev.octet.kernels.cases.Elementwise.INTEGERS;
import static dev.octet.kernels.cases.Elementwise.REALS;
import static dev.octet.kernels.cases.Elementwise.WIDE_REALS;
import static dev.octet.kernels.cases.Elementwise.numbers;
import static dev.octet.kernels.cases.Elementwise.pairs;
import static dev.octet.kernels.cases.Elementwise.pairsOfTheLeftShape;
import static dev.octet.kernels.cases.Elementwise.singles;

import dev.octet.api.graph.DataType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;

/** Sums, products and their kin, of any number type. */
final class ArithmeticCases {

  private ArithmeticCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            pairs("Add", 14, numbers(), BigDecimal::add),
            pairs("Sub", 14, numbers(), BigDecimal::subtract),
            pairs("Mul", 14, numbers(), BigDecimal::multiply),
            pairs("Div", 14, INTEGERS, BigDecimal::divideToIntegralValue),
            pairs("Div", 14, WIDE_REALS, (x, y) -> x.divide(y, new MathContext(60))),
            pairs("Mod", 13, INTEGERS, ArithmeticCases::floorModulo),
            pairs("Mod", 13, numbers(), BigDecimal::remainder).map(c -> c.integer("fmod", 1)),
            pairs("Max", 13, numbers(), BigDecimal::max),
            pairs("Min", 13, numbers(), BigDecimal::min),
            pairs("Sum", 13, REALS, BigDecimal::add),
            pairs("Mean", 13, WIDE_REALS, (x, y) -> x.add(y).divide(BigDecimal.valueOf(2))),
            pairsOfTheLeftShape("PRelu", 16, List.of(DataType.FLOAT), ArithmeticCases::slope),
            singles("Neg", 13, signed(), BigDecimal::negate),
            singles("Abs", 13, numbers(), BigDecimal::abs),
            singles("Sign", 13, numbers(), x -> BigDecimal.valueOf(x.signum())),
            byHand(),
            clips())
        .flatMap(cases -> cases);
  }

  private static List<DataType> signed() {
    return numbers().stream().filter(t -> !t.isInteger() || t.isSignedInteger()).toList();
  }

  private static BigDecimal floorModulo(BigDecimal x, BigDecimal y) {
    return x.subtract(x.divide(y, 0, RoundingMode.FLOOR).multiply(y));
  }

  private static BigDecimal slope(BigDecimal x, BigDecimal y) {
    return x.signum() < 0 ? x.multiply(y) : x;
  }

  private static Stream<OperatorCase> byHand() {
    return Stream.of(
        OperatorCase.of("Add", 14)
            .input("FLOAT[4] Infinity Infinity NaN -0.0")
            .input("FLOAT[4] 1 -Infinity 1 -0.0")
            .gives("FLOAT[4] Infinity NaN NaN -0.0"),
        OperatorCase.of("Mul", 14)
            .input("FLOAT[3] 0 Infinity 1e30")
            .input("FLOAT[3] -1 0 1e30")
            .gives("FLOAT[3] -0.0 NaN Infinity"),
        OperatorCase.of("Div", 14)
            .input("FLOAT[5] 1 -1 0 Infinity 0")
            .input("FLOAT[5] 0 0 0 Infinity -3")
            .gives("FLOAT[5] Infinity -Infinity NaN NaN -0.0"),
        OperatorCase.of("Div", 14)
            .input("FLOAT16[3] 1 6 -5")
            .input("FLOAT16[3] 4 -2 2")
            .gives("FLOAT16[3] 0.25 -3 -2.5"),
        OperatorCase.of("Div", 14)
            .input("UINT64[2] 18446744073709551615 7")
            .input("UINT64[1] 2")
            .gives("UINT64[2] 9223372036854775807 3"),
        OperatorCase.of("Mod", 13)
            .input("FLOAT[5] -4.3 4.3 5.5 1 -6")
            .input("FLOAT[5] 2 -2 0.5 0 3")
            .integer("fmod", 1)
            .gives("FLOAT[5] -0.30000019 0.30000019 0 NaN -0.0"),
        OperatorCase.of("Max", 13).input("FLOAT[2] 1 NaN").gives("FLOAT[2] 1 NaN"),
        OperatorCase.of("Max", 13)
            .input("FLOAT[2,1] 1 NaN")
            .input("FLOAT[3] 0 2 -Infinity")
            .input("FLOAT[] 1.5")
            .gives("FLOAT[2,3] 1.5 2 1.5 NaN NaN NaN"),
        OperatorCase.of("Min", 13)
            .input("INT8[3] -128 127 0")
            .input("INT8[3] 127 -128 5")
            .input("INT8[1] 1")
            .gives("INT8[3] -128 -128 0"),
        OperatorCase.of("Min", 13)
            .input("UINT64[2] 18446744073709551615 3")
            .input("UINT64[2] 2 18446744073709551615")
            .gives("UINT64[2] 2 3"),
        OperatorCase.of("Sum", 8)
            .input("FLOAT[2] 1 2")
            .input("FLOAT[2,1] 10 20")
            .input("FLOAT[] 100")
            .gives("FLOAT[2,2] 111 112 121 122"),
        OperatorCase.of("Sum", 13).input("DOUBLE[1] 0.1").gives("DOUBLE[1] 0.1"),
        OperatorCase.of("Mean", 13)
            .input("FLOAT[3] 1 2 NaN")
            .input("FLOAT[1] 4")
            .input("FLOAT[3] 1 -9 0")
            .gives("FLOAT[3] 2 -1 NaN"),
        OperatorCase.of("Mean", 8).input("FLOAT[0]").gives("FLOAT[0]"),
        OperatorCase.of("Sign", 13)
            .input("FLOAT[5] -Infinity -1e-45 0 NaN 3e38")
            .gives("FLOAT[5] -1 -1 0 NaN 1"),
        OperatorCase.of("Sign", 13)
            .input("UINT64[3] 0 1 18446744073709551615")
            .gives("UINT64[3] 0 1 1"),
        OperatorCase.of("Abs", 13)
            .input("UINT64[2] 18446744073709551615 9223372036854775809")
            .gives("UINT64[2] 18446744073709551615 9223372036854775809"),
        OperatorCase.of("Abs", 13).input("FLOAT[2] -0.0 -Infinity").gives("FLOAT[2] 0 Infinity"),
        OperatorCase.of("Abs", 13).input("INT8[3] -128 -127 5").gives("INT8[3] -128 127 5"),
        OperatorCase.of("Neg", 13).input("INT32[2] -2147483648 7").gives("INT32[2] -2147483648 -7"),
        OperatorCase.of("Neg", 13).input("FLOAT[2] 0 Infinity").gives("FLOAT[2] -0.0 -Infinity"),
        OperatorCase.of("PRelu", 9)
            .input("FLOAT[1,2,2] -1 2 -3 NaN")
            .constant("FLOAT[2,1] 0.5 0.25")
            .gives("FLOAT[1,2,2] -0.5 2 -0.75 NaN"),
        power(
            "FLOAT[6] 2 -3 0 2 4 -1",
            "FLOAT[6] 10 3 0 -2 0.5 0.5",
            "FLOAT[6] 1024 -27 1 0.25 2 NaN"),
        power("FLOAT[2,1] 2 3", "FLOAT[3] 0 1 2", "FLOAT[2,3] 1 2 4 1 3 9"),
        power("FLOAT[2] 1.5 -2", "INT64[] 3", "FLOAT[2] 3.375 -8"),
        power("INT32[3] -2 3 10", "INT32[3] 5 4 9", "INT32[3] -32 81 1000000000"),
        power("INT64[2] 2 7", "FLOAT[2] 40 2", "INT64[2] 1099511627776 49"),
        power("DOUBLE[2] 0.5 0", "DOUBLE[2] -3 0", "DOUBLE[2] 8 1"),
        power("FLOAT[0]", "FLOAT[1] 2", "FLOAT[0]"));
  }

  private static OperatorCase power(String base, String exponent, String result) {
    return OperatorCase.of("Pow", 15).input(base).input(exponent).gives(result);
  }

  private static Stream<OperatorCase> clips() {
    return Stream.of(
        OperatorCase.of("Clip", 7)
            .input("FLOAT[4] -2 0.5 7 NaN")
            .real("min", -1)
            .real("max", 6)
            .gives("FLOAT[4] -1 0.5 6 NaN"),
        OperatorCase.of("Clip", 10)
            .input("DOUBLE[3] -2 0.5 7")
            .real("max", 6)
            .gives("DOUBLE[3] -2 0.5 6"),
        OperatorCase.of("Clip", 13)
            .input("INT8[2,2] -128 127 3 -3")
            .input("INT8[] -5")
            .constant("INT8[] 100")
            .gives("INT8[2,2] -5 100 3 -3"),
        OperatorCase.of("Clip", 13)
            .input("UINT64[3] 0 18446744073709551615 9")
            .absent()
            .input("UINT64[] 9223372036854775808")
            .gives("UINT64[3] 0 9223372036854775808 9"),
        OperatorCase.of("Clip", 12).input("FLOAT16[2] -1 65504").gives("FLOAT16[2] -1 65504"),
        // Where the bounds cross, the upper one wins.
        OperatorCase.of("Clip", 13)
            .input("FLOAT[3] 0 5 9")
            .input("FLOAT[] 6")
            .input("FLOAT[] 4")
            .gives("FLOAT[3] 4 4 4"),
        OperatorCase.of("Clip", 13)
            .input("INT64[3] 0 5 9")
            .input("INT64[] 6")
            .input("INT64[] 4")
            .gives("INT64[3] 4 4 4"),
        // Absent bounds are the lowest and the largest finite number.
        OperatorCase.of("Clip", 7)
            .input("FLOAT[3] -Infinity Infinity NaN")
            .gives("FLOAT[3] -3.4028235e38 3.4028235e38 NaN"),
        OperatorCase.of("Clip", 10)
            .input("DOUBLE[2] -1e300 1e300")
            .real("min", -1)
            .gives("DOUBLE[2] -1 3.4028234663852886e38"),
        OperatorCase.of("Clip", 11)
            .input("FLOAT[2] -Infinity Infinity")
            .absent()
            .input("FLOAT[] 1")
            .gives("FLOAT[2] -3.4028235e38 1"),
        OperatorCase.of("Clip", 12)
            .input("DOUBLE[2] -1e300 Infinity")
            .gives("DOUBLE[2] -1e300 1.7976931348623157e308"),
        OperatorCase.of("Clip", 12).input("FLOAT16[1] -Infinity").gives("FLOAT16[1] -65504"),
        OperatorCase.of("Clip", 13).input("BFLOAT16[1] Infinity").gives("BFLOAT16[1] 3.3895314e38"),
        OperatorCase.of("Clip", 13).input("FLOAT[0]").input("FLOAT[] 1").gives("FLOAT[0]"));
  }
}
