package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.registry.ArrayKind;
import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Kernel;
import dev.octet.kernels.registry.KernelDataException;
import dev.octet.kernels.registry.KernelRegistry;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Preparation;
import dev.octet.kernels.registry.Signature;
import dev.octet.kernels.registry.TensorArray;
import dev.octet.kernels.registry.UnsupportedNodeException;
import dev.octet.kernels.registry.Workers;
import dev.octet.kernels.shape.Contents;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of a graph for inputs of known types: shapes, prepared kernels, constants computed
 * ahead, and arrays shared by values that are not alive at the same time. Used once.
 */
final class Planner {

  private final Graph graph;
  private final String prefix;
  private final SortedMap<String, Long> opsets;
  private final KernelRegistry registry;
  private final Workers workers;

  private final Map<String, ArrayType> types = new HashMap<>();
  private final Map<String, TensorArray> constants;
  private final Map<String, String> aliases = new HashMap<>();
  private final List<Prepared> prepared = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();

  /**
   * A node whose arrays are not chosen yet.
   *
   * @param kernel makes a kernel for one run; empty when nothing is left to do in a run
   */
  private record Prepared(
      Node node, Optional<Supplier<? extends Kernel>> kernel, List<ArrayType> results) {}

  /**
   * Starts a plan.
   *
   * @param prefix what stands before the names of the graph's values in reports
   * @param constants the initializers and the inputs whose contents a plan is made for; copied
   */
  Planner(
      Graph graph,
      String prefix,
      SortedMap<String, Long> opsets,
      KernelRegistry registry,
      Workers workers,
      Map<String, TensorArray> constants) {
    this.graph = graph;
    this.prefix = prefix;
    this.opsets = opsets;
    this.registry = registry;
    this.workers = workers;
    this.constants = new HashMap<>(constants);
  }

  /** Returns the plan for inputs of these types. */
  Plan plan(Map<String, ArrayType> inputTypes) {
    types.putAll(inputTypes);
    constants.forEach((name, value) -> types.put(name, value.type()));
    for (Node node : graph.nodes()) {
      prepare(node);
    }
    if (!refused.isEmpty()) {
      throw UnsupportedNodes.refuse(graph, refused);
    }
    return bind();
  }

  private void prepare(Node node) {
    Optional<ControlFlow> kind = Operators.find(node.op()).flatMap(OperatorDefinition::controlFlow);
    if (kind.isPresent()) {
      prepareSubgraphs(node, kind.get());
      return;
    }
    Preparation preparation = preparation(node);
    for (int i = 0; i < node.results().size(); i++) {
      types.put(node.results().get(i), preparation.result(i));
    }
    try {
      requireRun(preparation);
      OperatorKernel operator = registry.find(node.op()).orElseThrow();
      boolean ahead = operator.readsSizesOnly() || node.operands().stream().allMatch(this::isKnown);
      place(node, operator.prepare(preparation), preparation, ahead);
    } catch (UnsupportedNodeException e) {
      refused.put(node.name(), e.reason());
    }
  }

  /** The element types of a subgraph are not known before. */
  private void requireRun(Preparation preparation) {
    if (!prefix.isEmpty()) {
      List<Optional<DataType>> operands =
          preparation.operands().stream().map(o -> o.map(ArrayType::dataType)).toList();
      new SupportedOperators(registry)
          .refusal(new Signature(preparation.node(), preparation.opset(), operands))
          .ifPresent(
              reason -> {
                throw new UnsupportedNodeException(reason);
              });
    }
  }

  private void prepareSubgraphs(Node node, ControlFlow kind) {
    try {
      SubgraphPlanner.Ready ready =
          new SubgraphPlanner(node, opsets, registry, workers, types, constants).plan(kind);
      for (int i = 0; i < node.results().size(); i++) {
        types.put(node.results().get(i), ready.results().get(i));
      }
      prepared.add(new Prepared(ready.flat(), Optional.of(ready.kernel()), ready.results()));
    } catch (UnsupportedNodeException e) {
      throw UnsupportedNodes.refuse(graph, Map.of(node.name(), e.reason()));
    }
  }

  private boolean isKnown(String operand) {
    return operand.isEmpty() || constants.containsKey(operand);
  }

  private void place(Node node, Kernel kernel, Preparation preparation, boolean ahead) {
    if (ahead) {
      computeAhead(node, kernel, preparation);
      prepared.add(new Prepared(node, Optional.empty(), preparation.results()));
    } else if (kernel.aliasedOperand() >= 0) {
      aliases.put(node.results().get(0), root(node.operands().get(kernel.aliasedOperand())));
      prepared.add(new Prepared(node, Optional.empty(), preparation.results()));
    } else {
      prepared.add(new Prepared(node, Optional.of(() -> kernel), preparation.results()));
    }
  }

  /**
   * Runs a node whose results are known before a run. Unsupported nodes before it leave no values.
   */
  private void computeAhead(Node node, Kernel kernel, Preparation preparation) {
    Object[] results = new Object[node.results().size()];
    if (kernel.aliasedOperand() >= 0) {
      results[0] = preparation.constant(kernel.aliasedOperand()).orElseThrow().array();
    } else {
      @Nullable Object[] operands = new Object[node.operands().size()];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = preparation.constant(i).map(TensorArray::array).orElse(null);
      }
      for (int i = 0; i < results.length; i++) {
        ArrayType type = preparation.result(i);
        results[i] = type.kind().allocate(type.count());
      }
      run(node, kernel, operands, results);
    }
    for (int i = 0; i < results.length; i++) {
      String name = node.results().get(i);
      if (!name.isEmpty()) {
        constants.put(name, new TensorArray(preparation.result(i), results[i]));
      }
    }
  }

  private void run(
      Node node, Kernel kernel, @Nullable Object[] operands, @Nullable Object[] results) {
    try {
      kernel.run(operands, results, workers);
    } catch (KernelDataException e) {
      throw GraphExecutor.badData(node, e);
    }
  }

  private Preparation preparation(Node node) {
    List<Optional<ArrayType>> operands = new ArrayList<>();
    List<Optional<TensorArray>> known = new ArrayList<>();
    for (String operand : node.operands()) {
      operands.add(Optional.ofNullable(operand.isEmpty() ? null : types.get(operand)));
      known.add(Optional.ofNullable(constants.get(operand)));
    }
    long opset = opsets.getOrDefault(node.op().domain(), 1L);
    List<ArrayType> results = resultTypes(node, opset, operands, known);
    return new Preparation(node, opset, operands, known, results);
  }

  private List<ArrayType> resultTypes(
      Node node,
      long opset,
      List<Optional<ArrayType>> operands,
      List<Optional<TensorArray>> known) {
    ShapeContext context =
        new ShapeContext(
            node,
            opset,
            operands.stream().map(o -> o.map(ArrayType::toTensorType)).toList(),
            known.stream().map(Planner::contents).toList());
    List<Optional<TensorType>> inferred;
    try {
      inferred = Operators.shapeRuleOf(node.op()).orElseThrow().infer(context);
    } catch (ShapeMismatchException e) {
      throw mismatch(node, operands, e.fact());
    } catch (ArithmeticException e) {
      throw mismatch(node, operands, "the result has more than 2^31 - 1 elements");
    }
    List<ArrayType> results = new ArrayList<>();
    for (int i = 0; i < node.results().size(); i++) {
      results.add(known(node, operands, i < inferred.size() ? inferred.get(i) : Optional.empty()));
    }
    return results;
  }

  /** Contents that a shape may depend on are short; the weights of a model are left unread. */
  private static Contents contents(Optional<TensorArray> constant) {
    return constant
        .filter(c -> c.type().rank() <= 1 || c.type().count() <= 1)
        .map(c -> Contents.of(c.toTensor()))
        .orElse(Contents.UNKNOWN);
  }

  private static ArrayType known(
      Node node, List<Optional<ArrayType>> operands, Optional<TensorType> type) {
    if (type.isEmpty() || type.get().shape().isEmpty() || !type.get().shape().get().isKnown()) {
      throw OctetException.backend(
              "OCT-GRAPH-003", "the shape of a result of node '" + node.name() + "' is not known")
          .at(node.op() + " on " + present(operands))
          .next("Replace operands that decide shapes by constants.");
    }
    if (!ArrayKind.holds(type.get().dataType())) {
      throw new IllegalStateException("a result of " + node.name() + " is of type " + type.get());
    }
    try {
      return ArrayType.of(type.get().dataType(), type.get().shape().get().sizes());
    } catch (ArithmeticException e) {
      throw mismatch(node, operands, "a result of " + type.get() + " is too large");
    }
  }

  private static OctetException mismatch(
      Node node, List<Optional<ArrayType>> operands, String fact) {
    return OctetException.backend("OCT-GRAPH-002", "shapes do not fit: " + fact)
        .at("node '" + node.name() + "', " + node.op() + " on " + present(operands))
        .next("Check the shapes of the inputs, and that the model is valid ONNX.");
  }

  private static List<String> present(List<Optional<ArrayType>> operands) {
    return operands.stream().map(o -> o.map(ArrayType::toString).orElse("nothing")).toList();
  }

  private ArrayType typeOf(String name) {
    ArrayType type = types.get(name);
    if (type == null) {
      throw new IllegalStateException("value '" + name + "' has no type");
    }
    return type;
  }

  private String root(String value) {
    return aliases.getOrDefault(value, value);
  }

  // ---- arrays ----

  private Plan bind() {
    Binding binding = new Binding(lastUses());
    for (ValueInfo input : graph.inputs()) {
      String name = input.name();
      if (!constants.containsKey(name)) {
        binding.define(name, typeOf(name));
      }
    }
    for (int i = 0; i < prepared.size(); i++) {
      binding.keep(i, prepared.get(i));
    }
    return new Plan(
        binding.places(graph.inputs()),
        prepared.stream().map(binding::step).toList(),
        binding.places(graph.outputs()),
        binding.memory);
  }

  /** The last step that reads a value or one of its aliases; outputs are read after all steps. */
  private Map<String, Integer> lastUses() {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < prepared.size(); i++) {
      for (String operand : prepared.get(i).node().operands()) {
        last.put(root(operand), i);
      }
    }
    for (ValueInfo output : graph.outputs()) {
      last.put(root(output.name()), Integer.MAX_VALUE);
    }
    return last;
  }

  /** Gives each value a slot for as long as it lives. */
  private final class Binding {
    private final MemoryPlan memory = new MemoryPlan();
    private final Map<String, MemoryPlan.Slot> slots = new HashMap<>();
    private final Map<String, Integer> lastUses;

    Binding(Map<String, Integer> lastUses) {
      this.lastUses = lastUses;
    }

    void define(String value, ArrayType type) {
      slots.put(value, memory.take(type));
    }

    void keep(int index, Prepared step) {
      if (step.kernel().isPresent()) {
        for (int i = 0; i < step.results().size(); i++) {
          String result = step.node().results().get(i);
          if (!result.isEmpty()) {
            define(result, step.results().get(i));
          }
        }
      }
      for (String operand : step.node().operands().stream().distinct().toList()) {
        releaseAfter(index, root(operand));
      }
      for (String result : step.node().results()) {
        if (step.kernel().isPresent() && !lastUses.containsKey(result) && !result.isEmpty()) {
          memory.release(slot(result));
        }
      }
    }

    private void releaseAfter(int index, String value) {
      MemoryPlan.Slot slot = slots.get(value);
      if (slot != null && lastUses.getOrDefault(value, -1) == index) {
        memory.release(slot);
      }
    }

    Map<String, Place> places(List<ValueInfo> values) {
      Map<String, Place> places = new LinkedHashMap<>();
      values.forEach(value -> places.put(value.name(), place(value.name())));
      return places;
    }

    private Place place(String name) {
      TensorArray constant = constants.get(root(name));
      return constant == null
          ? new Place.Slot(typeOf(name), slot(name).index())
          : new Place.Constant(new TensorArray(typeOf(name), constant.array()));
    }

    private List<Optional<Place>> namedPlaces(List<String> names) {
      return names.stream()
          .map(name -> name.isEmpty() ? Optional.<Place>empty() : Optional.of(place(name)))
          .toList();
    }

    private MemoryPlan.Slot slot(String name) {
      MemoryPlan.Slot slot = slots.get(root(name));
      if (slot == null) {
        throw new IllegalStateException("value '" + name + "' has no array");
      }
      return slot;
    }

    PlannedStep step(Prepared step) {
      return new PlannedStep(
          step.node(),
          prefix,
          step.kernel(),
          namedPlaces(step.node().operands()),
          namedPlaces(step.node().results()),
          step.results());
    }
  }
}
