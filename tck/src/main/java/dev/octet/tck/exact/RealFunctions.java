package dev.octet.tck.exact;

import dev.octet.api.graph.Tensor;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** Functions of real numbers, element by element, of operators that have no form on integers. */
final class RealFunctions {

  /** Digits of quotients: far beyond what float32 can tell apart. */
  private static final MathContext DIGITS = new MathContext(60);

  /** A function of the real values of the operands at one element. */
  @FunctionalInterface
  private interface Function {
    BigDecimal of(Step step, List<BigDecimal> operands);
  }

  private static final Map<String, Function> EXACT = new TreeMap<>();
  private static final Map<String, DoubleUnaryOperator> NEAR = new TreeMap<>();

  static {
    EXACT.put("Relu", (step, v) -> v.get(0).max(BigDecimal.ZERO));
    EXACT.put("Clip", RealFunctions::clip);
    EXACT.put("Abs", (step, v) -> v.get(0).abs());
    EXACT.put("Neg", (step, v) -> v.get(0).negate());
    EXACT.put("Sub", (step, v) -> v.get(0).subtract(v.get(1)));
    EXACT.put("Max", (step, v) -> Collections.max(v));
    EXACT.put("Min", (step, v) -> Collections.min(v));
    NEAR.put("Tanh", StrictMath::tanh);
    NEAR.put("Exp", StrictMath::exp);
    NEAR.put("Sin", StrictMath::sin);
    NEAR.put("Cos", StrictMath::cos);
  }

  private RealFunctions() {}

  /** Tells whether the kit knows an operator's function. */
  static boolean knows(Step step) {
    String op = step.op().toString();
    return EXACT.containsKey(op) || NEAR.containsKey(op);
  }

  /** Tells whether float32 computes an operator's function without an error where none is due. */
  static boolean isExact(Step step) {
    return EXACT.containsKey(step.op().toString());
  }

  /** Returns the exact element at each index of a step's result. */
  static IntFunction<ExactElement> elements(Step step, Map<String, Tensor> integers, long[] sizes) {
    List<IntFunction<BigDecimal>> operands = new ArrayList<>();
    for (Operand operand : step.operands()) {
      operand
          .stored()
          .ifPresent(
              stored ->
                  operands.add(
                      reals(
                          stored.meaning(),
                          Optional.ofNullable(integers.get(stored.value())).orElseThrow(),
                          sizes)));
    }
    return index -> {
      List<BigDecimal> values = operands.stream().map(v -> v.apply(index)).toList();
      return element(step, values);
    };
  }

  private static IntFunction<BigDecimal> reals(Meaning meaning, Tensor tensor, long[] sizes) {
    long[] integers = tensor.integers();
    long[] own = tensor.sizes();
    BigDecimal scale = new BigDecimal(meaning.scale());
    return index ->
        BigDecimal.valueOf(integers[Coordinates.broadcast(index, sizes, own)] - meaning.zeroPoint())
            .multiply(scale);
  }

  private static ExactElement element(Step step, List<BigDecimal> values) {
    BigDecimal scale = new BigDecimal(step.meaning().scale());
    BigDecimal reach =
        values.stream().map(BigDecimal::abs).reduce(BigDecimal.ZERO, BigDecimal::add);
    Function exact = EXACT.get(step.op().toString());
    BigDecimal value =
        exact != null
            ? exact.of(step, values)
            : new BigDecimal(
                Optional.ofNullable(NEAR.get(step.op().toString()))
                    .orElseThrow()
                    .applyAsDouble(values.get(0).doubleValue()));
    BigDecimal magnitude = exact != null ? reach : value.abs().max(BigDecimal.ONE);
    // A library's function is within 8 units; an error of the argument is no larger than it.
    int terms = exact != null ? values.size() : 8 + 2 * reach.intValue();
    return new ExactElement(
        value.divide(scale, DIGITS),
        magnitude.divide(scale, DIGITS),
        terms,
        step.meaning().zeroPoint());
  }

  private static BigDecimal clip(Step step, List<BigDecimal> values) {
    BigDecimal value = values.get(0);
    BigDecimal above = bound(step, 1).map(value::max).orElse(value);
    return bound(step, 2).map(above::min).orElse(above);
  }

  private static Optional<BigDecimal> bound(Step step, int operand) {
    return step.operands().stream()
        .skip(operand)
        .findFirst()
        .flatMap(Operand::plain)
        .map(bound -> new BigDecimal(bound.floats()[0]));
  }
}
