package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.InputCheck;
import dev.octet.api.runtime.Parallelism;
import dev.octet.api.runtime.RunGuard;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.array.UncountableException;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import dev.octet.kernels.sequence.PlainSequences;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Runs a model on the kernels of this module: its graph, and the subgraphs of If, Loop and Scan;
 * sequences of tensors as {@link PlainSequences} writes them.
 *
 * <p>Constants are compiled once, when a node first meets them: packed, widened, made into tables.
 * What nobody reads any more once a plan is made is let go of. Constants that stay in a file, and
 * would take more than a quarter of the heap, are read, or packed, again whenever a node runs that
 * needs them, and are let go of then. The first run with inputs of some shapes makes a plan: every
 * node gets a kernel, and values that are not alive at the same time share arrays. Runs with the
 * same shapes use that plan; the plans of the last few shapes are kept. Where an input's contents
 * decide shapes (the shape operand of a Reshape), they count as part of the shape.
 *
 * <p>Thread-safe, as {@link dev.octet.api.runtime.ExecutableModel} says: each run has arrays of its
 * own, which later runs use again, and runs at the same time share the helper threads. Results have
 * the same bits for any number of threads and any executor. When a calling thread is interrupted
 * during its run, that run ends with {@code OCT-RUN-003}.
 */
public final class GraphExecutor implements AutoCloseable {

  private final Graph graph;
  private final CompiledGraph compiled;
  private final InputCheck check;
  private final List<String> contentInputs;
  private final Map<String, Graph> graphs;
  private final Pool<Workers> workers;
  private final RecentPlans<PlanKey> plans = new RecentPlans<>();
  private final RunGuard guard;
  private final ConstantFiles files;

  /** What a plan is made for: types of all inputs, contents of some. */
  private record PlanKey(Map<String, ArrayType> types, Map<String, Tensor> contents) {}

  private GraphExecutor(
      Model model,
      Graph typed,
      OperatorSet operators,
      Function<OpType, Optional<OperatorKernel>> kernels,
      boolean observable,
      HeapShare heap,
      Parallelism options) {
    this.compiled =
        new CompiledGraph(operators, kernels, model.opsets(), observable, heap, model.graph());
    this.files = ConstantFiles.of(model.graph());
    this.graph = BareGraphs.of(model.graph());
    this.check = new InputCheck(graph.inputs());
    this.contentInputs = ContentInputs.of(typed, model.opsets(), operators);
    this.graphs = SubgraphValues.graphs(graph);
    HelperThreads helpers = new HelperThreads(options);
    this.workers = new Pool<>(() -> new Workers(helpers));
    this.guard = new RunGuard(helpers::close);
  }

  /**
   * Makes an executor.
   *
   * @param model the model
   * @param options on which threads runs compute
   * @throws OctetException {@code OCT-GRAPH-001} if nodes cannot be executed; it names all of them
   */
  public static GraphExecutor of(Model model, Parallelism options) {
    return of(model, OperatorSet.standard(), options);
  }

  /**
   * Makes an executor of a model that may have operators of a backend; see {@link #of(Model,
   * Parallelism)}.
   *
   * @param operators the operators that there are
   */
  public static GraphExecutor of(Model model, OperatorSet operators, Parallelism options) {
    return of(model, operators, operators::kernelOf, true, options);
  }

  /**
   * Makes an executor whose runs observe nothing: it also lets go of what is computed from
   * constants and no run reads; see {@link #of(Model, OperatorSet, Parallelism)}.
   */
  static GraphExecutor unobserved(Model model, OperatorSet operators, Parallelism options) {
    return of(model, operators, operators::kernelOf, false, options);
  }

  /**
   * Makes an executor on threads of its own; see {@link #of(Model, Parallelism)}.
   *
   * @param threads threads that may compute for one run, the caller included; at least 1
   */
  public static GraphExecutor of(Model model, int threads) {
    return of(model, Parallelism.threads(threads));
  }

  /**
   * Makes an executor with other kernels of the same operators; see {@link #of(Model,
   * Parallelism)}.
   */
  static GraphExecutor of(
      Model model, Function<OpType, Optional<OperatorKernel>> kernels, Parallelism options) {
    return of(model, OperatorSet.standard(), kernels, true, options);
  }

  /**
   * Makes an executor whose arrays of constants may take some bytes together, and pass where they
   * would take more; see {@link #of(Model, Parallelism)}.
   */
  static GraphExecutor within(long bytes, Model model, boolean observable, Parallelism options) {
    OperatorSet operators = OperatorSet.standard();
    HeapShare heap = HeapShare.of(model.graph(), bytes);
    return of(model, operators, operators::kernelOf, observable, heap, options);
  }

  private static GraphExecutor of(
      Model given,
      OperatorSet operators,
      Function<OpType, Optional<OperatorKernel>> kernels,
      boolean observable,
      Parallelism options) {
    return of(given, operators, kernels, observable, HeapShare.of(given.graph()), options);
  }

  private static GraphExecutor of(
      Model given,
      OperatorSet operators,
      Function<OpType, Optional<OperatorKernel>> kernels,
      boolean observable,
      HeapShare heap,
      Parallelism options) {
    Graph asGiven = typed(given, operators);
    Model model = PlainSequences.without(given, operators);
    Graph typed = model.graph() == given.graph() ? asGiven : typed(model, operators);
    Map<String, String> reasons = SupportedOperators.refusals(typed, model, operators);
    if (!reasons.isEmpty()) {
      throw UnsupportedNodes.refuse(model.graph(), reasons);
    }
    return new GraphExecutor(model, typed, operators, kernels, observable, heap, options);
  }

  private static Graph typed(Model model, OperatorSet operators) {
    Graph typed = ShapeInference.infer(model, operators);
    ModelCheck.requireSignatures(typed, model.opsets(), operators);
    return typed;
  }

  /** Returns the inputs that a run needs, in the model's order. */
  public List<ValueInfo> inputs() {
    return graph.inputs();
  }

  /** Returns the outputs that a run gives, in the model's order. */
  public List<ValueInfo> outputs() {
    return graph.outputs();
  }

  /**
   * Runs the graph once.
   *
   * @throws OctetException as {@link #run(Map, Cancellation)}
   * @throws IllegalStateException if the executor is closed
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return run(inputs, Cancellation.never());
  }

  /**
   * Runs the graph once.
   *
   * @param inputs one tensor for each input, by name
   * @param cancellation asked between nodes, and between the pieces of a node
   * @return one tensor for each output, by name, in the model's order
   * @throws OctetException {@code OCT-RUN-006} if an input is missing, {@code OCT-RUN-001} if one
   *     is unknown, {@code OCT-RUN-002} if its type or shape does not fit, {@code OCT-RUN-003} if
   *     the calling thread was interrupted, {@code OCT-RUN-007} if the run is cancelled, {@code
   *     OCT-RUN-005} if a node meets elements that its operator forbids, {@code OCT-GRAPH-001} if
   *     the shapes show that nodes cannot be executed, {@code OCT-GRAPH-002} if shapes contradict
   *     each other, {@code OCT-GRAPH-003} if a shape depends on computed values, {@code
   *     OCT-GRAPH-007} if an input or a result is larger than an array
   * @throws IllegalStateException if the executor is closed
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
    return run(inputs, cancellation, Set.of(), (name, data, count, sizes) -> {});
  }

  /**
   * Runs the graph once and tells a listener of float values as soon as each is computed: inputs
   * first, in the model's order, then results in the order of the nodes. The listener gets the
   * arrays of the run, so that observing takes no memory.
   *
   * @param inputs one tensor for each input, by name
   * @param cancellation asked between nodes, and between the pieces of a node
   * @param observed names of FLOAT values: inputs and results of nodes; those of subgraphs as
   *     {@link SubgraphValues} names them, which are told of as often as they are computed
   * @param listener called on the calling thread
   * @return one tensor for each output, by name, in the model's order
   * @throws OctetException {@code OCT-RUN-004} if an observed name is no input or result, or not of
   *     type FLOAT; else as {@link #run(Map, Cancellation)}
   */
  public Map<String, Tensor> run(
      Map<String, Tensor> inputs,
      Cancellation cancellation,
      Set<String> observed,
      ValueListener listener) {
    return guard.run(() -> files.reading(() -> runOpen(inputs, cancellation, observed, listener)));
  }

  /** Ends the threads once no run is under way; no run begins afterwards. */
  @Override
  public void close() {
    guard.close();
  }

  private Map<String, Tensor> runOpen(
      Map<String, Tensor> inputs,
      Cancellation cancellation,
      Set<String> observed,
      ValueListener listener) {
    check.check(inputs);
    checkObserved(observed);
    Workers own = workers.take();
    own.cancelledBy(cancellation);
    try {
      Pool<PlanRun> runs = plans.runs(key(inputs), key -> plan(key, own));
      PlanRun run = runs.take();
      try {
        load(inputs, run, observed, listener);
        run.run(own, observed, listener);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        run.outputs().forEach((name, value) -> outputs.put(name, value.toTensor()));
        return outputs;
      } finally {
        runs.giveBack(run);
      }
    } finally {
      own.cancelledBy(Cancellation.never());
      workers.giveBack(own);
    }
  }

  static OctetException badData(Node node, KernelDataException e) {
    return ExecutionErrors.REFUSED_VALUES
        .error(e.fact())
        .at("node '" + node.name() + "', " + node.op())
        .cause(e)
        .build();
  }

  private static void load(
      Map<String, Tensor> inputs, PlanRun run, Set<String> observed, ValueListener listener) {
    run.inputs()
        .forEach(
            (name, target) -> {
              Tensor tensor = inputs.get(name);
              if (tensor != null) {
                TensorArray.read(tensor, target.array());
              }
              if (observed.contains(name)) {
                Step.report(name, target.type(), target.array(), target.type().sizes(), listener);
              }
            });
  }

  private void checkObserved(Set<String> observed) {
    for (String name : new TreeSet<>(observed)) {
      Optional<String> prefix = prefixOf(name);
      if (prefix.isEmpty()) {
        throw unobservable(name, "is no input and no result of a node");
      }
      Optional<DataType> stated =
          Optional.ofNullable(graphs.get(prefix.get()))
              .flatMap(g -> g.type(name.substring(prefix.get().length())))
              .filter(TensorType.class::isInstance)
              .map(t -> ((TensorType) t).dataType());
      if (stated.isPresent() && stated.get() != DataType.FLOAT) {
        throw unobservable(name, "is of type " + stated.get());
      }
    }
  }

  /** Returns the prefix of the graph whose input or result a value is. */
  private Optional<String> prefixOf(String name) {
    return graphs.entrySet().stream()
        .filter(e -> name.startsWith(e.getKey()))
        .filter(e -> isComputed(e.getValue(), name.substring(e.getKey().length())))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean isComputed(Graph in, String name) {
    return in.definition(name).isPresent()
        || in.inputs().stream().anyMatch(i -> i.name().equals(name));
  }

  static OctetException unobservable(String name, String why) {
    return ExecutionErrors.NOT_OBSERVABLE
        .error("value '" + name + "' cannot be observed: it " + why)
        .build();
  }

  private Plan plan(PlanKey key, Workers own) {
    KnownValues known = new KnownValues(compiled);
    key.contents().forEach((name, tensor) -> known.add(name, Constant.of(tensor)));
    Plan plan = new Planner(graph, "", compiled, own, known).plan(key.types());
    compiled.releaseUnread();
    return plan;
  }

  private PlanKey key(Map<String, Tensor> inputs) {
    Map<String, ArrayType> types = new LinkedHashMap<>();
    Map<String, Tensor> contents = new LinkedHashMap<>();
    for (ValueInfo input : graph.inputs()) {
      Tensor tensor = inputs.get(input.name());
      if (tensor != null) {
        types.put(input.name(), countable(input.name(), tensor));
        if (contentInputs.contains(input.name())) {
          contents.put(input.name(), tensor);
        }
      }
    }
    return new PlanKey(types, contents);
  }

  private static ArrayType countable(String input, Tensor tensor) {
    try {
      return ArrayType.of(tensor.dataType(), tensor.sizes());
    } catch (UncountableException e) {
      throw NodeErrors.uncountable(input, tensor.dataType(), e);
    }
  }
}
