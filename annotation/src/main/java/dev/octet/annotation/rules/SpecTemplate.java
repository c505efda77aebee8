package dev.octet.annotation.rules;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import dev.octet.api.stability.Incubating;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a rule quantizes a point: a {@link dev.octet.api.spec.QuantizationSpec} whose axis and points
 * are named in terms of the match. Immutable.
 */
public sealed interface SpecTemplate {

  /**
   * Returns what the function of this spec's kind makes of it: the way to tell kinds apart, so that
   * a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /** Returns this spec when its scales are observed; empty otherwise. */
  Optional<Observed> observed();

  /**
   * Returns the integer type of the values at the point, when the spec itself states it; empty for
   * a spec that rests on other points, and for one that keeps the point in float.
   */
  Optional<QuantizedType> statedType();

  /** Returns the other points of the match that the spec rests on; empty when there is none. */
  List<MatchPoint> references();

  /** Tells whether the point stays float. */
  boolean isFloat();

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
    public static <T> Cases<T> otherwise(Function<? super SpecTemplate, ? extends T> other) {
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

  /**
   * Scale and zero point from what is observed. Made by {@link Specs}. Two are equal when
   * everything that they say is equal.
   */
  final class Observed implements SpecTemplate {

    private record Fields(QuantizationSpec.Observed spec, List<ChannelAxis> channels) {
      private Fields {
        Objects.requireNonNull(spec, "spec");
        channels = List.copyOf(channels);
      }
    }

    private final Fields fields;

    private Observed(Fields fields) {
      this.fields = fields;
    }

    /** Returns the template of a spec that does not depend on the match. */
    static Observed of(QuantizationSpec.Observed spec) {
      return new Observed(new Fields(spec, List.of()));
    }

    /** Returns this spec for another range of its storage. */
    public Observed range(long min, long max) {
      return with(spec().withType(new QuantizedType(spec().type().storage(), min, max)));
    }

    /** Returns this spec with a zero point that is found from the data. */
    public Observed affine() {
      return with(spec().scheme().withSymmetry(Scheme.Symmetry.AFFINE));
    }

    /** Returns this spec with a range that is symmetric about zero. */
    public Observed symmetric() {
      return with(spec().scheme().withSymmetry(Scheme.Symmetry.SYMMETRIC));
    }

    /** Returns this spec with another arithmetic. */
    public Observed arithmetic(NumericProfile profile) {
      return with(spec().scheme().withProfile(profile));
    }

    /** Returns this spec with scales that lie on a grid, such as that of the powers of two. */
    public Observed scales(ScaleGrid grid) {
      return with(spec().scheme().withGrid(grid));
    }

    /**
     * Returns this spec with scales of two levels: a small factor for each group times a scale that
     * many share. For constants per group, or, over the tensor, per channel.
     */
    public Observed scales(ScaleLevels levels) {
      return with(spec().scheme().withLevels(levels));
    }

    /**
     * Returns this spec with zero points that may be fractions, such as 1.5 of {@code uint2}; for
     * constants. See {@link Scheme.ZeroPoints#REAL}.
     */
    public Observed realZeroPoints() {
      return with(spec().scheme().withZeroPoints(Scheme.ZeroPoints.REAL));
    }

    /** Returns this spec with one scale for all elements. */
    public Observed perTensor() {
      return granularity(new Granularity.PerTensor());
    }

    /**
     * Returns this spec with a scale for each index of an axis, or for each pair of indices of
     * several: of weights of experts, for each expert and output channel.
     */
    public Observed perChannel(ChannelAxis axis, ChannelAxis... more) {
      List<ChannelAxis> axes = new ArrayList<>(List.of(axis));
      axes.addAll(Arrays.asList(more));
      return new Observed(new Fields(perTensor().spec(), axes));
    }

    /**
     * Returns this spec with a scale for each run of neighbouring elements along an axis; every
     * index of the other axes has runs of its own. The last run may be shorter.
     *
     * @param axis the axis that is cut into runs
     * @param size the length of a run, at least 1
     */
    public Observed perGroup(ChannelAxis axis, long size) {
      QuantizationSpec.Observed runs = spec().withGranularity(new Granularity.PerGroup(0, size));
      return new Observed(new Fields(runs, List.of(axis)));
    }

    /** Returns this spec with a scale for each index of an axis, counted from the outermost. */
    public Observed perChannel(int axis) {
      return granularity(new Granularity.PerChannel(axis));
    }

    /** Returns this spec with another granularity. */
    public Observed granularity(Granularity other) {
      return of(spec().withGranularity(other));
    }

    /** Returns this spec with another observer. */
    public Observed observedBy(ObserverSpec other) {
      return with(spec().withObserver(other));
    }

    /** Returns this spec with parameters that are found while the model runs. */
    public Observed dynamic() {
      return inMode(Mode.DYNAMIC);
    }

    /** Returns this spec for a constant that is dequantized before a float operator. */
    public Observed weightOnly() {
      return inMode(Mode.WEIGHT_ONLY);
    }

    /** Returns this spec for training with quantization in the loop. */
    public Observed quantizationAware() {
      return inMode(Mode.QUANTIZATION_AWARE);
    }

    /** Returns this spec in another mode. */
    public Observed inMode(Mode other) {
      return with(spec().withMode(other));
    }

    /**
     * Returns what the template says of every point; where there are {@link #channels}, its
     * granularity is per tensor, or per group along an axis of no meaning.
     */
    public QuantizationSpec.Observed spec() {
      return fields.spec();
    }

    /**
     * Returns the axes along which scales run, or the one that is cut into groups, when they depend
     * on the match; empty when they do not.
     */
    public List<ChannelAxis> channels() {
      return fields.channels();
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.of(this);
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.of(spec().type());
    }

    @Override
    public boolean isFloat() {
      return false;
    }

    @Override
    public List<MatchPoint> references() {
      return List.of();
    }

    private Observed with(Scheme scheme) {
      return with(spec().withScheme(scheme));
    }

    private Observed with(QuantizationSpec.Observed spec) {
      return new Observed(new Fields(spec, channels()));
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.observed().apply(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Observed that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
      return fields.hashCode();
    }

    /** Returns everything that the template says, for messages. */
    @Override
    public String toString() {
      return spec() + (channels().isEmpty() ? "" : " along " + channels());
    }
  }

  /**
   * Scales and zero points known beforehand.
   *
   * @param spec what the template says of every point; where there are channels, along an axis of
   *     no meaning
   * @param channels the axis along which scales run, where it depends on the match: at most one
   */
  record Fixed(QuantizationSpec.Fixed spec, List<ChannelAxis> channels) implements SpecTemplate {
    /** Copies the list. */
    public Fixed {
      Objects.requireNonNull(spec, "spec");
      channels = List.copyOf(channels);
      if (channels.size() > 1) {
        throw new IllegalArgumentException("fixed scales run along one axis, not " + channels);
      }
    }

    /** Returns the spec for an axis. */
    QuantizationSpec.Fixed along(Granularity granularity) {
      return granularity.match(
          new Granularity.Cases<>(
              whole -> spec,
              channel ->
                  QuantizationSpec.Fixed.perChannel(spec.type(), spec.parameters(), channel.axis()),
              runs -> spec,
              block -> spec,
              token -> spec));
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.of(spec.type());
    }

    @Override
    public boolean isFloat() {
      return false;
    }

    @Override
    public List<MatchPoint> references() {
      return List.of();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.fixed().apply(this);
    }
  }

  /**
   * The parameters of another point.
   *
   * @param with the other point; one, not several
   */
  record Shared(MatchPoint with) implements SpecTemplate {
    /** Checks that the point is one. */
    public Shared {
      requireOne(with);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.empty();
    }

    @Override
    public boolean isFloat() {
      return false;
    }

    @Override
    public List<MatchPoint> references() {
      return List.of(with);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.shared().apply(this);
    }
  }

  /**
   * Scale and zero point computed from those of other points.
   *
   * @param type the integer type and range
   * @param derivation the rule
   * @param sources the other points, each one and not several; at least one
   */
  record Derived(QuantizedType type, Derivation derivation, List<MatchPoint> sources)
      implements SpecTemplate {
    /** Copies the sources and checks that each is one point. */
    public Derived {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(derivation, "derivation");
      sources = List.copyOf(sources);
      sources.forEach(SpecTemplate::requireOne);
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("a derived spec needs at least one source");
      }
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.empty();
    }

    @Override
    public boolean isFloat() {
      return false;
    }

    @Override
    public List<MatchPoint> references() {
      return sources;
    }

    /** Returns the spec of a bias: input scale times weight scale of the first step. */
    static Derived ofInputAndWeight(QuantizedType type) {
      return new Derived(
          type,
          Derivation.productOfScales(),
          List.of(MatchPoint.operand(0), MatchPoint.operand(1)));
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.derived().apply(this);
    }
  }

  /**
   * Claimed, and deliberately float.
   *
   * @param reason why, in words that a report shows
   */
  record KeepFloat(String reason) implements SpecTemplate {
    /** Checks that the reason is not null. */
    public KeepFloat {
      Objects.requireNonNull(reason, "reason");
    }

    QuantizationSpec.KeepFloat plain() {
      return new QuantizationSpec.KeepFloat(reason);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.empty();
    }

    @Override
    public boolean isFloat() {
      return true;
    }

    @Override
    public List<MatchPoint> references() {
      return List.of();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.keepFloat().apply(this);
    }
  }

  /**
   * A float of fewer bits than float32, without scale and zero point.
   *
   * @param type the type, see {@link QuantizationSpec.NarrowFloat}
   */
  record NarrowFloat(DataType type) implements SpecTemplate {
    /** Checks the type as {@link QuantizationSpec.NarrowFloat} does. */
    public NarrowFloat {
      new QuantizationSpec.NarrowFloat(type);
    }

    QuantizationSpec.NarrowFloat plain() {
      return new QuantizationSpec.NarrowFloat(type);
    }

    @Override
    public Optional<Observed> observed() {
      return Optional.empty();
    }

    @Override
    public Optional<QuantizedType> statedType() {
      return Optional.empty();
    }

    @Override
    public boolean isFloat() {
      return false;
    }

    @Override
    public List<MatchPoint> references() {
      return List.of();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.narrowFloat().apply(this);
    }
  }

  private static void requireOne(MatchPoint point) {
    if (point.isSeveral()) {
      throw new IllegalArgumentException(point + " is several points, where one is needed");
    }
  }
}
