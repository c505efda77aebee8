package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Types;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.subject.Presets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Whether a runtime keeps the contract of loaded models, whatever integers they give. */
final class RuntimeChecks {

  private static final int THREADS = 4;
  private static final int RUNS = 25;

  /** How often a batch stands behind itself: enough samples for whole vectors of them. */
  private static final int TIMES = 17;

  private RuntimeChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        RuntimeCases.of("TCK-RUN-012", UndeclaredUses::refusals),
        RuntimeCases.of("TCK-RUN-013", UndeclaredUses::everyNode),
        RuntimeCases.perSample("TCK-RUN-014", RuntimeChecks::requireInputsStay),
        RuntimeCases.perSample("TCK-RUN-015", RuntimeChecks::requireResultsStay),
        perBatch("TCK-RUN-018", RuntimeChecks::requireShapesDoNotMatter),
        perBatch("TCK-RUN-019", RuntimeChecks::requireBatchPositionDoesNotMatter),
        RuntimeCases.perSample("TCK-RUN-020", RuntimeChecks::requireThreadsDoNotMatter),
        RuntimeCases.of("TCK-RUN-021", RuntimeChecks::closings),
        RuntimeCases.of("TCK-RUN-022", RuntimeChecks::wrongInputs),
        perBatch("TCK-RUN-023", RuntimeChecks::requireEmptyBatch),
        RuntimeCases.perSample("TCK-RUN-024", RuntimeChecks::requireCancelled),
        RuntimeCases.of("TCK-RUN-027", RuntimeChecks::threads),
        RuntimeCases.of("TCK-RUN-028", RuntimeChecks::declarations));
  }

  private static RuleCheck perBatch(String rule, BiConsumer<TestedRuntime, IntegerModel> check) {
    return RuntimeCases.of(rule, runtime -> RuntimeCases.each(runtime, anyBatch(runtime), check));
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

  private static void requireShapesDoNotMatter(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> before = loaded.run(model.inputs());
      loaded.run(Batches.repeated(model.inputs(), 3));
      loaded.run(Batches.row(model.inputs(), 0));
      SameResults.require("after runs of other shapes", before, loaded.run(model.inputs()));
      requireRightFor(runtime, model.with(withOtherEnds(model.inputs())), loaded);
    }
  }

  /** What looks like the inputs before is not taken for them. */
  private static void requireRightFor(
      TestedRuntime runtime, IntegerModel near, ExecutableModel loaded) {
    String when = "after a run whose inputs differ in their last elements alone";
    Map<String, Tensor> outputs = loaded.run(near.inputs());
    SameResults.require(when, runtime.run(near), outputs);
    try {
      if (Judge.knows(near)) {
        Judge.requireDeclaredIntegers(runtime, near, outputs);
      }
    } catch (Violation e) {
      throw Violation.of("%s: %s", when, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Tensor> withOtherEnds(Map<String, Tensor> inputs) {
    Map<String, Tensor> others = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) -> {
          long[] integers = tensor.integers();
          int last = integers.length - 1;
          integers[last] += integers[last] > 0 ? -90 : 90;
          others.put(name, Tensor.ofIntegers(tensor.dataType(), integers, tensor.sizes()));
        });
    return others;
  }

  private static void requireBatchPositionDoesNotMatter(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> together = loaded.run(Batches.repeated(model.inputs(), TIMES));
      int rows = (int) model.inputs().values().iterator().next().sizes()[0];
      for (int row = 0; row < rows; row++) {
        Map<String, Tensor> alone = loaded.run(Batches.row(model.inputs(), row));
        for (int place = row; place < rows * TIMES; place += rows) {
          SameResults.require(
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
      SameResults.require(
          "when another run begins and ends before its next node",
          alone.get(0),
          loaded.run(inputs.get(0), during));
      during.requireEnded();
      List<Runnable> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int which = t % inputs.size();
        threads.add(
            () ->
                SameResults.require(
                    "when " + THREADS + " threads run the model at the same time",
                    alone.get(which),
                    loaded.run(inputs.get(which))));
      }
      AtOnce.run(threads, RUNS);
    }
  }

  private static List<TckCase> closings(TestedRuntime runtime) {
    List<IntegerModel> samples = runtime.samples();
    List<TckCase> all =
        new ArrayList<>(RuntimeCases.each(runtime, samples, RuntimeChecks::requireClosed));
    for (IntegerModel model : samples) {
      all.add(
          TckCase.of(model.name() + "/while-it-runs", () -> requireRunEndsAsUsual(runtime, model)));
    }
    return all;
  }

  private static void requireClosed(TestedRuntime runtime, IntegerModel model) {
    ExecutableModel loaded = runtime.load(model.model());
    Map<String, Tensor> result = loaded.run(model.inputs());
    Map<String, Tensor> copy = new LinkedHashMap<>();
    result.forEach(
        (name, t) -> copy.put(name, Tensor.ofIntegers(t.dataType(), t.integers(), t.sizes())));
    loaded.close();
    loaded.close();
    SameResults.require("once the model is closed", copy, result);
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

  /** Each time that the run asks, another thread closes the model: the run ends as usual. */
  private static void requireRunEndsAsUsual(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> usual = runtime.run(model);
    ExecutableModel loaded = runtime.load(model.model());
    AnotherRun closing = new AnotherRun(loaded::close);
    try {
      SameResults.require(
          "when the model is closed while it runs", usual, loaded.run(model.inputs(), closing));
    } catch (IllegalStateException e) {
      // It had asked before it began.
    } catch (RuntimeException e) {
      throw e instanceof Violation
          ? e
          : Violation.of("a run fails when the model is closed meanwhile: %s", e);
    } finally {
      loaded.close();
    }
    closing.requireEnded();
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
            SameResults.require(
                "after a refused run", runtime.run(model), loaded.run(model.inputs()));
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
        SameResults.require("after a cancelled run", before, loaded.run(model.inputs()));
        return;
      }
      throw Violation.of("a run that is cancelled before it begins gives a result");
    }
  }

  private static List<TckCase> threads(TestedRuntime runtime) {
    List<IntegerModel> samples = runtime.samples();
    List<TckCase> all =
        new ArrayList<>(
            RuntimeCases.each(runtime, samples, RuntimeChecks::requireThreadCountDoesNotMatter));
    for (IntegerModel model : samples) {
      all.add(
          TckCase.of(
              model.name() + "/executors",
              () -> LentThreads.requireSameOnEach(runtime, model, THREADS)));
    }
    return all;
  }

  private static void requireThreadCountDoesNotMatter(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> alone = runtime.run(model);
    for (int threads : List.of(2, THREADS)) {
      try (ExecutableModel loaded = runtime.load(model.model(), threads)) {
        SameResults.require("on " + threads + " threads", alone, loaded.run(model.inputs()));
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
