package dev.octet.annotation.rules;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node in a step's place while a match is looked for. Not thread-safe. */
final class NodeInPlace implements PlacedNode {

  private final GraphValues.Member member;
  private final NodeView view;
  private final int entry;
  private final List<Match.@Nullable Place> before;
  private final MatchContext context;

  /**
   * Puts a node in a place.
   *
   * @param member the node
   * @param entry the operand by which it reads the step before it; -1 for the first step
   * @param before the nodes of the steps before, null for those that are not there
   * @param context the graph, and the matches so far
   */
  NodeInPlace(
      GraphValues.Member member,
      int entry,
      List<Match.@Nullable Place> before,
      MatchContext context) {
    this.member = member;
    this.view = context.view(member);
    this.entry = entry;
    this.before = before;
    this.context = context;
  }

  @Override
  public NodeView view() {
    return view;
  }

  @Override
  public int entry() {
    return entry;
  }

  @Override
  public boolean isQuantized(int operand) {
    return member.operand(operand).filter(context::isQuantized).isPresent();
  }

  @Override
  public boolean followsMatch(int operand) {
    return member.operand(operand).filter(context::isOutputOfMatch).isPresent();
  }

  @Override
  public Optional<NodeView> matched(int step) {
    Match.Place place = step >= 0 && step < before.size() ? before.get(step) : null;
    return place == null ? Optional.empty() : Optional.of(context.view(place.member()));
  }
}
