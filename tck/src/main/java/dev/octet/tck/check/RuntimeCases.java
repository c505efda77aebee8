package dev.octet.tck.check;

import dev.octet.tck.integers.IntegerModel;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How the rules for runtimes come by their cases. */
final class RuntimeCases {

  private RuntimeCases() {}

  /** Returns a rule whose cases are made of a runtime; without one, refusals are verified. */
  static RuleCheck of(String rule, Function<TestedRuntime, List<TckCase>> cases) {
    return new RuleCheck(
        rule,
        subject -> {
          TestedRuntime runtime = TestedRuntime.of(subject);
          List<TckCase> composed = cases.apply(runtime);
          return composed.isEmpty() ? UndeclaredUses.refusals(runtime) : composed;
        });
  }

  /** Returns a rule that is tried on each sample. */
  static RuleCheck perSample(String rule, BiConsumer<TestedRuntime, IntegerModel> check) {
    return of(rule, runtime -> each(runtime, runtime.samples(), check));
  }

  /** Returns a case for each model. */
  static List<TckCase> each(
      TestedRuntime runtime,
      List<IntegerModel> models,
      BiConsumer<TestedRuntime, IntegerModel> check) {
    return models.stream()
        .map(model -> TckCase.of(model.name(), () -> check.accept(runtime, model)))
        .toList();
  }
}
