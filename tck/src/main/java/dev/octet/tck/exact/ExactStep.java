package dev.octet.tck.exact;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Exactness;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.UseSupport;
import dev.octet.kernels.definition.LoweringRule;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactResult;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The integers that a step may give under what a runtime declares of it.
 *
 * <p>Where a rule is computed in float32 and leaves its order of operations open, an integer is
 * right that some float32 arithmetic gives: within {@link ExactElement#bound}. Where float32 makes
 * no error in any order, because all scales are powers of two and sums are below 2^24, there is one
 * right integer, and ties show.
 */
public final class ExactStep {

  private static final Set<String> LINEAR =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "Mul", "Add", "Concat");
  private static final Set<String> PRODUCTS =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "Mul");
  private static final Set<RequantizationProfile> IN_FLOAT =
      Set.of(RequantizationProfile.simulated(), RequantizationProfile.floatHalfEvenWithZeroPoint());
  private static final Set<RequantizationProfile> IN_FIXED_POINT =
      Set.of(
          RequantizationProfile.fixedPointSingleRounding(),
          RequantizationProfile.fixedPointDoubleRounding());
  private static final Set<RequantizationProfile> OF_SUMS =
      Stream.concat(Stream.of(RequantizationProfile.floatHalfEven()), IN_FIXED_POINT.stream())
          .collect(Collectors.toUnmodifiableSet());
  private static final BigDecimal EXACT_SUMS = BigDecimal.valueOf(1L << 24);

  private final Step step;
  private final IntFunction<ExactElement> elements;
  private final boolean zeroPointFirst;
  private final Optional<BigDecimal> unit;

  private ExactStep(Step step, IntFunction<ExactElement> elements, boolean zeroPointFirst) {
    this.step = step;
    this.elements = elements;
    this.zeroPointFirst = zeroPointFirst;
    this.unit = unit(step);
  }

  /** Tells whether the kit can compute a step exactly. */
  public static boolean knows(Step step) {
    return Moves.knows(step)
        || RealFunctions.knows(step)
        || IntegerForm.definition(step).isPresent();
  }

  /** Tells whether a step moves integers, or chooses among them, and computes nothing. */
  public static boolean moves(Step step) {
    return Moves.knows(step);
  }

  /**
   * Checks that the kit has an exact form of the rule that a runtime declares of a step.
   *
   * @throws UnknownProfileException if it has none
   */
  public static void requireKnownRule(Step step, UseSupport support) {
    RequantizationProfile profile =
        support.requantization().orElse(RequantizationProfile.simulated());
    boolean known =
        Moves.knows(step)
            || IN_FLOAT.contains(profile)
            || (Sums.knows(step) && OF_SUMS.contains(profile))
            || (Rescaled.knows(step) && IN_FIXED_POINT.contains(profile))
            || isOfTheReference(step, profile);
    if (!known) {
      throw new UnknownProfileException(profile, step.op());
    }
  }

  /**
   * Returns what a step may give.
   *
   * @param integers the integers that it reads, by name
   * @param sizes the sizes of its result
   * @param support what the runtime declares of the use
   * @throws UnknownProfileException if the kit has no exact form of the declared rule
   */
  public static Allowed of(
      Step step, Map<String, Tensor> integers, long[] sizes, UseSupport support) {
    if (Moves.knows(step)) {
      String moving = step.operands().get(0).stored().orElseThrow().value();
      Tensor x = Optional.ofNullable(integers.get(moving)).orElseThrow();
      IntToLongFunction moved = Moves.of(step, x, sizes);
      return moved::applyAsLong;
    }
    requireKnownRule(step, support);
    RequantizationProfile profile =
        support.requantization().orElse(RequantizationProfile.simulated());
    boolean twice = profile.equals(RequantizationProfile.fixedPointDoubleRounding());
    if (Rescaled.knows(step) && IN_FIXED_POINT.contains(profile)) {
      return Rescaled.of(step, integers, sizes, twice);
    }
    if (OF_SUMS.contains(profile)) {
      Sums sums = Sums.of(step, integers, sizes);
      return profile.equals(RequantizationProfile.floatHalfEven())
          ? sums.floatHalfEven()
          : sums.fixedPoint(twice);
    }
    ExactStep exact =
        new ExactStep(
            step,
            elements(step, integers, sizes),
            profile.equals(RequantizationProfile.floatHalfEvenWithZeroPoint()));
    return IN_FLOAT.contains(profile) ? exact.allowed() : exact.within();
  }

  /** A rule that the definition of the operator's integer form states under a name of its own. */
  private static boolean isOfTheReference(Step step, RequantizationProfile profile) {
    return IntegerForm.definition(step).stream()
        .flatMap(
            form ->
                Stream.of(
                    form.requantization(), form.lowering().flatMap(LoweringRule::ofSixteenBits)))
        .anyMatch(rule -> rule.filter(profile::equals).isPresent());
  }

  /** Returns the largest difference that a runtime declares, in steps; 0 for none. */
  public static int bound(UseSupport support) {
    return support
        .exactness()
        .match(new Exactness.Cases<>(exact -> 0, Exactness.Bounded::steps, unsupported -> 0));
  }

  private static IntFunction<ExactElement> elements(
      Step step, Map<String, Tensor> integers, long[] sizes) {
    if (RealFunctions.knows(step)) {
      return RealFunctions.elements(step, integers, sizes);
    }
    ExactResult result = IntegerForm.values(step, integers, sizes);
    return result::element;
  }

  /** What one unit of the sums is worth; empty where float32 errs whatever the numbers. */
  private static Optional<BigDecimal> unit(Step step) {
    if (!LINEAR.contains(step.op().toString()) && !RealFunctions.isExact(step)) {
      return Optional.empty();
    }
    BigDecimal unit = BigDecimal.ONE;
    boolean product = PRODUCTS.contains(step.op().toString());
    for (int i = 0; i < step.operands().size() && (!product || i < 2); i++) {
      Optional<Meaning> meaning = step.operands().get(i).stored().map(Operand.Stored::meaning);
      if (meaning.isPresent()) {
        if (!meaning.get().scales().stream().allMatch(ExactStep::isPowerOfTwo)) {
          return Optional.empty();
        }
        BigDecimal scale = new BigDecimal(meaning.get().scale());
        unit = product ? unit.multiply(scale) : unit.min(scale);
      }
    }
    float y = step.meaning().scale();
    boolean perTensor =
        step.operands().stream()
            .flatMap(operand -> operand.stored().stream())
            .allMatch(stored -> stored.meaning().axis().isEmpty());
    return isPowerOfTwo(y) && perTensor && !step.op().is("Clip")
        ? Optional.of(unit.divide(new BigDecimal(y)))
        : Optional.empty();
  }

  private static boolean isPowerOfTwo(float scale) {
    return Math.scalb(1f, Math.getExponent(scale)) == scale;
  }

  private Allowed allowed() {
    return new Allowed() {
      @Override
      public long expected(int index) {
        return nearest(elements.apply(index));
      }

      @Override
      public boolean allows(int index, long integer) {
        ExactElement element = elements.apply(index);
        return isFloatExact(element)
            ? integer == nearest(element)
            : element.explains(integer, step.meaning().min(), step.meaning().max());
      }
    };
  }

  private Allowed within() {
    Meaning y = step.meaning();
    return new Allowed() {
      @Override
      public long expected(int index) {
        return elements.apply(index).rounded(y.min(), y.max());
      }

      @Override
      public boolean allows(int index, long integer) {
        return elements.apply(index).explains(integer, y.min(), y.max());
      }
    };
  }

  private boolean isFloatExact(ExactElement element) {
    return unit.isPresent() && element.magnitude().compareTo(unit.get().multiply(EXACT_SUMS)) <= 0;
  }

  private long nearest(ExactElement element) {
    Meaning y = step.meaning();
    if (!zeroPointFirst) {
      return element.rounded(y.min(), y.max());
    }
    return element
        .value()
        .add(BigDecimal.valueOf(y.zeroPoint()))
        .setScale(0, RoundingMode.HALF_EVEN)
        .max(BigDecimal.valueOf(y.min()))
        .min(BigDecimal.valueOf(y.max()))
        .longValueExact();
  }
}
