package dev.octet.tck.graphs;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.provider.Capability;
import java.util.List;
import java.util.Optional;

/**
 * A small model that the kit composed of the operators of one capability. Immutable.
 *
 * @param name tells it from every other composition of the same backend; file-name letters and
 *     slashes
 * @param model the model, in float
 * @param capability the capability
 * @param chain the names of the nodes in the places of the capability's steps
 * @param carrier the node in front of the chain that another capability quantizes, where a
 *     condition asks for one
 * @param broken the one condition that does not hold; empty when all hold
 * @param behind the user's model of which the model is what quantizers see; empty where it is the
 *     model itself
 * @param origin how it was made; empty where no smaller one can be
 */
public record Composition(
    String name,
    Model model,
    Capability capability,
    List<String> chain,
    Optional<String> carrier,
    Optional<Capability.StepCondition> broken,
    Optional<BehindLayer> behind,
    Optional<Origin> origin) {

  /** Copies the list. */
  public Composition {
    chain = List.copyOf(chain);
  }

  /** Returns another model with the same nodes, under a longer name. */
  Composition in(Model other, String suffix) {
    return new Composition(
        name + "/" + suffix, other, capability, chain, carrier, broken, behind, Optional.empty());
  }

  /** Returns the nodes of the user's model whose work a node does. */
  public List<Node> userNodes(Node node) {
    return behind.map(layer -> layer.userNodes(node)).orElse(List.of(node));
  }

  /** Returns the name of the node whose result leaves the match: the last that no other reads. */
  public String end() {
    return chain.get(end(capability));
  }

  /** Returns the step whose result leaves a match of a capability. */
  static int end(Capability capability) {
    int end = capability.pattern().size() - 1;
    while (isRead(capability, end)) {
      end--;
    }
    return end;
  }

  private static boolean isRead(Capability capability, int step) {
    return capability.edges().stream().anyMatch(edge -> edge.producer() == step);
  }
}
