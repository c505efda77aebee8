package dev.octet.api.spec;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Point;
import dev.octet.api.stability.Incubating;
import dev.octet.api.text.Words;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How one point is quantized. All kinds are immutable values that validate themselves. */
public sealed interface QuantizationSpec {

  /**
   * Returns what the function of this spec's kind makes of it: the way to tell kinds apart, so that
   * a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * Returns this spec when it states an integer type; empty when it names another point instead, or
   * keeps the point in float.
   */
  Optional<Concrete> concrete();

  /** Returns the point whose parameters this one has; empty unless this is {@link Shared}. */
  Optional<Point> sharedWith();

  /** Returns why the point stays float; empty when it is quantized. */
  Optional<String> floatReason();

  /** Returns the narrower float type that the point gets; empty unless {@link NarrowFloat}. */
  default Optional<DataType> narrowFloat() {
    return Optional.empty();
  }

  /** Tells whether the point has a scale and zero point: it neither stays float nor is narrowed. */
  default boolean hasParameters() {
    return floatReason().isEmpty() && narrowFloat().isEmpty();
  }

  /**
   * One function for each kind of spec.
   *
   * @param <T> what the functions return
   * @param observed for scales that are observed
   * @param fixed for scales that are known beforehand
   * @param shared for the parameters of another point
   * @param derived for scales that are computed from others
   * @param keepFloat for a point that stays float
   * @param narrowFloat for a point that becomes a narrower float
   */
  record Cases<T>(
      Function<? super Observed, ? extends T> observed,
      Function<? super Fixed, ? extends T> fixed,
      Function<? super Shared, ? extends T> shared,
      Function<? super Derived, ? extends T> derived,
      Function<? super KeepFloat, ? extends T> keepFloat,
      Function<? super NarrowFloat, ? extends T> narrowFloat) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super QuantizationSpec, ? extends T> other) {
      return new Cases<>(other, other, other, other, other, other);
    }

    /** Returns these functions with this one for scales that are observed. */
    public Cases<T> observed(Function<? super Observed, ? extends T> function) {
      return new Cases<>(function, fixed, shared, derived, keepFloat, narrowFloat);
    }

    /** Returns these functions with this one for scales that are known beforehand. */
    public Cases<T> fixed(Function<? super Fixed, ? extends T> function) {
      return new Cases<>(observed, function, shared, derived, keepFloat, narrowFloat);
    }

    /** Returns these functions with this one for the parameters of another point. */
    public Cases<T> shared(Function<? super Shared, ? extends T> function) {
      return new Cases<>(observed, fixed, function, derived, keepFloat, narrowFloat);
    }

    /** Returns these functions with this one for scales that are computed from others. */
    public Cases<T> derived(Function<? super Derived, ? extends T> function) {
      return new Cases<>(observed, fixed, shared, function, keepFloat, narrowFloat);
    }

    /** Returns these functions with this one for a point that stays float. */
    public Cases<T> keepFloat(Function<? super KeepFloat, ? extends T> function) {
      return new Cases<>(observed, fixed, shared, derived, function, narrowFloat);
    }

    /** Returns these functions with this one for a point that becomes a narrower float. */
    public Cases<T> narrowFloat(Function<? super NarrowFloat, ? extends T> function) {
      return new Cases<>(observed, fixed, shared, derived, keepFloat, function);
    }
  }

  /** A spec that states an integer type: what a group of points that share parameters has. */
  sealed interface Concrete extends QuantizationSpec {

    /** Returns the integer type and range. */
    QuantizedType type();

    /** Returns this spec when its scale and zero point come from an observer; empty otherwise. */
    Optional<Observed> observed();

    /**
     * Returns the points whose parameters this one's are computed from, in the order of the rule;
     * empty unless this is {@link Derived}.
     */
    List<Point> sources();

    /** Returns the rule by which they are computed; empty unless this is {@link Derived}. */
    Optional<Derivation> derivation();

    /**
     * Returns the arithmetic by which floats become integers: the scheme's, or ONNX's where a kind
     * has no scheme.
     */
    NumericProfile profile();

    /**
     * Returns what the function of this spec's kind makes of it, as {@link
     * QuantizationSpec#match(QuantizationSpec.Cases)}.
     */
    <T> T match(ConcreteCases<T> cases);

    @Override
    default Optional<Concrete> concrete() {
      return Optional.of(this);
    }

    @Override
    default Optional<Point> sharedWith() {
      return Optional.empty();
    }

    @Override
    default Optional<String> floatReason() {
      return Optional.empty();
    }
  }

  /**
   * One function for each kind of concrete spec.
   *
   * @param <T> what the functions return
   * @param observed for scales that are observed
   * @param fixed for scales that are known beforehand
   * @param derived for scales that are computed from others
   */
  record ConcreteCases<T>(
      Function<? super Observed, ? extends T> observed,
      Function<? super Fixed, ? extends T> fixed,
      Function<? super Derived, ? extends T> derived) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public ConcreteCases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> ConcreteCases<T> otherwise(Function<? super Concrete, ? extends T> other) {
      return new ConcreteCases<>(other, other, other);
    }

    /** Returns these functions with this one for scales that are observed. */
    public ConcreteCases<T> observed(Function<? super Observed, ? extends T> function) {
      return new ConcreteCases<>(function, fixed, derived);
    }

    /** Returns these functions with this one for scales that are known beforehand. */
    public ConcreteCases<T> fixed(Function<? super Fixed, ? extends T> function) {
      return new ConcreteCases<>(observed, function, derived);
    }

    /** Returns these functions with this one for scales that are computed from others. */
    public ConcreteCases<T> derived(Function<? super Derived, ? extends T> function) {
      return new ConcreteCases<>(observed, fixed, function);
    }
  }

  /**
   * Scale and zero point come from what an observer sees at the point. Immutable; two are equal
   * when everything that they say is equal. The type is not int64, whose values are derived from
   * others.
   */
  final class Observed implements Concrete {

    private record Fields(
        QuantizedType type,
        Scheme scheme,
        Granularity granularity,
        ObserverSpec observer,
        Mode mode) {
      private Fields {
        if (type.storage() == Storage.INT64) {
          throw new IllegalArgumentException(type + " cannot be observed, only derived or fixed");
        }
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(granularity, "granularity");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(mode, "mode");
      }
    }

    private final Fields fields;

    /** Specs are looked up for each point of a model. */
    private final int hash;

    private Observed(Fields fields) {
      this.fields = fields;
      this.hash = fields.hashCode();
    }

    /**
     * Returns a spec that is affine with ONNX arithmetic, per tensor, watched by {@code min-max},
     * and static.
     *
     * @param type the integer type and range
     * @throws IllegalArgumentException if it is int64
     */
    public static Observed of(QuantizedType type) {
      return new Observed(
          new Fields(
              type,
              Scheme.affine(),
              new Granularity.PerTensor(),
              ObserverSpec.minMax(),
              Mode.STATIC));
    }

    /** Returns this spec for another integer type or range. */
    public Observed withType(QuantizedType type) {
      return new Observed(new Fields(type, scheme(), granularity(), observer(), mode()));
    }

    /** Returns this spec with another scheme. */
    public Observed withScheme(Scheme scheme) {
      return new Observed(new Fields(type(), scheme, granularity(), observer(), mode()));
    }

    /** Returns this spec with another granularity. */
    public Observed withGranularity(Granularity granularity) {
      // Rules ask for each point, and most points are per tensor.
      return granularity().equals(granularity)
          ? this
          : new Observed(new Fields(type(), scheme(), granularity, observer(), mode()));
    }

    /** Returns this spec with another observer. */
    public Observed withObserver(ObserverSpec observer) {
      return new Observed(new Fields(type(), scheme(), granularity(), observer, mode()));
    }

    /** Returns this spec in another mode. */
    public Observed withMode(Mode mode) {
      return new Observed(new Fields(type(), scheme(), granularity(), observer(), mode));
    }

    @Override
    public QuantizedType type() {
      return fields.type();
    }

    /** Returns whether the range is symmetric or affine, with its arithmetic. */
    public Scheme scheme() {
      return fields.scheme();
    }

    /** Returns which elements share a scale. */
    public Granularity granularity() {
      return fields.granularity();
    }

    /** Returns what watches the point. */
    public ObserverSpec observer() {
      return fields.observer();
    }

    /** Returns when scale and zero point are found. */
    public Mode mode() {
      return fields.mode();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.observed().apply(this);
    }

    @Override
    public <T> T match(ConcreteCases<T> cases) {
      return cases.observed().apply(this);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.of(this);
    }

    @Override
    public List<Point> sources() {
      return List.of();
    }

    @Override
    public Optional<Derivation> derivation() {
      return Optional.empty();
    }

    @Override
    public NumericProfile profile() {
      return scheme().profile();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Observed that && hash == that.hash && fields.equals(that.fields));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** Returns everything that the spec says, in words. */
    @Override
    public String toString() {
      String when = mode() == Mode.STATIC ? "" : ", " + mode().name().toLowerCase(Locale.ROOT);
      return type() + " " + scheme() + ", " + granularity() + ", " + observer() + when;
    }
  }

  /**
   * Scales and zero points are known beforehand, as for a softmax whose results lie in [0, 1): one
   * pair for the tensor, or one for each index of an axis. Immutable; two are equal when everything
   * that they say is equal.
   */
  final class Fixed implements Concrete {

    private record Numbers(
        QuantizedType type, Granularity granularity, QuantizationParameters parameters) {
      private Numbers {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(granularity, "granularity");
        for (int i = 0; i < parameters.count(); i++) {
          Number zeroPoint = parameters.shownZeroPoint(i);
          if (zeroPoint.doubleValue() < type.min() || zeroPoint.doubleValue() > type.max()) {
            throw new IllegalArgumentException(
                "zero point " + zeroPoint + " is not inside " + type);
          }
        }
      }
    }

    private final Numbers numbers;

    private Fixed(Numbers numbers) {
      this.numbers = numbers;
    }

    /**
     * Returns a spec with one scale and zero point.
     *
     * @param type the integer type and range
     * @param scale the scale, finite and above 0
     * @param zeroPoint the zero point, inside the type's range
     * @throws IllegalArgumentException if scale or zero point have not this range
     */
    public static Fixed of(QuantizedType type, float scale, long zeroPoint) {
      return of(type, QuantizationParameters.of(scale, zeroPoint));
    }

    /**
     * Returns a spec with one scale and zero point.
     *
     * @param parameters one pair, inside the type's range; of constants, the zero point may be a
     *     fraction
     * @throws IllegalArgumentException if there is more than one pair, or a zero point is not
     *     inside the range
     */
    public static Fixed of(QuantizedType type, QuantizationParameters parameters) {
      if (parameters.count() != 1) {
        throw new IllegalArgumentException(
            "a tensor has one scale, not " + parameters.count() + "; state their axis");
      }
      return new Fixed(new Numbers(type, new Granularity.PerTensor(), parameters));
    }

    /**
     * Returns a spec with a scale and zero point for each index of an axis; a plan refuses it at a
     * point whose axis has another size.
     *
     * @param parameters a pair for each index, at least one; see {@link #of(QuantizedType,
     *     QuantizationParameters)}
     * @param axis the axis from the outermost, at least 0
     * @throws IllegalArgumentException if there is no pair, a zero point is not inside the range,
     *     or the axis is negative
     */
    public static Fixed perChannel(
        QuantizedType type, QuantizationParameters parameters, int axis) {
      if (parameters.count() == 0) {
        throw new IllegalArgumentException("there is no scale");
      }
      return new Fixed(new Numbers(type, new Granularity.PerChannel(axis), parameters));
    }

    @Override
    public QuantizedType type() {
      return numbers.type();
    }

    /** Returns which elements share a scale: all of them, or those of an index of an axis. */
    public Granularity granularity() {
      return numbers.granularity();
    }

    /** Returns the scales and zero points. */
    public QuantizationParameters parameters() {
      return numbers.parameters();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.fixed().apply(this);
    }

    @Override
    public <T> T match(ConcreteCases<T> cases) {
      return cases.fixed().apply(this);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public List<Point> sources() {
      return List.of();
    }

    @Override
    public Optional<Derivation> derivation() {
      return Optional.empty();
    }

    @Override
    public NumericProfile profile() {
      return NumericProfile.onnx();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Fixed that && numbers.equals(that.numbers);
    }

    @Override
    public int hashCode() {
      return numbers.hashCode();
    }

    /** Returns everything that the spec says, in words. */
    @Override
    public String toString() {
      return type() + ", " + granularity() + ", of " + parameters();
    }
  }

  /**
   * The point has the same parameters as another point; whatever that one's kind is.
   *
   * @param with the other point
   */
  record Shared(Point with) implements QuantizationSpec {
    /** Checks that the point is not null. */
    public Shared {
      Objects.requireNonNull(with, "with");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.shared().apply(this);
    }

    @Override
    public Optional<Concrete> concrete() {
      return Optional.empty();
    }

    @Override
    public Optional<Point> sharedWith() {
      return Optional.of(with);
    }

    @Override
    public Optional<String> floatReason() {
      return Optional.empty();
    }

    /** Returns everything that the spec says, in words. */
    @Override
    public String toString() {
      return "shared with " + with;
    }
  }

  /**
   * Scale and zero point are computed from those of other points.
   *
   * @param type the integer type and range
   * @param rule the rule, by name
   * @param sources the other points, in the order of the rule; at least one
   */
  record Derived(QuantizedType type, Derivation rule, List<Point> sources) implements Concrete {
    /** Copies the sources and checks that there is one. */
    public Derived {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(rule, "rule");
      sources = List.copyOf(sources);
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("a derived spec needs at least one source");
      }
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.derived().apply(this);
    }

    @Override
    public <T> T match(ConcreteCases<T> cases) {
      return cases.derived().apply(this);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<Derivation> derivation() {
      return Optional.of(rule);
    }

    @Override
    public NumericProfile profile() {
      return NumericProfile.onnx();
    }

    /** Returns everything that the spec says, in words. */
    @Override
    public String toString() {
      return type
          + " derived by "
          + rule
          + " from "
          + sources.stream().map(Point::toString).collect(Collectors.joining(", "));
    }
  }

  /**
   * The point is claimed and deliberately stays float.
   *
   * @param reason why, in words that a report shows
   */
  record KeepFloat(String reason) implements QuantizationSpec {
    /** Checks that there is a reason. */
    public KeepFloat {
      Words.require(reason, "the reason why a point stays float");
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.keepFloat().apply(this);
    }

    @Override
    public Optional<Concrete> concrete() {
      return Optional.empty();
    }

    @Override
    public Optional<Point> sharedWith() {
      return Optional.empty();
    }

    @Override
    public Optional<String> floatReason() {
      return Optional.of(reason);
    }

    /** Returns everything that the spec says, in words. */
    @Override
    public String toString() {
      return "float: " + reason;
    }
  }

  /**
   * The point is claimed and becomes a float of fewer bits than float32, without scale and zero
   * point. Values are rounded to nearest, ties to even; what lies beyond the largest finite value
   * by half a step or more becomes infinite, where the type has infinities.
   *
   * @param type one of {@link #TYPES}
   */
  record NarrowFloat(DataType type) implements QuantizationSpec {

    /** The types that a point can become, as ONNX names them. */
    public static final Set<DataType> TYPES =
        Collections.unmodifiableSet(
            EnumSet.of(
                DataType.FLOAT16,
                DataType.BFLOAT16,
                DataType.FLOAT8E4M3FN,
                DataType.FLOAT8E4M3FNUZ,
                DataType.FLOAT8E5M2,
                DataType.FLOAT8E5M2FNUZ));

    /** Checks that the type is one of {@link #TYPES}. */
    public NarrowFloat {
      if (!TYPES.contains(type)) {
        throw new IllegalArgumentException(
            type + " is no float type narrower than FLOAT: " + TYPES);
      }
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.narrowFloat().apply(this);
    }

    @Override
    public Optional<Concrete> concrete() {
      return Optional.empty();
    }

    @Override
    public Optional<Point> sharedWith() {
      return Optional.empty();
    }

    @Override
    public Optional<String> floatReason() {
      return Optional.empty();
    }

    @Override
    public Optional<DataType> narrowFloat() {
      return Optional.of(type);
    }

    /** Returns the type. */
    @Override
    public String toString() {
      return type.toString();
    }
  }
}
