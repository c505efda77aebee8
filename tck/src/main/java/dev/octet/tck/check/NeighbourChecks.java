package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Numbers;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.subject.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether models of one runtime leave each other alone. */
final class NeighbourChecks {

  private static final int TURNS = 10;

  private NeighbourChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        RuntimeCases.of("TCK-RUN-016", NeighbourChecks::pairsOfModels),
        RuntimeCases.of("TCK-RUN-017", NeighbourChecks::instancesWithOptions));
  }

  private static List<TckCase> pairsOfModels(TestedRuntime runtime) {
    List<IntegerModel> samples = runtime.samples();
    List<TckCase> all = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      IntegerModel one = samples.get(i);
      IntegerModel other = samples.get((i + 1) % samples.size());
      String both = one.name() + "+" + other.name();
      all.add(TckCase.of(both, () -> requireApart(runtime, one, other)));
      all.add(TckCase.of(both + "/at-once", () -> requireApartAtOnce(runtime, one, other)));
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
        Judge.requireDeclaredIntegers(runtime, twin.with(one.inputs()));
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
    SameResults.require("after another model was run", alone, runtime.run(one));
    try (ExecutableModel second = runtime.load(other.model())) {
      try (ExecutableModel first = runtime.load(one.model())) {
        for (int i = 0; i < 2; i++) {
          SameResults.require("while another model is loaded", alone, first.run(one.inputs()));
          SameResults.require(
              "while another model is loaded", otherAlone, second.run(other.inputs()));
        }
      }
      SameResults.require(
          "once another model is closed", otherAlone, runClosedBeside(second, other));
    }
  }

  private static Map<String, Tensor> runClosedBeside(ExecutableModel second, IntegerModel other) {
    try {
      return second.run(other.inputs());
    } catch (RuntimeException e) {
      throw Violation.of("a model cannot be run once another one is closed: %s", e);
    }
  }

  /** Between the nodes of a run, and on another thread, another model is loaded, run and closed. */
  private static void requireApartAtOnce(
      TestedRuntime runtime, IntegerModel one, IntegerModel other) {
    Map<String, Tensor> alone = runtime.run(one);
    Map<String, Tensor> otherAlone = runtime.run(other);
    try (ExecutableModel first = runtime.load(one.model());
        ExecutableModel second = runtime.load(other.model())) {
      AnotherRun between =
          new AnotherRun(
              () -> {
                SameResults.require(
                    "when it runs while another model does",
                    otherAlone,
                    second.run(other.inputs()));
                SameResults.require(
                    "when it is loaded while another model runs", otherAlone, runtime.run(other));
              });
      SameResults.require(
          "when another model is loaded, run and closed before its next node",
          alone,
          runWhile(between, first, one));
      between.requireEnded();
      AtOnce.run(
          List.of(
              () ->
                  SameResults.require(
                      "while another thread loads, runs and closes another model",
                      alone,
                      first.run(one.inputs())),
              () ->
                  SameResults.require(
                      "while another thread runs another model", otherAlone, runtime.run(other))),
          TURNS);
    }
  }

  private static Map<String, Tensor> runWhile(
      AnotherRun between, ExecutableModel loaded, IntegerModel model) {
    try {
      return loaded.run(model.inputs(), between);
    } catch (OctetException e) {
      throw Violation.of(
          "a run fails when another model is loaded, run and closed before its next node: %s", e);
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
      SameResults.require(
          "beside an instance with other options", otherAlone, second.run(model.inputs()));
      SameResults.require(
          "beside an instance with other options", alone, first.run(model.inputs()));
    }
  }
}
