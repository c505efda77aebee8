package dev.octet.workflow.convert;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Provenance;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.kernels.array.SmallFloat;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.plan.ValueNodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts QuantizeLinear and DequantizeLinear around the quantized points of a graph.
 *
 * <p>A quantized input of the graph is integers in the file: a DequantizeLinear reads it, and
 * everyone who reads the input reads the dequantized value. A quantized output is what a
 * QuantizeLinear gives, with a DequantizeLinear behind it only where the graph itself reads it.
 *
 * <p>A value that becomes float16 goes through a Cast to it and one back; a constant is stored as
 * float16 and has the Cast back only. The operators compute in float.
 *
 * <p>A quantized result goes through one pair, and everyone who reads it reads the dequantized
 * value; an operand of another group has a second pair behind that one, a requantize. A value whose
 * result is not quantized has one pair for each group of operands. A quantized constant is stored
 * as integers and has a DequantizeLinear only, or the nodes of {@link FloatForm}; a dynamic point
 * has the nodes of {@link DynamicPair}. The names of the user's nodes and of the graph's outputs
 * stay.
 */
final class QdqInsertion {

  private static final OpType QUANTIZE = OpType.onnx("QuantizeLinear");
  private static final OpType DEQUANTIZE = OpType.onnx("DequantizeLinear");
  private static final OpType CLIP = OpType.onnx("Clip");

  private final Plan plan;
  private final SortedMap<Integer, GroupParameters> parameters;
  private final GraphEditor editor;
  private final RowLengths rows;
  private final Map<String, Names> names = new LinkedHashMap<>();
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;

  QdqInsertion(Plan plan, SortedMap<Integer, GroupParameters> parameters) {
    this.plan = plan;
    this.parameters = parameters;
    Graph graph = plan.prepared().model().graph();
    this.editor = new GraphEditor(graph);
    this.rows = new RowLengths(plan);
    this.inputs = new ArrayList<>(graph.inputs());
    this.outputs = new ArrayList<>(graph.outputs());
  }

  /** The initializers that hold the parameters of a group for one shape of them. */
  private record Names(String scale, String zeroPoint) {}

  /**
   * Returns the graph in QDQ form.
   *
   * @param cancellation asked between values
   */
  Graph apply(Cancellation cancellation) {
    for (GraphValue value : GraphValue.of(plan.prepared().model().graph())) {
      cancellation.throwIfCancelled();
      Map<Integer, List<Point>> uses = usesByGroup(value);
      if (value.constant().isPresent()) {
        quantizeConstant(value, uses);
      } else {
        quantizeValue(value, uses);
      }
    }
    markOwners();
    editor.setInputs(inputs);
    editor.setOutputs(outputs);
    return editor.finish().graph();
  }

  private void markOwners() {
    String backend = plan.document().backend();
    for (PlannedNode planned : plan.nodes()) {
      if (planned.folded().isEmpty()) {
        Node node = editor.node(planned.name());
        String owner = planned.quantizer().orElse(backend);
        Node marked =
            Provenance.mark(node, planned.rule().map(rule -> new Provenance.Owner(rule, owner)));
        if (!marked.equals(node)) {
          editor.update(node.name(), marked);
        }
      }
    }
  }

  private Map<DataType, List<Point>> usesByFloat(GraphValue value) {
    Map<DataType, List<Point>> byType = new LinkedHashMap<>();
    for (Point use : value.uses()) {
      Optional.ofNullable(plan.narrowFloats().get(use))
          .ifPresent(type -> byType.computeIfAbsent(type, t -> new ArrayList<>()).add(use));
    }
    return byType;
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
    uses.forEach(
        (id, points) -> {
          QdqForm.MarkedPoint place =
              new QdqForm.MarkedPoint(plan.document().backend(), points.get(0));
          QdqForm form = QdqForm.ofConstant(value, group(id), found(id), place);
          Tensor floats = ConstantValues.of(value);
          Tensor integers =
              quantized(floats, form).remadeFrom(floats, () -> quantized(floats, form));
          String stored = editor.freshValueName(value.name() + "_quantized");
          editor.putInitializerBeside(value.firstNode(), stored, integers);
          String dequantized = editor.freshValueName(value.name() + "_dequantized");
          if (FloatForm.isNeeded(group(id).spec(), form.type())) {
            new FloatForm(editor, value, form).insert(stored, dequantized);
          } else {
            Names held = names(value, id, form);
            editor.insertBefore(
                value.firstNode(), node(DEQUANTIZE, value, stored, dequantized, held, form));
          }
          readBy(points, dequantized);
        });
    Map<DataType, List<Point>> narrow = usesByFloat(value);
    narrow.forEach((type, points) -> readBy(points, storeNarrow(value, type)));
    int stored =
        uses.values().stream().mapToInt(List::size).sum()
            + narrow.values().stream().mapToInt(List::size).sum();
    if (stored > 0 && stored == value.uses().size() && !value.isOutput()) {
      editor.removeInitializerBeside(value.firstNode(), value.name());
    }
  }

  private static Tensor quantized(Tensor floats, QdqForm form) {
    return QuantizeLinear.quantize(
        floats, form.granularity(), form.parameters(), form.type(), form.profile());
  }

  private static Tensor narrow(Tensor wide, DataType type) {
    float[] floats = wide.floats();
    short[] bits = new short[floats.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) SmallFloat.FLOAT16.bits(floats[i]);
    }
    return Tensor.of(type, bits, wide.sizes());
  }

  /** Stores a constant as a narrower float, and returns the float that a Cast makes of it. */
  private String storeNarrow(GraphValue value, DataType type) {
    Tensor floats = ConstantValues.of(value);
    String narrow = editor.freshValueName(value.name() + "_" + word(type));
    Tensor stored = narrow(floats, type).remadeFrom(floats, () -> narrow(floats, type));
    editor.putInitializerBeside(value.firstNode(), narrow, stored);
    String read = editor.freshValueName(value.name() + "_rounded");
    new ValueNodes(editor, value).castInto(narrow, read, DataType.FLOAT);
    return read;
  }

  private static String word(DataType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private void quantizeValue(GraphValue value, Map<Integer, List<Point>> uses) {
    Optional<Integer> given = groupOf(value.input());
    Optional<Integer> own = groupOf(value.definition());
    Optional<Integer> got = groupOf(value.output());
    Map<DataType, List<Point>> narrow = usesByFloat(value);
    Optional<DataType> rounded =
        value.definition().flatMap(p -> Optional.ofNullable(plan.narrowFloats().get(p)));
    boolean quantized = given.isPresent() || own.isPresent() || got.isPresent();
    if (!quantized && uses.isEmpty() && narrow.isEmpty() && rounded.isEmpty()) {
      return;
    }
    requireFloat(value);
    Forms forms = new Forms(value);
    rounded.ifPresent(type -> roundResult(forms, type));
    given.ifPresent(group -> dequantizeInput(forms, group));
    if (got.isPresent()) {
      quantizeOutput(forms, own, got.get());
    } else {
      own.ifPresent(group -> quantizeResult(forms, group));
    }
    if (!forms.read.equals(value.name())) {
      readBy(value.uses(), forms.read);
    }
    uses.forEach((group, points) -> readBy(points, forms.dequantized(group)));
    narrow.forEach(
        (type, points) -> {
          boolean done = rounded.equals(Optional.of(type)) && !quantized;
          readBy(points, done ? forms.read : forms.nodes.rounded(forms.read, type, "rounded"));
        });
  }

  /** Rounds a result where it is defined, so that everyone reads the rounded value by its name. */
  private static void roundResult(Forms forms, DataType type) {
    forms.nodes.roundInto(computeInstead(forms), type, forms.value.name());
    forms.definition = Point.result(forms.nodes.last().orElseThrow(), 0);
  }

  private Optional<Integer> groupOf(Optional<Point> point) {
    return point.flatMap(plan::group).map(PlannedGroup::id);
  }

  private void readBy(List<Point> uses, String read) {
    uses.forEach(use -> editor.setOperand(use.node(), use.index(), read));
  }

  private void requireFloat(GraphValue value) {
    Optional<TensorType> tensor =
        GraphValues.of(plan.prepared().model().graph())
            .value(value.points().get(0))
            .flatMap(GraphValues.Value::tensorType);
    if (tensor.isPresent() && tensor.get().dataType() != DataType.FLOAT) {
      throw ConversionErrors.VALUE_TYPE
          .error("'" + value.name() + "' is " + tensor.get() + ", not FLOAT")
          .build();
    }
  }

  private void dequantizeInput(Forms forms, int group) {
    String name = forms.value.name();
    inputs.replaceAll(input -> input.name().equals(name) ? integers(input, group) : input);
    forms.integers.put(group, name);
    if (!forms.value.uses().isEmpty()) {
      forms.read = forms.dequantized(group);
    }
  }

  /** The name of an output stays with what a caller gets: the integers. */
  private void quantizeOutput(Forms forms, Optional<Integer> own, int group) {
    String name = forms.value.name();
    outputs.replaceAll(output -> output.name().equals(name) ? integers(output, group) : output);
    forms.read = computeInstead(forms);
    own.filter(other -> other != group).ifPresent(forms::readThrough);
    quantize(forms, group, name);
    if (own.isPresent() && own.get() == group && !forms.value.uses().isEmpty()) {
      forms.read = forms.dequantized(group);
    }
  }

  private ValueInfo integers(ValueInfo value, int group) {
    Optional<Shape> shape = value.tensorType().flatMap(TensorType::shape);
    DataType stored = group(group).spec().type().storage().dataType();
    return new ValueInfo(value.name(), new TensorType(stored, shape), value.origin());
  }

  /** The name of an output stays with what a caller gets: the dequantized value. */
  private void quantizeResult(Forms forms, int group) {
    GraphValue value = forms.value;
    if (!value.isOutput()) {
      forms.readThrough(group);
      return;
    }
    forms.read = computeInstead(forms);
    pair(forms, group, value.name());
    forms.read = value.name();
  }

  /** Lets the node that defines a value give it under another name, and returns that. */
  private static String computeInstead(Forms forms) {
    Point definition = Objects.requireNonNull(forms.definition, "a computed value");
    return forms.nodes.computeInstead(definition, "float");
  }

  private void pair(Forms forms, int id, String dequantized) {
    GraphValue value = forms.value;
    Optional<QuantizationSpec.Observed> dynamic =
        group(id).spec().observed().filter(spec -> spec.mode() == Mode.DYNAMIC);
    if (dynamic.isPresent()) {
      DynamicPair.insert(rows, value, dynamic.get(), forms.read, dequantized, forms.nodes);
    } else {
      String quantized = editor.freshValueName(value.name() + "_quantized");
      quantize(forms, id, quantized);
      dequantize(forms, id, quantized, dequantized);
    }
    forms.floats.put(id, dequantized);
  }

  private void quantize(Forms forms, int id, String quantized) {
    GraphValue value = forms.value;
    QdqForm form = QdqForm.ofComputed(value.name(), group(id), parametersOf(id));
    Names held = names(value, id, form);
    String clipped = form.isNarrow() ? clip(value, forms.read, form, forms.nodes) : forms.read;
    forms.nodes.insert(node(QUANTIZE, value, clipped, quantized, held, form));
    forms.integers.put(id, quantized);
  }

  private void dequantize(Forms forms, int id, String quantized, String dequantized) {
    QdqForm form = QdqForm.ofComputed(forms.value.name(), group(id), parametersOf(id));
    Names held = names(forms.value, id, form);
    forms.nodes.insert(node(DEQUANTIZE, forms.value, quantized, dequantized, held, form));
    forms.floats.put(id, dequantized);
  }

  /**
   * Puts a Clip to {@code [(min - z) * s, (max - z) * s]} before a QuantizeLinear, which saturates
   * at the ends of the storage only. Each product is rounded once; quantized, the bounds are
   * exactly {@code min} and {@code max}, because a relative error of 2^-24 is less than half a step
   * below 2^16 steps.
   */
  private String clip(GraphValue value, String source, QdqForm form, ValueNodes nodes) {
    if (form.parameters().count() != 1) {
      throw ConversionErrors.NARROW_RANGE
          .error(
              "'"
                  + value.name()
                  + "' is to use "
                  + form.type()
                  + " with a scale for each channel, but QuantizeLinear saturates at the ends of"
                  + " the storage")
          .build();
    }
    float scale = form.parameters().scale(0);
    long zeroPoint = form.parameters().zeroPoint(0);
    float low = (float) (form.type().min() - zeroPoint) * scale;
    float high = (float) (form.type().max() - zeroPoint) * scale;
    String clipped = editor.freshValueName(value.name() + "_clipped");
    nodes.insert(clip(value, source, clipped, low, high));
    return clipped;
  }

  private Node clip(GraphValue value, String source, String clipped, float low, float high) {
    String name = editor.freshNodeName(value.name() + "_Clip");
    if (plan.prepared().model().opset() < 11) {
      return Node.of(
          name,
          CLIP,
          List.of(source),
          List.of(clipped),
          Attribute.of("min", low),
          Attribute.of("max", high));
    }
    String min = editor.freshValueName(value.name() + "_min");
    String max = editor.freshValueName(value.name() + "_max");
    editor.putInitializerBeside(value.firstNode(), min, Tensor.of(new float[] {low}));
    editor.putInitializerBeside(value.firstNode(), max, Tensor.of(new float[] {high}));
    return Node.of(name, CLIP, List.of(source, min, max), List.of(clipped));
  }

  private Node node(
      OpType op, GraphValue value, String operand, String result, Names held, QdqForm form) {
    List<String> operands = new ArrayList<>(List.of(operand, held.scale));
    if (!held.zeroPoint.isEmpty()) {
      operands.add(held.zeroPoint);
    }
    String name = editor.freshNodeName(value.name() + "_" + op.name());
    return Node.of(
        name, op, operands, List.of(result), form.attributes().toArray(Attribute[]::new));
  }

  /**
   * Returns the initializers of a group's parameters; the first value of a group gives them their
   * names.
   */
  private Names names(GraphValue value, int id, QdqForm form) {
    String key = id + " " + form.shape() + " " + value.firstNode();
    return names.computeIfAbsent(key, k -> store(value, form));
  }

  private Names store(GraphValue value, QdqForm form) {
    String scale = editor.freshValueName(value.name() + "_scale");
    editor.putInitializerBeside(
        value.firstNode(), scale, Tensor.of(form.parameters().scales(), form.sizes()));
    DataType dataType = form.type().storage().dataType();
    if (dataType.bits() >= Integer.SIZE) {
      // The zero point of int32 is 0 by definition.
      return new Names(scale, "");
    }
    String zeroPoint = editor.freshValueName(value.name() + "_zero_point");
    Tensor zeroPoints = Tensor.ofIntegers(dataType, form.parameters().zeroPoints(), form.sizes());
    editor.putInitializerBeside(value.firstNode(), zeroPoint, zeroPoints);
    return new Names(scale, zeroPoint);
  }

  private PlannedGroup group(int id) {
    PlannedGroup group = plan.groups().get(id);
    if (group == null) {
      throw new IllegalStateException("group " + id + " has no points");
    }
    return group;
  }

  private GroupParameters found(int id) {
    GroupParameters found = parameters.get(id);
    if (found == null) {
      throw new IllegalStateException("group " + id + " has no parameters");
    }
    return found;
  }

  private QuantizationParameters parametersOf(int id) {
    return found(id).parameters();
  }

  /** The forms of one value so far: integers by group, what they are dequantized to, and floats. */
  private final class Forms {
    private final GraphValue value;
    private final ValueNodes nodes;
    private final Map<Integer, String> integers = new HashMap<>();
    private final Map<Integer, String> floats = new HashMap<>();

    /** What reads the value and is in no group of its own reads now. */
    private String read;

    /** The result that gives the value under its own name; null for what a caller supplies. */
    private @Nullable Point definition;

    private Forms(GraphValue value) {
      this.value = value;
      this.nodes = new ValueNodes(editor, value);
      this.read = value.name();
      this.definition = value.definition().orElse(null);
    }

    /** Lets everyone read what a group's integers are dequantized to. */
    private void readThrough(int group) {
      read = dequantized(group);
    }

    /** Returns what a group's integers are dequantized to; makes what is not there yet. */
    private String dequantized(int group) {
      String known = floats.get(group);
      if (known != null) {
        return known;
      }
      String dequantized = editor.freshValueName(value.name() + "_dequantized");
      String stored = integers.get(group);
      if (stored == null) {
        pair(this, group, dequantized);
      } else {
        dequantize(this, group, stored, dequantized);
      }
      return dequantized;
    }
  }
}
