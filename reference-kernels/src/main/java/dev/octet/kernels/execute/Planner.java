package dev.octet.kernels.execute;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.ControlFlow;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.shape.Contents;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeRule;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Makes the plan of a graph for inputs of known types: shapes, prepared kernels, constants computed
 * ahead, and arrays shared by values that are not alive at the same time. Used once.
 */
final class Planner {

  private final Graph graph;
  private final String prefix;
  private final CompiledGraph compiled;
  private final Workers workers;

  private final Map<String, ArrayType> types = new HashMap<>();
  private final KnownValues known;
  private final Map<String, String> aliases = new HashMap<>();
  private final List<Prepared> prepared = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();

  /**
   * A node whose arrays are not chosen yet.
   *
   * @param reads names of the values that its kernel reads, by operand index; empty where it reads
   *     none
   * @param kernel makes a kernel for one run; empty when nothing is left to do in a run
   */
  private record Prepared(
      Node node,
      List<String> reads,
      Optional<Supplier<? extends Kernel>> kernel,
      List<ArrayType> results) {

    /** A node whose results are known, or share an operand's array. */
    static Prepared done(Node node, List<ArrayType> results) {
      return new Prepared(node, List.of(), Optional.empty(), results);
    }
  }

  /**
   * Starts a plan.
   *
   * @param prefix what stands before the names of the graph's values in reports
   * @param compiled what all plans of the graph share
   * @param workers the threads that compute what is known before a run
   * @param known the constants, and the inputs whose contents a plan is made for; added to
   */
  Planner(Graph graph, String prefix, CompiledGraph compiled, Workers workers, KnownValues known) {
    this.graph = graph;
    this.prefix = prefix;
    this.compiled = compiled;
    this.workers = workers;
    this.known = known;
  }

  /** Returns the plan for inputs of these types. */
  Plan plan(Map<String, ArrayType> inputTypes) {
    types.putAll(inputTypes);
    known.forEach((name, value) -> types.put(name, value.type()));
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
      prepared.add(errors(preparation).guard(() -> prepare(node, preparation)));
    } catch (UnsupportedNodeException e) {
      refused.put(node.name(), e.reason());
    }
  }

  /** Unsupported nodes before it leave no values. */
  private Prepared prepare(Node node, Preparation preparation) {
    if (known.hasAllOfModel(node)) {
      Signature signature = signature(preparation);
      keep(
          node,
          i ->
              preparation
                  .constants()
                  .get(i)
                  .filter(c -> decidesShapes(signature, i, c))
                  .isPresent());
      List<Constant> results =
          compiled.computed(
              node,
              () ->
                  KnownResults.ofModel(
                      compiled.operator(node), compilation(preparation), preparation, workers));
      addResults(node, results, known::addOfModel);
      return Prepared.done(node, preparation.results());
    }
    CompiledNode shared = compiled.node(compilation(preparation));
    Kernel kernel = shared.bind(preparation);
    keep(node, shared::reads);
    if (compiled.operator(node).readsSizesOnly() || known.hasAll(node)) {
      List<String> reads = reads(node, shared);
      addResults(node, KnownResults.of(kernel, preparation, reads, workers), known::add);
      return Prepared.done(node, preparation.results());
    }
    if (kernel.aliasedOperand() >= 0) {
      aliases.put(node.results().get(0), root(node.operands().get(kernel.aliasedOperand())));
      return Prepared.done(node, preparation.results());
    }
    return new Prepared(
        node, reads(node, shared), Optional.of(() -> kernel), preparation.results());
  }

  /**
   * Notes which constants of the model a node reads whenever there is a plan. Those of a node that
   * is computed once are read by then, but for what its sizes are found from. A node that reads a
   * passing constant may be compiled or computed again, of all that it reads.
   */
  private void keep(Node node, IntPredicate reads) {
    boolean again =
        node.operands().stream()
            .anyMatch(o -> known.findOfModel(o).filter(Constant::isPassing).isPresent());
    for (int i = 0; i < node.operands().size(); i++) {
      if (again || reads.test(i)) {
        known.findOfModel(node.operands().get(i)).ifPresent(compiled::keep);
      }
    }
  }

  private List<String> reads(Node node, CompiledNode shared) {
    List<String> reads = new ArrayList<>(node.operands());
    for (int i = 0; i < reads.size(); i++) {
      if (known.findOfModel(reads.get(i)).isPresent() && !shared.reads(i)) {
        reads.set(i, "");
      }
    }
    return reads;
  }

  /** The element types of a subgraph are not known before. */
  private void requireRun(Preparation preparation) {
    if (!prefix.isEmpty()) {
      SupportedOperators.refusal(signature(preparation), compiled.operators())
          .ifPresent(
              reason -> {
                throw new UnsupportedNodeException(reason);
              });
    }
  }

  private void prepareSubgraphs(Node node, ControlFlow kind) {
    try {
      SubgraphPlanner planner = new SubgraphPlanner(node, compiled, workers, types, known);
      SubgraphPlanner.Ready ready =
          new NodeErrors(node, operandTypes(node)).guard(() -> planner.plan(kind));
      for (int i = 0; i < node.results().size(); i++) {
        types.put(node.results().get(i), ready.results().get(i));
      }
      Node flat = ready.flat();
      keep(flat, i -> true);
      prepared.add(
          new Prepared(flat, flat.operands(), Optional.of(ready.kernel()), ready.results()));
    } catch (UnsupportedNodeException e) {
      throw UnsupportedNodes.refuse(graph, Map.of(node.name(), e.reason()));
    }
  }

  private static void addResults(
      Node node, List<Constant> results, BiConsumer<String, Constant> known) {
    for (int i = 0; i < results.size(); i++) {
      if (!node.results().get(i).isEmpty()) {
        known.accept(node.results().get(i), results.get(i));
      }
    }
  }

  private Preparation preparation(Node node) {
    try {
      return typed(node);
    } catch (UnsupportedNodeException e) {
      // Without the types of its results, nothing behind it can be asked.
      throw UnsupportedNodes.refuse(graph, Map.of(node.name(), e.reason()));
    }
  }

  private Preparation typed(Node node) {
    List<Optional<ArrayType>> operands = new ArrayList<>();
    List<Optional<Constant>> constants = new ArrayList<>();
    for (String operand : node.operands()) {
      operands.add(Optional.ofNullable(operand.isEmpty() ? null : types.get(operand)));
      constants.add(known.find(operand));
    }
    long opset = compiled.opset(node);
    List<ArrayType> results = resultTypes(node, opset, operands, constants);
    return new Preparation(node, opset, operands, constants, results);
  }

  private static NodeErrors errors(Preparation preparation) {
    return new NodeErrors(preparation.node(), preparation.operands());
  }

  private static Signature signature(Preparation preparation) {
    return signature(preparation.node(), preparation.opset(), preparation.operands());
  }

  private static Signature signature(Node node, long opset, List<Optional<ArrayType>> operands) {
    return new Signature(
        node, opset, operands.stream().map(o -> o.map(ArrayType::dataType)).toList());
  }

  private Compilation compilation(Preparation preparation) {
    return new Compilation(
        signature(preparation),
        preparation.results().stream().map(ArrayType::dataType).toList(),
        preparation.node().operands().stream().map(known::findOfModel).toList());
  }

  private List<ArrayType> resultTypes(
      Node node,
      long opset,
      List<Optional<ArrayType>> operands,
      List<Optional<Constant>> constants) {
    ShapeContext context =
        new ShapeContext(
            node,
            opset,
            operands.stream().map(o -> o.map(ArrayType::toTensorType)).toList(),
            contents(signature(node, opset, operands), constants));
    NodeErrors errors = new NodeErrors(node, operands);
    List<Optional<TensorType>> inferred = inferred(context, errors);
    List<ArrayType> results = new ArrayList<>();
    for (int i = 0; i < node.results().size(); i++) {
      results.add(known(errors, i < inferred.size() ? inferred.get(i) : Optional.empty()));
    }
    return results;
  }

  private List<Optional<TensorType>> inferred(ShapeContext context, NodeErrors errors) {
    ShapeRule rule = compiled.operators().shapeRuleOf(context.node().op()).orElseThrow();
    return errors.guard(
        () -> {
          try {
            return rule.infer(context);
          } catch (ArithmeticException e) {
            throw errors.uncountable();
          }
        });
  }

  private List<Contents> contents(Signature signature, List<Optional<Constant>> constants) {
    List<Contents> contents = new ArrayList<>();
    for (int i = 0; i < constants.size(); i++) {
      int operand = i;
      contents.add(
          constants
              .get(i)
              .filter(c -> decidesShapes(signature, operand, c))
              .flatMap(Constant::tensorIfKept)
              .map(Contents::of)
              .orElse(Contents.UNKNOWN));
    }
    return contents;
  }

  /**
   * Contents that a shape may depend on are short, unless the operator says that it needs them; the
   * weights of a model are left unread.
   */
  private boolean decidesShapes(Signature signature, int operand, Constant constant) {
    return constant.type().rank() <= 1
        || constant.type().count() <= 1
        || compiled.operator(signature.node()).needsContents(signature, operand);
  }

  private static ArrayType known(NodeErrors errors, Optional<TensorType> type) {
    if (type.isEmpty() || type.get().shape().isEmpty() || !type.get().shape().get().isKnown()) {
      throw errors.unknownShape();
    }
    if (!ArrayKind.holds(type.get().dataType())) {
      throw new UnsupportedNodeException("a result of type " + type.get() + " is not supported");
    }
    return errors.sized(type.get().dataType(), type.get().shape().get().sizes());
  }

  private List<Optional<ArrayType>> operandTypes(Node node) {
    return node.operands().stream().map(name -> Optional.ofNullable(types.get(name))).toList();
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
      if (!known.has(name)) {
        binding.define(name, typeOf(name));
      }
    }
    for (int i = 0; i < prepared.size(); i++) {
      binding.keep(i, prepared.get(i));
    }
    for (ValueInfo output : graph.outputs()) {
      known.findOfModel(root(output.name())).ifPresent(compiled::keep);
    }
    return new Plan(
        binding.places(graph.inputs()),
        prepared.stream().filter(this::isStep).map(binding::step).toList(),
        binding.places(graph.outputs()),
        binding.memory);
  }

  /** What is known before a run is left to do only where somebody may ask for it. */
  private boolean isStep(Prepared node) {
    return node.kernel().isPresent() || compiled.observable();
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
      return known
          .find(root(name))
          .map(constant -> constantPlace(name, constant))
          .orElseGet(() -> new Place.Slot(typeOf(name), slot(name).index()));
    }

    private Place constantPlace(String name, Constant constant) {
      return constant.isPassing()
          ? new Place.Passing(typeOf(name), constant)
          : new Place.Constant(new TensorArray(typeOf(name), constant.array().array()));
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
          namedPlaces(step.reads()),
          namedPlaces(step.node().results()),
          step.results(),
          new NodeErrors(step.node(), operandTypes(step.node())));
    }
  }
}
