package dev.octet.api.spec;

/**
 * A rule that a backend brings to compute the parameters of one point from those of others. Specs
 * name it by {@link Derivation#named}; the provider lists it in {@link
 * dev.octet.api.provider.QuantizerProvider#derivations()}. Stateless and thread-safe; pure: the
 * same context gives the same bits on every machine.
 *
 * <p>A larger scale of a source never makes a derived scale smaller. Where a derived constant would
 * leave its integer type, Octet makes the scale of a constant source larger, and asks again, unless
 * the derivation {@link #refusesLoss refuses} what that costs.
 *
 * <p>Errors: where a method throws something else than it says, conversion stops with {@code
 * OCT-REG-006}, which names the derivation and the backend that brought it.
 */
public interface DerivationKind {

  /**
   * Returns the name that specs use, {@code [a-z][a-z0-9-]{0,63}}; a vendor puts its own name in
   * front, as in {@code acme-repeated}. The same at every call.
   */
  String name();

  /** Returns what is computed, in one sentence, and which parameters the rule has. */
  String documentation();

  /**
   * Returns how many pairs of scale and zero point the point has: 1, or one for each index of its
   * last axis.
   *
   * @throws IllegalArgumentException if the sources do not fit each other; the message says why,
   *     and conversion stops with {@code OCT-CONV-009}
   */
  int count(DerivationContext context);

  /**
   * Returns a scale. One that is not finite and above 0 stops the conversion with {@code
   * OCT-CONV-005}.
   *
   * @param index the number of the pair, from 0
   */
  float scale(DerivationContext context, int index);

  /**
   * Returns a zero point: 0 by default, which int32 and int64 need.
   *
   * @param index the number of the pair, from 0
   */
  default long zeroPoint(DerivationContext context, int index) {
    return 0;
  }

  /**
   * Returns the integers that a constant at the point is stored as: those that the spec decides on,
   * by default. Another type has 32 or 64 bits and at least those that the spec decides on, as
   * where a bias that plans call int32 is stored as {@link QuantizedType#int48()}. A constant that
   * would leave this type is what makes the scale of a source larger.
   */
  default QuantizedType storedType(DerivationContext context) {
    return context.type();
  }

  /**
   * Returns the scales that the point may have: every one, by default. Where a derived scale is not
   * one of them, conversion says so with {@code OCT-CONV-110}, which names the node, or stops, see
   * {@link #refusesLoss}.
   */
  default ScaleGrid grid(DerivationContext context) {
    return ScaleGrid.any();
  }

  /**
   * Tells whether conversion stops where the point would lose something: with {@code OCT-CONV-026}
   * where a constant would leave the type that it is stored as, whose source then keeps its scale,
   * and with {@code OCT-CONV-027} where a scale is not of the {@link #grid}. By default conversion
   * goes on: it makes room in a source ({@code OCT-CONV-101}), or clips the constant where no
   * source's scale may grow ({@code OCT-CONV-109}), and says with these findings what that costs.
   */
  default boolean refusesLoss(DerivationContext context) {
    return false;
  }
}
