package dev.octet.tck.graphs;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Forms for the first operators of a capability, each reading what the capability's edges say.
 *
 * @param capability whose operators
 * @param prefix what the names of its compositions begin with
 * @param flow the sizes of the value in front
 * @param carrier a capability of one operator that stands in front of the chain
 * @param order the steps of the pattern, each behind those that it reads
 * @param forms one for each step so far, in that order
 * @param seed what constants depend on
 * @param normalized whether a BatchNormalization stands behind the first operator in the user's
 *     model, and is folded into it
 */
record Chain(
    Capability capability,
    String prefix,
    Shape flow,
    Optional<Capability> carrier,
    List<Integer> order,
    List<NodeForm> forms,
    long seed,
    boolean normalized) {

  private static final String CARRIER = "carrier";

  /** Returns a chain without a form yet. */
  static Chain of(
      Capability capability, String prefix, Shape flow, Optional<Capability> carrier, long seed) {
    return new Chain(capability, prefix, flow, carrier, order(capability), List.of(), seed, false);
  }

  /** Of the steps that read none of those left, the lowest is next. */
  private static List<Integer> order(Capability capability) {
    List<Integer> order = new ArrayList<>();
    List<Integer> left =
        new ArrayList<>(IntStream.range(0, capability.pattern().size()).boxed().toList());
    while (!left.isEmpty()) {
      Integer next =
          left.stream()
              .filter(step -> order.containsAll(producers(capability, step)))
              .findFirst()
              .orElseThrow();
      order.add(next);
      left.remove(next);
    }
    return order;
  }

  private static List<Integer> producers(Capability capability, int step) {
    return capability.edges().stream()
        .filter(edge -> edge.reader() == step)
        .map(Capability.Edge::producer)
        .toList();
  }

  private List<Integer> producers(int step) {
    return producers(capability, step);
  }

  private Chain with(List<NodeForm> others) {
    return new Chain(capability, prefix, flow, carrier, order, others, seed, normalized);
  }

  /** Returns the chain without a form, behind a value of other sizes. */
  Chain openBehind(Shape other) {
    return new Chain(capability, prefix, other, carrier, order, List.of(), seed, normalized);
  }

  /** Returns the chain behind a value that no other capability quantizes. */
  Chain uncarried() {
    return new Chain(
        capability, prefix + "/bare", flow, Optional.empty(), order, forms, seed, normalized);
  }

  /**
   * Returns the chain of a user's model that has a BatchNormalization behind the first operator.
   */
  Chain behindNormalization() {
    return new Chain(capability, prefix + "/normalized", flow, carrier, order, forms, seed, true);
  }

  Chain followedBy(NodeForm form) {
    List<NodeForm> longer = new ArrayList<>(forms);
    longer.add(form);
    return with(longer);
  }

  Chain with(int place, NodeForm form) {
    List<NodeForm> changed = new ArrayList<>(forms);
    changed.set(place, form);
    return with(changed);
  }

  /** Returns the chain of the first steps alone, as one of a capability without conditions. */
  Optional<Chain> shortenedTo(int steps) {
    List<OpType> pattern = capability.pattern().subList(0, steps);
    return part(
        name("shorter", steps + "-" + Composer.name(pattern)),
        IntStream.range(0, steps).boxed().toList());
  }

  /** Returns the first steps as a chain of a capability of these; empty where its order differs. */
  Optional<Chain> beginning(Capability shorter, String name) {
    Chain open = of(shorter, name, flow, carrier, seed);
    int steps = open.order.size();
    Chain made = open.with(forms.subList(0, steps));
    return open.order.equals(order.subList(0, steps)) ? Optional.of(made) : Optional.empty();
  }

  /**
   * Returns the parts of a pattern whose branches join, as chains of capabilities without
   * conditions: for each value between two operators what comes before it, and what is left when an
   * input of the model takes its place.
   */
  List<Chain> parts() {
    List<Chain> parts = new ArrayList<>();
    List<Integer> all = order.stream().sorted().toList();
    for (Capability.Edge edge : capability.edges()) {
      List<Integer> before = all.stream().filter(s -> leadsTo(s, edge.producer())).toList();
      List<Integer> left = all.stream().filter(step -> !before.contains(step)).toList();
      for (List<Integer> steps : List.of(before, left)) {
        String name = steps.stream().map(Chain::nodeName).collect(Collectors.joining("-"));
        part(name("part", name), steps).ifPresent(parts::add);
      }
    }
    return parts;
  }

  private boolean leadsTo(int step, int end) {
    return step == end
        || capability.edges().stream()
            .anyMatch(edge -> edge.producer() == step && leadsTo(edge.reader(), end));
  }

  private Optional<Chain> part(String name, List<Integer> steps) {
    Optional<Model> whole = build(forms.size());
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    List<Capability.Edge> edges =
        capability.edges().stream()
            .filter(edge -> steps.contains(edge.reader()) && steps.contains(edge.producer()))
            .map(
                edge ->
                    new Capability.Edge(
                        steps.indexOf(edge.reader()),
                        edge.operand(),
                        steps.indexOf(edge.producer()),
                        edge.alone()))
            .toList();
    List<OpType> pattern = steps.stream().map(capability.pattern()::get).toList();
    Capability part = Capability.of(pattern).edges(edges).build();
    if (!part.edges().equals(edges)) {
      return Optional.empty(); // nothing joins its operators
    }
    Chain open = of(part, name, flow, carrier, seed);
    for (int step : open.order) {
      open = open.followedBy(inPart(whole.get(), steps.get(step), steps));
    }
    return Optional.of(open);
  }

  /**
   * Returns the form of a step, with inputs of the model in the place of steps that are not there.
   */
  private NodeForm inPart(Model whole, int step, List<Integer> steps) {
    NodeForm form = forms.get(order.indexOf(step));
    List<Integer> read = producers(step);
    for (int i = 0; i < form.operands().size(); i++) {
      OperandForm operand = form.operands().get(i);
      Optional<OperandForm.Result> result = operand.result();
      int from =
          result.isPresent()
              ? result.get().step()
              : operand.equals(OperandForm.flow()) && !read.isEmpty()
                  ? read.get(0)
                  : OperandForm.FRONT;
      if (from != OperandForm.FRONT && !steps.contains(from)) {
        Optional<long[]> sizes = sizesBehind(whole, from);
        form = form.with(i, OperandForm.input(sizes.orElseThrow()), "");
      } else if (result.isPresent() && from != OperandForm.FRONT) {
        long[] sizes = result.get().shape().sizes();
        form = form.with(i, OperandForm.result(steps.indexOf(from), sizes), "");
      }
    }
    return form;
  }

  /**
   * Returns the chain with another operator behind it, as one of a capability without conditions;
   * empty when the operator takes no value of those sizes.
   */
  Optional<Chain> extendedBy(OpType op) {
    int end = Composition.end(capability);
    List<OpType> pattern = new ArrayList<>(capability.pattern());
    pattern.add(op);
    List<Capability.Edge> edges = new ArrayList<>(capability.edges());
    edges.add(new Capability.Edge(pattern.size() - 1, OptionalInt.empty(), end, true));
    String name = name("longer", pattern.size() + "-" + Composer.name(pattern));
    Chain open =
        of(Capability.of(pattern).edges(edges).build(), name, flow, carrier, seed).with(forms);
    return open.formsAt(forms.size()).stream().findFirst().map(open::followedBy);
  }

  /**
   * Returns the chain with another operator in one place, which makes a value of the same sizes;
   * empty when it does not.
   */
  Optional<Chain> replaced(int place, OpType op) {
    int step = order.get(place);
    List<OpType> pattern = new ArrayList<>(capability.pattern());
    pattern.set(step, op);
    String name = name("replaced", nodeName(step) + "-" + op.toString().toLowerCase(Locale.ROOT));
    Capability other = Capability.of(pattern).edges(capability.edges()).build();
    Chain open = of(other, name, flow, carrier, seed).with(forms.subList(0, place));
    Optional<long[]> sizes = build(forms.size()).flatMap(model -> sizesBehind(model, step));
    for (NodeForm form : open.formsAt(place)) {
      Chain next = open.followedBy(form);
      Optional<long[]> now = next.build(place + 1).flatMap(model -> sizesBehind(model, step));
      if (now.isPresent() && sizes.filter(was -> Arrays.equals(was, now.get())).isPresent()) {
        List<NodeForm> all = new ArrayList<>(next.forms);
        all.addAll(forms.subList(place + 1, forms.size()));
        return Optional.of(next.with(all));
      }
    }
    return Optional.empty();
  }

  private String name(String kind, String what) {
    return kind + "/" + prefix + "/" + what;
  }

  boolean isWhole() {
    return forms.size() == order.size();
  }

  /** Returns the forms that the operator of a place has behind the steps before it. */
  List<NodeForm> formsAt(int place) {
    int step = order.get(place);
    List<Integer> read = producers(step);
    Optional<Model> before = place == 0 ? Optional.empty() : build(place);
    if (place > 0 && before.isEmpty()) {
      return List.of();
    }
    IntFunction<Optional<long[]>> sizes =
        from ->
            from == OperandForm.FRONT
                ? Optional.of(flow.sizes())
                : before.flatMap(model -> sizesBehind(model, from));
    List<NodeForm> all = new ArrayList<>(Examples.forms(capability, step));
    sizes
        .apply(read.isEmpty() ? OperandForm.FRONT : read.get(0))
        .map(known -> OperatorForms.of(capability.pattern().get(step), known))
        .ifPresent(all::addAll);
    return read.size() > 1 ? joined(all, read, sizes) : withEarlier(all, place, sizes);
  }

  /** Returns the forms that have an input for each value that is read beside the first. */
  private static List<NodeForm> joined(
      List<NodeForm> forms, List<Integer> read, IntFunction<Optional<long[]>> sizes) {
    List<NodeForm> all = new ArrayList<>();
    for (NodeForm form : forms) {
      List<Integer> open = form.inputs();
      if (open.size() < read.size() - 1) {
        continue;
      }
      NodeForm joined = form;
      for (int i = 1; i < read.size(); i++) {
        int from = read.get(i);
        Optional<long[]> known = sizes.apply(from);
        if (known.isEmpty()) {
          return List.of();
        }
        joined = joined.with(open.get(i - 1), OperandForm.result(from, known.get()), "");
      }
      all.add(joined);
    }
    return all;
  }

  /** Adds the forms that read an earlier value a second time: a residual, or a gate. */
  private List<NodeForm> withEarlier(
      List<NodeForm> forms, int place, IntFunction<Optional<long[]>> sizes) {
    List<NodeForm> all = new ArrayList<>(forms);
    List<Integer> earlier = new ArrayList<>();
    if (place > 0) {
      earlier.add(OperandForm.FRONT);
    }
    order.subList(0, place).stream().filter(this::mayBeReadAgain).forEach(earlier::add);
    for (NodeForm form : forms) {
      for (int from : form.inputs().size() == 1 ? earlier : List.<Integer>of()) {
        int operand = form.inputs().get(0);
        OperandForm.Input input = form.operands().get(operand).input().orElseThrow();
        if (sizes.apply(from).filter(k -> Shape.of(k).equals(input.shape())).isPresent()) {
          String suffix = "-of-" + (from == OperandForm.FRONT ? "x" : nodeName(from));
          all.add(form.with(operand, OperandForm.result(from, input.shape().sizes()), suffix));
        }
      }
    }
    return all;
  }

  private boolean mayBeReadAgain(int step) {
    return capability.edges().stream().noneMatch(e -> e.producer() == step && e.alone());
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

  /** Returns how many conditions do not hold of the steps so far; empty when sizes do not fit. */
  Optional<Integer> brokenSoFar() {
    return build(forms.size()).map(model -> broken(model).size());
  }

  /** Returns the conditions that do not hold in the model of this chain. */
  List<Capability.StepCondition> broken(Model model) {
    Optional<BehindLayer> behind = normalized ? behind(forms.size()) : Optional.empty();
    return PlacedInMatch.broken(
        capability,
        members(model),
        Chain::isCarrier,
        node -> behind.map(layer -> layer.userNodes(node)).orElse(List.of(node)));
  }

  /** Tells whether a point is one of a node that stands in front of a chain. */
  static boolean isCarrier(Point point) {
    return point.side() != Point.Side.INPUT && point.node().startsWith(CARRIER);
  }

  /** Returns the nodes of the steps so far in the model of this chain, by their steps. */
  SortedMap<Integer, GraphValues.Member> members(Model model) {
    GraphValues values = GraphValues.of(model.graph());
    SortedMap<Integer, GraphValues.Member> members = new TreeMap<>();
    order
        .subList(0, forms.size())
        .forEach(step -> members.put(step, values.member(nodeName(step)).orElseThrow()));
    return members;
  }

  /**
   * Returns the model with what its conditions say; empty when sizes do not fit, a value between
   * two of its operators is not as its edge says, or two conditions break.
   */
  Optional<Composition> composition() {
    return model().flatMap(this::composition);
  }

  /** Returns the model; empty when sizes do not fit. */
  Optional<Model> model() {
    return build(forms.size());
  }

  private Optional<Composition> composition(Model model) {
    List<Capability.StepCondition> broken = broken(model);
    if (broken.size() > 1 || PlacedInMatch.brokenEdge(capability, members(model)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Composition(
            name(),
            model,
            capability,
            order.stream().sorted().map(Chain::nodeName).toList(),
            carrier.map(c -> CARRIER),
            broken.stream().findFirst(),
            normalized ? behind(forms.size()) : Optional.empty(),
            Optional.of(new Origin(this))));
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

  private Optional<Model> build(int places) {
    return normalized && places > 0 ? behind(places).map(BehindLayer::folded) : plain(places);
  }

  private Optional<BehindLayer> behind(int places) {
    return plain(places).flatMap(model -> BehindLayer.of(model, nodeName(order.get(0))));
  }

  private Optional<Model> plain(int places) {
    GraphDraft draft = new GraphDraft(name(), seed);
    carrier.ifPresent(c -> draft.carryInputs(CARRIER, c.pattern().get(0), flow));
    List<Integer> steps = order.subList(0, places);
    String front = steps.stream().anyMatch(this::readsFront) ? draft.input(flow) : "";
    String[] made = new String[order.size()];
    for (int place = 0; place < places; place++) {
      int step = order.get(place);
      List<Integer> read = producers(step);
      Supplier<String> before = () -> read.isEmpty() ? front : made[read.get(0)];
      IntFunction<String> earlier = from -> from == OperandForm.FRONT ? front : made[from];
      made[step] =
          draft.node(
              nodeName(step), capability.pattern().get(step), forms.get(place), before, earlier);
    }
    return draft.model(
        steps.stream()
            .filter(step -> steps.stream().noneMatch(reader -> producers(reader).contains(step)))
            .map(step -> made[step])
            .toList());
  }

  private boolean readsFront(int step) {
    List<OperandForm> operands = forms.get(order.indexOf(step)).operands();
    return (producers(step).isEmpty() && operands.contains(OperandForm.flow()))
        || operands.stream()
            .anyMatch(o -> o.result().filter(r -> r.step() == OperandForm.FRONT).isPresent());
  }

  /** Tells whether a capability of one operator quantizes a value and keeps its sizes. */
  static boolean keepsSizes(Capability candidate, Shape flow, long seed) {
    List<NodeForm> forms = OperatorForms.of(candidate.pattern().get(0), flow.sizes());
    if (forms.isEmpty()) {
      return false;
    }
    Chain alone = of(candidate, "carrier", flow, Optional.empty(), seed).followedBy(forms.get(0));
    return alone.composition().filter(made -> made.broken().isEmpty()).isPresent()
        && alone
            .build(1)
            .flatMap(model -> sizesBehind(model, 0))
            .filter(sizes -> Arrays.equals(sizes, flow.sizes()))
            .isPresent();
  }
}
