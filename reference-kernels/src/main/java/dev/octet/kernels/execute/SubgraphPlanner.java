package dev.octet.kernels.execute;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a node with subgraphs ready for operands of known types. */
final class SubgraphPlanner {

  private final Node node;
  private final CompiledGraph compiled;
  private final Workers workers;
  private final Map<String, ArrayType> types;
  private final KnownValues known;
  private final List<String> captured;

  /**
   * Starts.
   *
   * @param types the types of the values of the graphs around, constants included
   * @param known those that are known
   */
  SubgraphPlanner(
      Node node,
      CompiledGraph compiled,
      Workers workers,
      Map<String, ArrayType> types,
      KnownValues known) {
    this.node = node;
    this.compiled = compiled;
    this.workers = workers;
    this.types = types;
    this.known = known;
    this.captured = SubgraphValues.captured(node).stream().filter(v -> !known.has(v)).toList();
  }

  /**
   * A node made ready.
   *
   * @param flat the node without subgraphs, which reads what they read
   * @param kernel makes a kernel for one run at a time
   * @param results the types of its results
   */
  record Ready(Node flat, Supplier<SubgraphKernel> kernel, List<ArrayType> results) {}

  /** Returns the node made ready. */
  Ready plan(ControlFlow kind) {
    List<String> operands = new ArrayList<>(node.operands());
    operands.addAll(captured);
    Node flat = Node.of(node.name(), node.op(), operands, node.results());
    return switch (kind) {
      case IF -> choice(flat);
      case LOOP -> loop(flat);
      case SCAN -> scan(flat);
    };
  }

  private Ready choice(Node flat) {
    requireOne(operand(0), DataType.BOOL, "its condition");
    Optional<Constant> condition = known.find(node.operands().get(0));
    if (condition.isPresent()) {
      return chosen(flat, condition.get().array().array());
    }
    PlannedBody then = body("then_branch", List.of());
    PlannedBody otherwise = body("else_branch", List.of());
    List<ArrayType> results = then.outputTypes();
    if (!results.equals(otherwise.outputTypes())) {
      throw new UnsupportedNodeException(
          "its branches give " + results + " and " + otherwise.outputTypes());
    }
    return new Ready(flat, () -> new IfKernel(then.newRun(), otherwise.newRun()), results);
  }

  /** Sizes of what is read decide which branch runs; the other one may not even fit them. */
  private Ready chosen(Node flat, Object condition) {
    boolean holds = IfKernel.isTrue(condition);
    PlannedBody body = body(holds ? "then_branch" : "else_branch", List.of());
    keepUnread(holds ? "else_branch" : "then_branch");
    return new Ready(flat, () -> IfKernel.always(body.newRun()), body.outputTypes());
  }

  /** Another plan may run a branch that this one leaves out, and reads what it has then. */
  private void keepUnread(String attribute) {
    compiled.subgraph(SubgraphValues.prefix(node, attribute)).keepAll();
    for (String value : SubgraphValues.captured(node)) {
      known.findOfModel(value).ifPresent(compiled::keep);
    }
  }

  private Ready loop(Node flat) {
    int carried = node.operands().size() - 2;
    List<ArrayType> formal =
        new ArrayList<>(List.of(ArrayType.of(DataType.INT64), ArrayType.of(DataType.BOOL)));
    for (int i = 0; i < carried; i++) {
      formal.add(operand(i + 2));
    }
    PlannedBody body = body("body", formal);
    List<ArrayType> outputs = body.outputTypes();
    List<ArrayType> results = new ArrayList<>(outputs.subList(1, carried + 1));
    requireSame(formal.subList(2, formal.size()), results);
    requireOne(0, DataType.INT64, "the number of its iterations");
    requireOne(1, DataType.BOOL, "its condition");
    requireOne(outputs.get(0), DataType.BOOL, "the condition that its body gives");
    long trips = trips();
    for (ArrayType slice : outputs.subList(carried + 1, outputs.size())) {
      if (trips < 0) {
        throw new UnsupportedNodeException(
            "the number of its iterations is not known, and it gives a result of each");
      }
      results.add(stacked(slice, trips));
    }
    return new Ready(flat, () -> new Iterations(body.newRun(), true, carried, trips), results);
  }

  /** Returns how often a Loop runs at most; -1 where that is not known beforehand. */
  private long trips() {
    boolean never =
        known
            .find(node.operands().get(1))
            .filter(condition -> !IfKernel.isTrue(condition.array().array()))
            .isPresent();
    if (never) {
      return 0;
    }
    return known
        .find(node.operands().get(0))
        .map(count -> Math.max(0, ((long[]) count.array().array())[0]))
        .orElse(-1L);
  }

  private Ready scan(Node flat) {
    int carried = node.operands().size() - (int) node.intAttribute("num_scan_inputs", 0);
    List<ArrayType> formal = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      formal.add(operand(i));
    }
    int length = -1;
    for (int i = carried; i < node.operands().size(); i++) {
      ArrayType scanned = operand(i);
      if (scanned.rank() == 0 || (length >= 0 && scanned.size(0) != length)) {
        throw new UnsupportedNodeException("what it scans has different lengths");
      }
      length = scanned.size(0);
      formal.add(ArrayType.of(scanned.dataType(), rest(scanned)));
    }
    int longest = length;
    PlannedBody body = body("body", formal);
    List<ArrayType> outputs = body.outputTypes();
    List<ArrayType> results = new ArrayList<>(outputs.subList(0, carried));
    requireSame(formal.subList(0, carried), results);
    for (ArrayType slice : outputs.subList(carried, outputs.size())) {
      results.add(stacked(slice, length));
    }
    return new Ready(flat, () -> new Iterations(body.newRun(), false, carried, longest), results);
  }

  private static int[] rest(ArrayType scanned) {
    int[] rest = new int[scanned.rank() - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = scanned.size(i + 1);
    }
    return rest;
  }

  private ArrayType stacked(ArrayType slice, long count) {
    long[] sizes = new long[slice.rank() + 1];
    sizes[0] = count;
    for (int i = 0; i < slice.rank(); i++) {
      sizes[i + 1] = slice.size(i);
    }
    return errors().sized(slice.dataType(), sizes);
  }

  private NodeErrors errors() {
    return new NodeErrors(
        node, node.operands().stream().map(name -> Optional.ofNullable(types.get(name))).toList());
  }

  private void requireOne(int index, DataType type, String what) {
    if (!node.operands().get(index).isEmpty()) {
      requireOne(operand(index), type, what);
    }
  }

  private void requireOne(ArrayType value, DataType type, String what) {
    if (value.dataType() != type || value.count() != 1) {
      throw errors().mismatch(what + " is " + value + " instead of one " + type);
    }
  }

  private static void requireSame(List<ArrayType> before, List<ArrayType> after) {
    if (!before.equals(after)) {
      throw new UnsupportedNodeException(
          "what it carries changes from " + before + " to " + after + " in an iteration");
    }
  }

  private ArrayType operand(int index) {
    ArrayType type = types.get(node.operands().get(index));
    if (type == null) {
      throw new UnsupportedNodeException("operand " + index + " is left out");
    }
    return type;
  }

  private Graph subgraph(String attribute) {
    return node.graphAttribute(attribute)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "node '" + node.name() + "' has no subgraph " + attribute));
  }

  private PlannedBody body(String attribute, List<ArrayType> formal) {
    Graph graph = subgraph(attribute);
    String prefix = SubgraphValues.prefix(node, attribute);
    Map<String, ArrayType> inputTypes = new LinkedHashMap<>();
    for (int i = 0; i < formal.size(); i++) {
      inputTypes.put(graph.inputs().get(i).name(), formal.get(i));
    }
    for (String value : captured) {
      ArrayType type = types.get(value);
      if (type != null) {
        inputTypes.put(value, type);
      }
    }
    CompiledGraph inner = compiled.subgraph(prefix);
    KnownValues innerKnown = known.in(graph, inner, inputTypes.keySet());
    Plan plan =
        new Planner(closed(graph, inputTypes), prefix, inner, workers, innerKnown).plan(inputTypes);
    Map<Integer, String> taken = new LinkedHashMap<>();
    for (int i = 0; i < captured.size(); i++) {
      taken.put(node.operands().size() + i, captured.get(i));
    }
    return new PlannedBody(
        prefix,
        graph.inputs().stream().map(ValueInfo::name).toList(),
        taken,
        graph.outputs().stream().map(ValueInfo::name).toList(),
        plan);
  }

  /** Returns a graph that is given the values of the graphs around it as further inputs. */
  private static Graph closed(Graph graph, Map<String, ArrayType> inputTypes) {
    List<ValueInfo> inputs = new ArrayList<>();
    inputTypes.forEach(
        (name, type) -> {
          if (!graph.initializers().containsKey(name) && graph.definition(name).isEmpty()) {
            inputs.add(ValueInfo.of(name, type.toTensorType()));
          }
        });
    return new Graph(
        graph.name(),
        inputs,
        graph.outputs(),
        graph.initializers(),
        graph.nodes(),
        graph.values(),
        Optional.empty());
  }
}
