package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.Conditions.atMost;
import static dev.octet.annotation.rules.Conditions.constantOperand;
import static dev.octet.annotation.rules.Conditions.otherOperandsConstant;
import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int4;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.Capability.StepCondition;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuleCapabilitiesTest {

  private static final RuleBackend BACKEND =
      new RuleBackend("acme", "A test.") {
        @Override
        public List<OptionDescriptor> options() {
          return List.of(
              OptionDescriptor.flag("narrow", "Whether weights are int4.").defaultValue("false"));
        }

        @Override
        public BackendRules rules(Options options) {
          return BackendRules.named("acme")
              .rule(
                  "dense",
                  op("MatMul")
                      .constantOperand(1)
                      .where(atMost(1, 0, 4096))
                      .optionally("Add")
                      .where(otherOperandsConstant()))
              .activation(int8())
              .weight(options.flag("narrow") ? int4() : int8())
              .output(int8())
              .build();
        }
      };

  @Test
  void sayTheConditionsOfEveryStepThatIsTaken() {
    List<Capability> capabilities = BACKEND.capabilities(Options.none());
    assertEquals(
        List.of(List.of(OpType.onnx("MatMul")), List.of(OpType.onnx("MatMul"), OpType.onnx("Add"))),
        capabilities.stream().map(Capability::pattern).toList());
    StepCondition constant = new StepCondition(0, constantOperand(1));
    StepCondition limit = new StepCondition(0, atMost(1, 0, 4096));
    assertEquals(List.of(constant, limit), capabilities.get(0).conditions());
    assertEquals(
        List.of(constant, limit, new StepCondition(1, otherOperandsConstant())),
        capabilities.get(1).conditions());
  }

  @Test
  void sayWhatBecomesOfInputsAndOutputsOfTheModel() {
    List<Capability> capabilities =
        BackendRules.named("acme")
            .modelInputs(int4())
            .modelOutputs(int8())
            .rule("dense", op("MatMul"))
            .output(int8())
            .build()
            .capabilities();
    assertEquals(
        List.of(
            Capability.ofBoundary(Point.Side.INPUT).activation(int4().spec()).build(),
            Capability.ofBoundary(Point.Side.OUTPUT).activation(int8().spec()).build()),
        capabilities.subList(1, 3));
    assertEquals(Optional.empty(), capabilities.get(0).boundary());
    assertEquals(Optional.of(Point.Side.INPUT), capabilities.get(1).boundary());
    assertEquals(List.of(), capabilities.get(1).pattern());
    assertThrows(IllegalArgumentException.class, () -> Capability.ofBoundary(Point.Side.OPERAND));
  }

  @Test
  void sayEveryFieldOfMarksThatStandAlone() {
    List<Capability> capabilities =
        BackendRules.named("acme")
            .rule("dense", op("Gemm").constantOperand(1).constantIfPresent(2).optionally("Relu"))
            .activation(int8())
            .weight(int4().symmetric().perChannel(Specs.outputChannel()))
            .bias(Specs.derivedFromInputAndWeight())
            .output(int8().symmetric())
            .rule("softmax", op("Softmax"))
            .output(Specs.fixed(1f / 256, -128))
            .rule("sum", op("Add"))
            .inputs(int8(), int4())
            .output(Specs.sharedWith(MatchPoint.operand(0)))
            .build()
            .capabilities();
    for (Capability dense : capabilities.subList(0, 2)) {
      assertEquals(Optional.of(int8().spec()), dense.activationSpec());
      assertEquals(
          Optional.of(int4().symmetric().spec().withGranularity(new Granularity.PerChannel(1))),
          dense.weightSpec());
      assertEquals(
          Optional.of(
              new Capability.Bias(QuantizedType.of(Storage.INT32), Derivation.productOfScales())),
          dense.bias());
      assertEquals(Optional.of(int8().symmetric().spec()), dense.result());
      assertEquals(Optional.empty(), dense.constant());
    }
    Capability softmax = capabilities.get(2);
    assertEquals(Optional.empty(), softmax.activationSpec());
    assertEquals(Optional.empty(), softmax.bias());
    assertEquals(
        Optional.of(QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 1f / 256, -128)),
        softmax.result());
    Capability sum = capabilities.get(3);
    assertEquals(Optional.of(int4().spec()), sum.constant());
    assertEquals(Optional.empty(), sum.result());
    assertEquals(Optional.empty(), sum.weightSpec());
  }

  @Test
  void areThoseOfTheOptions() {
    for (Capability capability : BACKEND.capabilities(Options.of("narrow", "true"))) {
      assertEquals(Optional.of(QuantizedType.of(Storage.INT4)), capability.weight());
    }
  }

  @Test
  void aConditionStandsAtAStepThatThePatternHas() {
    Capability.Builder builder = Capability.of(List.of(OpType.onnx("Relu")));
    builder.where(0, constantOperand(0));
    assertThrows(IllegalArgumentException.class, () -> builder.where(1, constantOperand(0)));
    assertThrows(IllegalArgumentException.class, () -> builder.where(-1, constantOperand(0)));
    assertThrows(IllegalArgumentException.class, () -> Capability.of(List.of()));
    assertEquals(builder.build(), builder.build());
  }
}
