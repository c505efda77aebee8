package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import java.util.stream.Stream;

/** Cast and CastLike. */
final class ConversionCases {

  private ConversionCases() {}

  static Stream<OperatorCase> cases() {
    return table().flatMap(ConversionCases::bothOperators);
  }

  /** A conversion: what is given, and what it becomes. */
  private record Conversion(String from, String to) {}

  private static Stream<OperatorCase> bothOperators(Conversion conversion) {
    DataType type = TensorLiteral.tensor(conversion.to).dataType();
    String like = type == DataType.BOOL ? "BOOL[1] true" : type + "[1] 1";
    return Stream.of(
        OperatorCase.of("Cast", 13)
            .input(conversion.from)
            .integer("to", type.ordinal() + 1L)
            .gives(conversion.to),
        OperatorCase.of("CastLike", 15).input(conversion.from).input(like).gives(conversion.to));
  }

  private static Stream<Conversion> table() {
    return Stream.of(
        new Conversion("FLOAT[0]", "INT8[0]"),
        new Conversion("FLOAT[] NaN", "FLOAT[] NaN"),
        new Conversion("FLOAT[5] -1.9 -0.5 0.5 127.9 -128.9", "INT8[5] -1 0 0 127 -128"),
        new Conversion("FLOAT[3] 255.9 0.9 -0.9", "UINT8[3] 255 0 0"),
        new Conversion("DOUBLE[2] 4294967295.5 0", "UINT32[2] 4294967295 0"),
        new Conversion(
            "DOUBLE[2] 18446744073709549568 9223372036854775808",
            "UINT64[2] 18446744073709549568 9223372036854775808"),
        new Conversion("DOUBLE[3] 0.1 1e300 -1e-60", "FLOAT[3] 0.1 Infinity -0.0"),
        new Conversion(
            "FLOAT[4] 65519 65520 1.0009766 6e-8",
            "FLOAT16[4] 65504 Infinity 1.0009765625 5.9604644775390625E-8"),
        new Conversion("FLOAT[3] 1.00390625 1.01171875 NaN", "BFLOAT16[3] 1 1.015625 NaN"),
        new Conversion("FLOAT16[3] -0.0 65504 Infinity", "DOUBLE[3] -0.0 65504 Infinity"),
        new Conversion("BFLOAT16[2] 1.5 -3", "INT64[2] 1 -3"),
        new Conversion("FLOAT[4] 0 -0.0 NaN 1e-45", "BOOL[4] false false true true"),
        new Conversion("INT32[3] 0 -7 256", "BOOL[3] false true true"),
        new Conversion("BOOL[2] true false", "FLOAT[2] 1 0"),
        new Conversion("BOOL[2] true false", "INT4[2] 1 0"),
        new Conversion("INT32[4] 300 -1 128 -129", "INT8[4] 44 -1 -128 127"),
        new Conversion("INT64[2] 4294967296 -1", "UINT32[2] 0 4294967295"),
        new Conversion("UINT4[3] 15 8 0", "INT4[3] -1 -8 0"),
        new Conversion("INT2[4] -2 -1 0 1", "INT32[4] -2 -1 0 1"),
        new Conversion("INT64[2] 16777217 16777219", "FLOAT[2] 16777216 16777220"),
        new Conversion("INT32[2] 2049 2051", "FLOAT16[2] 2048 2052"),
        new Conversion("INT32[2] 257 259", "BFLOAT16[2] 256 260"),
        // A tie of BFLOAT16 plus 1: rounding to double first would lose the 1.
        new Conversion(
            "INT64[2] 1157425104234217473 -1157425104234217473",
            "BFLOAT16[2] 1161928703861587968 -1161928703861587968"),
        new Conversion("UINT64[1] 9259400833873739777", "BFLOAT16[1] 9295429630892703744"));
  }
}
