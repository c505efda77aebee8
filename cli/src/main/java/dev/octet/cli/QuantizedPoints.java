package dev.octet.cli;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The quantized points of a model with QuantizeLinear and DequantizeLinear, whoever made it. Points
 * with equal parameters are one group; groups are counted in the order of the nodes.
 */
final class QuantizedPoints {

  private static final String STORED = "_quantized";
  private static final String COMPUTED = "_float";

  private final Graph graph;
  private final List<Parameters> groups = new ArrayList<>();

  QuantizedPoints(Graph graph) {
    this.graph = graph;
  }

  /**
   * The parameters of some points.
   *
   * @param type the integer type
   * @param scale one scale, or one for each channel or run of elements
   * @param zeroPoint zero points in the same order
   * @param shape the sizes of the scale tensor
   * @param axis the axis that scales run along
   * @param blockSize the length of a run; 0 when scales are per channel
   */
  record Parameters(
      DataType type,
      List<Float> scale,
      List<Long> zeroPoint,
      List<Long> shape,
      long axis,
      long blockSize) {}

  /**
   * A quantized operand or result.
   *
   * @param index its index
   * @param tensor the name in the user's model, as far as it can be told
   * @param group the number of its group
   * @param parameters its parameters
   */
  record Entry(int index, String tensor, int group, Parameters parameters) {}

  static boolean isConversion(Node node) {
    return node.op().is("QuantizeLinear") || node.op().is("DequantizeLinear");
  }

  /** Returns the quantized operands of a node. */
  List<Entry> operands(Node node) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      int index = i;
      String value = node.operands().get(i);
      graph
          .producer(value)
          .filter(producer -> producer.op().is("DequantizeLinear"))
          .flatMap(dequantize -> parameters(dequantize))
          .ifPresent(p -> entries.add(new Entry(index, tensor(value), group(p), p)));
    }
    return entries;
  }

  /** Returns the quantized results of a node: those that nobody reads in float. */
  List<Entry> results(Node node) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < node.results().size(); i++) {
      int index = i;
      String value = node.results().get(i);
      List<Point> uses = graph.uses(value);
      if (uses.size() == 1 && !graph.isOutput(value)) {
        graph
            .node(uses.get(0).node())
            .filter(reader -> reader.op().is("QuantizeLinear"))
            .flatMap(quantize -> parameters(quantize).map(p -> entry(index, value, quantize, p)))
            .ifPresent(entries::add);
      }
    }
    return entries;
  }

  /** Returns the parameters of the groups that were found so far, in the words of the plan. */
  Tree.Mapping parameters() {
    Map<String, Tree> byGroup = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Map<String, Tree> fields = new LinkedHashMap<>();
      fields.put("scale", Tree.of(groups.get(i).scale().stream().map(s -> number(s)).toList()));
      fields.put(
          "zeroPoint",
          Tree.of(groups.get(i).zeroPoint().stream().map(z -> Tree.of((long) z)).toList()));
      byGroup.put(Integer.toString(i), Tree.of(fields));
    }
    return Tree.of(byGroup);
  }

  /** Returns an entry in the words of the plan. */
  static Tree tree(Entry entry) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("index", Tree.of(entry.index()));
    fields.put("tensor", Tree.of(entry.tensor()));
    fields.put("group", Tree.of(entry.group()));
    fields.put("spec", spec(entry.parameters()));
    return Tree.of(fields);
  }

  /** Returns the granularity in words. */
  static String granularity(Parameters parameters) {
    boolean single = parameters.scale().size() == 1;
    return single ? "per-tensor" : parameters.blockSize() > 0 ? "per-group" : "per-channel";
  }

  private static Tree spec(Parameters parameters) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("kind", Tree.of("fixed"));
    fields.put("type", Tree.of(parameters.type().name().toLowerCase(Locale.ROOT)));
    long bits = parameters.type().bits();
    boolean signed = parameters.type().isSignedInteger();
    fields.put("min", Tree.of(signed ? -(1L << (bits - 1)) : 0));
    fields.put("max", Tree.of((1L << (signed ? bits - 1 : bits)) - 1));
    boolean symmetric = parameters.zeroPoint().stream().allMatch(z -> z == 0);
    fields.put("scheme", Tree.of(symmetric ? "symmetric" : "affine"));
    String granularity = granularity(parameters);
    fields.put("granularity", Tree.of(granularity));
    if (!granularity.equals("per-tensor")) {
      fields.put("axis", Tree.of(parameters.axis()));
    }
    if (granularity.equals("per-group")) {
      fields.put("groupSize", Tree.of(parameters.blockSize()));
    }
    fields.put("mode", Tree.of("static"));
    return Tree.of(fields);
  }

  private static Tree number(float value) {
    return Float.isFinite(value) ? Tree.of(value) : Tree.of(Float.toString(value));
  }

  private Entry entry(int index, String value, Node quantize, Parameters parameters) {
    String tensor =
        graph.uses(quantize.results().get(0)).stream()
            .flatMap(use -> graph.node(use.node()).stream())
            .flatMap(reader -> reader.results().stream())
            .filter(result -> graph.isOutput(result) && value.startsWith(result + COMPUTED))
            .findFirst()
            .orElse(value);
    return new Entry(index, tensor, group(parameters), parameters);
  }

  /** Follows a dequantized value back to what was quantized. */
  private String tensor(String value) {
    String current = value;
    while (!graph.isOutput(current)) {
      Optional<Node> producer = graph.producer(current).filter(QuantizedPoints::isConversion);
      if (producer.isEmpty()) {
        return graph.initializers().containsKey(current) && current.endsWith(STORED)
            ? current.substring(0, current.length() - STORED.length())
            : current;
      }
      current = producer.get().operands().get(0);
    }
    return current;
  }

  private int group(Parameters parameters) {
    int known = groups.indexOf(parameters);
    if (known >= 0) {
      return known;
    }
    groups.add(parameters);
    return groups.size() - 1;
  }

  /** Returns the parameters of a conversion; empty when they are no constants. */
  private Optional<Parameters> parameters(Node node) {
    Optional<Tensor> scale =
        node.operand(1).flatMap(this::constant).filter(t -> t.dataType() == DataType.FLOAT);
    Optional<Tensor> zeroPoint = node.operand(2).flatMap(this::constant);
    if (scale.isEmpty() || (node.operand(2).isPresent() && zeroPoint.isEmpty())) {
      return Optional.empty();
    }
    Optional<DataType> type = zeroPoint.map(Tensor::dataType).or(() -> storedType(node));
    return type.filter(DataType::isInteger)
        .map(known -> parameters(node, known, scale.get(), zeroPoint));
  }

  private static Parameters parameters(
      Node node, DataType type, Tensor scale, Optional<Tensor> zeroPoint) {
    List<Float> scales = new ArrayList<>();
    for (float value : scale.floats()) {
      scales.add(value);
    }
    List<Long> zeroPoints = new ArrayList<>();
    long[] stored = zeroPoint.map(Tensor::integers).orElseGet(() -> new long[scales.size()]);
    for (long value : stored) {
      zeroPoints.add(value);
    }
    List<Long> shape = new ArrayList<>();
    for (long size : scale.sizes()) {
      shape.add(size);
    }
    boolean single = scales.size() == 1;
    return new Parameters(
        type,
        scales,
        zeroPoints,
        single ? List.of() : shape,
        single ? 0 : node.intAttribute("axis", 1),
        single ? 0 : node.intAttribute("block_size", 0));
  }

  /** Without a zero point the stored integers, or else uint8, are the type. */
  private Optional<DataType> storedType(Node node) {
    return node.op().is("DequantizeLinear")
        ? constant(node.operands().get(0)).map(Tensor::dataType)
        : Optional.of(DataType.UINT8);
  }

  private Optional<Tensor> constant(String value) {
    Tensor stored = graph.initializers().get(value);
    return stored != null
        ? Optional.of(stored)
        : graph
            .producer(value)
            .filter(producer -> producer.op().is("Constant"))
            .flatMap(producer -> producer.tensorAttribute("value"));
  }
}
