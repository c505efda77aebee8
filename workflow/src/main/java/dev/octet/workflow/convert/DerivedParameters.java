package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Computes the parameters of derived groups, and makes room for constants that would leave their
 * integer type.
 *
 * <p>The scale of a product is {@code s_1 * s_2 * ...}, one float32 multiplication for each source
 * from left to right. A derived constant, a bias {@code b} as a rule, is quantized as {@code rne(b
 * / s)}. Where {@code |b / s|} would reach 2^31, the observed scale of a constant source, the
 * weight's as a rule, grows to the smallest float32 that leaves {@code |b / s| <= 2^31 - 128}, the
 * largest float32 below 2^31, and from there to the next scale of its grid. The weight is quantized
 * with the larger scale.
 */
final class DerivedParameters {

  private static final float LARGEST_INT32 = 0x7FFFFF80;

  private final Plan plan;
  private final SortedMap<Integer, GroupParameters> parameters;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Prepares the computation.
   *
   * @param parameters the parameters of all groups that are not derived; this object adds the
   *     others and enlarges the scales of constants
   */
  DerivedParameters(Plan plan, SortedMap<Integer, GroupParameters> parameters) {
    this.plan = plan;
    this.parameters = parameters;
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
    return findings;
  }

  private boolean compute(PlannedGroup group) {
    List<Integer> sources = sources(group);
    if (!parameters.keySet().containsAll(sources)) {
      return false;
    }
    requireSameChannels(group, sources);
    int count = count(sources);
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = product(sources, i, -1, 0f);
      if (!(scales[i] > 0 && scales[i] < Float.POSITIVE_INFINITY)) {
        throw noScale(group, scales[i]);
      }
    }
    parameters.put(
        group.id(),
        new GroupParameters(QuantizationParameters.of(scales, new long[count]), List.of()));
    return true;
  }

  private void requireSameChannels(PlannedGroup group, List<Integer> sources) {
    int count = count(sources);
    for (int source : sources) {
      int own = parametersOf(source).count();
      if (own != 1 && own != count) {
        throw ConversionErrors.SOURCES_DIFFER
            .error(
                "the sources of " + group.spec() + " have " + own + " and " + count + " channels")
            .build();
      }
    }
  }

  private static OctetException noScale(PlannedGroup group, float product) {
    return noScale(
        "the product of the scales for " + group.spec() + " is " + product + ", no scale");
  }

  private static OctetException noScale(String fact) {
    return ConversionErrors.NO_SCALE.error(fact).build();
  }

  private List<Integer> sources(PlannedGroup group) {
    return group.spec().sources().stream().map(this::groupOf).toList();
  }

  private int groupOf(Point point) {
    return plan.group(point).orElseThrow().id();
  }

  private int count(List<Integer> sources) {
    return sources.stream().mapToInt(s -> parametersOf(s).count()).max().orElse(1);
  }

  private QuantizationParameters parametersOf(int group) {
    return found(group).parameters();
  }

  private GroupParameters found(int group) {
    return Objects.requireNonNull(parameters.get(group), "the parameters of a source");
  }

  /**
   * Returns the product of the sources' scales at a channel, with another scale in the place of one
   * source's.
   */
  private float product(List<Integer> sources, int channel, int replaced, float replacement) {
    float product = 1f;
    for (int source : sources) {
      QuantizationParameters own = parametersOf(source);
      product *= source == replaced ? replacement : own.scale(own.count() == 1 ? 0 : channel);
    }
    return product;
  }

  private void enlarge(PlannedGroup group, List<GraphValue> values) {
    if (group.spec().sources().isEmpty()) {
      return;
    }
    List<Integer> sources = sources(group);
    Optional<Integer> growing = sources.stream().filter(this::mayGrow).reduce((a, b) -> b);
    if (growing.isEmpty() || !parameters.keySet().containsAll(sources)) {
      return;
    }
    requireSameChannels(group, sources);
    for (GraphValue value : values) {
      if (value.constant().isPresent()) {
        enlarge(value.name(), ConstantValues.floats(value), sources, growing.get());
      }
    }
  }

  /** A scale that the backend fixed stays, whatever is quantized with it. */
  private boolean mayGrow(int source) {
    return plan.isConstant(source)
        && Objects.requireNonNull(plan.groups().get(source)).spec().observed().isPresent();
  }

  private void enlarge(String bias, float[] elements, List<Integer> sources, int growing) {
    QuantizationParameters present = parametersOf(growing);
    float[] scales = present.scales();
    List<Integer> enlarged = new ArrayList<>();
    for (int i = 0; i < elements.length; i++) {
      int channel = scales.length == 1 ? 0 : i % scales.length;
      float needed = needed(Math.abs(elements[i]), sources, channel, growing, scales[channel]);
      if (needed > scales[channel]) {
        scales[channel] = onGrid(bias, needed, growing);
        enlarged.add(i);
      }
    }
    if (!enlarged.isEmpty()) {
      QuantizationParameters larger = QuantizationParameters.of(scales, present.zeroPoints());
      parameters.put(growing, new GroupParameters(larger, found(growing).observed()));
      findings.add(grown(bias, enlarged));
    }
  }

  /** A larger scale never makes a bias fit less, so that the next scale of the grid will do. */
  private float onGrid(String bias, float needed, int growing) {
    PlannedGroup group = Objects.requireNonNull(plan.groups().get(growing), "the source");
    float scale =
        group
            .spec()
            .observed()
            .map(spec -> plan.observers().rule(spec).grid().atLeast(needed))
            .orElse(needed);
    if (scale == Float.POSITIVE_INFINITY) {
      throw noScale(
          "bias '"
              + bias
              + "' needs a weight with a scale of at least "
              + needed
              + ", which its grid does not have: "
              + group.spec());
    }
    return scale;
  }

  /**
   * Returns the smallest float32 scale, at least the present one, with which a bias fits. Floats
   * above 0 are ordered as their bits are, and a larger scale never makes a bias fit less.
   */
  private float needed(
      float magnitude, List<Integer> sources, int channel, int growing, float scale) {
    if (fits(magnitude, product(sources, channel, growing, scale))) {
      return scale;
    }
    int low = Float.floatToIntBits(scale);
    int high = Float.floatToIntBits(Float.MAX_VALUE);
    while (high - low > 1) {
      int middle = low + (high - low) / 2;
      boolean fits =
          fits(magnitude, product(sources, channel, growing, Float.intBitsToFloat(middle)));
      low = fits ? low : middle;
      high = fits ? middle : high;
    }
    return Float.intBitsToFloat(high);
  }

  private static boolean fits(float magnitude, float scale) {
    return magnitude == 0 || magnitude / scale <= LARGEST_INT32;
  }

  private static Finding grown(String bias, List<Integer> channels) {
    return ConversionErrors.LARGE_BIAS.about(
        "Bias '"
            + bias
            + "' would leave int32 in "
            + channels.size()
            + " channels (the first is "
            + channels.get(0)
            + "): their weights have a larger scale, and fewer steps, than their range asks for.");
  }
}
