package dev.octet.workflow.compare;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.execute.SubgraphValues;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.lower.QdqLowering;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.workflow.normalise.FoldedNode;
import dev.octet.workflow.normalise.NormalisedModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which value of a quantized model is which float value of the main graph of the float one.
 *
 * <p>A result is that of the node of the same name; else the value of the same name; else integers
 * that are named after it, as {@code v_quantized}. What the quantized model computes in one step
 * with a later value, as a Conv with the Relu behind it, is not a value there.
 */
final class Counterparts {

  /** How conversion, and ONNX Runtime's, name the integers of a value. */
  private static final Pattern INTEGERS = Pattern.compile("(.+)_quantized(?:_\\d+)?");

  private final Graph reference;
  private final QdqGraph quantized;
  private final Graph lowered;
  private final ReadValues reads;
  private final IntegerMeaning meanings;
  private final Map<String, String> named = new LinkedHashMap<>();
  private final Map<String, Counterpart> found = new LinkedHashMap<>();
  private final List<UncomparedTensor> lacking = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();

  private Counterparts(
      Model original,
      NormalisedModel reference,
      Model quantized,
      Graph typed,
      OperatorSet operators) {
    this.reference = reference.model().graph();
    this.quantized = new QdqGraph(typed);
    this.lowered = QdqLowering.lower(quantized.withGraph(typed), operators).model().graph();
    this.reads =
        new ReadValues(
            this.quantized,
            node ->
                this.reference.node(node.name()).isPresent()
                    || original.graph().node(node.name()).isPresent());
    this.meanings = new IntegerMeaning(this.quantized);
    nameIntegers();
    this.reference.inputs().forEach(this::input);
    this.reference.nodes().forEach(this::results);
    folded(ShapeInference.infer(original, operators), reference);
    bodies();
  }

  /**
   * Finds the values that two models share.
   *
   * @param original the float model
   * @param reference the same, normalised
   * @param quantized the quantized one
   * @param typed its main graph with the types of its values
   * @param operators the operators that there are
   */
  static Counterparts of(
      Model original,
      NormalisedModel reference,
      Model quantized,
      Graph typed,
      OperatorSet operators) {
    return new Counterparts(original, reference, quantized, typed, operators);
  }

  /** Returns what was found, in the order of the float model. */
  List<Counterpart> found() {
    return List.copyOf(found.values());
  }

  /** Returns what has no counterpart: first what is in the main graph, then what is in bodies. */
  List<UncomparedTensor> lacking() {
    return List.copyOf(lacking);
  }

  private void nameIntegers() {
    for (Node node : quantized.graph().nodes()) {
      for (String result : node.results()) {
        Matcher matcher = INTEGERS.matcher(result);
        if (matcher.matches() && !QdqGraph.isQuantize(node)) {
          named.putIfAbsent(matcher.group(1), result);
        }
      }
    }
  }

  /** An input that is not quantized is the same in both models. */
  private void input(ValueInfo input) {
    boolean there =
        isFloat(reference, input.name())
            && quantized.graph().inputs().stream().anyMatch(i -> i.name().equals(input.name()));
    if (!there) {
      return;
    }
    ReadValue read =
        isFloat(quantized.graph(), input.name())
            ? reads.of(input.name())
            : reads.dequantized(input.name()).orElseGet(() -> reads.of(input.name()));
    if (read.range().isPresent() && taken.add(input.name())) {
      found.put(
          input.name(), new Counterpart(input.name(), Optional.empty(), input.name(), false, read));
    }
  }

  private ReadValue integers(String name, QuantizedValue meaning) {
    return new ReadValue(name, List.of(), Optional.of(meaning), reads.range(meaning, List.of()));
  }

  private void results(Node node) {
    for (int i = 0; i < node.results().size(); i++) {
      String value = node.results().get(i);
      if (!value.isEmpty() && isFloat(reference, value)) {
        result(value, node, i);
      }
    }
  }

  private void result(String value, Node node, int index) {
    Optional<String> computed = computed(value, node, index);
    if (computed.isEmpty()) {
      lack(value, node, "neither its node nor a value of its name is in the quantized model");
      return;
    }
    String twin = computed.get();
    Optional<DataType> type = dataType(quantized.graph(), twin);
    if (type.filter(DataType::isInteger).isPresent()) {
      ofIntegers(value, node, twin);
    } else if (type.isEmpty() || type.get() != DataType.FLOAT) {
      lack(
          value,
          node,
          "it is "
              + type.map(t -> "of type " + t).orElse("of unknown type")
              + " in the quantized model, as '"
              + twin
              + "'");
    } else {
      ofFloats(value, node, twin);
    }
  }

  private void lack(String value, Node node, String reason) {
    lacking.add(new UncomparedTensor(value, node.name(), reason));
  }

  private Optional<String> computed(String value, Node node, int index) {
    Optional<String> result =
        quantized
            .graph()
            .node(node.name())
            .filter(twin -> twin.results().size() == node.results().size())
            .map(twin -> twin.results().get(index))
            .filter(name -> !name.isEmpty());
    Optional<Node> producer = quantized.graph().producer(value);
    Optional<String> dequantized =
        producer
            .filter(QdqGraph::isDequantize)
            .flatMap(each -> each.operand(0))
            .filter(integers -> quantized.graph().producer(integers).isPresent());
    return result
        .or(() -> dequantized)
        .or(() -> producer.map(each -> value))
        .or(() -> Optional.ofNullable(named.get(value)));
  }

  private void ofIntegers(String value, Node node, String integers) {
    Matcher matcher = INTEGERS.matcher(integers);
    String owner = matcher.matches() ? matcher.group(1) : value;
    if (!owner.equals(value) && reference.producer(owner).isPresent()) {
      lack(value, node, oneStep("'" + owner + "'"));
      return;
    }
    Optional<QuantizedValue> meaning = meanings.of(integers);
    if (meaning.isEmpty()) {
      lack(value, node, "the scale of its integers '" + integers + "' is not known");
    } else {
      add(
          new Counterpart(
              value, Optional.of(node), integers, true, integers(integers, meaning.get())),
          node);
    }
  }

  private void ofFloats(String value, Node node, String floats) {
    if (!sameShape(value, floats)) {
      lack(value, node, "it has another shape in the quantized model, as '" + floats + "'");
      return;
    }
    ReadValue read = reads.of(floats);
    boolean computed =
        lowered.producer(floats).isPresent() || lowered.producer(read.name()).isPresent();
    if (computed) {
      add(new Counterpart(value, Optional.of(node), floats, false, read), node);
    } else {
      lack(
          value,
          node,
          oneStep(
              quantized.readers(floats).stream()
                  .findFirst()
                  .map(reader -> "node '" + reader.name() + "'")
                  .orElse("others")));
    }
  }

  private static String oneStep(String with) {
    return "it is computed in one step with " + with;
  }

  private void add(Counterpart counterpart, Node node) {
    if (taken.add(counterpart.computed())) {
      found.put(counterpart.tensor(), counterpart);
    } else {
      lack(counterpart.tensor(), node, "'" + counterpart.computed() + "' stands for another value");
    }
  }

  private boolean sameShape(String value, String twin) {
    Optional<Shape> own = shape(reference, value);
    Optional<Shape> other = shape(quantized.graph(), twin);
    if (own.isEmpty() || other.isEmpty()) {
      return true;
    }
    List<Dimension> sizes = own.get().dimensions();
    List<Dimension> others = other.get().dimensions();
    boolean same = sizes.size() == others.size();
    for (int i = 0; same && i < sizes.size(); i++) {
      Dimension size = sizes.get(i);
      Dimension twinSize = others.get(i);
      same = !size.isKnown() || !twinSize.isKnown() || size.equals(twinSize);
    }
    return same;
  }

  private void folded(Graph typed, NormalisedModel normalised) {
    Map<String, String> became = new LinkedHashMap<>();
    for (FoldedNode node : normalised.folded()) {
      became.put(node.name(), "its node was " + node.became());
      node.into().forEach(into -> became.put(into, "'" + node.name() + "' was " + node.became()));
    }
    for (Node node : typed.nodes()) {
      for (String value : node.results()) {
        boolean gone = !value.isEmpty() && reference.definition(value).isEmpty();
        if (gone && isFloat(typed, value)) {
          lack(value, node, became.getOrDefault(node.name(), "it is a constant"));
        }
      }
    }
  }

  private void bodies() {
    SubgraphValues.graphs(reference)
        .forEach(
            (prefix, graph) -> {
              for (Node node : prefix.isEmpty() ? List.<Node>of() : graph.nodes()) {
                for (String value : node.results()) {
                  lacking.add(
                      new UncomparedTensor(
                          prefix + value,
                          node.name(),
                          "it is in a body, which runs never or many times for one sample"));
                }
              }
            });
  }

  private static boolean isFloat(Graph graph, String value) {
    return dataType(graph, value).filter(DataType.FLOAT::equals).isPresent();
  }

  private static Optional<DataType> dataType(Graph graph, String value) {
    return tensor(graph, value).map(ValueType.TensorType::dataType);
  }

  private static Optional<Shape> shape(Graph graph, String value) {
    return tensor(graph, value).flatMap(ValueType.TensorType::shape);
  }

  private static Optional<ValueType.TensorType> tensor(Graph graph, String value) {
    return graph.type(value).flatMap(ValueType::tensor);
  }
}
