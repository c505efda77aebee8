package dev.octet.workflow.convert;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.ValueNodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Dequantizes a constant that one DequantizeLinear cannot: int64, blocks along several axes, and
 * zero points that are fractions.
 *
 * <p>A DequantizeLinear of scale 1, or a Cast of int64, gives the integers as floats; a Sub takes
 * the zero points from them, a Mul multiplies by the scales: {@code (q - z) * s}, each operation
 * rounded once, as DequantizeLinear does. Both constants have shapes that broadcast; an axis that
 * is cut into runs is two axes meanwhile, by a Reshape before and one after.
 */
public final class FloatForm {

  private final ValueNodes nodes;
  private final GraphValue value;
  private final QdqForm form;

  FloatForm(GraphEditor editor, GraphValue value, QdqForm form) {
    this.nodes = new ValueNodes(editor, value);
    this.value = value;
    this.form = form;
  }

  /** Tells whether a constant of a spec has this form when it is stored as the spec says. */
  public static boolean isNeeded(QuantizationSpec.Concrete spec) {
    return isNeeded(spec, spec.type());
  }

  /** Tells whether a constant of a spec has this form when it is stored as some type. */
  static boolean isNeeded(QuantizationSpec.Concrete spec, QuantizedType stored) {
    return stored.storage() == Storage.INT64
        || spec.match(
            new QuantizationSpec.ConcreteCases<Boolean>(
                observed ->
                    observed.scheme().zeroPoints() == Scheme.ZeroPoints.REAL
                        || isBlock(observed.granularity()),
                fixed -> fixed.parameters().isFractional(),
                derived -> false));
  }

  private static boolean isBlock(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<Boolean>(
            whole -> false, channel -> false, runs -> false, block -> true, token -> false));
  }

  /**
   * Returns why a constant cannot have this form, as a clause about the point; empty when it can.
   *
   * @param granularity a granularity that fits the sizes
   */
  public static Optional<String> refusal(Granularity granularity, List<Long> sizes) {
    List<Long> extents = extents(granularity, sizes);
    for (int axis = 0; axis < sizes.size(); axis++) {
      if (sizes.get(axis) % extents.get(axis) != 0) {
        return Optional.of(
            "blocks of "
                + extents.get(axis)
                + " do not divide its "
                + sizes.get(axis)
                + " elements along axis "
                + axis);
      }
    }
    return Optional.empty();
  }

  /** Returns how many elements along each axis share a scale, at least 1. */
  private static List<Long> extents(Granularity granularity, List<Long> sizes) {
    List<Long> extents = new ArrayList<>(sizes);
    granularity.match(
        new Granularity.Cases<Object>(
            whole -> extents,
            channel -> extents.set(channel.axis(), 1L),
            runs -> {
              extents.replaceAll(size -> 1L);
              return extents.set(runs.axis(), Math.min(runs.size(), sizes.get(runs.axis())));
            },
            block -> {
              for (int axis = 0; axis < sizes.size(); axis++) {
                extents.set(axis, Math.min(block.sizes().get(axis), sizes.get(axis)));
              }
              return extents;
            },
            token -> {
              throw new IllegalStateException("a constant has no tokens");
            }));
    extents.replaceAll(extent -> Math.max(extent, 1L));
    return extents;
  }

  /** Inserts the nodes. */
  void insert(String stored, String dequantized) {
    List<Long> sizes = Arrays.stream(ConstantValues.of(value).sizes()).boxed().toList();
    List<Long> split = new ArrayList<>();
    List<Long> broadcast = new ArrayList<>();
    split(sizes, split, broadcast);
    boolean reshaped = split.size() > sizes.size();
    String floats = floats(stored);
    String shaped = reshaped ? reshaped(floats, split, nodes.fresh("blocks")) : floats;
    String shifted = shifted(shaped, broadcast);
    String scale = constant("scale", form.parameters().scales(), broadcast);
    String scaled = reshaped ? nodes.fresh("scaled") : dequantized;
    nodes.add("Mul", List.of(shifted, scale), List.of(scaled), List.of());
    if (reshaped) {
      reshaped(scaled, sizes, dequantized);
    }
  }

  /** Cuts the axes that are cut into runs; scales broadcast over what shares them. */
  private void split(List<Long> sizes, List<Long> split, List<Long> broadcast) {
    List<Long> extents = extents(form.granularity(), sizes);
    for (int axis = 0; axis < sizes.size(); axis++) {
      long extent = extents.get(axis);
      long runs = sizes.get(axis) / extent;
      if (extent == 1 || runs == 1) {
        split.add(sizes.get(axis));
        broadcast.add(runs);
      } else {
        split.addAll(List.of(runs, extent));
        broadcast.addAll(List.of(runs, 1L));
      }
    }
    while (!broadcast.isEmpty() && broadcast.get(0) == 1L) {
      broadcast.remove(0);
    }
  }

  private String floats(String stored) {
    if (form.type().storage() == Storage.INT64) {
      return nodes.cast("cast", stored, DataType.FLOAT);
    }
    String one = constant("one", new float[] {1f}, List.of());
    return nodes.add("DequantizeLinear", "integers", stored, one);
  }

  private String shifted(String floats, List<Long> broadcast) {
    QuantizationParameters parameters = form.parameters();
    float[] zeroPoints = parameters.realZeroPoints();
    boolean none = true;
    for (float zeroPoint : zeroPoints) {
      none &= zeroPoint == 0f;
    }
    if (none) {
      return floats;
    }
    return nodes.add("Sub", "shifted", floats, constant("zero_point", zeroPoints, broadcast));
  }

  private String reshaped(String from, List<Long> sizes, String to) {
    long[] content = sizes.stream().mapToLong(Long::longValue).toArray();
    String shape = nodes.constant("shape", Tensor.of(content, content.length));
    nodes.add("Reshape", List.of(from, shape), List.of(to), List.of());
    return to;
  }

  private String constant(String name, float[] content, List<Long> sizes) {
    long[] dimensions = sizes.stream().mapToLong(Long::longValue).toArray();
    return nodes.constant(name, Tensor.of(content, dimensions));
  }
}
