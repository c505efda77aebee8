package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The models that capabilities give for examples, as compositions. */
public final class Examples {

  private Examples() {}

  /**
   * Returns an example with what its conditions say; empty when the kit cannot tell the sizes of
   * all of its values in the operator set that it composes in, or two conditions break.
   *
   * @param name tells it from every other composition
   */
  static Optional<Composition> composition(
      String name, Capability capability, Capability.Example example) {
    List<Capability.StepCondition> broken = broken(capability, example);
    Optional<Model> known = Variants.typedAnew(example.model());
    return broken.size() > 1 || known.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Composition(
                name,
                known.get(),
                capability,
                example.nodes(),
                Optional.empty(),
                broken.stream().findFirst(),
                Optional.empty(),
                Optional.empty()));
  }

  /** Returns the conditions of a capability that do not hold for its example. */
  public static List<Capability.StepCondition> broken(
      Capability capability, Capability.Example example) {
    return PlacedInMatch.broken(
        capability, nodes(example), point -> !example.nodes().contains(point.node()));
  }

  /**
   * Returns the forms of an operator that the examples of a capability's conditions of the vendor's
   * own are: their constants and attributes, with the value of the chain in the place of the first
   * operand that is no constant.
   */
  static List<NodeForm> forms(Capability capability, int step) {
    return views(capability, step).flatMap(view -> form(view).stream()).distinct().toList();
  }

  private static Optional<NodeForm> form(NodeView view) {
    Node node = view.node();
    List<OperandForm> operands = new ArrayList<>();
    for (int i = 0; i < node.operands().size(); i++) {
      Optional<Shape> shape = view.shape(i).filter(Shape::isKnown);
      if (view.constant(i).isPresent()) {
        operands.add(OperandForm.given(view.constant(i).get()));
      } else if (!view.isPresent(i)) {
        operands.add(OperandForm.absent());
      } else if (!operands.contains(OperandForm.flow())) {
        operands.add(OperandForm.flow());
      } else if (shape.isPresent()) {
        operands.add(OperandForm.input(shape.get().sizes()));
      } else {
        return Optional.empty();
      }
    }
    List<Attribute> attributes = List.copyOf(node.attributes().values());
    return Optional.of(new NodeForm("example", operands, attributes, node.results().size()));
  }

  /**
   * Returns sizes of a value that may flow into such a form of the first operator: those that the
   * example states, and usual ones with a size of one of its constants.
   */
  static List<Shape> flows(Capability capability, List<Shape> usual) {
    Set<Shape> flows = new LinkedHashSet<>();
    views(capability, 0)
        .forEach(
            view -> {
              for (int i = 0; i < view.node().operands().size(); i++) {
                if (view.constant(i).isEmpty()) {
                  view.shape(i).filter(Shape::isKnown).ifPresent(flows::add);
                }
              }
              constantSizes(view)
                  .forEach(size -> usual.forEach(flow -> flows.addAll(withSize(flow, size))));
            });
    return List.copyOf(flows);
  }

  private static Set<Long> constantSizes(NodeView view) {
    Set<Long> sizes = new TreeSet<>();
    for (int i = 0; i < view.node().operands().size(); i++) {
      view.constant(i).ifPresent(constant -> LongStream.of(constant.sizes()).forEach(sizes::add));
    }
    return sizes;
  }

  private static List<Shape> withSize(Shape usual, long size) {
    List<Shape> all = new ArrayList<>();
    for (int axis = 0; axis < usual.rank(); axis++) {
      long[] sizes = usual.sizes();
      sizes[axis] = size;
      all.add(Shape.of(sizes));
    }
    return all;
  }

  private static Stream<NodeView> views(Capability capability, int step) {
    return capability.conditions().stream()
        .filter(asked -> asked.step() == step)
        .flatMap(asked -> withParts(asked.condition()))
        .flatMap(condition -> condition.example().stream())
        .filter(view -> view.node().op().equals(capability.pattern().get(step)));
  }

  private static Stream<NodeCondition> withParts(NodeCondition condition) {
    return Stream.concat(
        Stream.of(condition), condition.parts().stream().flatMap(Examples::withParts));
  }

  /** Returns the nodes of an example by their places in the pattern. */
  public static SortedMap<Integer, GraphValues.Member> nodes(Capability.Example example) {
    GraphValues values = GraphValues.of(example.model().graph());
    SortedMap<Integer, GraphValues.Member> nodes = new TreeMap<>();
    for (String node : example.nodes()) {
      nodes.put(nodes.size(), values.member(node).orElseThrow());
    }
    return nodes;
  }
}
