package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.integers.IntegerModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether a runtime gives the same whatever surrounds it: interrupts of its thread, the locale,
 * system properties, time.
 */
final class SurroundingChecks {

  private static final int THREADS = 4;

  /** At so many moments, and so far apart, everything is run again. */
  private static final int MOMENTS = 8;

  private static final Duration BETWEEN_MOMENTS = Duration.ofMillis(139);

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
    for (IntegerModel model : runtime.samples()) {
      all.add(
          TckCase.of(
              model.name() + "/system-properties", () -> requireNoProperties(runtime, model)));
    }
    all.add(TckCase.of("as-time-passes", () -> requireTimeless(runtime)));
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

  private static void requireNoProperties(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> usual = runtime.run(model);
    PropertyRelation.require(
        "runtime", other -> SameResults.require("when " + other, usual, runtime.run(model)));
  }

  /** Longer than a second, so that every clock of seconds goes on. */
  private static void requireTimeless(TestedRuntime runtime) throws InterruptedException {
    List<IntegerModel> models = runtime.samples();
    List<Map<String, Tensor>> usual = models.stream().map(runtime::run).toList();
    for (int i = 0; i < MOMENTS; i++) {
      Thread.sleep(BETWEEN_MOMENTS.toMillis());
      for (int m = 0; m < models.size(); m++) {
        SameResults.require("a moment later", usual.get(m), runtime.run(models.get(m)));
      }
    }
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
