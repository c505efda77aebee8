package dev.octet.tck.graphs;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Point;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A node in the place of a capability's step, as whoever matches would see it.
 *
 * @param view the node
 * @param before the nodes of the steps before
 * @param quantized tells of the point where a value is defined whether another match quantizes it
 */
public record PlacedInMatch(NodeView view, List<NodeView> before, Predicate<Point> quantized)
    implements PlacedNode {

  /** Copies the list. */
  public PlacedInMatch {
    before = List.copyOf(before);
  }

  /**
   * Returns the conditions of a capability that do not hold for the nodes of a match.
   *
   * @param capability the capability
   * @param nodes the nodes in the places of its steps
   * @param quantized tells of the point where a value is defined whether another match quantizes it
   */
  public static List<Capability.StepCondition> broken(
      Capability capability, List<GraphValues.Member> nodes, Predicate<Point> quantized) {
    List<NodeView> before = new ArrayList<>();
    List<Capability.StepCondition> broken = new ArrayList<>();
    for (int step = 0; step < nodes.size(); step++) {
      PlacedInMatch placed =
          new PlacedInMatch(NodeView.of(nodes.get(step), List::of), before, quantized);
      for (Capability.StepCondition asked : capability.conditions()) {
        if (asked.step() == step && asked.condition().failure(placed).isPresent()) {
          broken.add(asked);
        }
      }
      before.add(placed.view());
    }
    return broken;
  }

  @Override
  public int entry() {
    for (int operand = 0; operand < view.node().operands().size(); operand++) {
      for (NodeView earlier : before) {
        if (view.reads(operand, earlier, 0)) {
          return operand;
        }
      }
    }
    return -1;
  }

  @Override
  public Optional<NodeView> matched(int step) {
    return step >= 0 && step < before.size() ? Optional.of(before.get(step)) : Optional.empty();
  }

  @Override
  public boolean isQuantized(int operand) {
    return view.source(operand).filter(quantized).isPresent();
  }

  @Override
  public boolean followsMatch(int operand) {
    return view.definition(operand).filter(quantized).isPresent();
  }
}
