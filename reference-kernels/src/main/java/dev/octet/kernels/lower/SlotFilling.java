package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OutputChannels;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.definition.SlotFiller;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.dialect.UnarySlots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes the integer form of one node, as the definition of the operator on integers says. */
final class SlotFilling implements SlotFiller {

  private final Node node;
  private final QuantizedValue y;
  private final Lowering lowering;
  private final int mostBits;
  private final SlotOperands operands;
  private final List<QuantizedValue> taken = new ArrayList<>();

  private SlotFilling(Node node, QuantizedValue y, Lowering lowering, int mostBits) {
    this.node = node;
    this.y = y;
    this.lowering = lowering;
    this.mostBits = mostBits;
    this.operands = new SlotOperands(lowering);
  }

  /**
   * Returns the integer form of a node whose result has the meaning of {@code y}.
   *
   * @param form an operator on integers that has a lowering
   * @throws StaysFloatException if the node has none
   */
  static IntegerForm form(OperatorDefinition form, Node node, QuantizedValue y, Lowering lowering) {
    LoweringRule rule = form.lowering().orElseThrow();
    SlotFilling slots = new SlotFilling(node, y, lowering, rule.mostBits());
    rule.slots().accept(slots);
    FloatNode facts = lowering.facts(node, slots.taken, y);
    return new IntegerForm(form.op(), slots.operands.names(), rule.attributes().attributes(facts));
  }

  /** Returns the change of a value from one scale and zero point to others. */
  static IntegerForm requantize(QuantizedValue x, QuantizedValue y, Lowering lowering) {
    SlotOperands operands = new SlotOperands(lowering);
    operands.put(UnarySlots.INPUT, x);
    operands.put(UnarySlots.RESULT, y);
    return new IntegerForm(IntegerDialect.REQUANTIZE, operands.names(), List.of());
  }

  @Override
  public SlotFilling activation(int operand, QuantizedSlot slot) {
    return take(slot, lowering.activation(node, operand, mostBits));
  }

  @Override
  public SlotFilling everyActivation(Slots slots, String part) {
    for (int i = 0; i < node.operands().size(); i++) {
      activation(i, slots.quantized(part, i));
    }
    return this;
  }

  @Override
  public SlotFilling weight(int operand, QuantizedSlot slot) {
    int axis = OutputChannels.axis(node, () -> rank(operand));
    QuantizedValue w = lowering.operand(node, operand);
    if (!w.type().isInteger() || w.type().bits() > mostBits) {
      throw new StaysFloatException("operand " + operand + " is " + w.type());
    }
    long stated =
        w.layout()
            .match(
                new QdqLayout.Cases<>(
                    whole -> (long) axis, channels -> channels.axis(), QdqLayout.Blocked::axis));
    long along = stated < 0 ? stated + rank(operand) : stated;
    if (along != axis) {
      throw new StaysFloatException(
          "operand " + operand + " has scales along axis " + along + ", not " + axis);
    }
    if (!w.isPerTensor()
        && node.operand(operand).flatMap(lowering::rank).filter(r -> r < 2).isPresent()) {
      throw new StaysFloatException("operand " + operand + " is a vector with more than one scale");
    }
    return take(slot, w);
  }

  @Override
  public SlotFilling bias(int operand, int slot) {
    if (node.operand(operand).isEmpty()) {
      return this;
    }
    QuantizedValue bias = lowering.operand(node, operand);
    boolean zero =
        bias.zero().isEmpty() || Arrays.stream(bias.zero().get().integers()).allMatch(z -> z == 0);
    boolean wide = bias.type() == DataType.INT64 && mostBits > Byte.SIZE;
    if (!(bias.type() == DataType.INT32 || wide) || !zero) {
      throw new StaysFloatException(
          "its bias is no INT32"
              + (mostBits > Byte.SIZE ? " or INT64" : "")
              + " with zero point 0");
    }
    requireProduct(bias.scale().floats(), taken.get(0).firstScale(), taken.get(1).scale().floats());
    operands.put(slot, bias.value());
    return this;
  }

  @Override
  public SlotFilling result(ParameterSlot slot) {
    operands.put(slot, y);
    return this;
  }

  private SlotFilling take(QuantizedSlot slot, QuantizedValue value) {
    taken.add(value);
    operands.put(slot, value);
    return this;
  }

  private static void requireProduct(float[] bias, float x, float[] w) {
    for (int c = 0; c < Math.max(bias.length, w.length); c++) {
      // The scales of a grouped ConvTranspose's weights are those of each group.
      double product = (double) x * w[c % w.length];
      double scale = bias[bias.length == 1 ? 0 : c];
      // Makers round the product in float32 or float64 and in either order: a few units of 2^-24.
      if (!(Math.abs(scale - product) <= 0x1p-21 * product)) {
        throw new StaysFloatException(
            "its bias has scale " + scale + " where the sums have " + product);
      }
    }
  }

  private int rank(int operand) {
    return node.operand(operand)
        .flatMap(lowering::rank)
        .orElseThrow(
            () -> new StaysFloatException("the rank of operand " + operand + " is unknown"));
  }
}
