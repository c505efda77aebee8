package dev.octet.kernels.cases;

import static java.util.stream.Collectors.joining;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Operators on quantized integers other than products; scales are powers of two, so that every step
 * is exact.
 */
final class QuantizedCases {

  private QuantizedCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            quantize(),
            dequantize(),
            dynamic(),
            binary(),
            readings(),
            means(),
            choices(),
            functions())
        .flatMap(cases -> cases);
  }

  private static OperatorCase microsoft(String name) {
    return OperatorCase.of(new OpType("com.microsoft", name));
  }

  private static OperatorCase octet(String name) {
    return OperatorCase.of(new OpType("dev.octet", name));
  }

  private static Stream<OperatorCase> quantize() {
    String x = "FLOAT[7] 0.25 0.75 1.25 -0.25 Infinity -Infinity 3";
    return Stream.of(
        // 0.5, 1.5, 2.5, -0.5 and 6 steps, ties to even, then the zero point.
        OperatorCase.of("QuantizeLinear", 10)
            .input(x)
            .constant("FLOAT[] 0.5")
            .constant("UINT8[] 1")
            .gives("UINT8[7] 1 3 3 1 255 0 7"),
        microsoft("QuantizeLinear")
            .input(x)
            .constant("FLOAT[] 0.5")
            .constant("INT8[] -1")
            .gives("INT8[7] -1 1 1 -1 127 -128 5"),
        OperatorCase.of("QuantizeLinear", 13)
            .input("FLOAT[2,2] 1 2 3 4")
            .constant("FLOAT[2] 1 0.5")
            .constant("INT8[2] 0 -8")
            .integer("axis", 0)
            .gives("INT8[2,2] 1 2 -2 0"),
        OperatorCase.of("QuantizeLinear", 13)
            .input("FLOAT[2,2] 1 2 3 4")
            .constant("FLOAT[2] 1 0.5")
            .constant("INT8[2] 0 -8")
            .integer("axis", -1)
            .gives("INT8[2,2] 1 -4 3 0"),
        microsoft("QuantizeLinear")
            .input("FLOAT[2,2] 1 2 3 4")
            .constant("FLOAT[2] 1 0.5")
            .constant("UINT8[2] 0 8")
            .integer("axis", 1)
            .gives("UINT8[2,2] 1 12 3 16"),
        OperatorCase.of("QuantizeLinear", 21)
            .input("FLOAT[1,4] -20 1 2 20")
            .constant("FLOAT[1,2] 1 0.5")
            .constant("INT4[1,2] 0 1")
            .integer("axis", 1)
            .integer("block_size", 2)
            .gives("INT4[1,4] -8 1 5 7"),
        OperatorCase.of("QuantizeLinear", 13)
            .input("FLOAT[0]")
            .constant("FLOAT[] 0.5")
            .gives("UINT8[0]"));
  }

  private static Stream<OperatorCase> dequantize() {
    return Stream.of(
        OperatorCase.of("DequantizeLinear", 10)
            .input("UINT8[3] 0 128 255")
            .constant("FLOAT[] 0.5")
            .constant("UINT8[] 128")
            .gives("FLOAT[3] -64 0 63.5"),
        OperatorCase.of("DequantizeLinear", 13)
            .input("INT8[2,2] -128 127 1 2")
            .constant("FLOAT[2] 1 0.25")
            .constant("INT8[2] 0 1")
            .integer("axis", -1)
            .gives("FLOAT[2,2] -128 31.5 1 0.25"),
        OperatorCase.of("DequantizeLinear", 13)
            .input("INT32[2] -2147483648 7")
            .constant("FLOAT[] 0.5")
            .gives("FLOAT[2] -1073741824 3.5"),
        OperatorCase.of("DequantizeLinear", 21)
            .input("UINT4[4,1] 0 15 8 1")
            .constant("FLOAT[2,1] 1 2")
            .constant("UINT4[2,1] 8 0")
            .integer("axis", 0)
            .integer("block_size", 2)
            .gives("FLOAT[4,1] -8 7 16 2"),
        microsoft("DequantizeLinear")
            .input("INT8[2,2] -128 127 1 2")
            .constant("FLOAT[2] 1 0.25")
            .constant("INT8[2] 0 1")
            .integer("axis", 0)
            .gives("FLOAT[2,2] -128 127 0 0.25"),
        microsoft("DequantizeLinear")
            .input("UINT8[0]")
            .constant("FLOAT[] 1")
            .constant("UINT8[] 1")
            .gives("FLOAT[0]"));
  }

  private static Stream<OperatorCase> dynamic() {
    return Stream.of(
        dynamic("FLOAT[3] 0 127.5 1", "UINT8[3] 0 255 2", "0.5", "0"),
        dynamic("FLOAT[3] -64 63.5 0.25", "UINT8[3] 0 255 128", "0.5", "128"),
        dynamic("FLOAT[2,1] -255 -1", "UINT8[2,1] 0 254", "1", "255"),
        dynamic("FLOAT[2] 0 -0.0", "UINT8[2] 0 0", "1", "0"),
        dynamic("FLOAT[0]", "UINT8[0]", "1", "0"));
  }

  private static OperatorCase dynamic(String x, String y, String scale, String zeroPoint) {
    return OperatorCase.of("DynamicQuantizeLinear", 11)
        .input(x)
        .gives(y, "FLOAT[] " + scale, "UINT8[] " + zeroPoint);
  }

  private static Stream<OperatorCase> binary() {
    return Stream.of(
        // 0.5, 1.25 and -0.5 are 1, 2.5 and -1 steps; the zero point is added before rounding.
        operands(
                microsoft("QLinearAdd"), "INT8[3] 1 2 -3", "0.5", "0", "INT8[3] 2 3 6", "0.25", "2")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] -1")
            .gives("INT8[3] 0 2 -2"),
        operands(microsoft("QLinearAdd"), "INT8[2,1] 1 127", "1", "0", "INT8[2] 1 127", "1", "0")
            .constant("FLOAT[] 1")
            .constant("UINT8[] 100")
            .gives("UINT8[2,2] 102 228 228 255"),
        // (a - 1) * b steps of 1/4.
        operands(
                microsoft("QLinearMul"),
                "INT8[3] 2 3 -4",
                "0.5",
                "1",
                "INT8[3] 4 127 20",
                "0.5",
                "0")
            .constant("FLOAT[] 0.25")
            .constant("INT8[] 3")
            .gives("INT8[3] 7 127 -97"),
        operands(microsoft("QLinearMul"), "INT8[2] 1 3", "1", "0", "INT8[] 5", "1", "0")
            .constant("FLOAT[] 2")
            .constant("INT8[] 0")
            .gives("INT8[2] 2 8"),
        operands(microsoft("QLinearMul"), "INT8[0]", "1", "0", "INT8[1] 5", "1", "0")
            .constant("FLOAT[] 2")
            .constant("INT8[] 0")
            .gives("INT8[0]"));
  }

  /** Of 0.5, 1 and -1.5, and 0, 0.25 and 1; the zero point is added after rounding. */
  private static OperatorCase pairs(String op) {
    return operands(octet(op), "INT8[3] 1 2 -3", "0.5", "0", "INT8[3] 2 3 6", "0.25", "2")
        .constant("FLOAT[] 0.5")
        .constant("INT8[] -1");
  }

  private static Stream<OperatorCase> readings() {
    return Stream.of(
        pairs("QLinearSub").gives("INT8[3] 0 1 -6"),
        pairs("QLinearMax").gives("INT8[3] 0 1 1"),
        pairs("QLinearMin").gives("INT8[3] -1 -1 -4"),
        pairs("QLinearPRelu").gives("INT8[3] 0 1 -4"),
        // 3 / 1, -3 / 0.5, 0.5 / 0, 0 / 0 and 1.5 / -0.5 in steps of a half.
        operands(
                octet("QLinearDiv"),
                "INT8[5] 6 -6 1 0 3",
                "0.5",
                "0",
                "INT8[5] 4 2 0 0 -2",
                "0.25",
                "0")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] 1")
            .gives("INT8[5] 7 -11 127 -128 -5"),
        operands(octet("QLinearSub"), "INT8[0]", "1", "0", "INT8[1] 5", "1", "0")
            .constant("FLOAT[] 2")
            .constant("INT8[] 0")
            .gives("INT8[0]"));
  }

  private static OperatorCase operands(
      OperatorCase node,
      String a,
      String aScale,
      String aZero,
      String b,
      String bScale,
      String bZero) {
    return node.input(a)
        .constant("FLOAT[] " + aScale)
        .constant("INT8[] " + aZero)
        .input(b)
        .constant("FLOAT[] " + bScale)
        .constant("INT8[] " + bZero);
  }

  private static Stream<OperatorCase> means() {
    return Stream.of(
        // 1.75 is 7 steps.
        rescaled(microsoft("QLinearAveragePool"), "UINT8[1,1,2,2] 1 2 3 5", "1", "0.25", "10")
            .integers("kernel_shape", 2, 2)
            .gives("UINT8[1,1,1,1] 17"),
        rescaled(microsoft("QLinearAveragePool"), "UINT8[1,1,1,2] 3 5", "1", "1", "0")
            .integers("kernel_shape", 1, 2)
            .integers("pads", 0, 1, 0, 0)
            .gives("UINT8[1,1,1,2] 2 3"),
        rescaled(microsoft("QLinearAveragePool"), "UINT8[1,1,1,2] 3 5", "1", "1", "0")
            .integers("kernel_shape", 1, 2)
            .integers("pads", 0, 1, 0, 0)
            .integer("count_include_pad", 1)
            .gives("UINT8[1,1,1,2] 1 3"),
        // Means 1 and 6.5 are 2 and 13 steps.
        rescaled(microsoft("QLinearGlobalAveragePool"), "UINT8[1,2,1,2] 1 3 7 8", "1", "0.5", "1")
            .gives("UINT8[1,2,1,1] 3 14"),
        rescaled(microsoft("QLinearGlobalAveragePool"), "UINT8[1,1,2,2] 1 7 3 8", "1", "0.5", "1")
            .integer("channels_last", 1)
            .gives("UINT8[1,1,1,2] 3 14"),
        rescaled(microsoft("QLinearReduceMean"), "UINT8[2,2] 1 4 255 255", "1", "1", "0")
            .integers("axes", -1)
            .integer("keepdims", 0)
            .gives("UINT8[2] 2 254"),
        rescaled(microsoft("QLinearReduceMean"), "UINT8[2,2] 1 5 3 7", "1", "0.5", "5")
            .integers("axes", 0)
            .gives("UINT8[1,2] 7 15"),
        // The sums above the zero points are 2 and 10: 1 and 5 steps of 2.
        rescaled(octet("QLinearReduceSum"), "UINT8[2,2] 1 5 3 7", "1", "2", "5")
            .integers("axes", 0)
            .gives("UINT8[1,2] 6 10"),
        rescaled(octet("QLinearReduceSum"), "UINT8[2,2] 1 4 255 255", "1", "2", "0")
            .integer("keepdims", 0)
            .gives("UINT8[] 255"));
  }

  /** The operands of a function of one UINT8 operand whose zero point is 1. */
  private static OperatorCase rescaled(
      OperatorCase node, String x, String xScale, String yScale, String yZero) {
    return node.input(x)
        .constant("FLOAT[] " + xScale)
        .constant("UINT8[] 1")
        .constant("FLOAT[] " + yScale)
        .constant("UINT8[] " + yZero);
  }

  private static Stream<OperatorCase> choices() {
    return Stream.of(
        microsoft("QLinearConcat")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] 7")
            .input("INT8[1,2] -128 7")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] 7")
            .input("INT8[1,3] 0 1 100")
            .constant("FLOAT[] 2")
            .constant("INT8[] 0")
            .integer("axis", -1)
            .gives("INT8[1,5] -128 7 7 11 127"),
        microsoft("QLinearWhere")
            .input("BOOL[2,1] true false")
            .input("INT8[2] 1 3")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] 0")
            .input("INT8[] 10")
            .constant("FLOAT[] 2")
            .constant("INT8[] 0")
            .constant("FLOAT[] 1")
            .constant("INT8[] 5")
            .gives("INT8[2,2] 5 7 25 25"));
  }

  private static OperatorCase function(String operator) {
    return octet("QLinearFunction").text("function", operator);
  }

  private static Stream<OperatorCase> functions() {
    return Stream.of(
        // Shares of a quarter, of 1 and of 0, in steps of 1/256.
        rescaled(
                microsoft("QLinearSoftmax"),
                "UINT8[2,4] 9 9 9 9 0 255 0 0",
                "0.5",
                "0.00390625",
                "0")
            .integer("axis", -1)
            .integer("opset", 13)
            .gives("UINT8[2,4] 64 64 64 64 0 255 0 0"),
        rescaled(microsoft("QLinearSoftmax"), "UINT8[1,2,2] 9 9 9 9", "0.5", "0.00390625", "3")
            .integer("axis", 1)
            .integer("opset", 12)
            .gives("UINT8[1,2,2] 67 67 67 67"),
        rescaled(microsoft("QLinearSigmoid"), "UINT8[3] 1 255 0", "0.5", "0.00390625", "0")
            .gives("UINT8[3] 128 255 97"),
        rescaled(microsoft("QLinearLeakyRelu"), "UINT8[4] 1 5 0 255", "0.5", "0.25", "10")
            .real("alpha", 0.5f)
            .gives("UINT8[4] 10 18 9 255"),
        // 0, 1.125, 3, 6 and 127 in steps of 1/8; nothing below the smallest integer, 0.
        rescaled(function("HardSwish"), "UINT8[6] 1 4 7 13 255 0", "0.5", "0.125", "0")
            .gives("UINT8[6] 0 9 24 48 255 0"),
        // 0, 1, 2 and 127 by themselves, squared in steps of 1/2.
        rescaled(function("Pow"), "UINT8[5] 1 3 5 255 0", "0.5", "0.5", "0")
            .real("exponent", 2)
            .gives("UINT8[5] 0 2 8 255 0"),
        // Log of 0 is beyond the least integer, of a negative number no number: the least one, too.
        rescaled(function("Log"), "UINT8[4] 1 3 0 5", "0.5", "0.25", "9")
            .gives("UINT8[4] 0 9 0 12"),
        rescaled(octet("Requantize"), "UINT8[5] 1 2 3 4 0", "0.5", "1", "10")
            .gives("UINT8[5] 10 10 11 12 10"),
        rescaled(octet("Requantize"), "UINT8[0]", "0.5", "1", "10").gives("UINT8[0]"),
        lookup("INT8[2,3] -128 -1 0 1 126 127", "UINT8", 0)
            .gives("UINT8[2,3] 0 127 128 129 254 255"),
        lookup("UINT8[4] 0 1 128 255", "INT8", -128).gives("INT8[4] -128 -127 0 127"),
        lookup("UINT8[0]", "UINT8", 0).gives("UINT8[0]"));
  }

  /** A table whose entries are the places in it, counted from the least integer. */
  private static OperatorCase lookup(String x, String type, int least) {
    String entries =
        IntStream.range(least, least + 256).mapToObj(Integer::toString).collect(joining(" "));
    return OperatorCase.of(IntegerDialect.LOOKUP).input(x).constant(type + "[256] " + entries);
  }
}
