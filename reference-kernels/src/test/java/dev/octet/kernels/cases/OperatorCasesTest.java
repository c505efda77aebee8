package dev.octet.kernels.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.OpType;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperatorCasesTest {

  static Stream<OperatorCase> cases() {
    return Stream.of(
            ArithmeticCases.cases(),
            ComparisonCases.cases(),
            ConversionCases.cases(),
            FunctionCases.cases(),
            ReductionCases.cases(),
            ProductCases.cases(),
            PoolingCases.cases(),
            NormalizationCases.cases(),
            ChannelNormalizationCases.cases(),
            AccumulationCases.cases(),
            ResizeCases.cases(),
            TransposedConvolutionCases.cases(),
            PlacesCases.cases(),
            RecurrentCases.cases(),
            AttentionCases.cases(),
            LossCases.cases(),
            DetectionCases.cases(),
            ContractionCases.cases(),
            FusedCases.cases(),
            EncoderCases.cases(),
            MovementCases.cases(),
            ConstantCases.cases(),
            QuantizedCases.cases())
        .flatMap(family -> family);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatItsDefinitionSays(OperatorCase operatorCase) {
    operatorCase.check(1);
    operatorCase.check(3);
  }

  @Test
  void everyOperatorThatHasAKernelHasACase() {
    Set<OpType> without =
        Operators.byType().values().stream()
            .filter(definition -> definition.kernel().isPresent())
            .map(OperatorDefinition::op)
            .collect(Collectors.toCollection(TreeSet::new));
    without.removeAll(cases().map(OperatorCase::op).collect(Collectors.toSet()));
    assertEquals(Set.of(), without, "operators without a case");
  }
}
