package dev.octet.workflow.inspect;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType;
import dev.octet.api.qdq.DynamicValue;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The quantized points of a model in the words of the plan. Points with equal parameters are one
 * group; groups are counted in the order of the nodes.
 */
final class PointGroups {

  private static final String STORED = "_quantized";
  private static final String COMPUTED = "_float";

  private final QdqGraph quantized;
  private final FloatForms forms;
  private final Graph graph;
  private final Set<String> ofForms = new HashSet<>();
  private final List<Parameters> groups = new ArrayList<>();

  /**
   * Reads a graph.
   *
   * @param typed the graph with the types of its values
   */
  PointGroups(Graph typed) {
    this.quantized = new QdqGraph(typed);
    this.forms = new FloatForms(typed, quantized);
    this.graph = typed;
    for (Node node : typed.nodes()) {
      for (String operand : node.operands()) {
        forms.of(operand).ifPresent(form -> ofForms.addAll(form.nodes()));
      }
    }
  }

  /**
   * Which elements of a point share a scale.
   *
   * @param granularity the granularity in the words of the plan
   * @param fields what the plan says of it beside
   * @param place where several scales are, as the end of a sentence
   */
  record Sharing(String granularity, Map<String, Tree> fields, String place) {

    /** Of what is only known in a run. */
    static final Sharing UNKNOWN = new Sharing("unknown", Map.of(), "");

    private static final Sharing WHOLE = new Sharing("per-tensor", Map.of(), "");

    static Sharing of(QdqLayout layout) {
      return layout.match(
          new QdqLayout.Cases<>(
              whole -> WHOLE,
              channel -> ofChannels(channel.axis()),
              run -> ofRuns(run.axis(), run.size())));
    }

    /**
     * Returns how a constant shares scales.
     *
     * @param extents how many elements along each axis share one
     */
    static Sharing of(List<Long> extents, long[] sizes) {
      List<Integer> cut = new ArrayList<>();
      int ones = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        if (extents.get(axis) < sizes[axis]) {
          cut.add(axis);
        }
        ones += extents.get(axis) == 1 ? 1 : 0;
      }
      if (cut.isEmpty()) {
        return WHOLE;
      }
      if (cut.size() == 1 && extents.get(cut.get(0)) == 1) {
        return ofChannels(cut.get(0));
      }
      for (int axis = 0; axis < sizes.length; axis++) {
        if (extents.get(axis) > 1 && ones == sizes.length - 1) {
          return ofRuns(axis, extents.get(axis));
        }
      }
      return new Sharing(
          "per-block",
          Map.of(
              "blockSizes", Tree.of(extents.stream().map(size -> Tree.of((long) size)).toList())),
          " of blocks of " + extents);
    }

    private static Sharing ofChannels(long axis) {
      return new Sharing("per-channel", Map.of("axis", Tree.of(axis)), " on axis " + axis);
    }

    private static Sharing ofRuns(long axis, long size) {
      Map<String, Tree> both = new LinkedHashMap<>();
      both.put("axis", Tree.of(axis));
      both.put("groupSize", Tree.of(size));
      return new Sharing("per-group", both, " on axis " + axis);
    }
  }

  /**
   * What the points of a group have in common.
   *
   * @param type the type: of integers, or a narrower float without scale
   * @param sharing which elements share a scale
   * @param scale the scales; none when they are computed
   * @param zeroPoint the zero points in the same order, which may be fractions
   * @param shape the sizes of the tensor of several scales
   * @param computed the names of scales and zero points that are computed
   */
  record Parameters(
      DataType type,
      Sharing sharing,
      List<Float> scale,
      List<Float> zeroPoint,
      List<Long> shape,
      List<String> computed) {

    boolean isSymmetric() {
      return zeroPoint.stream().allMatch(z -> z == 0)
          && computed.stream().skip(1).allMatch(String::isEmpty);
    }

    boolean isNarrowFloat() {
      return !type.isInteger();
    }

    boolean isDynamic() {
      return scale.isEmpty() && !isNarrowFloat();
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
      String operand = node.operands().get(i);
      Optional<FloatForms.Form> form = forms.of(operand);
      Optional<Parameters> found =
          form.map(PointGroups::constant)
              .or(() -> quantized.dequantized(operand).map(PointGroups::parameters))
              .or(() -> narrowFloat(operand));
      if (found.isPresent()) {
        String tensor = form.map(f -> stored(f.stored())).orElseGet(() -> tensor(operand));
        entries.add(new Entry(i, tensor, group(found.get()), found.get()));
      }
    }
    return entries;
  }

  /** Tells whether a node does nothing but turn floats to integers, or integers to floats. */
  boolean isConversion(Node node) {
    return QdqGraph.isQuantize(node)
        || quantized.isDequantizing(node)
        || ofForms.contains(node.name());
  }

  /** A value that a Cast gives of a narrower float. */
  private Optional<Parameters> narrowFloat(String operand) {
    return graph
        .producer(operand)
        .filter(node -> node.op().is("Cast"))
        .flatMap(node -> graph.type(node.operands().get(0)))
        .flatMap(ValueType::tensor)
        .map(ValueType.TensorType::dataType)
        .filter(QuantizationSpec.NarrowFloat.TYPES::contains)
        .map(
            type ->
                new Parameters(type, Sharing.UNKNOWN, List.of(), List.of(), List.of(), List.of()));
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
      if (!group.scale().isEmpty()) {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("scale", Tree.of(group.scale().stream().map(s -> number(s)).toList()));
        fields.put(
            "zeroPoint", Tree.of(group.zeroPoint().stream().map(PointGroups::zeroPoint).toList()));
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
    if (parameters.isNarrowFloat()) {
      return "no scale";
    }
    String granularity = parameters.sharing().granularity();
    if (parameters.isDynamic()) {
      return "computed in each run, " + granularity;
    }
    List<Float> scales = parameters.scale();
    if (scales.size() == 1) {
      return "scale " + scales.get(0) + ", zero point " + words(parameters.zeroPoint().get(0));
    }
    return scales.size() + " scales " + granularity + parameters.sharing().place();
  }

  /** Returns a zero point as plans write it: an integer, or a fraction. */
  private static Tree zeroPoint(float zeroPoint) {
    return zeroPoint == (long) zeroPoint ? Tree.of((long) zeroPoint) : Tree.of(zeroPoint);
  }

  private static String words(float zeroPoint) {
    return zeroPoint == (long) zeroPoint
        ? Long.toString((long) zeroPoint)
        : Float.toString(zeroPoint);
  }

  private static Tree spec(Parameters parameters) {
    if (parameters.isNarrowFloat()) {
      return SpecTree.toTree(new QuantizationSpec.NarrowFloat(parameters.type()));
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("kind", Tree.of(parameters.isDynamic() ? "observed" : "fixed"));
    fields.put("type", Tree.of(parameters.type().name().toLowerCase(Locale.ROOT)));
    long bits = parameters.type().bits();
    boolean signed = parameters.type().isSignedInteger();
    fields.put("min", Tree.of(signed ? -(1L << (bits - 1)) : 0));
    fields.put("max", Tree.of((1L << (signed ? bits - 1 : bits)) - 1));
    fields.put("scheme", Tree.of(parameters.isSymmetric() ? "symmetric" : "affine"));
    fields.put("granularity", Tree.of(parameters.sharing().granularity()));
    fields.putAll(parameters.sharing().fields());
    fields.put("mode", Tree.of(parameters.isDynamic() ? "dynamic" : "static"));
    return Tree.of(fields);
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
        return stored(current);
      }
      current = producer.get().operands().get(0);
    }
    return current;
  }

  /** The name that a constant had before it was quantized. */
  private String stored(String name) {
    return graph.initializers().containsKey(name) && name.endsWith(STORED)
        ? name.substring(0, name.length() - STORED.length())
        : name;
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

  private static Parameters constant(FloatForms.Form form) {
    List<Float> scales = floats(form.scale());
    return new Parameters(
        form.integers().dataType(),
        Sharing.of(form.extents(), form.integers().sizes()),
        scales,
        form.zeroPoint()
            .map(PointGroups::floats)
            .orElseGet(() -> Collections.nCopies(scales.size(), 0f)),
        scales.size() == 1 ? List.of() : Arrays.stream(form.scale().sizes()).boxed().toList(),
        List.of());
  }

  private static List<Float> floats(Tensor tensor) {
    List<Float> floats = new ArrayList<>();
    for (float element : tensor.floats()) {
      floats.add(element);
    }
    return floats;
  }

  private static Parameters constant(QuantizedValue value) {
    List<Float> scales = floats(value.scale());
    long[] zeros = value.zero().map(Tensor::integers).orElseGet(() -> new long[scales.size()]);
    return new Parameters(
        value.type(),
        Sharing.of(value.layout()),
        scales,
        Arrays.stream(zeros).mapToObj(zero -> (float) zero).toList(),
        value.isPerTensor() ? List.of() : Arrays.stream(value.scale().sizes()).boxed().toList(),
        List.of());
  }

  private static Parameters dynamic(DynamicValue value) {
    return new Parameters(
        value.type(),
        value.layout().map(Sharing::of).orElse(Sharing.UNKNOWN),
        List.of(),
        List.of(),
        List.of(),
        List.of(value.scaleName(), value.zeroName()));
  }
}
