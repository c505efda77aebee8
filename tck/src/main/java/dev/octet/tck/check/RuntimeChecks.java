package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Numbers;
import dev.octet.tck.graphs.SmallNetworks;
import dev.octet.tck.graphs.Types;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.subject.Presets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Whether a runtime keeps the contract of loaded models, whatever integers they give. */
final class RuntimeChecks {

  private static final int THREADS = 4;
  private static final int RUNS = 25;

  /** How often a batch stands behind itself: enough samples for whole vectors of them. */
  private static final int TIMES = 17;

  private static final int MANY_RUNS = 1_000;
  private static final int MANY_MODELS = 30;

  private RuntimeChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        of("TCK-RUN-012", UndeclaredUses::refusals),
        of("TCK-RUN-013", UndeclaredUses::everyNode),
        perSample("TCK-RUN-014", RuntimeChecks::requireInputsStay),
        perSample("TCK-RUN-015", RuntimeChecks::requireResultsStay),
        of("TCK-RUN-016", RuntimeChecks::pairsOfModels),
        of("TCK-RUN-017", RuntimeChecks::instancesWithOptions),
        perBatch("TCK-RUN-018", RuntimeChecks::requireShapesDoNotMatter),
        perBatch("TCK-RUN-019", RuntimeChecks::requireBatchPositionDoesNotMatter),
        perSample("TCK-RUN-020", RuntimeChecks::requireThreadsDoNotMatter),
        perSample("TCK-RUN-021", RuntimeChecks::requireClosed),
        of("TCK-RUN-022", RuntimeChecks::wrongInputs),
        perBatch("TCK-RUN-023", RuntimeChecks::requireEmptyBatch),
        perSample("TCK-RUN-024", RuntimeChecks::requireCancelled),
        perSample("TCK-RUN-025", RuntimeChecks::requireNamesDoNotMatter),
        of("TCK-RUN-026", RuntimeChecks::signatures),
        perSample("TCK-RUN-027", RuntimeChecks::requireThreadCountDoesNotMatter),
        of("TCK-RUN-028", RuntimeChecks::declarations),
        of("TCK-RUN-031", RuntimeChecks::longLives));
  }

  private static RuleCheck of(String rule, Function<TestedRuntime, List<TckCase>> cases) {
    return new RuleCheck(
        rule,
        subject -> {
          TestedRuntime runtime = TestedRuntime.of(subject);
          List<TckCase> composed = cases.apply(runtime);
          return composed.isEmpty() ? UndeclaredUses.refusals(runtime) : composed;
        });
  }

  private static RuleCheck perSample(String rule, BiConsumer<TestedRuntime, IntegerModel> check) {
    return of(rule, runtime -> cases(runtime, runtime.samples(), check));
  }

  private static RuleCheck perBatch(String rule, BiConsumer<TestedRuntime, IntegerModel> check) {
    return of(rule, runtime -> cases(runtime, anyBatch(runtime), check));
  }

  private static List<TckCase> cases(
      TestedRuntime runtime,
      List<IntegerModel> models,
      BiConsumer<TestedRuntime, IntegerModel> check) {
    return models.stream()
        .map(model -> TckCase.of(model.name(), () -> check.accept(runtime, model)))
        .toList();
  }

  /** One model of each operator that computes sample by sample, for batches of any size. */
  private static List<IntegerModel> anyBatch(TestedRuntime runtime) {
    IntegerComposer composer = new IntegerComposer(runtime.subject().seed());
    List<IntegerModel> all = new ArrayList<>();
    runtime
        .operators()
        .forEach(
            op ->
                IntegerComposer.types(op).stream()
                    .map((Types types) -> composer.anyBatch(op, types))
                    .flatMap(Optional::stream)
                    .filter(runtime::declares)
                    .limit(1)
                    .forEach(all::add));
    return all;
  }

  private static void requireSame(
      String what, Map<String, Tensor> before, Map<String, Tensor> now) {
    before.forEach(
        (name, tensor) -> {
          Optional<Tensor> other = Optional.ofNullable(now.get(name));
          if (!other.equals(Optional.of(tensor))) {
            throw Violation.of("output '%s' differs %s: %s", name, what, difference(tensor, other));
          }
        });
  }

  private static String difference(Tensor one, Optional<Tensor> given) {
    Tensor other = given.orElse(one);
    if (given.isEmpty() || one.elementCount() != other.elementCount()) {
      return one + " and " + given;
    }
    long[] a = one.integers();
    long[] b = other.integers();
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return "element " + i + " is " + a[i] + " and then " + b[i];
      }
    }
    return one + " and " + other;
  }

  private static long[] integers(Map<String, Tensor> tensors, String name) {
    return Optional.ofNullable(tensors.get(name)).map(Tensor::integers).orElseThrow();
  }

  private static void requireInputsStay(TestedRuntime runtime, IntegerModel model) {
    Map<String, long[]> before = new LinkedHashMap<>();
    model.inputs().forEach((name, tensor) -> before.put(name, tensor.integers()));
    Map<String, Tensor> given = new HashMap<>(model.inputs());
    try (ExecutableModel loaded = runtime.load(model.model())) {
      loaded.run(given);
    }
    if (!given.equals(model.inputs())) {
      throw Violation.of("the run changes the map of inputs to %s", given.keySet());
    }
    before.forEach(
        (name, integers) -> {
          if (!Arrays.equals(integers, integers(model.inputs(), name))) {
            throw Violation.of("the run changes the elements of input '%s'", name);
          }
        });
  }

  private static void requireResultsStay(TestedRuntime runtime, IntegerModel model) {
    Map<String, long[]> first = new LinkedHashMap<>();
    Map<String, Tensor> kept;
    try (ExecutableModel loaded = runtime.load(model.model())) {
      kept = loaded.run(model.inputs());
      kept.forEach((name, tensor) -> first.put(name, tensor.integers()));
      loaded.run(shifted(model));
    }
    first.forEach(
        (name, integers) -> {
          if (!Arrays.equals(integers, integers(kept, name))) {
            throw Violation.of(
                "output '%s' of one run changes when the next run computes or the model is closed",
                name);
          }
        });
  }

  /** The inputs with every integer one further, so that results differ. */
  private static Map<String, Tensor> shifted(IntegerModel model) {
    Map<String, Tensor> others = new LinkedHashMap<>();
    model
        .inputs()
        .forEach(
            (name, tensor) -> {
              long[] integers = tensor.integers();
              for (int i = 0; i < integers.length; i++) {
                integers[i] = Math.floorMod(integers[i] + 1 + i % 7, 120);
              }
              others.put(name, Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes()));
            });
    return others;
  }

  private static List<TckCase> pairsOfModels(TestedRuntime runtime) {
    List<IntegerModel> samples = runtime.samples();
    List<TckCase> all = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      IntegerModel one = samples.get(i);
      IntegerModel other = samples.get((i + 1) % samples.size());
      all.add(TckCase.of(one.name() + "+" + other.name(), () -> requireApart(runtime, one, other)));
      twin(runtime, one)
          .ifPresent(
              twin ->
                  all.add(
                      TckCase.of(one.name() + "/twin", () -> requireNoTwin(runtime, one, twin))));
    }
    return all;
  }

  /** A model whose names and shapes are those of a sample, and whose numbers are others. */
  private static Optional<IntegerModel> twin(TestedRuntime runtime, IntegerModel one) {
    IntegerComposer others = new IntegerComposer(runtime.subject().seed() + 1);
    OpType op = one.steps().get(0).op();
    return IntegerComposer.types(op).stream()
        .flatMap(types -> others.plainForms(op, types, Numbers.RANDOM).stream())
        .filter(model -> model.name().equals(one.name()))
        .findFirst();
  }

  private static void requireNoTwin(TestedRuntime runtime, IntegerModel one, IntegerModel twin) {
    try (ExecutableModel loaded = runtime.load(one.model())) {
      loaded.run(one.inputs());
      try {
        Judge.requireDeclaredIntegers(runtime, twin);
      } catch (Violation e) {
        throw Violation.of(
            "beside a model with the same names and shapes, and other constants: %s",
            String.valueOf(e.getMessage()));
      }
    }
  }

  private static void requireApart(TestedRuntime runtime, IntegerModel one, IntegerModel other) {
    Map<String, Tensor> alone = runtime.run(one);
    Map<String, Tensor> otherAlone = runtime.run(other);
    requireSame("after another model was run", alone, runtime.run(one));
    try (ExecutableModel second = runtime.load(other.model())) {
      try (ExecutableModel first = runtime.load(one.model())) {
        for (int i = 0; i < 2; i++) {
          requireSame("while another model is loaded", alone, first.run(one.inputs()));
          requireSame("while another model is loaded", otherAlone, second.run(other.inputs()));
        }
      }
      requireSame("once another model is closed", otherAlone, runClosedBeside(second, other));
    }
  }

  private static Map<String, Tensor> runClosedBeside(ExecutableModel second, IntegerModel other) {
    try {
      return second.run(other.inputs());
    } catch (RuntimeException e) {
      throw Violation.of("a model cannot be run once another one is closed: %s", e);
    }
  }

  /** A few samples, each run a thousand times, and loaded and closed often. */
  private static List<TckCase> longLives(TestedRuntime runtime) {
    List<IntegerModel> few = runtime.samples().stream().limit(3).toList();
    List<TckCase> all = new ArrayList<>(cases(runtime, few, RuntimeChecks::requireRunsDoNotWear));
    few.stream()
        .limit(1)
        .forEach(
            model ->
                all.add(
                    TckCase.of(
                        model.name() + "/threads", () -> requireNoThreadLeft(runtime, model))));
    return all;
  }

  private static void requireRunsDoNotWear(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> first = loaded.run(model.inputs());
      for (int i = 2; i <= MANY_RUNS; i++) {
        requireSame("in run " + i, first, loaded.run(model.inputs()));
      }
    }
  }

  /** What a runtime keeps for all of its models is there after the first of them. */
  private static void requireNoThreadLeft(TestedRuntime runtime, IntegerModel model)
      throws InterruptedException {
    runtime.run(model);
    ThreadGroup started = new ThreadGroup("octet-tck-closed-models");
    FutureTask<Void> all =
        new FutureTask<>(
            () -> {
              for (int i = 0; i < MANY_MODELS; i++) {
                try (ExecutableModel loaded = runtime.load(model.model(), THREADS)) {
                  loaded.run(model.inputs());
                }
              }
              return null;
            });
    Thread thread = new Thread(started, all);
    thread.start();
    thread.join();
    requireDone(all);
    int left = started.activeCount();
    if (left >= MANY_MODELS) {
      throw Violation.of(
          "%d models that were loaded, run and closed leave %d threads behind", MANY_MODELS, left);
    }
  }

  private static void requireDone(Future<Void> runs) throws InterruptedException {
    try {
      runs.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation violation) {
        throw violation;
      }
      throw Violation.of(
          "a model cannot be loaded and run often: %s", String.valueOf(e.getCause()));
    }
  }

  private static List<TckCase> instancesWithOptions(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (IntegerModel model : runtime.samples()) {
      for (Options preset : Presets.of(runtime.backend().options())) {
        String name = model.name() + "/" + Presets.words(preset);
        all.add(TckCase.of(name, () -> requireOptionsApart(runtime, runtime.with(preset), model)));
      }
    }
    return all;
  }

  private static void requireOptionsApart(
      TestedRuntime usual, TestedRuntime other, IntegerModel model) {
    Map<String, Tensor> alone = usual.run(model);
    Map<String, Tensor> otherAlone = other.run(model);
    try (ExecutableModel first = usual.load(model.model());
        ExecutableModel second = other.load(model.model())) {
      requireSame("beside an instance with other options", otherAlone, second.run(model.inputs()));
      requireSame("beside an instance with other options", alone, first.run(model.inputs()));
    }
  }

  private static void requireShapesDoNotMatter(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> before = loaded.run(model.inputs());
      loaded.run(Batches.repeated(model.inputs(), 3));
      loaded.run(Batches.row(model.inputs(), 0));
      requireSame("after runs of other shapes", before, loaded.run(model.inputs()));
    }
  }

  private static void requireBatchPositionDoesNotMatter(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> together = loaded.run(Batches.repeated(model.inputs(), TIMES));
      int rows = (int) model.inputs().values().iterator().next().sizes()[0];
      for (int row = 0; row < rows; row++) {
        Map<String, Tensor> alone = loaded.run(Batches.row(model.inputs(), row));
        for (int place = row; place < rows * TIMES; place += rows) {
          requireSame(
              "when sample " + place + " of " + rows * TIMES + " is run alone",
              Batches.row(together, place),
              alone);
        }
      }
    }
  }

  private static void requireThreadsDoNotMatter(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      List<Map<String, Tensor>> inputs = List.of(model.inputs(), shifted(model));
      List<Map<String, Tensor>> alone = inputs.stream().map(loaded::run).toList();
      AnotherRun during = new AnotherRun(() -> loaded.run(inputs.get(1)));
      requireSame(
          "when another run begins and ends before its next node",
          alone.get(0),
          loaded.run(inputs.get(0), during));
      during.requireEnded();
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Callable<Void>> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int which = t % inputs.size();
        threads.add(
            () -> {
              start.await();
              for (int i = 0; i < RUNS; i++) {
                requireSame(
                    "when " + THREADS + " threads run the model at the same time",
                    alone.get(which),
                    loaded.run(inputs.get(which)));
              }
              return null;
            });
      }
      runAll(threads);
    }
  }

  private static void runAll(List<Callable<Void>> threads) {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<Void> ended : pool.invokeAll(threads)) {
        ended.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation violation) {
        throw violation;
      }
      throw Violation.of(
          "a run among others at the same time fails: %s", String.valueOf(e.getCause()));
    } finally {
      pool.shutdownNow();
    }
  }

  private static void requireClosed(TestedRuntime runtime, IntegerModel model) {
    ExecutableModel loaded = runtime.load(model.model());
    Map<String, Tensor> result = loaded.run(model.inputs());
    Map<String, Tensor> copy = new LinkedHashMap<>();
    result.forEach(
        (name, t) -> copy.put(name, Tensor.ofIntegers(t.dataType(), t.integers(), t.sizes())));
    loaded.close();
    loaded.close();
    requireSame("once the model is closed", copy, result);
    if (loaded.inputs().size() != model.inputs().size()) {
      throw Violation.of("a closed model has inputs %s", loaded.inputs());
    }
    try {
      loaded.run(model.inputs());
    } catch (IllegalStateException e) {
      return;
    } catch (RuntimeException e) {
      throw Violation.of("a closed model is run with %s, not an IllegalStateException", e);
    }
    throw Violation.of("a closed model runs");
  }

  private static List<TckCase> wrongInputs(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (IntegerModel model : runtime.samples()) {
      String input = model.inputs().keySet().iterator().next();
      Tensor right = Optional.ofNullable(model.inputs().get(input)).orElseThrow();
      long[] longer = right.sizes().clone();
      longer[longer.length - 1]++;
      DataType otherType = right.dataType() == DataType.INT8 ? DataType.UINT8 : DataType.INT8;
      all.add(refusesInputs(runtime, model, "missing", "OCT-RUN-006", Map.of(), input));
      all.add(refusesInputs(runtime, model, "unknown", "OCT-RUN-001", Map.of("nobody", right), ""));
      all.add(
          refusesInputs(
              runtime,
              model,
              "type",
              "OCT-RUN-002",
              Map.of(input, zeros(otherType, right.sizes())),
              ""));
      all.add(
          refusesInputs(
              runtime,
              model,
              "shape",
              "OCT-RUN-002",
              Map.of(input, zeros(right.dataType(), longer)),
              ""));
    }
    return all;
  }

  private static Tensor zeros(DataType type, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    return Tensor.ofIntegers(type, new long[count], sizes);
  }

  private static TckCase refusesInputs(
      TestedRuntime runtime,
      IntegerModel model,
      String what,
      String id,
      Map<String, Tensor> instead,
      String without) {
    return TckCase.of(
        model.name() + "/" + what,
        () -> {
          Map<String, Tensor> given = new LinkedHashMap<>(model.inputs());
          given.putAll(instead);
          given.remove(without);
          try (ExecutableModel loaded = runtime.load(model.model())) {
            Refused.with(id, () -> loaded.run(given));
            requireSame("after a refused run", runtime.run(model), loaded.run(model.inputs()));
          }
        });
  }

  private static void requireEmptyBatch(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      loaded
          .run(Batches.empty(model.inputs()))
          .forEach(
              (name, tensor) -> {
                if (tensor.elementCount() != 0) {
                  throw Violation.of("an empty batch gives output '%s' as %s", name, tensor);
                }
              });
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException e) {
      throw Violation.of("an empty batch is refused: %s", e);
    }
  }

  private static void requireCancelled(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> before = loaded.run(model.inputs());
      try {
        loaded.run(model.inputs(), () -> true);
      } catch (OctetException e) {
        if (!e.id().equals("OCT-RUN-007")) {
          throw Violation.of("a cancelled run ends with %s, not OCT-RUN-007", e.id());
        }
        requireSame("after a cancelled run", before, loaded.run(model.inputs()));
        return;
      }
      throw Violation.of("a run that is cancelled before it begins gives a result");
    }
  }

  private static void requireNamesDoNotMatter(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> usual = runtime.run(model);
    Renamed renamed = Renamed.of(model);
    try (ExecutableModel loaded = runtime.load(renamed.model())) {
      Map<String, Tensor> others = loaded.run(renamed.inputs(model.inputs()));
      requireSame("when names and order are others", usual, renamed.outputs(others));
    }
    List<Map.Entry<String, Tensor>> given = new ArrayList<>(model.inputs().entrySet());
    Collections.reverse(given);
    Map<String, Tensor> backwards = new LinkedHashMap<>();
    given.forEach(input -> backwards.put(input.getKey(), input.getValue()));
    try (ExecutableModel loaded = runtime.load(model.model())) {
      requireSame("when inputs are given in another order", usual, loaded.run(backwards));
    }
  }

  private static List<TckCase> signatures(TestedRuntime runtime) {
    List<IntegerModel> models = new ArrayList<>(runtime.samples());
    new SmallNetworks(runtime.subject().seed())
        .all().stream().filter(runtime::declares).forEach(models::add);
    return cases(runtime, models, RuntimeChecks::requireSignature);
  }

  private static void requireSignature(TestedRuntime runtime, IntegerModel model) {
    Graph graph = model.model().graph();
    try (ExecutableModel loaded = runtime.load(model.model())) {
      requireNames("inputs", graph.inputs(), names(loaded.inputs()));
      requireNames("outputs", graph.outputs(), names(loaded.outputs()));
      requireNames("results", graph.outputs(), List.copyOf(loaded.run(model.inputs()).keySet()));
    }
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }

  private static void requireNames(String what, List<ValueInfo> model, List<String> found) {
    if (!names(model).equals(found)) {
      throw Violation.of("the %s are %s, and the model has %s", what, found, names(model));
    }
  }

  private static void requireThreadCountDoesNotMatter(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> alone = runtime.run(model);
    for (int threads : List.of(2, THREADS)) {
      try (ExecutableModel loaded = runtime.load(model.model(), threads)) {
        requireSame("on " + threads + " threads", alone, loaded.run(model.inputs()));
      }
    }
  }

  private static List<TckCase> declarations(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (Options preset : Presets.of(runtime.backend().options())) {
      String name = "declaration/" + Presets.words(preset);
      all.add(TckCase.of(name, () -> requireSoundDeclaration(runtime, preset)));
    }
    return all;
  }

  private static void requireSoundDeclaration(TestedRuntime runtime, Options preset) {
    List<String> rows = words(runtime.backend().uses(preset).rows());
    if (!rows.equals(words(runtime.backend().uses(preset).rows()))) {
      throw Violation.of("uses() declares something else at its second call");
    }
    for (DeclaredUse row : runtime.backend().uses(preset).rows()) {
      int bound = ExactStep.bound(row.support());
      if (bound > 2) {
        throw Violation.of("'%s' has a bound of %d steps; 2 is the most", row, bound);
      }
    }
  }

  private static List<String> words(List<DeclaredUse> rows) {
    return rows.stream().map(DeclaredUse::toString).toList();
  }
}
