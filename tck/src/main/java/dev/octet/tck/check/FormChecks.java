package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.graphs.OtherForms;
import dev.octet.tck.graphs.SmallNetworks;
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether a runtime gives the same however a model is written down. */
final class FormChecks {

  private FormChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        RuntimeCases.perSample("TCK-RUN-025", FormChecks::requireNamesDoNotMatter),
        RuntimeCases.of("TCK-RUN-026", FormChecks::signatures),
        RuntimeCases.of("TCK-RUN-034", FormChecks::operatorSets),
        RuntimeCases.of("TCK-RUN-035", FormChecks::bodies));
  }

  private static void requireNamesDoNotMatter(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> usual = runtime.run(model);
    Map<String, Renamed> names = new LinkedHashMap<>();
    names.put("when names and order are others", Renamed.backwards(model));
    names.put("when names have blanks and letters beyond ASCII", Renamed.odd(model));
    names.put("when names differ in capital letters alone", Renamed.byCase(model));
    names.forEach(
        (when, renamed) -> {
          try (ExecutableModel loaded = runtime.load(renamed.model())) {
            Map<String, Tensor> others = loaded.run(renamed.inputs(model.inputs()));
            SameResults.require(when, usual, renamed.outputs(others));
          }
        });
    requireSame(
        runtime,
        model,
        "when nodes have notes",
        usual,
        Variants.labelled(model.model(), "main_graph"));
    requireSame(
        runtime,
        model,
        "beside nodes and constants that nothing reads",
        usual,
        OtherForms.withUnread(model));
    try (ExecutableModel loaded = runtime.load(model.model())) {
      SameResults.require(
          "when inputs are given in another order", usual, loaded.run(backwards(model.inputs())));
    }
  }

  private static Map<String, Tensor> backwards(Map<String, Tensor> inputs) {
    List<Map.Entry<String, Tensor>> given = new ArrayList<>(inputs.entrySet());
    Collections.reverse(given);
    Map<String, Tensor> backwards = new LinkedHashMap<>();
    given.forEach(input -> backwards.put(input.getKey(), input.getValue()));
    return backwards;
  }

  private static void requireSame(
      TestedRuntime runtime,
      IntegerModel model,
      String when,
      Map<String, Tensor> usual,
      Model other) {
    try (ExecutableModel loaded = runtime.load(other)) {
      SameResults.require(when, usual, loaded.run(model.inputs()));
    }
  }

  private static List<TckCase> signatures(TestedRuntime runtime) {
    List<IntegerModel> models = new ArrayList<>(runtime.samples());
    new SmallNetworks(runtime.subject().seed())
        .all().stream().filter(runtime::declares).forEach(models::add);
    List<TckCase> all =
        new ArrayList<>(RuntimeCases.each(runtime, models, FormChecks::requireSignature));
    for (IntegerModel model : runtime.samples()) {
      all.add(TckCase.of(model.name() + "/handed-on", () -> requireHandedOn(runtime, model)));
    }
    return all;
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

  /** An input and a constant are outputs beside the result, and in front of it. */
  private static void requireHandedOn(TestedRuntime runtime, IntegerModel model) {
    Map<String, Tensor> expected = new LinkedHashMap<>(model.inputs());
    expected.putAll(model.constants());
    expected.putAll(runtime.run(model));
    Model handing = OtherForms.handingOn(model);
    try (ExecutableModel loaded = runtime.load(handing)) {
      Map<String, Tensor> given = loaded.run(model.inputs());
      requireNames("results", handing.graph().outputs(), List.copyOf(given.keySet()));
      given.forEach(
          (name, tensor) ->
              SameResults.require(
                  "when inputs and constants are outputs, too",
                  Map.of(name, Objects.requireNonNull(expected.get(name))),
                  Map.of(name, tensor)));
    }
  }

  private static List<TckCase> operatorSets(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (IntegerModel model : runtime.samples()) {
      for (Model other : OtherForms.ofOtherOperatorSets(model.model())) {
        String set = "operator set " + other.opset();
        all.add(
            TckCase.of(
                model.name() + "/opset-" + other.opset(),
                () -> requireSameOrRefused(runtime, model, set, other, model.inputs())));
      }
    }
    return all;
  }

  private static void requireSameOrRefused(
      TestedRuntime runtime,
      IntegerModel model,
      String what,
      Model other,
      Map<String, Tensor> inputs) {
    Map<String, Tensor> usual = runtime.run(model);
    try (ExecutableModel loaded = runtime.backend().load(runtime.request(other).build())) {
      SameResults.require("under " + what, usual, loaded.run(inputs));
    } catch (OctetException e) {
      SameResults.requireRefusal("a model under " + what, e);
    }
  }

  private static List<TckCase> bodies(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (IntegerModel model : runtime.samples()) {
      all.add(
          TckCase.of(
              model.name() + "/inside-if",
              () -> {
                requireInside(runtime, model, "an If", Variants.insideIf(model.model()), true);
                requireInside(runtime, model, "an If", Variants.insideIf(model.model()), false);
              }));
      all.add(
          TckCase.of(
              model.name() + "/inside-loop",
              () ->
                  requireInside(
                      runtime, model, "a Loop", Variants.insideLoop(model.model()), true)));
    }
    return all;
  }

  private static void requireInside(
      TestedRuntime runtime, IntegerModel model, String what, Model inside, boolean condition) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(model.inputs());
    inputs.put("condition", Tensor.of(new boolean[] {condition}));
    Map<String, Tensor> usual = runtime.run(model);
    try (ExecutableModel loaded = runtime.backend().load(runtime.request(inside).build())) {
      Map<String, Tensor> found = OtherForms.outside(usual, loaded.run(inputs));
      SameResults.require("inside " + what + " whose condition is " + condition, usual, found);
    } catch (OctetException e) {
      SameResults.requireRefusal("a model inside " + what, e);
    }
  }
}
