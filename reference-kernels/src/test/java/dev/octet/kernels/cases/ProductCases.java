package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.dialect.IntegerDialect;
import java.util.stream.Stream;

/** Convolutions and matrix products of floats and of 8-bit integers; every sum is exact. */
final class ProductCases {

  private static final long[][][] MATRICES = {
    {{2, 3}, {3, 4}},
    {{1, 1}, {1, 1}},
    {{3}, {3}},
    {{3}, {3, 2}},
    {{2, 3}, {3}},
    {{2, 1, 2, 3}, {4, 3, 2}},
    {{5, 2, 3}, {3, 7}},
    {{0, 3}, {3, 2}},
    {{2, 0}, {0, 3}},
    {{7, 9}, {9, 8}},
    {{65, 130}, {130, 33}}
  };

  /** A convolution: sizes of images and weights, and the attributes. */
  private record Convolution(
      long[] x, long[] w, int group, long[] strides, long[] pads, long[] dilations) {

    static Convolution of(long[] x, long... w) {
      return new Convolution(
          x, w, 1, new long[] {1, 1}, new long[] {0, 0, 0, 0}, new long[] {1, 1});
    }

    Convolution in(int groups) {
      return new Convolution(x, w, groups, strides, pads, dilations);
    }

    Convolution striding(long... by) {
      return new Convolution(x, w, group, by, pads, dilations);
    }

    Convolution padded(long... by) {
      return new Convolution(x, w, group, strides, by, dilations);
    }

    Convolution dilated(long... by) {
      return new Convolution(x, w, group, strides, pads, by);
    }

    OperatorCase with(OperatorCase node) {
      return node.integer("group", group)
          .integers("strides", strides)
          .integers("pads", pads)
          .integers("dilations", dilations);
    }

    Integers of(Integers images, Integers weights) {
      return Integers.convolution(images, weights, group, strides, pads, dilations);
    }
  }

  private ProductCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            Stream.of(MATRICES).flatMap(pair -> matrixProducts(pair[0], pair[1])),
            convolutions().flatMap(ProductCases::convolutionsOf),
            gemms(),
            byHand())
        .flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> matrixProducts(long[] a, long[] b) {
    Integers x = Integers.small(DataType.FLOAT, a);
    Integers y = Integers.small(DataType.FLOAT, b);
    OperatorCase floats =
        OperatorCase.of("MatMul", 13)
            .input(x.tensor(DataType.FLOAT))
            .input(y.tensor(DataType.FLOAT))
            .gives(Integers.matMul(x, y).tensor(DataType.FLOAT));
    return Stream.concat(
        Stream.of(floats),
        Stream.of(DataType.INT8, DataType.UINT8)
            .flatMap(type -> integerMatrixProducts(type, a, b)));
  }

  private static Stream<OperatorCase> integerMatrixProducts(DataType type, long[] a, long[] b) {
    Integers x = Integers.small(type, a);
    Integers y = Integers.small(DataType.INT8, b);
    Integers sums = Integers.matMul(x.minus(5), y.minus(-3));
    return Stream.of(
        OperatorCase.of("MatMulInteger", 10)
            .input(x.tensor(type))
            .constant(y.tensor(DataType.INT8))
            .constant(type + "[] 5")
            .constant("INT8[] -3")
            .gives(sums.tensor(DataType.INT32)),
        OperatorCase.of("MatMulInteger", 10)
            .input(x.tensor(type))
            .input(y.tensor(DataType.INT8))
            .gives(Integers.matMul(x, y).tensor(DataType.INT32)),
        OperatorCase.of("QLinearMatMul", 10)
            .input(x.tensor(type))
            .constant("FLOAT[] 0.5")
            .constant(type + "[] 5")
            .constant(y.tensor(DataType.INT8))
            .constant("FLOAT[] 0.25")
            .constant("INT8[] -3")
            .constant("FLOAT[] 2")
            .constant("UINT8[] 100")
            .gives(sums.requantized(1 / 16.0, 100, DataType.UINT8).tensor(DataType.UINT8)));
  }

  private static Stream<Convolution> convolutions() {
    return Stream.of(
        Convolution.of(new long[] {1, 1, 1, 1}, 1, 1, 1, 1),
        Convolution.of(new long[] {2, 3, 5, 6}, 4, 3, 3, 2),
        Convolution.of(new long[] {0, 3, 5, 6}, 4, 3, 3, 2),
        Convolution.of(new long[] {1, 4, 7, 8}, 6, 2, 3, 3).in(2).padded(1, 1, 1, 1),
        Convolution.of(new long[] {1, 5, 9, 9}, 5, 1, 3, 3).in(5).padded(1, 1, 1, 1),
        Convolution.of(new long[] {1, 3, 6, 9}, 6, 1, 2, 3).in(3).striding(2, 1),
        Convolution.of(new long[] {1, 2, 9, 8}, 3, 2, 3, 3).striding(2, 3).padded(2, 0, 1, 1),
        Convolution.of(new long[] {1, 2, 9, 8}, 3, 2, 3, 2).dilated(2, 3).padded(0, 1, 0, 2),
        Convolution.of(new long[] {2, 8, 7, 9}, 9, 8, 1, 1),
        Convolution.of(new long[] {1, 8, 7, 9}, 9, 8, 1, 1).striding(2, 2),
        Convolution.of(new long[] {1, 16, 23, 21}, 17, 16, 3, 3).padded(1, 1, 1, 1));
  }

  private static Stream<OperatorCase> convolutionsOf(Convolution convolution) {
    Integers x = Integers.small(DataType.FLOAT, convolution.x);
    Integers w = Integers.small(DataType.FLOAT, convolution.w);
    OperatorCase floats =
        OperatorCase.of("Conv", 11)
            .input(x.tensor(DataType.FLOAT))
            .input(w.tensor(DataType.FLOAT))
            .input("FLOAT[" + convolution.w[0] + "]" + " 3".repeat((int) convolution.w[0]))
            .gives(convolution.of(x, w).plusAlong(1, 3).tensor(DataType.FLOAT));
    return Stream.concat(
        Stream.of(convolution.with(floats)),
        Stream.of(DataType.INT8, DataType.UINT8)
            .flatMap(type -> integerConvolutions(convolution, type)));
  }

  private static Stream<OperatorCase> integerConvolutions(Convolution convolution, DataType type) {
    Integers x = Integers.small(type, convolution.x);
    Integers w = Integers.small(DataType.INT8, convolution.w);
    Integers sums = convolution.of(x.minus(4), w);
    int channels = (int) convolution.w[0];
    OperatorCase sum =
        OperatorCase.of("ConvInteger", 10)
            .input(x.tensor(type))
            .constant(w.tensor(DataType.INT8))
            .constant(type + "[] 4")
            .gives(sums.tensor(DataType.INT32));
    OperatorCase requantized =
        OperatorCase.of("QLinearConv", 10)
            .input(x.tensor(type))
            .constant("FLOAT[] 0.5")
            .constant(type + "[] 4")
            .constant(w.tensor(DataType.INT8))
            .constant("FLOAT[" + channels + "]" + " 0.125".repeat(channels))
            .constant("INT8[" + channels + "]" + " 0".repeat(channels))
            .constant("FLOAT[] 4")
            .constant("INT8[] -7")
            .constant("INT32[" + channels + "]" + " 33".repeat(channels))
            .gives(
                sums.plusAlong(1, 33)
                    .requantized(1 / 64.0, -7, DataType.INT8)
                    .tensor(DataType.INT8));
    return Stream.of(convolution.with(sum), convolution.with(requantized));
  }

  private static Stream<OperatorCase> gemms() {
    Integers a = Integers.small(DataType.FLOAT, 7, 9);
    Integers b = Integers.small(DataType.FLOAT, 9, 5);
    Tensor product = Integers.matMul(a, b).plusAlong(1, 1, -2, 3, -4, 5).tensor(DataType.FLOAT);
    return Stream.of(
        OperatorCase.of("Gemm", 13)
            .input(a.tensor(DataType.FLOAT))
            .constant(b.tensor(DataType.FLOAT))
            .constant("FLOAT[5] 1 -2 3 -4 5")
            .gives(product),
        gemm("FLOAT[1,2] 1 2", "FLOAT[2,2] 1 2 3 4", "FLOAT[1,2] 7 10"),
        gemm("FLOAT[2,1] 1 2", "FLOAT[2,2] 1 2 3 4", "FLOAT[1,2] 7 10").integer("transA", 1),
        gemm("FLOAT[1,2] 1 2", "FLOAT[2,2] 1 2 3 4", "FLOAT[1,2] 5 11").integer("transB", 1),
        gemm("FLOAT[2,1] 1 2", "FLOAT[3,1] 1 0 -1", "FLOAT[2,3] 1.5 0.5 -0.5 3 1 -1")
            .input("FLOAT[2,1] 2 4")
            .integer("transB", 1)
            .real("beta", 0.25f),
        gemm("FLOAT[1,1] 3", "FLOAT[1,2] 1 NaN", "FLOAT[1,2] 11.5 NaN")
            .input("FLOAT[] 10")
            .real("alpha", 0.5f),
        gemm("FLOAT[0,2]", "FLOAT[2,3] 1 2 3 4 5 6", "FLOAT[0,3]"),
        gemm("FLOAT[1,0]", "FLOAT[0,2]", "FLOAT[1,2] 5 6").input("FLOAT[2] 5 6"),
        quantizedGemm("INT8[1,2] 3 4", "INT8[2,2] 1 2 3 4")
            .constant("FLOAT[] 0.5")
            .constant("INT8[] 1")
            .gives("INT8[1,2] 7 9"),
        quantizedGemm("INT8[1,2] 3 4", "INT8[2,2] 1 2 3 4").gives("FLOAT[1,2] 3 3.75"),
        quantizedGemm("INT8[2,1] 3 4", "INT8[2,2] 1 3 2 4")
            .integer("transA", 1)
            .integer("transB", 1)
            .real("alpha", 2)
            .gives("FLOAT[1,2] 6 7.5"));
  }

  private static OperatorCase gemm(String a, String b, String y) {
    return OperatorCase.of("Gemm", 13).input(a).input(b).gives(y);
  }

  /** Scales of 1/2, a zero point of 1 on the left: sums 11 and 16, with C 12 and 15. */
  private static OperatorCase quantizedGemm(String a, String b) {
    return OperatorCase.of(new OpType("com.microsoft", "QGemm"))
        .input(a)
        .constant("FLOAT[] 0.5")
        .constant("INT8[] 1")
        .constant(b)
        .constant("FLOAT[] 0.5")
        .constant("INT8[] 0")
        .constant("INT32[2] 1 -1");
  }

  private static Stream<OperatorCase> byHand() {
    return Stream.of(
        OperatorCase.of("Conv", 11)
            .input("FLOAT[1,1,4] 1 2 3 4")
            .constant("FLOAT[1,1,2] 1 10")
            .gives("FLOAT[1,1,3] 21 32 43"),
        conv1d("SAME_UPPER", "FLOAT[1,1,4] 21 32 43 4"),
        conv1d("SAME_LOWER", "FLOAT[1,1,4] 10 21 32 43"),
        conv1d("VALID", "FLOAT[1,1,3] 21 32 43"),
        OperatorCase.of("Conv", 11)
            .input("FLOAT[1,1,2,2,2] 1 2 3 4 5 6 7 8")
            .constant("FLOAT[1,1,2,1,2] 1 10 100 1000")
            .gives("FLOAT[1,1,1,2,1] 6521 8743"),
        OperatorCase.of("Conv", 11)
            .input("FLOAT[1,1,3] 1 NaN Infinity")
            .constant("FLOAT[1,1,1] 0")
            .gives("FLOAT[1,1,3] 0 NaN NaN"),
        OperatorCase.of("MatMul", 9)
            .input("FLOAT[1,2] Infinity 1")
            .input("FLOAT[2,2] 1 0 1 1")
            .gives("FLOAT[1,2] Infinity NaN"),
        // The scale of 127 and -3 is 1; (127 * (130 - 128) - 3 * (133 - 128)) * 0.5 + 0.5.
        OperatorCase.of(IntegerDialect.MATMUL_N_BITS)
            .input("FLOAT[1,2] 127 -3")
            .constant("UINT8[1,1,16] 130 133 0 0 0 0 0 0 0 0 0 0 0 0 0 0")
            .constant("FLOAT[1] 0.5")
            .absent()
            .absent()
            .constant("FLOAT[1] 0.5")
            .integer("K", 2)
            .integer("N", 1)
            .integer("bits", 8)
            .integer("block_size", 16)
            .integer("accuracy_level", 4)
            .gives("FLOAT[1,1] 120"),
        // Zero points by column of the right operand.
        OperatorCase.of("MatMulInteger", 10)
            .input("UINT8[1,2] 255 1")
            .constant("INT8[2,2] -128 127 0 0")
            .absent()
            .constant("INT8[2] 0 127")
            .gives("INT32[1,2] -32640 -127"),
        // Blocks of two k: (1 - 1 + 2 - 1) * 1 * 0.5, (3 - 1) * 2 * 4.
        OperatorCase.of(IntegerDialect.MATMUL_TO_FLOAT)
            .input("INT8[1,3] 1 2 3")
            .input("FLOAT[1,1] 1")
            .input("INT8[1,1] 1")
            .constant("INT4[3,1] 1 1 2")
            .constant("FLOAT[2,1] 0.5 4")
            .integer("block_size", 2)
            .gives("FLOAT[1,1] 16.5"),
        OperatorCase.of("ConvInteger", 10)
            .input("UINT8[1,1,1,3] 0 255 128")
            .constant("UINT8[2,1,1,1] 255 0")
            .constant("UINT8[] 128")
            .constant("UINT8[2] 0 255")
            .gives("INT32[1,2,1,3] -32640 32385 0 32640 -32385 0"));
  }

  private static OperatorCase conv1d(String autoPad, String y) {
    return OperatorCase.of("Conv", 11)
        .input("FLOAT[1,1,4] 1 2 3 4")
        .constant("FLOAT[1,1,2] 1 10")
        .text("auto_pad", autoPad)
        .gives(y);
  }
}
