package dev.octet.kernels.integer;

import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a node makes of some of its operands, such as multipliers of scales: made once for a loaded
 * model when all of them are its constants, in each run otherwise. Immutable when what is made is.
 *
 * @param <T> what is made; never written to
 */
final class FromOperands<T> {

  private final Function<OperandReader, T> rule;
  private final Optional<T> constant;

  private FromOperands(Function<OperandReader, T> rule, Optional<T> constant) {
    this.rule = rule;
    this.constant = constant;
  }

  /**
   * Makes what can be made now.
   *
   * @param rule makes it
   * @param operands what the rule reads the contents of; absent ones count as constants
   */
  static <T> FromOperands<T> of(
      Compilation compilation, Function<OperandReader, T> rule, int... operands) {
    boolean known =
        Arrays.stream(operands)
            .allMatch(i -> !compilation.has(i) || isFilled(compilation.constant(i)));
    return new FromOperands<>(
        rule,
        known ? Optional.of(rule.apply(OperandReader.ofConstants(compilation))) : Optional.empty());
  }

  /** What has no elements is left to the node, which refuses it when it is bound. */
  private static boolean isFilled(Optional<Constant> constant) {
    return constant.filter(c -> c.type().count() > 0).isPresent();
  }

  /** Returns what was made of constants; empty when only a run can make it. */
  Optional<T> constant() {
    return constant;
  }

  /** Returns what belongs to a run. */
  T in(OperandReader run) {
    return constant.isPresent() ? constant.get() : rule.apply(run);
  }
}
