package dev.octet.kernels.cases;

import java.util.stream.Stream;

/** Poolings over windows and over whole images. */
final class PoolingCases {

  private static final String SIXTEEN = "[1,1,4,4] 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16";

  private PoolingCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(averages(), maxima(), maximaWithIndices(), global()).flatMap(cases -> cases);
  }

  private static OperatorCase pool(String op, String x, long... kernel) {
    return OperatorCase.of(op, 19).input(x).integers("kernel_shape", kernel);
  }

  private static Stream<OperatorCase> averages() {
    String corner = "FLOAT" + SIXTEEN;
    return Stream.of(
        pool("AveragePool", corner, 2, 2)
            .integers("strides", 2, 2)
            .gives("FLOAT[1,1,2,2] 3.5 5.5 11.5 13.5"),
        pool("AveragePool", corner, 2, 2)
            .integers("strides", 2, 2)
            .integers("pads", 1, 1, 0, 0)
            .gives("FLOAT[1,1,2,2] 1 2.5 7 8.5"),
        pool("AveragePool", corner, 2, 2)
            .integers("strides", 2, 2)
            .integers("pads", 1, 1, 0, 0)
            .integer("count_include_pad", 1)
            .gives("FLOAT[1,1,2,2] 0.25 1.25 3.5 8.5"),
        pool("AveragePool", "FLOAT[1,1,5] 1 2 3 4 5", 2)
            .integers("strides", 2)
            .integer("ceil_mode", 1)
            .gives("FLOAT[1,1,3] 1.5 3.5 5"),
        pool("AveragePool", "FLOAT[1,1,5] 1 2 3 4 5", 2)
            .integers("dilations", 2)
            .gives("FLOAT[1,1,3] 2 3 4"),
        pool("AveragePool", "FLOAT[1,1,3] 1 2 3", 2)
            .text("auto_pad", "SAME_UPPER")
            .gives("FLOAT[1,1,3] 1.5 2.5 3"),
        pool("AveragePool", "FLOAT[1,1,3] 1 2 3", 2)
            .text("auto_pad", "SAME_LOWER")
            .gives("FLOAT[1,1,3] 1 1.5 2.5"),
        pool("AveragePool", "FLOAT[1,2,2,1,2] 1 2 3 4 5 6 7 NaN", 2, 1, 2)
            .gives("FLOAT[1,2,1,1,1] 2.5 NaN"),
        pool("AveragePool", "FLOAT[0,3,4,4]", 2, 2).gives("FLOAT[0,3,3,3]"));
  }

  private static Stream<OperatorCase> maxima() {
    return Stream.of("FLOAT", "INT8", "UINT8", "DOUBLE", "FLOAT16")
        .flatMap(
            type ->
                Stream.of(
                    pool("MaxPool", type + SIXTEEN, 2, 2)
                        .integers("strides", 2, 2)
                        .gives(type + "[1,1,2,2] 6 8 14 16"),
                    pool("MaxPool", type + SIXTEEN, 3, 3)
                        .integers("strides", 2, 2)
                        .integers("pads", 1, 1, 1, 1)
                        .gives(type + "[1,1,2,2] 6 8 14 16"),
                    pool("MaxPool", type + SIXTEEN, 2, 2)
                        .integers("dilations", 2, 3)
                        .gives(type + "[1,1,2,1] 12 16"),
                    pool("MaxPool", type + "[1,1,5] 5 4 3 2 1", 2)
                        .integers("strides", 2)
                        .integer("ceil_mode", 1)
                        .gives(type + "[1,1,3] 5 3 1"),
                    pool("MaxPool", type + "[1,1,3] 1 3 2", 2)
                        .text("auto_pad", "SAME_LOWER")
                        .gives(type + "[1,1,3] 1 3 3"),
                    pool("MaxPool", type + "[2,1,2,2,1] 1 3 2 0 9 8 7 6", 2, 1, 1)
                        .gives(type + "[2,1,1,2,1] 2 3 9 8"),
                    pool("MaxPool", type + "[0,1,3]", 3).gives(type + "[0,1,1]")));
  }

  private static Stream<OperatorCase> maximaWithIndices() {
    return Stream.of(
        pool("MaxPool", "FLOAT[1,1,4] 1 NaN -Infinity 2", 2).gives("FLOAT[1,1,3] NaN NaN 2"),
        pool("MaxPool", "INT8[1,1,3] -128 -128 127", 2)
            .gives("INT8[1,1,2] -128 127", "INT64[1,1,2] 0 2"),
        pool("MaxPool", "FLOAT[1,2,2,2] 1 4 3 2 5 6 8 7", 2, 2)
            .gives("FLOAT[1,2,1,1] 4 8", "INT64[1,2,1,1] 1 6"),
        pool("MaxPool", "FLOAT[1,2,2,2] 1 4 3 2 5 6 8 7", 2, 2)
            .integer("storage_order", 1)
            .gives("FLOAT[1,2,1,1] 4 8", "INT64[1,2,1,1] 2 5"),
        // Padding takes no part, even where every element is the smallest of its type.
        pool("MaxPool", "UINT8[1,1,2] 0 0", 3)
            .integers("pads", 1, 1)
            .gives("UINT8[1,1,2] 0 0", "INT64[1,1,2] 0 0"));
  }

  private static Stream<OperatorCase> global() {
    return Stream.of(
        global("GlobalAveragePool", "FLOAT[2,1,2,2] 1 2 3 4 -1 1 NaN 0", "FLOAT[2,1,1,1] 2.5 NaN"),
        global("GlobalMaxPool", "FLOAT[2,1,2,2] 1 2 3 4 -1 1 NaN 0", "FLOAT[2,1,1,1] 4 NaN"),
        global("GlobalAveragePool", "FLOAT[1,2,3] 1 2 6 -3 -3 -3", "FLOAT[1,2,1] 3 -3"),
        global("GlobalMaxPool", "FLOAT[1,2,3] 1 2 6 -3 -2 -Infinity", "FLOAT[1,2,1] 6 -2"),
        global("GlobalAveragePool", "FLOAT[1,1,1,1,2] 1e38 3e38", "FLOAT[1,1,1,1,1] 2e38"),
        global("GlobalMaxPool", "FLOAT[0,2,3]", "FLOAT[0,2,1]"),
        global("GlobalAveragePool", "FLOAT[0,2,3]", "FLOAT[0,2,1]"));
  }

  private static OperatorCase global(String op, String x, String y) {
    return OperatorCase.of(op, 7).input(x).gives(y);
  }
}
