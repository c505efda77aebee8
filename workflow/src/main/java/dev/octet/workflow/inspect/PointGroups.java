package dev.octet.workflow.inspect;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.DynamicValue;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The quantized points of a model in the words of the plan. Points with equal parameters are one
 * group; groups are counted in the order of the nodes.
 */
final class PointGroups {

  private static final String STORED = "_quantized";
  private static final String COMPUTED = "_float";

  private final QdqGraph quantized;
  private final Graph graph;
  private final List<Parameters> groups = new ArrayList<>();

  /**
   * Reads a graph.
   *
   * @param typed the graph with the types of its values
   */
  PointGroups(Graph typed) {
    this.quantized = new QdqGraph(typed);
    this.graph = typed;
  }

  /**
   * What the points of a group have in common.
   *
   * @param type the integer type
   * @param layout which elements share a scale; empty where that is only known in a run
   * @param scale the scales; none when they are computed
   * @param zeroPoint the zero points in the same order
   * @param shape the sizes of the tensor of several scales
   * @param computed the names of scales and zero points that are computed
   */
  record Parameters(
      DataType type,
      Optional<QdqLayout> layout,
      List<Float> scale,
      List<Long> zeroPoint,
      List<Long> shape,
      List<String> computed) {

    /** Returns the granularity in words. */
    String granularity() {
      return layout
          .map(
              l ->
                  l.match(
                      new QdqLayout.Cases<>(
                          whole -> "per-tensor", channel -> "per-channel", run -> "per-group")))
          .orElse("unknown");
    }

    boolean isSymmetric() {
      return zeroPoint.stream().allMatch(z -> z == 0)
          && computed.stream().skip(1).allMatch(String::isEmpty);
    }

    boolean isDynamic() {
      return scale.isEmpty();
    }
  }

  /**
   * A quantized operand or result.
   *
   * @param index its index
   * @param tensor the name in the user's model, as far as it can be told
   * @param group the number of its group
   * @param parameters its parameters
   */
  record Entry(int index, String tensor, int group, Parameters parameters) {}

  /** Returns the quantized operands of a node. */
  List<Entry> operands(Node node) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      Optional<QdqValue> value = quantized.operand(node, i);
      if (value.isPresent()) {
        Parameters parameters = parameters(value.get());
        String tensor = tensor(node.operands().get(i));
        entries.add(new Entry(i, tensor, group(parameters), parameters));
      }
    }
    return entries;
  }

  /** Returns the quantized results of a node: those that nobody reads in float. */
  List<Entry> results(Node node) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < node.results().size(); i++) {
      Optional<QdqValue> value = quantized.result(node, i);
      if (value.isPresent()) {
        Parameters parameters = parameters(value.get());
        String tensor = tensor(node.results().get(i), value.get());
        entries.add(new Entry(i, tensor, group(parameters), parameters));
      }
    }
    return entries;
  }

  /** Returns the constant parameters of the groups that were found so far. */
  Tree.Mapping parameters() {
    Map<String, Tree> byGroup = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      Parameters group = groups.get(i);
      if (!group.isDynamic()) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("scale", Tree.of(group.scale().stream().map(s -> number(s)).toList()));
        fields.put(
            "zeroPoint", Tree.of(group.zeroPoint().stream().map(z -> Tree.of((long) z)).toList()));
        byGroup.put(Integer.toString(i), Tree.of(fields));
      }
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

  /** Returns the parameters of an entry in a few words. */
  static String words(Parameters parameters) {
    if (parameters.isDynamic()) {
      return "computed in each run, " + parameters.granularity();
    }
    List<Float> scales = parameters.scale();
    if (scales.size() == 1) {
      return "scale " + scales.get(0) + ", zero point " + parameters.zeroPoint().get(0);
    }
    String several = scales.size() + " scales " + parameters.granularity();
    return parameters
        .layout()
        .orElseThrow()
        .match(
            new QdqLayout.Cases<>(
                whole -> several,
                channel -> several + " on axis " + channel.axis(),
                run -> several + " on axis " + run.axis()));
  }

  private static Tree spec(Parameters parameters) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("kind", Tree.of(parameters.isDynamic() ? "observed" : "fixed"));
    fields.put("type", Tree.of(parameters.type().name().toLowerCase(Locale.ROOT)));
    long bits = parameters.type().bits();
    boolean signed = parameters.type().isSignedInteger();
    fields.put("min", Tree.of(signed ? -(1L << (bits - 1)) : 0));
    fields.put("max", Tree.of((1L << (signed ? bits - 1 : bits)) - 1));
    fields.put("scheme", Tree.of(parameters.isSymmetric() ? "symmetric" : "affine"));
    fields.put("granularity", Tree.of(parameters.granularity()));
    parameters.layout().ifPresent(layout -> fields.putAll(axes(layout)));
    fields.put("mode", Tree.of(parameters.isDynamic() ? "dynamic" : "static"));
    return Tree.of(fields);
  }

  private static Map<String, Tree> axes(QdqLayout layout) {
    return layout.match(
        new QdqLayout.Cases<>(
            whole -> Map.of(),
            channel -> Map.of("axis", Tree.of(channel.axis())),
            run -> {
              Map<String, Tree> both = new LinkedHashMap<>();
              both.put("axis", Tree.of(run.axis()));
              both.put("groupSize", Tree.of(run.size()));
              return both;
            }));
  }

  private static Tree number(float value) {
    return Float.isFinite(value) ? Tree.of(value) : Tree.of(Float.toString(value));
  }

  /** Follows a dequantized value back to what was quantized. */
  private String tensor(String value) {
    String current = value;
    while (!graph.isOutput(current)) {
      Optional<Node> producer = graph.producer(current).filter(QdqGraph::isConversion);
      if (producer.isEmpty()) {
        return graph.initializers().containsKey(current) && current.endsWith(STORED)
            ? current.substring(0, current.length() - STORED.length())
            : current;
      }
      current = producer.get().operands().get(0);
    }
    return current;
  }

  /**
   * The output of the graph that a computed value becomes, as integers or dequantized, or else its
   * own name.
   */
  private String tensor(String computed, QdqValue integers) {
    Stream<String> dequantized =
        graph.uses(integers.value()).stream()
            .flatMap(use -> graph.node(use.node()).stream())
            .flatMap(reader -> reader.results().stream());
    return Stream.concat(Stream.of(integers.value()), dequantized)
        .filter(result -> graph.isOutput(result) && computed.startsWith(result + COMPUTED))
        .findFirst()
        .orElse(computed);
  }

  private int group(Parameters parameters) {
    int known = groups.indexOf(parameters);
    if (known >= 0) {
      return known;
    }
    groups.add(parameters);
    return groups.size() - 1;
  }

  private static Parameters parameters(QdqValue value) {
    return value.match(new QdqValue.Cases<>(PointGroups::constant, PointGroups::dynamic));
  }

  private static Parameters constant(QuantizedValue value) {
    List<Float> scales = new ArrayList<>();
    for (float scale : value.scale().floats()) {
      scales.add(scale);
    }
    long[] zeros = value.zero().map(Tensor::integers).orElseGet(() -> new long[scales.size()]);
    return new Parameters(
        value.type(),
        Optional.of(value.layout()),
        scales,
        Arrays.stream(zeros).boxed().toList(),
        value.isPerTensor() ? List.of() : Arrays.stream(value.scale().sizes()).boxed().toList(),
        List.of());
  }

  private static Parameters dynamic(DynamicValue value) {
    return new Parameters(
        value.type(),
        value.layout(),
        List.of(),
        List.of(),
        List.of(),
        List.of(value.scaleName(), value.zeroName()));
  }
}
