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
import dev.octet.tck.graphs.Variants;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Models that a runtime does not declare, and that it refuses. */
final class UndeclaredUses {

  /** Domains that no backend has. */
  private static final String NOBODYS = "dev.octet.tck";

  private static final String NOBODYS_EITHER = "dev.octet.tck.other";

  private UndeclaredUses() {}

  /**
   * A model that is refused.
   *
   * @param name the name of the case
   * @param model the model
   * @param nodes the nodes that the refusal has to name
   */
  record Refusal(String name, Model model, List<String> nodes) {

    Refusal {
      nodes = List.copyOf(nodes);
    }

    static Refusal of(String name, Model model, String... nodes) {
      return new Refusal(name, model, List.of(nodes));
    }

    private TckCase on(TestedRuntime runtime) {
      return TckCase.of(name, () -> require(runtime));
    }

    /**
     * Demands that a runtime refuses the model by an error that names the nodes.
     *
     * @throws Violation if it loads the model, fails, or leaves a node out
     */
    void require(TestedRuntime runtime) {
      try (ExecutableModel loaded = runtime.backend().load(runtime.request(model).build())) {
        throw Violation.of(
            "the runtime loads a model with a use that it does not declare (node %s), as %s",
            nodes, loaded.outputs());
      } catch (OctetException e) {
        SameResults.requireRefusal("a model with a use that is not declared (" + nodes + ")", e);
        for (String node : nodes) {
          if (!isNamed(String.valueOf(e.getMessage()), node)) {
            throw Violation.of(
                "%s refuses the model without naming node '%s': %s",
                e.id(), node, String.valueOf(e.getMessage()));
          }
        }
      }
    }

    /** What stands in a subgraph is refused with the node around it, too, where that is refused. */
    private boolean isNamed(String message, String node) {
      return message.contains(node)
          || model.graph().nodes().stream()
              .filter(around -> message.contains(around.name()))
              .flatMap(around -> around.subgraphs().stream())
              .flatMap(graph -> graph.nodesWithSubgraphs().stream())
              .anyMatch(inside -> inside.name().equals(node));
    }
  }

  /** Returns cases that verify the refusal of every use that is not declared. */
  static List<TckCase> refusals(TestedRuntime runtime) {
    List<TckCase> all = new ArrayList<>();
    for (IntegerModel model : undeclared(runtime)) {
      all.add(Refusal.of(model.name(), model.model(), "n0").on(runtime));
    }
    unknown(runtime)
        .ifPresent(model -> all.add(Refusal.of("unknown-operator", model, "unknown0").on(runtime)));
    return all;
  }

  private static List<IntegerModel> undeclared(TestedRuntime runtime) {
    List<IntegerModel> all = new ArrayList<>();
    IntegerComposer composer = new IntegerComposer(runtime.subject().seed());
    for (String name : IntegerComposer.operators()) {
      OpType op = OpType.onnx(name);
      for (Types types : IntegerComposer.types(op)) {
        composer.plainForms(op, types, Numbers.RANDOM).stream()
            .filter(model -> !runtime.declares(model))
            .limit(1)
            .forEach(all::add);
      }
    }
    return all;
  }

  /** Returns the cases that several nodes of one model are refused, each with a reason. */
  static List<TckCase> everyNode(TestedRuntime runtime) {
    return ofSeveral(runtime).stream().map(refusal -> refusal.on(runtime)).toList();
  }

  /**
   * Returns models of which several nodes are refused: of one operator, of two, one inside of a
   * subgraph, and one that is known and not declared.
   */
  static List<Refusal> ofSeveral(TestedRuntime runtime) {
    List<Refusal> all = new ArrayList<>();
    Optional<Model> plain = unknown(runtime);
    plain.ifPresent(
        model -> {
          all.add(Refusal.of("unknown-operators", model, "unknown0", "unknown1", "unknown2"));
          all.add(
              Refusal.of(
                  "unknown-in-a-branch",
                  Variants.insideIf(model),
                  "then_unknown0",
                  "else_unknown1"));
        });
    undeclared(runtime).stream()
        .findFirst()
        .map(UndeclaredUses::withUnknown)
        .ifPresent(model -> all.add(Refusal.of("undeclared-and-unknown", model, "n0", "unknown0")));
    return all;
  }

  /** Returns a declared model with three nodes behind it of operators that nobody has. */
  static Optional<Model> unknown(TestedRuntime runtime) {
    return runtime.samples().stream().findFirst().map(UndeclaredUses::withUnknown);
  }

  private static Model withUnknown(IntegerModel sample) {
    Graph graph = sample.model().graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    String read = sample.steps().get(0).node() + "_f0";
    List<OpType> operators =
        List.of(
            new OpType(NOBODYS, "Nothing"),
            new OpType(NOBODYS, "Nothing"),
            new OpType(NOBODYS_EITHER, "Naught"));
    for (int i = 0; i < operators.size(); i++) {
      nodes.add(Node.of("unknown" + i, operators.get(i), List.of(read), List.of("nothing" + i)));
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
        .withOpset(NOBODYS, 1)
        .withOpset(NOBODYS_EITHER, 1);
  }
}
