package dev.octet.tck.graphs;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The types of the values of composed graphs: those that the reference kernels infer, and those of
 * operators that the kernels do not compute and backends declare. Formulas are those of the
 * definitions of ONNX, operator set 21.
 */
final class InferredTypes {

  /** The sizes of a node's first result; empty where they do not follow, or operands do not fit. */
  @FunctionalInterface
  private interface Rule {
    Optional<List<Dimension>> sizes(InferredTypes of);
  }

  private static final Map<String, Rule> RULES =
      new TreeMap<>(
          Map.of(
              "ConvTranspose", InferredTypes::transposed,
              "GridSample", InferredTypes::sampled,
              "Resize", InferredTypes::resized));

  private final Graph graph;
  private final Node node;

  private InferredTypes(Graph graph, Node node) {
    this.graph = graph;
    this.node = node;
  }

  /** Returns a graph of ONNX's operators with the types of its values, as far as they follow. */
  static Map<String, ValueInfo> of(Graph open, long opset) {
    Graph typed = ShapeInference.infer(open, opset);
    for (Node node : open.nodes()) {
      Optional<ValueInfo> stated = stated(typed, node);
      if (stated.isPresent()) {
        Map<String, ValueInfo> values = new LinkedHashMap<>(typed.values());
        values.put(stated.get().name(), stated.get());
        typed = ShapeInference.infer(typed.withValues(values), opset);
      }
    }
    return typed.values();
  }

  private static Optional<ValueInfo> stated(Graph typed, Node node) {
    Rule rule = RULES.get(node.op().toString());
    if (rule == null) {
      return Optional.empty();
    }
    InferredTypes of = new InferredTypes(typed, node);
    return rule.sizes(of)
        .flatMap(
            sizes ->
                of.type(0)
                    .map(type -> new TensorType(type.dataType(), Optional.of(new Shape(sizes)))))
        .map(type -> ValueInfo.of(node.results().get(0), type));
  }

  private Optional<TensorType> type(int operand) {
    return node.operand(operand)
        .flatMap(
            name ->
                Optional.ofNullable(graph.initializers().get(name))
                    .map(Tensor::type)
                    .or(() -> graph.type(name).flatMap(type -> type.tensor())));
  }

  private List<Dimension> dimensions(int operand) {
    return type(operand).flatMap(TensorType::shape).map(Shape::dimensions).orElse(List.of());
  }

  private Optional<Tensor> constant(int operand) {
    return node.operand(operand).flatMap(n -> Optional.ofNullable(graph.initializers().get(n)));
  }

  private static long size(Dimension dimension) {
    return dimension.known().orElse(-1);
  }

  private Optional<List<Dimension>> transposed() {
    List<Dimension> x = dimensions(0);
    List<Dimension> w = dimensions(1);
    long group = node.intAttribute("group", 1);
    if (x.size() < 3
        || w.size() != x.size()
        || group < 1
        || size(w.get(0)) != size(x.get(1))
        || size(x.get(1)) % group != 0) {
      return Optional.empty();
    }
    Dimension outputs = Dimension.of(size(w.get(1)) * group);
    List<Dimension> bias = dimensions(2);
    if (!bias.isEmpty() && !bias.equals(List.of(outputs))) {
      return Optional.empty();
    }
    List<Dimension> sizes = new ArrayList<>();
    sizes.add(x.get(0));
    sizes.add(outputs);
    for (int axis = 0; axis < x.size() - 2; axis++) {
      long size = transposed(axis, size(x.get(axis + 2)), size(w.get(axis + 2)), x.size() - 2);
      if (size < 1) {
        return Optional.empty();
      }
      sizes.add(Dimension.of(size));
    }
    return Optional.of(sizes);
  }

  /**
   * {@code stride * (in - 1) + output_padding + (kernel - 1) * dilation + 1 - pads}; as {@code
   * output_shape} says where it is stated, and {@code in * stride} where pads follow from the size.
   */
  private long transposed(int axis, long in, long kernel, int axes) {
    long stride = number("strides", axis, axes, 1);
    long more = number("output_padding", axis, axes, 0);
    long dilation = number("dilations", axis, axes, 1);
    if (in < 1 || kernel < 1 || more >= Math.max(stride, dilation)) {
      return -1;
    }
    if (node.intsAttribute("output_shape").isPresent()) {
      return number("output_shape", axis, axes, -1);
    }
    if (node.stringAttribute("auto_pad", "NOTSET").startsWith("SAME")) {
      return in * stride;
    }
    long pads = number("pads", axis, 2 * axes, 0) + number("pads", axis + axes, 2 * axes, 0);
    return stride * (in - 1) + more + (kernel - 1) * dilation + 1 - pads;
  }

  private long number(String attribute, int index, int count, long fallback) {
    return node.intsAttribute(attribute)
        .map(all -> all.size() == count ? all.get(index) : -1)
        .orElse(fallback);
  }

  /** The channels of the value at the places of the grid. */
  private Optional<List<Dimension>> sampled() {
    List<Dimension> x = dimensions(0);
    List<Dimension> grid = dimensions(1);
    if (x.size() < 3
        || grid.size() != x.size()
        || !grid.get(0).equals(x.get(0))
        || size(grid.get(x.size() - 1)) != x.size() - 2) {
      return Optional.empty();
    }
    List<Dimension> sizes = new ArrayList<>(x.subList(0, 2));
    sizes.addAll(grid.subList(1, x.size() - 1));
    return Optional.of(sizes);
  }

  /** The sizes that operand 3 states, or those of the value times the factors of operand 2. */
  private Optional<List<Dimension>> resized() {
    List<Dimension> sizes = new ArrayList<>(dimensions(0));
    int[] axes = axes(sizes.size());
    Optional<long[]> stated = constant(3).map(Tensor::integers);
    Optional<float[]> factors =
        constant(2).filter(t -> t.dataType() == DataType.FLOAT).map(Tensor::floats);
    boolean stretched =
        node.stringAttribute("keep_aspect_ratio_policy", "stretch").equals("stretch");
    if (sizes.isEmpty() || stated.isPresent() == factors.isPresent() || !stretched) {
      return Optional.empty();
    }
    long[] resized = stated.orElseGet(() -> scaled(sizes, axes, factors.orElseThrow()));
    if (resized.length != axes.length || LongStream.of(resized).anyMatch(size -> size < 1)) {
      return Optional.empty();
    }
    for (int i = 0; i < axes.length; i++) {
      if (!isOne(factors, i)) {
        sizes.set(axes[i], Dimension.of(resized[i]));
      }
    }
    return Optional.of(sizes);
  }

  private static boolean isOne(Optional<float[]> factors, int index) {
    return factors.filter(all -> all[index] == 1).isPresent();
  }

  private static long[] scaled(List<Dimension> sizes, int[] axes, float[] factors) {
    long[] scaled = new long[factors.length == axes.length ? axes.length : 0];
    for (int i = 0; i < scaled.length; i++) {
      long size = size(sizes.get(axes[i]));
      scaled[i] =
          factors[i] == 1 ? Math.max(1, size) : (long) Math.floor(size * (double) factors[i]);
    }
    return scaled;
  }

  private int[] axes(int rank) {
    int[] all = new int[rank];
    Arrays.setAll(all, axis -> axis);
    return node.intsAttribute("axes")
        .map(
            stated ->
                stated.stream().mapToInt(axis -> (int) Math.floorMod(axis, (long) rank)).toArray())
        .orElse(all);
  }
}
