package dev.octet.kernels.execute;

import static dev.octet.api.graph.DataType.INT16;
import static dev.octet.api.graph.DataType.INT2;
import static dev.octet.api.graph.DataType.INT32;
import static dev.octet.api.graph.DataType.INT4;
import static dev.octet.api.graph.DataType.INT64;
import static dev.octet.api.graph.DataType.INT8;
import static dev.octet.api.graph.DataType.UINT16;
import static dev.octet.api.graph.DataType.UINT2;
import static dev.octet.api.graph.DataType.UINT4;
import static dev.octet.api.graph.DataType.UINT8;

import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.runtime.ValueForm;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.SlotFiller;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the reference kernels declare, from the definitions of operators: what is lowered runs by
 * the rule of its integer form, what moves elements rounds nothing, every other operator is
 * computed in float between conversions. All of it is exact, since it is the reference.
 */
final class ReferenceUses {

  private static final Forms NARROW =
      new Forms(
          ValueForm.integers(INT8, UINT8).perTensor(),
          ValueForm.integers(INT8, UINT8, INT4, UINT4, INT2, UINT2).perTensor().perChannel(),
          ValueForm.integers(INT32).perTensor().perChannel());
  private static final ValueForm SIXTEEN_BITS = ValueForm.integers(INT16, UINT16).perTensor();
  private static final Forms WIDE =
      new Forms(
          ValueForm.integers(INT8, UINT8, INT16, UINT16).perTensor(),
          ValueForm.integers(INT8, UINT8, INT4, UINT4, INT2, UINT2, INT16, UINT16)
              .perTensor()
              .perChannel(),
          ValueForm.integers(INT32, INT64).perTensor().perChannel());

  /** What operands may be. */
  private record Forms(ValueForm activation, ValueForm weight, ValueForm bias) {

    /** Returns what is computed by an operator's own rule. */
    static Forms of(LoweringRule rule) {
      return rule.mostBits() > Byte.SIZE && rule.ofSixteenBits().isEmpty() ? WIDE : NARROW;
    }
  }

  private ReferenceUses() {}

  static RuntimeUses table() {
    List<DeclaredUse> rows = new ArrayList<>();
    Set<OpType> simulated = new TreeSet<>();
    Set<OpType> moving = new TreeSet<>();
    for (OperatorDefinition definition : Operators.byType().values()) {
      definition
          .lowering()
          .ifPresent(
              rule -> {
                rows.add(lowered(definition, rule));
                rule.ofSixteenBits()
                    .filter(profile -> !profile.equals(RequantizationProfile.simulated()))
                    .ifPresent(profile -> rows.addAll(ofSixteenBits(rule, profile)));
              });
      if (definition.computesIntegers()) {
        rows.add(ofIntegers(definition));
      } else if (isOnnx(definition.op()) || !definition.op().domain().isEmpty()) {
        simulated.add(definition.op());
        definition.movement().ifPresent(rule -> moving.add(definition.op()));
      }
    }
    rows.add(
        DeclaredUse.of(moving).operand(0, WIDE.activation()).result(0, WIDE.activation()).exact());
    rows.add(DeclaredUse.of(simulated).requantizedBy(RequantizationProfile.simulated()).exact());
    return RuntimeUses.of(rows);
  }

  /** ONNX Runtime has operators of its own in the domain of ONNX, of which nothing is declared. */
  private static boolean isOnnx(OpType op) {
    return OperatorSignature.of(op).isPresent();
  }

  private static DeclaredUse lowered(OperatorDefinition definition, LoweringRule rule) {
    DeclaredUse.Draft row = DeclaredUse.of(rule.ops());
    Forms forms = Forms.of(rule);
    rule.slots().accept(new Operands(row, forms));
    return row.result(0, forms.activation())
        .requantizedBy(definition.requantization().orElse(RequantizationProfile.simulated()))
        .exact();
  }

  /** One activation, which has 16 bits, or whose result has. */
  private static List<DeclaredUse> ofSixteenBits(LoweringRule rule, RequantizationProfile profile) {
    return List.of(
        DeclaredUse.of(rule.ops())
            .operand(0, SIXTEEN_BITS)
            .result(0, WIDE.activation())
            .requantizedBy(profile)
            .exact(),
        DeclaredUse.of(rule.ops())
            .operand(0, NARROW.activation())
            .result(0, SIXTEEN_BITS)
            .requantizedBy(profile)
            .exact());
  }

  private static DeclaredUse ofIntegers(OperatorDefinition definition) {
    return DeclaredUse.of(Set.of(definition.op()))
        .requantizedBy(RequantizationProfile.named("of-the-operator", definition.formula()))
        .exact();
  }

  /** Asks of the operands what lowering takes into its slots. */
  private record Operands(DeclaredUse.Draft row, Forms forms) implements SlotFiller {

    @Override
    public SlotFiller activation(int operand, QuantizedSlot slot) {
      row.operand(operand, forms.activation());
      return this;
    }

    @Override
    public SlotFiller everyActivation(Slots slots, String part) {
      row.everyOperand(forms.activation());
      return this;
    }

    @Override
    public SlotFiller weight(int operand, QuantizedSlot slot) {
      row.operand(operand, forms.weight());
      return this;
    }

    @Override
    public SlotFiller bias(int operand, int slot) {
      row.operand(operand, forms.bias());
      return this;
    }

    @Override
    public SlotFiller result(ParameterSlot slot) {
      return this;
    }
  }
}
