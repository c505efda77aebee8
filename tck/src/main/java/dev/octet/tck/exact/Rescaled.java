package dev.octet.tck.exact;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Steps that are no sum of products, in fixed point: each operand is brought to the scale of the
 * result by a factor of 31 bits and a shift. {@code r} is one of the two roundings of {@link
 * FixedPoint}, and a factor is the exact quotient rounded once.
 *
 * <ul>
 *   <li>Add, Sub: {@code r(r(q_a * 2^L, s_a / t) +- r(q_b * 2^L, s_b / t), t / (2^L * s_y)) + z_y},
 *       {@code q} without its zero point, {@code t = 2 * max(s_a, s_b)}, {@code L = 20} for 8 bits
 *       and 15 for 16 bits.
 *   <li>Concat, Identity: {@code r(q, s_x / s_y) + z_y}, for each operand of its own.
 *   <li>Relu and Clip: the same, inside the integers of the bounds, {@code z_y + bound / s_y}
 *       rounded with ties away from zero.
 *   <li>LeakyRelu: the same, with the factor {@code alpha * s_x / s_y} where {@code q} is negative.
 * </ul>
 *
 * Source: TFLite's reference kernels {@code add.h}, {@code sub.h}, {@code requantize.h}, {@code
 * leaky_relu.h}, and {@code CalculateActivationRangeQuantized}; CMSIS-NN's {@code
 * arm_elementwise_add_s8} and {@code _s16}.
 */
final class Rescaled {

  private static final Set<String> PAIRS = Set.of("Add", "Sub");
  private static final Set<String> SINGLE = Set.of("Identity", "Relu", "Clip", "LeakyRelu");

  private static final MathContext DIGITS = new MathContext(60);
  private static final int BITS_ABOVE_8 = 20;
  private static final int BITS_ABOVE_16 = 15;
  private static final float USUAL_SLOPE = 0.01f;

  /** The integer of an operand, without its zero point, at an index of the result. */
  @FunctionalInterface
  private interface Integers {
    BigInteger at(int index);
  }

  private final Step step;
  private final boolean twice;
  private final List<Meaning> meanings;
  private final List<Tensor> tensors;
  private final long[] sizes;

  private Rescaled(Step step, Map<String, Tensor> integers, long[] sizes, boolean twice) {
    this.step = step;
    this.twice = twice;
    this.sizes = sizes;
    this.meanings = new ArrayList<>();
    this.tensors = new ArrayList<>();
    for (Operand operand : step.operands()) {
      operand
          .stored()
          .ifPresent(
              stored -> {
                meanings.add(stored.meaning());
                tensors.add(Optional.ofNullable(integers.get(stored.value())).orElseThrow());
              });
    }
  }

  /** Tells whether a step is one of them, of integers of 8 or 16 bits with one scale each. */
  static boolean knows(Step step) {
    String op = step.op().toString();
    List<Meaning> read =
        step.operands().stream()
            .flatMap(operand -> operand.stored().stream())
            .map(Operand.Stored::meaning)
            .toList();
    boolean form =
        PAIRS.contains(op)
            ? read.size() == 2 && step.operands().size() == 2
            : op.equals("Concat")
                ? read.size() == step.operands().size()
                : SINGLE.contains(op) && read.size() == 1;
    return form && read.stream().allMatch(Rescaled::isNarrow) && isNarrow(step.meaning());
  }

  private static boolean isNarrow(Meaning meaning) {
    return meaning.axis().isEmpty()
        && (meaning.type().bits() == Byte.SIZE || meaning.type().bits() == Short.SIZE);
  }

  /** Returns the integers of a step. */
  static Allowed of(Step step, Map<String, Tensor> integers, long[] sizes, boolean twice) {
    Rescaled rescaled = new Rescaled(step, integers, sizes, twice);
    return switch (step.op().toString()) {
      case "Add" -> rescaled.sum(1);
      case "Sub" -> rescaled.sum(-1);
      case "Concat" -> rescaled.concatenated();
      default -> rescaled.single();
    };
  }

  private Allowed sum(int sign) {
    Meaning y = step.meaning();
    int left = y.type().bits() == Byte.SIZE ? BITS_ABOVE_8 : BITS_ABOVE_16;
    BigDecimal a = scale(meanings.get(0));
    BigDecimal b = scale(meanings.get(1));
    BigDecimal unit = a.max(b).multiply(BigDecimal.valueOf(2));
    FixedPoint ofA = factor(a, unit);
    FixedPoint ofB = factor(b, unit);
    FixedPoint ofSum =
        factor(unit, scale(y).multiply(new BigDecimal(BigInteger.ONE.shiftLeft(left))));
    Integers first = broadcast(0);
    Integers second = broadcast(1);
    return index -> {
      BigInteger scaledA = rounded(ofA, first.at(index).shiftLeft(left));
      BigInteger scaledB = rounded(ofB, second.at(index).shiftLeft(left));
      BigInteger sum = scaledA.add(scaledB.multiply(BigInteger.valueOf(sign)));
      return inside(rounded(ofSum, sum), y.min(), y.max());
    };
  }

  private Integers broadcast(int operand) {
    long[] values = tensors.get(operand).integers();
    long[] own = tensors.get(operand).sizes();
    long zeroPoint = meanings.get(operand).zeroPoint();
    return index ->
        BigInteger.valueOf(values[Coordinates.broadcast(index, sizes, own)] - zeroPoint);
  }

  private Allowed concatenated() {
    int axis = Math.toIntExact(Math.floorMod(node().intAttribute("axis", 0), (long) sizes.length));
    List<long[]> values = tensors.stream().map(Tensor::integers).toList();
    List<FixedPoint> factors =
        meanings.stream().map(meaning -> factor(scale(meaning), scale(step.meaning()))).toList();
    return index -> {
      long[] at = Coordinates.of(index, sizes);
      int part = 0;
      while (at[axis] >= tensors.get(part).sizes()[axis]) {
        at[axis] -= tensors.get(part).sizes()[axis];
        part++;
      }
      long integer = values.get(part)[Coordinates.index(at, tensors.get(part).sizes())];
      BigInteger q = BigInteger.valueOf(integer - meanings.get(part).zeroPoint());
      return inside(rounded(factors.get(part), q), step.meaning().min(), step.meaning().max());
    };
  }

  private Allowed single() {
    Meaning y = step.meaning();
    BigDecimal x = scale(meanings.get(0));
    float slope = step.op().is("LeakyRelu") ? node().floatAttribute("alpha", USUAL_SLOPE) : 1;
    FixedPoint positive = factor(x, scale(y));
    FixedPoint negative = factor(x.multiply(new BigDecimal(slope)), scale(y));
    Integers q = broadcast(0);
    long least = Math.max(y.min(), bound(1).orElse(y.min()));
    long most = Math.min(y.max(), bound(2).orElse(y.max()));
    return index -> {
      BigInteger integer = q.at(index);
      return inside(rounded(integer.signum() < 0 ? negative : positive, integer), least, most);
    };
  }

  /** The integer of the bound that an activation function has below (1) or above (2). */
  private Optional<Long> bound(int operand) {
    if (step.op().is("Relu")) {
      return operand == 1 ? Optional.of(step.meaning().zeroPoint()) : Optional.empty();
    }
    return step.op().is("Clip")
        ? step.operands().stream()
            .skip(operand)
            .findFirst()
            .flatMap(Operand::plain)
            .map(this::bound)
        : Optional.empty();
  }

  private long bound(Tensor stated) {
    return new BigDecimal(stated.floats()[0] / step.meaning().scale())
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact()
        + step.meaning().zeroPoint();
  }

  private Node node() {
    return Node.of(
        step.node(), step.op(), List.of(), List.of(), step.attributes().toArray(Attribute[]::new));
  }

  private static BigDecimal scale(Meaning meaning) {
    return new BigDecimal(meaning.scale());
  }

  /** A factor may be negative, and is rounded by its size. */
  private static FixedPoint factor(BigDecimal dividend, BigDecimal divisor) {
    FixedPoint size = FixedPoint.of(dividend.abs().divide(divisor, DIGITS));
    return dividend.signum() < 0 ? new FixedPoint(-size.multiplier(), size.shift()) : size;
  }

  private BigInteger rounded(FixedPoint factor, BigInteger integer) {
    return twice ? factor.doubled(integer) : factor.single(integer);
  }

  private long inside(BigInteger rounded, long least, long most) {
    return rounded
        .add(BigInteger.valueOf(step.meaning().zeroPoint()))
        .max(BigInteger.valueOf(least))
        .min(BigInteger.valueOf(most))
        .longValueExact();
  }
}
