package dev.octet.kernels.loss;

import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealTypes;
import java.util.List;
import java.util.function.Function;

/** Defines the loss functions. */
public final class LossOperators {

  private LossOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    return List.of(
        OperatorDefinition.of(
                "NegativeLogLikelihoodLoss", ClassLoss::shape, operator(ClassLoss::logLikelihood))
            .since(12),
        OperatorDefinition.of(
                "SoftmaxCrossEntropyLoss", ClassLoss::shape, operator(ClassLoss::crossEntropy))
            .since(12));
  }

  private static Operator operator(Function<Preparation, RealKernel.Body> body) {
    return RealTypes.indices(RealTypes.reals(RealTypes.operator(body), 0, 2), 1);
  }
}
