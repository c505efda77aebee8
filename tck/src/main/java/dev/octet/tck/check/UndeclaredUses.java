package dev.octet.tck.check;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Numbers;
import dev.octet.tck.graphs.Types;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Models that a runtime does not declare, and that it refuses. */
final class UndeclaredUses {

  /** A domain that no backend has. */
  private static final String NOBODYS = "dev.octet.tck";

  private UndeclaredUses() {}

  /** Returns cases that verify the refusal of every use that is not declared. */
  static List<TckCase> refusals(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    IntegerComposer composer = new IntegerComposer(runtime.subject().seed());
    for (String name : IntegerComposer.operators()) {
      OpType op = OpType.onnx(name);
      for (Types types : IntegerComposer.types(op)) {
        composer.plainForms(op, types, Numbers.RANDOM).stream()
            .filter(model -> !runtime.declares(model))
            .limit(1)
            .forEach(model -> all.add(refused(runtime, model.name(), model.model(), "n0")));
      }
    }
    unknown(runtime)
        .ifPresent(model -> all.add(refused(runtime, "unknown-operator", model, "unknown0")));
    return all;
  }

  /** Returns the case that two nodes of one model are both refused, each with a reason. */
  static List<TckCase> everyNode(TestedRuntime runtime) {
    return unknown(runtime)
        .map(model -> refused(runtime, "two-unknown-operators", model, "unknown0", "unknown1"))
        .stream()
        .toList();
  }

  /** Returns a declared model with two nodes of an operator that nobody has behind it. */
  static Optional<Model> unknown(TestedRuntime runtime) {
    return runtime.samples().stream().findFirst().map(UndeclaredUses::withUnknown);
  }

  private static Model withUnknown(IntegerModel sample) {
    Graph graph = sample.model().graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    String read = sample.steps().get(0).node() + "_f0";
    for (int i = 0; i < 2; i++) {
      nodes.add(
          Node.of(
              "unknown" + i,
              new OpType(NOBODYS, "Nothing"),
              List.of(read),
              List.of("nothing" + i)));
    }
    return sample
        .model()
        .withGraph(
            new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.initializers(),
                nodes,
                graph.values(),
                graph.origin()))
        .withOpset(NOBODYS, 1);
  }

  private static TckCase refused(TestedRuntime runtime, String name, Model model, String... nodes) {
    return TckCase.of(name, () -> requireRefused(runtime, model, List.of(nodes)));
  }

  private static void requireRefused(TestedRuntime runtime, Model model, List<String> nodes) {
    try (ExecutableModel loaded = runtime.backend().load(runtime.request(model).build())) {
      throw Violation.of(
          "the runtime loads a model with a use that it does not declare (node %s), as %s",
          nodes, loaded.outputs());
    } catch (OctetException e) {
      for (String node : nodes) {
        if (!String.valueOf(e.getMessage()).contains(node)) {
          throw Violation.of(
              "%s refuses the model without naming node '%s': %s",
              e.id(), node, String.valueOf(e.getMessage()));
        }
      }
    }
  }
}
