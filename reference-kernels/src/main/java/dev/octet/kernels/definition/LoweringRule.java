package dev.octet.kernels.definition;

import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.RequantizationProfile;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * How operators on floats, between DequantizeLinear and QuantizeLinear, become one on integers:
 * which operand fills which slots, and what becomes of the attributes. Immutable and thread-safe.
 *
 * @param ops the operators on floats, in their order
 * @param slots takes the operands of a node to their slots
 * @param attributes what the attributes become
 * @param mostBits how many bits activations, weights and the result may have
 * @param ofSixteenBits by which rule a node is computed that has 16 bits somewhere; empty for that
 *     of 8 bits
 */
public record LoweringRule(
    Set<OpType> ops,
    Consumer<SlotFiller> slots,
    AttributeRule attributes,
    int mostBits,
    Optional<RequantizationProfile> ofSixteenBits) {

  /** Copies the set. */
  public LoweringRule {
    ops = Collections.unmodifiableSet(new TreeSet<>(ops));
  }

  /**
   * Returns the rule of operators of the default domain, whose attributes are kept and whose
   * integers have at most 8 bits.
   *
   * @param slots takes the operands of a node to their slots
   * @param onnxNames the operators on floats
   */
  public static LoweringRule of(Consumer<SlotFiller> slots, String... onnxNames) {
    Set<OpType> ops = new TreeSet<>();
    for (String name : onnxNames) {
      ops.add(OpType.onnx(name));
    }
    return new LoweringRule(ops, slots, AttributeRule.KEEP, Byte.SIZE, Optional.empty());
  }

  /** Returns this rule with what the attributes become. */
  public LoweringRule attributes(AttributeRule rule) {
    return new LoweringRule(ops, slots, rule, mostBits, ofSixteenBits);
  }

  /** Returns this rule of an operator that takes integers of 16 bits as well as of 8. */
  public LoweringRule upToSixteenBits() {
    return new LoweringRule(ops, slots, attributes, Short.SIZE, Optional.empty());
  }

  /**
   * Returns this rule of an operator that takes integers of 16 bits as well as of 8, and computes
   * those by a rule of their own: {@link RequantizationProfile#simulated}, or one of an operator
   * that has one activation.
   */
  public LoweringRule upToSixteenBitsBy(RequantizationProfile rule) {
    return new LoweringRule(ops, slots, attributes, Short.SIZE, Optional.of(rule));
  }
}
