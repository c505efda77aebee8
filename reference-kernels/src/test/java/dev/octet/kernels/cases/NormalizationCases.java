package dev.octet.kernels.cases;

import dev.octet.api.graph.Tensor;
import java.util.stream.Stream;

/** Normalisations, and softmax and its logarithm. */
final class NormalizationCases {

  private static final int ROW = 1_000;

  private NormalizationCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(batches(), layers(), softmaxes(), logSoftmaxes(), rows())
        .flatMap(cases -> cases);
  }

  /** Channel 0: (x - 0.5) * 2 / 2 + 1; channel 1: (x + 1) * 3 / 1 - 1. */
  private static OperatorCase batch(String x) {
    return OperatorCase.of("BatchNormalization", 9)
        .input(x)
        .constant("FLOAT[2] 2 3")
        .constant("FLOAT[2] 1 -1")
        .constant("FLOAT[2] 0.5 -1")
        .constant("FLOAT[2] 3 0")
        .real("epsilon", 1);
  }

  private static Stream<OperatorCase> batches() {
    return Stream.of(
        batch("FLOAT[2,2,2] 0 1 0 1 2 3 2 NaN").gives("FLOAT[2,2,2] 0.5 1.5 2 5 2.5 3.5 8 NaN"),
        batch("FLOAT[1,2] 4 -1").gives("FLOAT[1,2] 4.5 -1"),
        batch("FLOAT[0,2,3,3]").gives("FLOAT[0,2,3,3]"),
        batch("FLOAT[1,2,1,1,1] Infinity 0").gives("FLOAT[1,2,1,1,1] Infinity 2"),
        elements(7, "FLOAT[2,2,1,2] 0 1 2 3 4 5 6 NaN", "2,1,2")
            .gives("FLOAT[2,2,1,2] 1 2 -1 1 9 10 3 NaN"),
        elements(8, "FLOAT[1,4] 0 1 2 3", "4").gives("FLOAT[1,4] 1 2 -1 1"),
        elements(8, "FLOAT[0,2,2]", "2,2").gives("FLOAT[0,2,2]"));
  }

  /** Scales 2 2 1 1, biases 1 0 -1 1, means 0 0 2 3, variances 0 0 0 3: a of 2 2 1 0.5. */
  private static OperatorCase elements(long opset, String x, String sizes) {
    return OperatorCase.of("BatchNormalization", opset)
        .input(x)
        .constant("FLOAT[" + sizes + "] 2 2 1 1")
        .constant("FLOAT[" + sizes + "] 1 0 -1 1")
        .constant("FLOAT[" + sizes + "] 0 0 2 3")
        .constant("FLOAT[" + sizes + "] 0 0 0 3")
        .real("epsilon", 1)
        .integer("spatial", 0);
  }

  private static Stream<OperatorCase> layers() {
    return Stream.of(
        layer("FLOAT[2,2] 1 3 -2 2", "FLOAT[2] 1 2").gives("FLOAT[2,2] -1 2 -1 2"),
        layer("FLOAT[2,2] 1 3 -2 2", "FLOAT[2] 1 2")
            .constant("FLOAT[2] 10 20")
            .gives("FLOAT[2,2] 9 22 9 22", "FLOAT[2,1] 2 0", "FLOAT[2,1] 1 0.5"),
        layer("FLOAT[2,2] 1 3 3 1", "FLOAT[2,2] 1 2 3 4")
            .integer("axis", 0)
            .gives("FLOAT[2,2] -1 2 3 -4"),
        layer("FLOAT[1,2,1] 1 3", "FLOAT[1] 5").integer("axis", -2).gives("FLOAT[1,2,1] -5 5"),
        layer("FLOAT[1,2] 1 NaN", "FLOAT[2] 1 2").gives("FLOAT[1,2] NaN NaN"),
        layer("FLOAT[0,2]", "FLOAT[2] 1 2").gives("FLOAT[0,2]"));
  }

  private static OperatorCase layer(String x, String scale) {
    return OperatorCase.of("LayerNormalization", 17).input(x).constant(scale).real("epsilon", 0);
  }

  private static Stream<OperatorCase> softmaxes() {
    return Stream.of(
        softmax(13, "FLOAT[2,2] 0 0 5 5", "FLOAT[2,2] 0.5 0.5 0.5 0.5"),
        softmax(13, "FLOAT[3] -Infinity 7 -Infinity", "FLOAT[3] 0 1 0"),
        softmax(13, "FLOAT[2] NaN 1", "FLOAT[2] NaN NaN"),
        softmax(13, "FLOAT[2] 1e30 1e30", "FLOAT[2] 0.5 0.5"),
        softmax(13, "FLOAT[1] -9", "FLOAT[1] 1"),
        softmax(13, "FLOAT[2,0]", "FLOAT[2,0]"),
        softmax(13, "FLOAT[2,2] 1 200 1 200", "FLOAT[2,2] 0.5 0.5 0.5 0.5").integer("axis", 0),
        softmax(13, "FLOAT[2,2] 1 200 1 200", "FLOAT[2,2] 0.5 0.5 0.5 0.5").integer("axis", -2),
        // Before operator set 13, all dimensions from the axis on are one.
        softmax(11, "FLOAT[1,2,2] 3 3 3 3", "FLOAT[1,2,2] 0.25 0.25 0.25 0.25"),
        softmax(11, "FLOAT[2,2] 3 3 3 3", "FLOAT[2,2] 0.25 0.25 0.25 0.25").integer("axis", 0),
        softmax(11, "FLOAT[1,2,2] 3 3 3 3", "FLOAT[1,2,2] 0.5 0.5 0.5 0.5").integer("axis", 2));
  }

  private static OperatorCase softmax(long opset, String x, String y) {
    return OperatorCase.of("Softmax", opset).input(x).gives(y);
  }

  private static Stream<OperatorCase> logSoftmaxes() {
    String half = "-0.69314718";
    return Stream.of(
        OperatorCase.of("LogSoftmax", 13)
            .input("FLOAT[2,2] 0 0 1e30 1e30")
            .gives("FLOAT[2,2] " + (half + " ").repeat(4)),
        OperatorCase.of("LogSoftmax", 13)
            .input("FLOAT[2] -Infinity 7")
            .gives("FLOAT[2] -Infinity 0"),
        OperatorCase.of("LogSoftmax", 11)
            .input("FLOAT[1,2,1] 4 4")
            .gives("FLOAT[1,2,1] " + half + " " + half),
        OperatorCase.of("LogSoftmax", 13)
            .input("FLOAT[2,1] 4 4")
            .integer("axis", 0)
            .gives("FLOAT[2,1] " + half + " " + half));
  }

  /** Long rows, by the plain formulas in double. */
  private static Stream<OperatorCase> rows() {
    float[] x = new float[ROW];
    double sum = 0;
    double squares = 0;
    double exponentials = 0;
    for (int i = 0; i < ROW; i++) {
      x[i] = i * 37 % 101 / 16f - 3;
      sum += x[i];
      squares += (double) x[i] * x[i];
      exponentials += Math.exp(x[i]);
    }
    double mean = sum / ROW;
    double deviation = Math.sqrt(squares / ROW - mean * mean + (double) 1e-5f);
    float[] normalised = new float[ROW];
    float[] shares = new float[ROW];
    float[] logarithms = new float[ROW];
    for (int i = 0; i < ROW; i++) {
      normalised[i] = (float) ((x[i] - mean) / deviation * 2);
      shares[i] = (float) (Math.exp(x[i]) / exponentials);
      logarithms[i] = (float) (x[i] - Math.log(exponentials));
    }
    Tensor row = Tensor.of(x, 1, ROW);
    return Stream.of(
        OperatorCase.of("LayerNormalization", 17)
            .input(row)
            .constant("FLOAT[1] 2")
            .gives(Tensor.of(normalised, 1, ROW))
            .within(1),
        OperatorCase.of("Softmax", 13).input(row).gives(Tensor.of(shares, 1, ROW)).within(1),
        OperatorCase.of("LogSoftmax", 13)
            .input(row)
            .gives(Tensor.of(logarithms, 1, ROW))
            .within(1));
  }
}
