package dev.octet.annotation.rules;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.pattern.PlacedNode;
import dev.octet.api.spec.Granularity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds at a node what the axes of a spec are there, and so which elements share a scale.
 *
 * <p>With a scale for each combination of indices of several axes, those elements share one that
 * differ along the other axes alone: a run along the one that is left, or a block over all that
 * are.
 */
final class ScaleAxes {

  /** The rank that a weight is taken to have: that of convolutions makes no difference. */
  private static final int MATRIX = 2;

  private final List<ChannelAxis> channels;
  private final Granularity stated;

  private ScaleAxes(List<ChannelAxis> channels, Granularity stated) {
    this.channels = channels;
    this.stated = stated;
  }

  static ScaleAxes of(SpecTemplate.Observed spec) {
    return new ScaleAxes(spec.channels(), spec.spec().granularity());
  }

  static ScaleAxes of(SpecTemplate.Fixed fixed) {
    return new ScaleAxes(fixed.channels(), fixed.spec().granularity());
  }

  /** Returns the axes of a spec that has scales of its own; none for others. */
  static ScaleAxes of(SpecTemplate spec) {
    ScaleAxes none = new ScaleAxes(List.of(), new Granularity.PerTensor());
    return spec.match(
        new SpecTemplate.Cases<>(
            ScaleAxes::of,
            ScaleAxes::of,
            shared -> none,
            derived -> none,
            keepFloat -> none,
            narrow -> none));
  }

  /** Returns the axes that a spec names by their meaning. */
  List<ChannelAxis> channels() {
    return channels;
  }

  /** Returns that the axes of a vendor's own are there. */
  List<NodeCondition> presences() {
    List<NodeCondition> presences = new ArrayList<>();
    for (ChannelAxis axis : channels) {
      axis.match(
              new ChannelAxis.Cases<Optional<NodeCondition>>(
                  numbered -> Optional.empty(),
                  output -> Optional.empty(),
                  input -> Optional.empty(),
                  own -> Optional.of(own.presence())))
          .ifPresent(presences::add);
    }
    return presences;
  }

  /** Returns why an operand cannot have such scales; empty when it can. */
  Optional<String> obstacle(PlacedNode node, int operand) {
    if (channels.isEmpty()) {
      return Optional.empty();
    }
    for (NodeCondition presence : presences()) {
      Optional<String> absent = presence.failure(node);
      if (absent.isPresent()) {
        return absent;
      }
    }
    return channels.size() < 2 || sizes(node.view(), operand).isPresent()
        ? Optional.empty()
        : Optional.of("the sizes of " + OperandNames.of(node, operand) + " are not known");
  }

  /** Returns which elements of an operand share a scale, where there is no {@link #obstacle}. */
  Granularity granularity(NodeView node, int operand) {
    if (channels.isEmpty()) {
      return stated;
    }
    List<Integer> axes = new ArrayList<>();
    channels.forEach(axis -> axes.add(axis.find(node, operand).orElseThrow()));
    return along(axes, axes.size() < 2 ? List.of() : sizes(node, operand).orElseThrow());
  }

  /**
   * Returns which elements of a weight share a scale, as far as a rule says it without a graph: the
   * weight is taken to have the least rank that has all axes, and sizes beyond all bounds.
   */
  Granularity declared(OpType op, Attribute... attributes) {
    if (channels.isEmpty()) {
      return stated;
    }
    int rank = Math.max(MATRIX, channels.size() + 1);
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    Node reader = Node.of(op.name(), op, List.of("weight"), List.of(), attributes);
    NodeView view = NodeView.example(reader, Map.of("weight", Tensor.of(new float[1], ones)));
    List<Integer> axes = new ArrayList<>();
    for (ChannelAxis axis : channels) {
      axes.add(
          axis.match(
              new ChannelAxis.Cases<Integer>(
                  numbered -> numbered.axis(),
                  output -> output.find(view, 0).orElseThrow(),
                  input -> input.find(view, 0).orElseThrow(),
                  own -> own.ofExample())));
    }
    return along(axes, Collections.nCopies(rank, Long.MAX_VALUE));
  }

  private Granularity along(List<Integer> axes, List<Long> sizes) {
    SortedSet<Integer> sorted = new TreeSet<>(axes);
    Optional<Long> groupSize = groupSize(stated);
    if (groupSize.isPresent()) {
      return new Granularity.PerGroup(sorted.first(), groupSize.get());
    }
    return sorted.size() == 1 || sorted.last() >= sizes.size()
        ? new Granularity.PerChannel(sorted.last())
        : acrossOthers(sorted, sizes);
  }

  /** Returns the length of a group; empty for a granularity that has none. */
  static Optional<Long> groupSize(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<Optional<Long>>(
            whole -> Optional.empty(),
            channel -> Optional.empty(),
            runs -> Optional.of(runs.size()),
            block -> Optional.empty(),
            token -> Optional.empty()));
  }

  private static Granularity acrossOthers(SortedSet<Integer> axes, List<Long> sizes) {
    List<Integer> others = new ArrayList<>();
    List<Long> extents = new ArrayList<>(Collections.nCopies(sizes.size(), 1L));
    for (int axis = 0; axis < sizes.size(); axis++) {
      if (!axes.contains(axis)) {
        others.add(axis);
        extents.set(axis, Math.max(sizes.get(axis), 1));
      }
    }
    return others.size() == 1
        ? new Granularity.PerGroup(others.get(0), extents.get(others.get(0)))
        : new Granularity.PerBlock(extents);
  }

  private static Optional<List<Long>> sizes(NodeView node, int operand) {
    return node.shape(operand)
        .filter(Shape::isKnown)
        .map(shape -> Arrays.stream(shape.sizes()).boxed().toList());
  }
}
