package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Whether a runtime gives the same whatever surrounds it: interrupts of its thread, the locale. */
final class SurroundingChecks {

  private static final int THREADS = 4;

  private SurroundingChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        RuntimeCases.perSample("TCK-RUN-032", SurroundingChecks::requireInterruptsAreKept),
        RuntimeCases.of("TCK-RUN-033", SurroundingChecks::elsewhere));
  }

  private static void requireInterruptsAreKept(TestedRuntime runtime, IntegerModel model) {
    try (ExecutableModel loaded = runtime.load(model.model(), THREADS)) {
      Map<String, Tensor> usual = loaded.run(model.inputs());
      requireKept("a run whose thread is interrupted before it", usual, () -> run(loaded, model));
      requireKept(
          "a run whose thread is interrupted while it runs",
          usual,
          () -> loaded.run(model.inputs(), interruptingWhenAsked()));
      SameResults.require("after runs that were interrupted", usual, loaded.run(model.inputs()));
      requireKept(
          "loading and running by a thread that is interrupted",
          usual,
          () -> loadedAndRun(runtime, model));
    }
  }

  private static Map<String, Tensor> loadedAndRun(TestedRuntime runtime, IntegerModel model) {
    Thread.currentThread().interrupt();
    try (ExecutableModel loaded = runtime.backend().load(runtime.request(model.model()).build())) {
      return loaded.run(model.inputs());
    }
  }

  private static Map<String, Tensor> run(ExecutableModel loaded, IntegerModel model) {
    Thread.currentThread().interrupt();
    return loaded.run(model.inputs());
  }

  private static Cancellation interruptingWhenAsked() {
    Thread caller = Thread.currentThread();
    return () -> {
      caller.interrupt();
      return false;
    };
  }

  /** It gives what it usually gives, or ends with an error of its own; the interrupt stays. */
  private static void requireKept(
      String what, Map<String, Tensor> usual, Supplier<Map<String, Tensor>> run) {
    boolean kept;
    try {
      SameResults.require("in " + what, usual, run.get());
    } catch (OctetException e) {
      SameResults.requireRefusal(what, e);
    } finally {
      kept = Thread.interrupted();
    }
    if (!kept) {
      throw Violation.of("%s clears the interrupt, which belongs to the caller", what);
    }
  }

  private static List<TckCase> elsewhere(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (Elsewhere place : Elsewhere.everywhere()) {
      String suffix = "/" + place.locale().toLanguageTag();
      for (IntegerModel model : runtime.samples()) {
        all.add(TckCase.of(model.name() + suffix, () -> requireSameThere(place, runtime, model)));
      }
      for (UndeclaredUses.Refusal refusal : UndeclaredUses.ofSeveral(runtime)) {
        all.add(
            TckCase.of(
                refusal.name() + suffix,
                () -> place.run("runtime", () -> refusal.require(runtime))));
      }
    }
    return all;
  }

  private static void requireSameThere(Elsewhere place, TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> here = runtime.run(model);
    place.run(
        "runtime",
        () ->
            SameResults.require(
                "under the default locale " + place.locale().toLanguageTag(),
                here,
                runtime.run(model)));
  }
}
