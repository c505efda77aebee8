package dev.octet.tck.graphs;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Forms for the first operators of a capability's pattern, each reading the one before.
 *
 * @param capability whose operators
 * @param prefix what the names of its compositions begin with
 * @param flow the sizes of the value in front
 * @param carrier a capability of one operator that stands in front of the chain
 * @param forms one for each step so far
 * @param seed what constants depend on
 */
record Chain(
    Capability capability,
    String prefix,
    Shape flow,
    Optional<Capability> carrier,
    List<NodeForm> forms,
    long seed) {

  private static final String CARRIER = "carrier";

  Chain followedBy(NodeForm form) {
    List<NodeForm> longer = new ArrayList<>(forms);
    longer.add(form);
    return new Chain(capability, prefix, flow, carrier, longer, seed);
  }

  Chain with(int step, NodeForm form) {
    List<NodeForm> changed = new ArrayList<>(forms);
    changed.set(step, form);
    return new Chain(capability, prefix, flow, carrier, changed, seed);
  }

  /** Returns the chain of the first steps alone, as one of a capability without conditions. */
  Chain shortenedTo(int steps) {
    return of("shorter", capability.pattern().subList(0, steps), forms.subList(0, steps));
  }

  /**
   * Returns the chain with another operator behind it, as one of a capability without conditions;
   * empty when the operator takes no value of those sizes.
   */
  Optional<Chain> extendedBy(OpType op) {
    List<OpType> pattern = new ArrayList<>(capability.pattern());
    pattern.add(op);
    return build(forms.size())
        .flatMap(model -> sizesBehind(model, forms.size() - 1))
        .flatMap(sizes -> OperatorForms.of(op, sizes).stream().findFirst())
        .map(form -> of("longer", pattern, followedBy(form).forms));
  }

  private Chain of(String kind, List<OpType> pattern, List<NodeForm> others) {
    String name = kind + "/" + prefix + "/" + pattern.size() + "-" + Composer.name(pattern);
    return new Chain(Capability.of(pattern).build(), name, flow, carrier, others, seed);
  }

  boolean isWhole() {
    return forms.size() == capability.pattern().size();
  }

  /** Returns the forms that the operator of a step has behind the steps before it. */
  List<NodeForm> formsAt(int step) {
    Optional<long[]> sizes =
        step == 0
            ? Optional.of(flow.sizes())
            : build(step).flatMap(model -> sizesBehind(model, step - 1));
    return sizes
        .map(known -> OperatorForms.of(capability.pattern().get(step), known))
        .orElse(List.of());
  }

  private static Optional<long[]> sizesBehind(Model model, int step) {
    return model
        .graph()
        .type(nodeName(step) + "_out")
        .flatMap(type -> type.tensor())
        .flatMap(type -> type.shape())
        .filter(Shape::isKnown)
        .map(Shape::sizes)
        .filter(sizes -> LongStream.of(sizes).allMatch(size -> size > 0));
  }

  /** Returns the model with what its conditions say; empty when sizes do not fit, or two break. */
  Optional<Composition> composition() {
    Optional<Model> model = build(forms.size());
    if (model.isEmpty()) {
      return Optional.empty();
    }
    GraphValues values = GraphValues.of(model.get().graph());
    List<String> names = IntStream.range(0, forms.size()).mapToObj(Chain::nodeName).toList();
    List<Capability.StepCondition> broken =
        PlacedInMatch.broken(
            capability,
            names.stream().map(name -> values.member(name).orElseThrow()).toList(),
            point -> point.node().startsWith(CARRIER));
    if (broken.size() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Composition(
            name(),
            model.get(),
            capability,
            names,
            carrier.map(c -> CARRIER),
            broken.stream().findFirst()));
  }

  private String name() {
    return prefix
        + "/"
        + Composer.name(flow.sizes())
        + "/"
        + forms.stream().map(NodeForm::name).collect(Collectors.joining("-"));
  }

  private static String nodeName(int step) {
    return "n" + step;
  }

  private Optional<Model> build(int steps) {
    GraphDraft draft = new GraphDraft(name(), seed);
    carrier.ifPresent(c -> draft.carryInputs(CARRIER, c.pattern().get(0), flow));
    String value = draft.input(flow);
    for (int i = 0; i < steps; i++) {
      value = draft.node(nodeName(i), capability.pattern().get(i), forms.get(i), value);
    }
    return draft.model(List.of(value));
  }

  /** Tells whether a capability of one operator quantizes a value and keeps its sizes. */
  static boolean keepsSizes(Capability candidate, Shape flow, long seed) {
    List<NodeForm> forms = OperatorForms.of(candidate.pattern().get(0), flow.sizes());
    if (forms.isEmpty()) {
      return false;
    }
    Chain alone =
        new Chain(candidate, "carrier", flow, Optional.empty(), List.of(forms.get(0)), seed);
    return alone.composition().filter(made -> made.broken().isEmpty()).isPresent()
        && alone
            .build(1)
            .flatMap(model -> sizesBehind(model, 0))
            .filter(sizes -> Arrays.equals(sizes, flow.sizes()))
            .isPresent();
  }
}
