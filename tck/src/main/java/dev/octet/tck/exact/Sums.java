package dev.octet.tck.exact;

import dev.octet.api.graph.Tensor;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The integer sums of a step and the factor that belongs to each: {@code acc} and {@code M} of the
 * formulas of profiles. A product has {@code M = s_x * s_w / s_y}; a mean of N elements has {@code
 * M = s_x / (s_y * N)}, and their sum {@code M = s_x / s_y}.
 */
final class Sums {

  private static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "Mul");
  private static final Set<String> MEANS = Set.of("GlobalAveragePool", "ReduceMean");
  private static final Set<String> PLAIN = Set.of("ReduceSum");

  private final Step step;

  private final IntFunction<BigInteger> accumulators;
  private final long[] sizes;
  private final int count;

  private Sums(Step step, Map<String, Tensor> integers, long[] sizes) {
    this.step = step;
    this.sizes = sizes;
    ExactResult plain = IntegerForm.sums(step, integers, sizes);
    this.count =
        MEANS.contains(step.op().toString())
            ? (int)
                (Optional.ofNullable(integers.get(stored(0).value())).orElseThrow().elementCount()
                    / Math.max(1, Coordinates.count(sizes)))
            : 1;
    BigDecimal terms = BigDecimal.valueOf(count);
    this.accumulators =
        index ->
            plain
                .element(index)
                .value()
                .multiply(terms)
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigIntegerExact();
  }

  /** Tells whether a step is a sum of products, a mean or a sum. */
  static boolean knows(Step step) {
    String op = step.op().toString();
    return (PRODUCTS.contains(op) || MEANS.contains(op) || PLAIN.contains(op))
        && IntegerForm.definition(step).isPresent();
  }

  static Sums of(Step step, Map<String, Tensor> integers, long[] sizes) {
    return new Sums(step, integers, sizes);
  }

  private Operand.Stored stored(int operand) {
    return step.operands().get(operand).stored().orElseThrow();
  }

  /** The sum of products of differences at an index. */
  BigInteger accumulator(int index) {
    return accumulators.apply(index);
  }

  /** {@code rne(clamp(f32(acc) * f32(M))) + z}; M is computed in float32 from left to right. */
  Allowed floatHalfEven() {
    Meaning y = step.meaning();
    return index -> {
      float product = accumulator(index).floatValue() * factor(index);
      double low = y.min() - y.zeroPoint();
      double high = y.max() - y.zeroPoint();
      return (long) Math.rint(Math.max(low, Math.min(high, product))) + y.zeroPoint();
    };
  }

  /** A fixed-point factor, applied by one of the two roundings. */
  Allowed fixedPoint(boolean twice) {
    return index -> {
      FixedPoint factor = FixedPoint.of(exactFactor(index));
      BigInteger acc = accumulator(index);
      return clamp(twice ? factor.doubled(acc) : factor.single(acc));
    };
  }

  private long clamp(BigInteger rounded) {
    Meaning y = step.meaning();
    return rounded
        .add(BigInteger.valueOf(y.zeroPoint()))
        .max(BigInteger.valueOf(y.min()))
        .min(BigInteger.valueOf(y.max()))
        .longValueExact();
  }

  private float factor(int index) {
    float x = stored(0).meaning().scale();
    float y = step.meaning().scale();
    return multiplies() ? x * second(index) / y : x / (y * count);
  }

  private BigDecimal exactFactor(int index) {
    BigDecimal x = new BigDecimal(stored(0).meaning().scale());
    BigDecimal y = new BigDecimal(step.meaning().scale()).multiply(BigDecimal.valueOf(count));
    BigDecimal w = multiplies() ? new BigDecimal(second(index)) : BigDecimal.ONE;
    return x.multiply(w).divide(y, new MathContext(60));
  }

  private boolean multiplies() {
    return PRODUCTS.contains(step.op().toString());
  }

  private float second(int index) {
    Meaning w = stored(1).meaning();
    if (w.axis().isEmpty()) {
      return w.scale();
    }
    boolean channels = step.op().is("Conv") || step.op().is("ConvTranspose");
    long channel = Coordinates.of(index, sizes)[channels ? 1 : sizes.length - 1];
    // The weight of a ConvTranspose has the scales of one group.
    return w.scales().get((int) (channel % w.scales().size()));
  }
}
