package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A graph while the kit composes it, node by node. Not thread-safe. */
final class GraphDraft {

  /** The operator set of every composed model. */
  static final long OPSET = 21;

  /** What stands behind inputs. */
  private record Carried(String node, OpType op, Shape sizes) {}

  private final String name;
  private final long seed;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private Optional<Carried> carried = Optional.empty();

  /**
   * Begins a graph.
   *
   * @param name what it is called; constants depend on it and the seed
   */
  GraphDraft(String name, long seed) {
    this.name = name;
    this.seed = seed;
  }

  /**
   * Puts a node behind each input of the given sizes that is added from now on: of the given name
   * behind the first input, of that name and the input's number behind others.
   */
  void carryInputs(String node, OpType op, Shape sizes) {
    carried = Optional.of(new Carried(node, op, sizes));
  }

  /** Adds a float input and returns its name, or that of what stands behind it. */
  String input(Shape shape) {
    String number = inputs.isEmpty() ? "" : Integer.toString(inputs.size());
    String input = "x" + number;
    inputs.add(ValueInfo.of(input, TensorType.of(DataType.FLOAT, shape)));
    Optional<Carried> now = carried.filter(each -> each.sizes().equals(shape));
    if (now.isEmpty()) {
      return input;
    }
    Carried wanted = now.get();
    carried = Optional.empty(); // what the node in front reads beside has none
    String made =
        node(
            wanted.node() + number,
            wanted.op(),
            OperatorForms.of(wanted.op(), shape.sizes()).get(0),
            () -> input,
            step -> input);
    carried = now;
    return made;
  }

  /** Adds a constant and returns its name. */
  String constant(String value, Tensor content) {
    constants.put(value, content);
    return value;
  }

  /** Adds a constant of random floats and returns its name. */
  String randomConstant(String value, Shape shape) {
    return constant(value, RandomFloats.tensor(seed, name + "/" + value, shape.sizes()));
  }

  /**
   * Adds a node in one of the forms of its operator.
   *
   * @param flow gives the value that the chain hands on
   * @param earlier gives the first result of an earlier step
   * @return the name of the first result
   */
  String node(
      String node, OpType op, NodeForm form, Supplier<String> flow, IntFunction<String> earlier) {
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < form.operands().size(); i++) {
      operands.add(form.operands().get(i).put(new Named(node + "_" + i, flow, earlier)));
    }
    List<String> results = new ArrayList<>();
    for (int i = 0; i < form.results(); i++) {
      results.add(i == 0 ? node + "_out" : node + "_out" + i);
    }
    Node made = Node.of(node, op, operands, results, form.attributes().toArray(Attribute[]::new));
    nodes.add(made);
    return results.get(0);
  }

  /** Puts operands by the names of their values. */
  private final class Named implements OperandForm.Places<String> {
    private final String value;
    private final Supplier<String> flow;
    private final IntFunction<String> earlier;

    private Named(String value, Supplier<String> flow, IntFunction<String> earlier) {
      this.value = value;
      this.flow = flow;
      this.earlier = earlier;
    }

    @Override
    public String flow() {
      return flow.get();
    }

    @Override
    public String result(int step) {
      return earlier.apply(step);
    }

    @Override
    public String input(Shape shape) {
      return GraphDraft.this.input(shape);
    }

    @Override
    public String weight(Shape shape) {
      return randomConstant(value, shape);
    }

    @Override
    public String given(Tensor content) {
      return constant(value, content);
    }

    @Override
    public String absent() {
      return "";
    }
  }

  /**
   * Returns the model, with the types of its values inferred.
   *
   * @param outputs the names of its outputs
   * @return empty when the sizes do not fit each other
   */
  Optional<Model> model(List<String> outputs) {
    Map<String, ValueInfo> values = new LinkedHashMap<>(inferred());
    List<ValueInfo> ends = new ArrayList<>();
    for (String output : outputs) {
      ValueInfo end = values.remove(output);
      if (end == null
          || end.tensorType().flatMap(TensorType::shape).filter(Shape::isKnown).isEmpty()) {
        return Optional.empty();
      }
      ends.add(end);
    }
    return Optional.of(
        Model.of(new Graph(name, inputs, ends, constants, nodes, values, Optional.empty()), OPSET));
  }

  private Map<String, ValueInfo> inferred() {
    Graph open = new Graph(name, inputs, List.of(), constants, nodes, Map.of(), Optional.empty());
    return InferredTypes.of(open, OPSET);
  }
}
