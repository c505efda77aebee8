package dev.octet.kernels.cases;

import java.util.stream.Stream;

/** Loss functions; values from the reference of ONNX. */
final class LossCases {

  private LossCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(likelihoods(), entropies()).flatMap(cases -> cases);
  }

  private static Stream<OperatorCase> likelihoods() {
    return Stream.of(
        OperatorCase.of("NegativeLogLikelihoodLoss", 13)
            .input(
                "FLOAT[3,2] -1.4700000286102295 0.8899999856948853 -0.28999999165534973 "
                    + "0.3400000035762787 -1.0800000429153442 0.949999988079071")
            .input("INT64[3] 1 0 1")
            .text("reduction", "none")
            .gives("FLOAT[3] -0.8899999856948853 0.28999999165534973 -0.949999988079071")
            .within(64),
        OperatorCase.of("NegativeLogLikelihoodLoss", 13)
            .input(
                "FLOAT[3,2] -0.3499999940395355 -0.7200000286102295 0.7799999713897705 "
                    + "1.100000023841858 -0.9300000071525574 0.9900000095367432")
            .input("INT64[3] 1 0 1")
            .input("FLOAT[2] 0.5 2")
            .gives("FLOAT[] -0.20666664838790894")
            .within(64),
        OperatorCase.of("NegativeLogLikelihoodLoss", 13)
            .input(
                "FLOAT[2,3,2] 1.6200000047683716 0.25999999046325684 -1.409999966621399 "
                    + "0.5699999928474426 1.0700000524520874 -1.0199999809265137 "
                    + "1.6699999570846558 -0.1899999976158142 -0.11999999731779099 "
                    + "1.100000023841858 0.20999999344348907 1.25")
            .input("INT32[2,2] 1 0 2 -1")
            .input("FLOAT[3] 0.5 2 3")
            .integer("ignore_index", -1)
            .text("reduction", "sum")
            .gives("FLOAT[] 2.059999942779541")
            .within(64),
        OperatorCase.of("NegativeLogLikelihoodLoss", 13)
            .input(
                "FLOAT[1,2,2,1] -0.009999999776482582 0.38999998569488525 "
                    + "0.029999999329447746 0.25")
            .input("INT64[1,2,1] 1 0")
            .integer("ignore_index", 0)
            .gives("FLOAT[] -0.029999999329447746")
            .within(64));
  }

  private static Stream<OperatorCase> entropies() {
    return Stream.of(
        OperatorCase.of("SoftmaxCrossEntropyLoss", 13)
            .input(
                "FLOAT[3,2] 0.5899999737739563 0.49000000953674316 -0.28999999165534973 "
                    + "0.9399999976158142 -0.07999999821186066 1.2100000381469727")
            .input("INT64[3] 1 0 1")
            .gives(
                "FLOAT[] 0.8246576189994812",
                "FLOAT[3,2] -0.6443966627120972 -0.7443966269493103 -1.4864178895950317 "
                    + "-0.2564178705215454 -1.533158540725708 -0.2431584596633911")
            .within(64),
        OperatorCase.of("SoftmaxCrossEntropyLoss", 13)
            .input(
                "FLOAT[3,2] 0.6200000047683716 -0.07999999821186066 -0.7200000286102295 "
                    + "0.05000000074505806 1.3899999856948853 0.20000000298023224")
            .input("INT64[3] 1 0 1")
            .input("FLOAT[2] 0.5 2")
            .text("reduction", "none")
            .gives("FLOAT[3] 2.2063722610473633 0.5752490758895874 2.911212205886841")
            .within(64),
        OperatorCase.of("SoftmaxCrossEntropyLoss", 13)
            .input(
                "FLOAT[2,3,2] 0.9800000190734863 -0.07999999821186066 "
                    + "-0.3100000023841858 -0.6899999976158142 -1.9299999475479126 "
                    + "0.3199999928474426 0.03999999910593033 -0.05000000074505806 "
                    + "0.7799999713897705 -0.9800000190734863 1.7000000476837158 "
                    + "-1.4600000381469727")
            .input("INT64[2,2] 1 0 2 5")
            .integer("ignore_index", 5)
            .text("reduction", "sum")
            .gives(
                "FLOAT[] 3.1481471061706543",
                "FLOAT[2,3,2] -0.2849884033203125 -1.11026930809021 -1.5749882459640503 "
                    + "-1.7202694416046143 -3.194988250732422 -0.7102693319320679 "
                    + "-2.122889757156372 -0.4939013123512268 -1.3828896284103394 "
                    + "-1.4239014387130737 -0.46288958191871643 -1.9039013385772705")
            .within(64));
  }
}
