package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Computes the parameters of derived groups, and makes room for constants that would leave their
 * integer type.
 *
 * <p>A derived constant, a bias {@code b} as a rule, is quantized as {@code rne(b / s)}. Where
 * {@code |b / s|} would be more than the largest float32 that the type holds on both sides of zero
 * (2^31 - 128 for int32), the observed scale of a constant source, the weight's as a rule, grows to
 * the smallest float32 that leaves less, and from there to the next scale of its grid. The weight
 * is quantized with the larger scale.
 *
 * <p>Runtimes add products to an int32 bias in int32, and wrap: of int32, room is left for the sum
 * of as many products as the weight has elements for each of the bias, all as large as integers of
 * 8 bits make them, though at most half of the type. Beside wider integers, sums are wider, too.
 */
final class DerivedParameters {

  private final Plan plan;
  private final Observers observers;
  private final SortedMap<Integer, GroupParameters> parameters;
  private final DerivedContexts contexts;
  private final GrownScales grown = new GrownScales();
  private final OffGridScales offGrid = new OffGridScales();

  /**
   * Prepares the computation.
   *
   * @param observers the derivations and grids that the plan's specs name
   * @param parameters the parameters of all groups that are not derived; this object adds the
   *     others and enlarges the scales of constants
   */
  DerivedParameters(
      Plan plan, Observers observers, SortedMap<Integer, GroupParameters> parameters) {
    this.plan = plan;
    this.observers = observers;
    this.parameters = parameters;
    this.contexts = new DerivedContexts(plan);
  }

  /** Adds the parameters of the derived groups; returns what a user must know. */
  List<Finding> add() {
    SortedMap<Integer, List<GraphValue>> values = plan.valuesByGroup();
    plan.groups()
        .values()
        .forEach(group -> enlarge(group, values.getOrDefault(group.id(), List.of())));
    List<PlannedGroup> waiting =
        new ArrayList<>(
            plan.groups().values().stream().filter(g -> !g.spec().sources().isEmpty()).toList());
    // The plan has no cycle of derived groups, so that every round computes at least one.
    while (!waiting.isEmpty()) {
      waiting.removeIf(this::compute);
    }
    return Stream.of(grown.finding(), offGrid.finding()).flatMap(Optional::stream).toList();
  }

  private boolean compute(PlannedGroup group) {
    if (!parameters.keySet().containsAll(sources(group))) {
      return false;
    }
    DerivationKind kind = kind(group);
    DerivationContext context = contexts.of(group, parameters);
    QuantizedType stored = kind.storedType(context);
    int count = count(group, kind, context);
    float[] scales = new float[count];
    long[] zeroPoints = new long[count];
    for (int i = 0; i < count; i++) {
      scales[i] = kind.scale(context, i);
      zeroPoints[i] = kind.zeroPoint(context, i);
      if (!(scales[i] > 0 && scales[i] < Float.POSITIVE_INFINITY)) {
        throw noScale(group, "the scale derived for it is " + scales[i] + ", no scale");
      }
      requireZeroPoint(group, stored, zeroPoints[i]);
    }
    requireGrid(group, kind, context, scales);
    parameters.put(
        group.id(),
        new GroupParameters(stored, QuantizationParameters.of(scales, zeroPoints), List.of()));
    return true;
  }

  private void requireGrid(
      PlannedGroup group, DerivationKind kind, DerivationContext context, float[] scales) {
    ScaleGrid grid = kind.grid(context);
    if (!grid.isAny()) {
      offGrid.add(
          contexts.point(group), grid, observers.grid(grid), scales, kind.refusesLoss(context));
    }
  }

  /** Stored forms of 32 and 64 bits have no zero point. */
  private void requireZeroPoint(PlannedGroup group, QuantizedType stored, long zeroPoint) {
    boolean inside = zeroPoint >= stored.min() && zeroPoint <= stored.max();
    if (!inside || (stored.storage().bits() >= Integer.SIZE && zeroPoint != 0)) {
      throw ConversionErrors.DERIVED_ZERO_POINT
          .error(contexts.words(group) + ": the zero point derived for it is " + zeroPoint)
          .build();
    }
  }

  private int count(PlannedGroup group, DerivationKind kind, DerivationContext context) {
    try {
      return kind.count(context);
    } catch (IllegalArgumentException e) {
      throw ConversionErrors.SOURCES_DIFFER
          .error(
              contexts.words(group)
                  + ": its sources do not fit each other"
                  + Optional.ofNullable(e.getMessage()).map(why -> ": " + why).orElse(""))
          .cause(e)
          .build();
    }
  }

  private DerivationKind kind(PlannedGroup group) {
    return observers.derivation(group.spec().derivation().orElseThrow());
  }

  private OctetException noScale(PlannedGroup group, String why) {
    return ConversionErrors.NO_SCALE.error(contexts.words(group) + ": " + why).build();
  }

  private List<Integer> sources(PlannedGroup group) {
    return group.spec().sources().stream()
        .map(point -> plan.group(point).orElseThrow().id())
        .toList();
  }

  private GroupParameters found(int group) {
    return Objects.requireNonNull(parameters.get(group), "the parameters of a source");
  }

  /** A scale that the backend fixed stays. */
  private boolean grows(int source) {
    PlannedGroup group = plan.groups().get(source);
    return plan.isConstant(source) && group != null && group.spec().observed().isPresent();
  }

  private void enlarge(PlannedGroup group, List<GraphValue> values) {
    List<Integer> sources = sources(group);
    Optional<Integer> growing = sources.stream().filter(this::grows).reduce((a, b) -> b);
    if (growing.isEmpty() || !parameters.keySet().containsAll(sources)) {
      return;
    }
    if (kind(group).refusesLoss(contexts.of(group, parameters))) {
      return;
    }
    for (GraphValue value : values) {
      if (value.constant().isPresent()) {
        enlarge(group, value, growing.get());
      }
    }
  }

  private void enlarge(PlannedGroup group, GraphValue bias, int growing) {
    DerivationKind kind = kind(group);
    DerivationContext context = contexts.of(group, parameters);
    QuantizedType stored = kind.storedType(context);
    int count = count(group, kind, context);
    GrownScales.Biggest biggest = new GrownScales.Biggest(found(growing));
    float[] elements = ConstantValues.floats(bias);
    float limit = limit(stored, products(group, growing, elements.length));
    for (int i = 0; i < elements.length; i++) {
      int index = count == 1 ? 0 : i % count;
      Room room = new Room(group, kind, stored, limit, index, growing, Math.abs(elements[i]));
      if (!room.fits(found(growing).parameters())) {
        QuantizationParameters larger = room.larger(bias.name());
        if (!room.fitsUsualScales()) {
          biggest.add(i, larger);
        }
        parameters.put(growing, found(growing).withParameters(larger));
      }
    }
    biggest.of(Clipped.at(plan, group, bias), bias.name(), stored).ifPresent(grown::add);
  }

  private static float limit(QuantizedType stored, double products) {
    long most = Math.min(stored.max(), -(stored.min() + 1));
    boolean sum = stored.storage().bits() == Integer.SIZE;
    return atMost(sum ? most - (long) Math.min(products, most / 2.0) : most);
  }

  /** Returns the largest sum of products that is added to an element; 0 where sums are wide. */
  private double products(PlannedGroup group, int growing, int elements) {
    long weights =
        plan.valuesByGroup().getOrDefault(growing, List.of()).stream()
            .flatMap(value -> value.constant().stream())
            .mapToLong(Tensor::elementCount)
            .max()
            .orElse(0);
    double largest = Math.ceil((double) weights / elements);
    for (int source : sources(group)) {
      largest *= found(source).stored().storage().bits() > Byte.SIZE ? 0 : reach(found(source));
    }
    return largest;
  }

  private static double reach(GroupParameters source) {
    double reach = 0;
    for (int i = 0; i < source.parameters().count(); i++) {
      double zero = source.parameters().realZeroPoint(i);
      reach = Math.max(reach, Math.abs(source.stored().min() - zero));
      reach = Math.max(reach, Math.abs(source.stored().max() - zero));
    }
    return reach;
  }

  /** Finds the scale of a source with which an element of a derived constant fits its type. */
  private final class Room {
    private final PlannedGroup group;
    private final DerivationKind kind;
    private final QuantizedType stored;
    private final float limit;
    private final int index;
    private final int growing;
    private final float magnitude;

    Room(
        PlannedGroup group,
        DerivationKind kind,
        QuantizedType stored,
        float limit,
        int index,
        int growing,
        float magnitude) {
      this.group = group;
      this.kind = kind;
      this.stored = stored;
      this.index = index;
      this.growing = growing;
      this.magnitude = magnitude;
      this.limit = limit;
    }

    boolean fits(QuantizationParameters source) {
      return magnitude == 0 || magnitude / scale(source) <= limit;
    }

    /**
     * Tells whether the element fits when no scale is below the usual floor. Where only that makes
     * it leave its type, a source is all but zero, and its products are nothing beside the element,
     * whatever the scale of the weight.
     */
    boolean fitsUsualScales() {
      Map<Integer, GroupParameters> usual = new HashMap<>();
      for (int source : sources(group)) {
        usual.put(source, found(source).withParameters(atLeastUsual(found(source).parameters())));
      }
      return magnitude / kind.scale(contexts.of(group, usual), index) <= limit;
    }

    private QuantizationParameters atLeastUsual(QuantizationParameters given) {
      QuantizationParameters usual = given;
      for (int i = 0; i < given.count(); i++) {
        if (given.scale(i) < NumericProfile.FLOAT32_EPSILON) {
          usual = usual.withScale(i, NumericProfile.FLOAT32_EPSILON);
        }
      }
      return usual;
    }

    private float scale(QuantizationParameters source) {
      return kind.scale(contexts.of(group, parameters, growing, source), index);
    }

    /** A larger scale never makes an element fit less, so that the next scale of a grid will do. */
    QuantizationParameters larger(String bias) {
      QuantizationParameters present = found(growing).parameters();
      int channel = channel(bias, present);
      float scale = onGrid(bias, needed(present, channel));
      return present.withScale(channel, scale);
    }

    /** Returns the channel of the source that the scale comes from. */
    private int channel(String bias, QuantizationParameters present) {
      float before = scale(present);
      int own = index % present.count();
      for (int step = 0; step < present.count(); step++) {
        int channel = (own + step) % present.count();
        if (scale(present.withScale(channel, Float.MAX_VALUE)) > before) {
          return channel;
        }
      }
      throw noScale(
          group, "bias '" + bias + "' leaves " + stored + ", whatever the scale of its source");
    }

    /**
     * Returns the smallest float32 scale with which the element fits. Floats above 0 are ordered as
     * their bits are.
     */
    private float needed(QuantizationParameters present, int channel) {
      int low = Float.floatToIntBits(present.scale(channel));
      int high = Float.floatToIntBits(Float.MAX_VALUE);
      while (high - low > 1) {
        int middle = low + (high - low) / 2;
        boolean fits = fits(present.withScale(channel, Float.intBitsToFloat(middle)));
        low = fits ? low : middle;
        high = fits ? middle : high;
      }
      return Float.intBitsToFloat(high);
    }

    private float onGrid(String bias, float needed) {
      PlannedGroup source = Objects.requireNonNull(plan.groups().get(growing), "the source");
      float scale =
          source
              .spec()
              .observed()
              .map(spec -> observers.rule(spec).grid().atLeast(needed))
              .orElse(needed);
      if (scale == Float.POSITIVE_INFINITY) {
        throw noScale(
            group,
            "bias '"
                + bias
                + "' needs a weight with a scale of at least "
                + needed
                + ", which its grid does not have: "
                + source.spec());
      }
      return scale;
    }
  }

  /** Returns the largest float32 that is not above a whole number above 0. */
  private static float atMost(long limit) {
    float nearest = (float) limit;
    // Of 2^63, which is no long, the cast gives 2^63 - 1.
    boolean above = nearest >= 0x1p63f || (long) nearest > limit;
    return above ? Math.nextDown(nearest) : nearest;
  }
}
