package dev.octet.kernels.dialect;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;

/**
 * What becomes of sums of products that leave int32, where operands and result have at most 8 bits
 * and the addend, if there is one, at most 32: QLinearConv, QLinearMatMul and QGemm. With 16 bits
 * somewhere, or an addend of INT64, sums are exact in 64 bits whatever the rule.
 */
public enum SumRule {
  /**
   * Sums and addend wrap modulo 2^32 into int32; what wrapped is then scaled. That is the rule of
   * the runtime that these operators are made for, and the one of a node that a file has. Source:
   * ONNX Runtime 1.32, measured for every pair of types that it takes, in dense, grouped and
   * depthwise convolutions and in products; its MLAS accumulates in int32 and adds the bias there
   * ({@code MlasRequantizeOutput}: {@code _mm_add_epi32} before {@code _mm_cvtepi32_ps}), neither
   * saturating.
   */
  MODULO,

  /**
   * Sums are exact. That is what DequantizeLinear, the operator on floats and QuantizeLinear mean,
   * and so the rule of a node that was lowered from them: its attribute {@value #ATTRIBUTE} is 1.
   */
  EXACT;

  /** The attribute, 1 for true, of a node whose sums are exact. */
  public static final String ATTRIBUTE = "exact_sums";

  /** Returns the rule of a node. */
  public static SumRule of(Node node) {
    return node.intAttribute(ATTRIBUTE, 0) == 0 ? MODULO : EXACT;
  }

  /** Returns what gives a node the rule {@link #EXACT}. */
  public static Attribute exact() {
    return Attribute.of(ATTRIBUTE, 1);
  }

  /**
   * Tells whether sums of 32 bits that wrap give what this rule says.
   *
   * @param largest the largest magnitude that a sum can have, or part of one
   */
  public boolean allowsInt32(long largest) {
    return this == MODULO || largest <= Integer.MAX_VALUE;
  }
}
