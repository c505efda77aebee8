package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.kernels.quantize.ParameterLayout;
import dev.octet.kernels.quantize.QuantizationParameters;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Puts QuantizeLinear and DequantizeLinear around the quantized points of a graph.
 *
 * <p>A quantized result goes through one pair, and everyone who reads it reads the dequantized
 * value; an operand of another group has a second pair behind that one, a requantize. A value whose
 * result is not quantized has one pair for each group of operands. A quantized constant is stored
 * as integers and has a DequantizeLinear only. The names of the user's nodes and of the graph's
 * outputs stay.
 */
final class QdqInsertion {

  private static final OpType QUANTIZE = OpType.onnx("QuantizeLinear");
  private static final OpType DEQUANTIZE = OpType.onnx("DequantizeLinear");

  private final Plan plan;
  private final SortedMap<Integer, GroupParameters> parameters;
  private final GraphEditor editor;
  private final Map<String, Names> names = new LinkedHashMap<>();

  QdqInsertion(Plan plan, SortedMap<Integer, GroupParameters> parameters) {
    this.plan = plan;
    this.parameters = parameters;
    this.editor = new GraphEditor(plan.prepared().model().graph());
  }

  /** The initializers that hold the parameters of a group for one shape of them. */
  private record Names(String scale, String zeroPoint) {}

  /** Returns the graph in QDQ form. */
  Graph apply() {
    for (GraphValue value : GraphValue.of(plan.prepared().model().graph())) {
      Map<Integer, List<Point>> uses = usesByGroup(value);
      if (value.constant().isPresent()) {
        quantizeConstant(value, uses);
      } else {
        quantizeValue(value, uses);
      }
    }
    return editor.finish().graph();
  }

  private Map<Integer, List<Point>> usesByGroup(GraphValue value) {
    Map<Integer, List<Point>> byGroup = new LinkedHashMap<>();
    for (Point use : value.uses()) {
      plan.group(use)
          .ifPresent(g -> byGroup.computeIfAbsent(g.id(), i -> new ArrayList<>()).add(use));
    }
    return byGroup;
  }

  private void quantizeConstant(GraphValue value, Map<Integer, List<Point>> uses) {
    Tensor constant = value.constant().orElseThrow();
    uses.forEach(
        (id, points) -> {
          PlannedGroup group = group(id);
          QuantizationParameters own = parametersOf(id);
          Granularity granularity = granularity(group, own, value.name(), constant.rank());
          Tensor integers =
              QuantizeLinear.quantize(constant, granularity, own, type(group), profile(group));
          String stored = editor.freshValueName(value.name() + "_quantized");
          editor.putInitializerBeside(value.firstNode(), stored, integers);
          Names held = names(value, id, granularity, constant.sizes());
          String dequantized = editor.freshValueName(value.name() + "_dequantized");
          editor.insertBefore(
              value.firstNode(),
              node(DEQUANTIZE, value.name(), stored, dequantized, held, granularity));
          points.forEach(point -> editor.setOperand(point.node(), point.index(), dequantized));
        });
    boolean allQuantized = uses.values().stream().mapToInt(List::size).sum() == value.uses().size();
    if (!uses.isEmpty() && allQuantized && !value.isOutput()) {
      editor.removeInitializerBeside(value.firstNode(), value.name());
    }
  }

  private void quantizeValue(GraphValue value, Map<Integer, List<Point>> uses) {
    Place place = new Place(value);
    Optional<Integer> own = value.definition().flatMap(plan::group).map(PlannedGroup::id);
    String read = value.name();
    if (own.isPresent()) {
      read = quantizeResult(value, own.get(), place);
      for (Point use : value.uses()) {
        editor.setOperand(use.node(), use.index(), read);
      }
    }
    for (Map.Entry<Integer, List<Point>> use : uses.entrySet()) {
      if (own.isEmpty() || !own.get().equals(use.getKey())) {
        String dequantized = editor.freshValueName(value.name() + "_dequantized");
        pair(value, use.getKey(), read, dequantized, place);
        use.getValue()
            .forEach(point -> editor.setOperand(point.node(), point.index(), dequantized));
      }
    }
  }

  /**
   * Returns the name of the dequantized value: that of an output of the graph stays with what a
   * caller gets.
   */
  private String quantizeResult(GraphValue value, int group, Place place) {
    Point definition = value.definition().orElseThrow();
    if (!value.isOutput()) {
      String dequantized = editor.freshValueName(value.name() + "_dequantized");
      pair(value, group, value.name(), dequantized, place);
      return dequantized;
    }
    String computed = editor.freshValueName(value.name() + "_float");
    Node producer = editor.node(definition.node());
    List<String> results = new ArrayList<>(producer.results());
    results.set(definition.index(), computed);
    editor.update(producer.name(), producer.withResults(results));
    pair(value, group, computed, value.name(), place);
    return value.name();
  }

  private void pair(GraphValue value, int id, String source, String dequantized, Place place) {
    PlannedGroup group = group(id);
    requireWholeRange(group, value.name());
    Granularity granularity = granularity(group, parametersOf(id), value.name(), -1);
    Names held = names(value, id, granularity, new long[0]);
    String quantized = editor.freshValueName(value.name() + "_quantized");
    place.insert(node(QUANTIZE, value.name(), source, quantized, held, granularity));
    place.insert(node(DEQUANTIZE, value.name(), quantized, dequantized, held, granularity));
  }

  private Node node(
      OpType op, String value, String operand, String result, Names held, Granularity granularity) {
    List<String> operands = new ArrayList<>(List.of(operand, held.scale));
    if (!held.zeroPoint.isEmpty()) {
      operands.add(held.zeroPoint);
    }
    Node node =
        Node.of(editor.freshNodeName(value + "_" + op.name()), op, operands, List.of(result));
    if (granularity instanceof Granularity.PerChannel channel) {
      return node.withAttribute(Attribute.of("axis", (long) channel.axis()));
    }
    if (granularity instanceof Granularity.PerGroup grouped) {
      return node.withAttribute(Attribute.of("axis", (long) grouped.axis()))
          .withAttribute(Attribute.of("block_size", (long) grouped.size()));
    }
    return node;
  }

  /**
   * Returns the initializers of a group's parameters; the first value of a group gives them their
   * names.
   */
  private Names names(GraphValue value, int id, Granularity granularity, long[] sizes) {
    QuantizationParameters own = parametersOf(id);
    long[] shape = shape(granularity, own, sizes);
    String key = id + " " + Arrays.toString(shape) + " " + editor.node(value.firstNode()).name();
    return names.computeIfAbsent(key, k -> store(value, own, type(group(id)), shape));
  }

  private Names store(
      GraphValue value, QuantizationParameters own, QuantizedType type, long[] shape) {
    String scale = editor.freshValueName(value.name() + "_scale");
    editor.putInitializerBeside(value.firstNode(), scale, Tensor.of(own.scales(), shape));
    DataType dataType = type.storage().dataType();
    if (dataType == DataType.INT32) {
      // DequantizeLinear of int32 has no zero point: it is 0 by definition.
      return new Names(scale, "");
    }
    String zeroPoint = editor.freshValueName(value.name() + "_zero_point");
    editor.putInitializerBeside(
        value.firstNode(), zeroPoint, Tensor.ofIntegers(dataType, own.zeroPoints(), shape));
    return new Names(scale, zeroPoint);
  }

  private static long[] shape(Granularity granularity, QuantizationParameters own, long[] sizes) {
    if (granularity instanceof Granularity.PerTensor) {
      return new long[0];
    }
    if (granularity instanceof Granularity.PerChannel) {
      return new long[] {own.count()};
    }
    return Arrays.stream(ParameterLayout.of(granularity, sizes).grid()).asLongStream().toArray();
  }

  /**
   * Returns which elements share a pair of parameters.
   *
   * @param rank the rank of a constant; -1 for a value that is computed
   */
  private static Granularity granularity(
      PlannedGroup group, QuantizationParameters own, String value, int rank) {
    if (group.spec() instanceof QuantizationSpec.Derived) {
      return own.count() == 1
          ? new Granularity.PerTensor()
          : new Granularity.PerChannel(Math.max(rank - 1, 0));
    }
    if (!(group.spec() instanceof QuantizationSpec.Observed observed)) {
      return new Granularity.PerTensor();
    }
    Granularity granularity = observed.granularity();
    boolean expressible =
        granularity instanceof Granularity.PerTensor
            || granularity instanceof Granularity.PerChannel
            || (granularity instanceof Granularity.PerGroup && rank >= 0);
    if (!expressible) {
      throw OctetException.quantization(
              "OCT-CONV-004",
              "granularity " + granularity + " of '" + value + "' has no form in ONNX")
          .next("Quantize it per tensor, per channel, or, for a constant, per group.");
    }
    return granularity;
  }

  private static void requireWholeRange(PlannedGroup group, String value) {
    QuantizedType type = type(group);
    if (type.min() != type.storage().min() || type.max() != type.storage().max()) {
      throw OctetException.quantization(
              "OCT-CONV-007",
              "'"
                  + value
                  + "' is to use "
                  + type
                  + ", but QuantizeLinear saturates at the ends of the storage")
          .next("Use the whole range for values that are computed; constants may use less.");
    }
  }

  private PlannedGroup group(int id) {
    PlannedGroup group = plan.groups().get(id);
    if (group == null) {
      throw new IllegalStateException("group " + id + " has no points");
    }
    return group;
  }

  private QuantizationParameters parametersOf(int id) {
    GroupParameters found = parameters.get(id);
    if (found == null) {
      throw new IllegalStateException("group " + id + " has no parameters");
    }
    return found.parameters();
  }

  private static QuantizedType type(PlannedGroup group) {
    if (group.spec() instanceof QuantizationSpec.Observed observed) {
      return observed.type();
    }
    if (group.spec() instanceof QuantizationSpec.Fixed fixed) {
      return fixed.type();
    }
    return ((QuantizationSpec.Derived) group.spec()).type();
  }

  private static NumericProfile profile(PlannedGroup group) {
    return group.spec() instanceof QuantizationSpec.Observed observed
        ? observed.scheme().profile()
        : NumericProfile.onnx();
  }

  /**
   * Where the pairs of one value go: one after the other behind its definition, or before all nodes
   * that could read it.
   */
  private final class Place {
    private final GraphValue value;
    private Optional<String> last;

    private Place(GraphValue value) {
      this.value = value;
      this.last = value.definition().map(Point::node);
    }

    private void insert(Node node) {
      if (last.isPresent()) {
        editor.insertAfter(last.get(), node);
        last = Optional.of(node.name());
      } else {
        editor.insertBefore(value.firstNode(), node);
      }
    }
  }
}
