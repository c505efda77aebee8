package dev.octet.workflow.convert;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.quantize.ParameterRule;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.ValueNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Quantizes a value with a scale and zero point that the model computes, and dequantizes it.
 *
 * <p>The nodes are the formulas of {@link NumericProfile}, one operation each, in their order: the
 * smallest and largest element of the tensor, or of each row along the innermost axis, the scale,
 * the zero point, then QuantizeLinear and DequantizeLinear; rows are the blocks of these two. The
 * standard has one node for the whole tensor in all of UINT8, DynamicQuantizeLinear, whose scale
 * has no floor; it stands for the formulas where the floor is the usual one.
 */
final class DynamicPair {

  private final QuantizationSpec.Observed spec;
  private final List<Attribute> layout;
  private final ValueNodes nodes;

  private DynamicPair(QuantizationSpec.Observed spec, List<Attribute> layout, ValueNodes nodes) {
    this.spec = spec;
    this.layout = layout;
    this.nodes = nodes;
  }

  /**
   * Inserts the nodes.
   *
   * @param rows the lengths of rows
   * @param value the value, for which {@link #refusal} has nothing to say
   * @param source the value to quantize
   * @param dequantized the name of the dequantized value
   * @param nodes takes the nodes in their order
   */
  static void insert(
      RowLengths rows,
      GraphValue value,
      QuantizationSpec.Observed spec,
      String source,
      String dequantized,
      ValueNodes nodes) {
    new DynamicPair(spec, layout(rows, value, spec.granularity()), nodes)
        .insert(source, dequantized);
  }

  /**
   * Returns why scales of a granularity cannot be computed at a value while the model runs, as a
   * clause about the point.
   */
  static Optional<String> refusal(RowLengths rows, GraphValue value, Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> Optional.empty(),
            channel -> Optional.of(noForm(channel)),
            runs -> Optional.of(noForm(runs)),
            block -> Optional.of(noForm(block)),
            token ->
                rows.of(value).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        "is per token, though the model does not state the length of the rows of '"
                            + value.path()
                            + "', its innermost dimension")));
  }

  private static String noForm(Granularity granularity) {
    return "has the granularity " + granularity;
  }

  /** Returns the attributes of QuantizeLinear and DequantizeLinear: rows are their blocks. */
  private static List<Attribute> layout(
      RowLengths rows, GraphValue value, Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<List<Attribute>>(
            whole -> List.of(),
            channel -> refused(channel),
            runs -> refused(runs),
            block -> refused(block),
            token ->
                List.of(
                    Attribute.of("axis", -1L),
                    Attribute.of("block_size", rows.of(value).orElseThrow()))));
  }

  private static List<Attribute> refused(Granularity granularity) {
    throw new IllegalStateException("a dynamic point " + noForm(granularity));
  }

  private void insert(String source, String dequantized) {
    if (isOneNode()) {
      String quantized = nodes.fresh("quantized");
      String scale = nodes.fresh("scale");
      String zeroPoint = nodes.fresh("zero_point");
      nodes.add(
          "DynamicQuantizeLinear",
          List.of(source),
          List.of(quantized, scale, zeroPoint),
          List.of());
      nodes.add(
          "DequantizeLinear",
          List.of(quantized, scale, zeroPoint),
          List.of(dequantized),
          List.of());
      return;
    }
    String zero = nodes.constant("zero", 0f);
    String low = nodes.add("Min", "low", reduced("ReduceMin", "min", source), zero);
    String high = nodes.add("Max", "high", reduced("ReduceMax", "max", source), zero);
    String scale = scale(low, high);
    ZeroPoint zeroPoint = isSymmetric() ? middle(scale) : computed(low, scale);
    String clipped = needsClip() ? clipped(source, scale, zeroPoint) : source;
    String quantized = nodes.fresh("quantized");
    List<String> parameters = List.of(scale, zeroPoint.integers);
    nodes.add("QuantizeLinear", with(clipped, parameters), List.of(quantized), layout);
    nodes.add("DequantizeLinear", with(quantized, parameters), List.of(dequantized), layout);
  }

  private static List<String> with(String first, List<String> others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return all;
  }

  private boolean isOneNode() {
    return spec.type().equals(QuantizedType.of(Storage.UINT8))
        && !isSymmetric()
        && layout.isEmpty()
        && spec.profile().scaleFloor() == NumericProfile.FLOAT32_EPSILON;
  }

  private boolean isSymmetric() {
    return spec.scheme().symmetry() == Scheme.Symmetry.SYMMETRIC;
  }

  private String reduced(String op, String result, String source) {
    return nodes.reduced(
        op, result, source, layout.isEmpty() ? Optional.empty() : Optional.of(-1L));
  }

  private String scale(String low, String high) {
    float steps = (float) (spec.type().max() - spec.type().min());
    String raw;
    if (isSymmetric()) {
      String magnitude = nodes.add("Max", "magnitude", nodes.add("Neg", "negated", low), high);
      raw = nodes.add("Div", "unit", magnitude, nodes.constant("steps", steps / 2));
    } else {
      raw =
          nodes.add(
              "Div", "unit", nodes.add("Sub", "width", high, low), nodes.constant("steps", steps));
    }
    return nodes.add("Max", "scale", raw, nodes.constant("floor", spec.profile().scaleFloor()));
  }

  /**
   * A zero point.
   *
   * @param integers of the quantized type, in the shape of the scale
   * @param floats the same, of floats that broadcast with the scale
   */
  private record ZeroPoint(String integers, String floats) {}

  private ZeroPoint middle(String scale) {
    long middle = ParameterRule.middle(spec.type());
    String one =
        nodes.constant(
            "zero_point", Tensor.ofIntegers(spec.type().storage().dataType(), new long[] {middle}));
    String floats = nodes.constant("middle", (float) middle);
    return layout.isEmpty()
        ? new ZeroPoint(one, floats)
        : new ZeroPoint(
            nodes.add("Expand", "zero_points", one, nodes.add("Shape", "scale_shape", scale)),
            floats);
  }

  private ZeroPoint computed(String low, String scale) {
    String min = nodes.constant("type_min", (float) spec.type().min());
    String max = nodes.constant("type_max", (float) spec.type().max());
    String below =
        nodes.add("Round", "steps_below_zero", nodes.add("Div", "low_in_steps", low, scale));
    String floats =
        nodes.add(
            "Clip", "zero_point_float", nodes.add("Sub", "zero_point_raw", min, below), min, max);
    String integers = nodes.cast("zero_point", floats, spec.type().storage().dataType());
    return new ZeroPoint(integers, floats);
  }

  /**
   * Tells whether an integer could lie outside the range, beyond which QuantizeLinear saturates at
   * the ends of the storage only. With as many steps on both sides of the zero point, no element is
   * further from zero than the largest, which is exactly the last step from it.
   */
  private boolean needsClip() {
    QuantizedType type = spec.type();
    long middle = ParameterRule.middle(type);
    boolean whole = type.min() == type.storage().min() && type.max() == type.storage().max();
    return !whole && !(isSymmetric() && type.max() - middle == middle - type.min());
  }

  /** Clips to {@code [(min - z) * s, (max - z) * s]}; see QdqInsertion for why that is exact. */
  private String clipped(String source, String scale, ZeroPoint zeroPoint) {
    String low = bound("lowest", spec.type().min(), scale, zeroPoint);
    String high = bound("highest", spec.type().max(), scale, zeroPoint);
    return nodes.add("Min", "clipped", nodes.add("Max", "clipped_below", source, low), high);
  }

  private String bound(String result, long end, String scale, ZeroPoint zeroPoint) {
    String steps =
        nodes.add(
            "Sub",
            result + "_steps",
            nodes.constant(result + "_integer", (float) end),
            zeroPoint.floats);
    return nodes.add("Mul", result, steps, scale);
  }
}
