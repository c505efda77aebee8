package dev.octet.tck.graphs;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Composes models of the operators that a capability names: behind values of several ranks, each
 * operator in the forms that {@link OperatorForms} knows. The conditions of the capability say of
 * each model whether the backend must quantize it, or which one condition keeps it from that.
 *
 * <p>The first combination of forms that meets every condition is the base for its sizes; the
 * others change the form of one node.
 */
public final class Composer {

  /** Sizes of the value that flows into a chain, pairwise different within one; the usual first. */
  private static final List<Shape> FLOWS =
      List.of(
          Shape.of(1, 4, 9, 8),
          Shape.of(3, 5, 6),
          Shape.of(5, 6),
          Shape.of(2, 3, 7, 5),
          Shape.of(1, 6),
          Shape.of(7),
          Shape.of(1, 2, 1, 1));

  /** Sizes at which loops of vectors run, and conditions on many channels show. */
  private static final List<Shape> WIDE_FLOWS = List.of(Shape.of(3, 72, 11, 13), Shape.of(33, 72));

  /** How many forms are tried for a base, each behind those before it. */
  private static final int MOST_TRIED = 1_200;

  private final List<Capability> capabilities;
  private final Breadth breadth;
  private final long seed;

  /**
   * Makes a composer.
   *
   * @param capabilities everything that the backend declares
   * @param breadth how much is composed of each
   * @param seed what random constants depend on
   */
  public Composer(List<Capability> capabilities, Breadth breadth, long seed) {
    this.capabilities = List.copyOf(capabilities);
    this.breadth = breadth;
    this.seed = seed;
  }

  /** Returns the operators of ONNX that the kit knows forms of, sorted. */
  public static SortedSet<String> operators() {
    return new TreeSet<>(OperatorForms.operators());
  }

  /** Tells whether the kit knows forms of every operator of a capability. */
  public static boolean knows(Capability capability) {
    return capability.pattern().stream()
        .allMatch(op -> OperatorForms.operators().contains(op.toString()));
  }

  /** Returns the compositions of every capability, in the order in which they are declared. */
  public List<Composition> compositions() {
    List<Composition> all = new ArrayList<>();
    for (int i = 0; i < capabilities.size(); i++) {
      all.addAll(compositions(i));
    }
    return all;
  }

  /** Returns the compositions of one capability: those that meet it, and those just outside. */
  public List<Composition> compositions(int index) {
    Capability capability = capabilities.get(index);
    List<Composition> all = new ArrayList<>(examples(index, capability));
    Set<Capability.StepCondition> broken = new HashSet<>();
    boolean composed = false;
    for (Shape flow : FLOWS) {
      if (breadth == Breadth.NARROW && composed) {
        return all;
      }
      for (Composition made : around(capability, prefix(index, capability), flow)) {
        composed = true;
        if (made.broken().isEmpty() || broken.add(made.broken().get())) {
          all.add(made);
        }
      }
    }
    wide(index, capability).ifPresent(all::add);
    all.stream()
        .filter(made -> made.broken().isEmpty() && !made.name().contains("/example"))
        .findFirst()
        .flatMap(this::readTwice)
        .ifPresent(all::add);
    if (all.isEmpty()) {
      Examples.flows(capability, FLOWS).stream()
          .map(flow -> around(capability, prefix(index, capability), flow))
          .filter(made -> !made.isEmpty())
          .findFirst()
          .ifPresent(all::addAll);
    }
    return all;
  }

  /** Returns the models that a capability gives, where the kit can tell the sizes of all values. */
  private static List<Composition> examples(int index, Capability capability) {
    List<Composition> all = new ArrayList<>();
    for (Capability.Example example : capability.examples()) {
      String name = prefix(index, capability) + "/example" + all.size();
      Examples.composition(name, capability, example).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Composition> wide(int index, Capability capability) {
    String prefix = prefix(index, capability);
    return WIDE_FLOWS.stream()
        .flatMap(flow -> base(capability, prefix, flow, carrierFor(capability, flow)).stream())
        .flatMap(chain -> chain.composition().stream())
        .findFirst();
  }

  /** Returns a model whose results two operators read that no capability names. */
  private Optional<Composition> readTwice(Composition plain) {
    return ForeignOperators.to(capabilities)
        .flatMap(op -> Variants.readTwice(plain.model(), op, "reader"))
        .filter(
            model ->
                PlacedInMatch.holds(
                    plain.capability(), model.graph(), plain.chain(), Chain::isCarrier))
        .map(model -> plain.in(model, "read-twice"));
  }

  private static String prefix(int index, Capability capability) {
    return String.format(Locale.ROOT, "c%02d-", index) + name(capability.pattern());
  }

  /** Returns what operators are called in names of cases. */
  static String name(List<OpType> pattern) {
    return pattern.stream()
        .map(op -> op.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("-"));
  }

  /** Returns what sizes are called in names of cases. */
  static String name(long[] sizes) {
    return LongStream.of(sizes).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }

  /**
   * Returns compositions of operators that no capability has in that order: one that none begins
   * with, in each of its forms; a declared chain that ends before its last operator; and one that
   * goes on. Each belongs to a capability of those operators that the backend does not declare.
   */
  public List<Composition> undeclared() {
    List<Composition> all = new ArrayList<>(otherOperators());
    for (int i = 0; i < capabilities.size(); i++) {
      firstBase(i).ifPresent(base -> all.addAll(changed(base)));
    }
    return differing(all);
  }

  /** Changes of two capabilities may give one model: the first of them stays. */
  private static List<Composition> differing(List<Composition> all) {
    Set<String> contents = new HashSet<>();
    return all.stream().filter(made -> contents.add(GraphContent.of(made))).toList();
  }

  private List<Composition> otherOperators() {
    List<Capability> others =
        OperatorForms.operators().stream()
            .map(OpType::onnx)
            .filter(op -> capabilities.stream().noneMatch(c -> beginsWith(c, op)))
            .map(op -> Capability.of(List.of(op)).build())
            .toList();
    List<Composition> all = new ArrayList<>();
    for (Capability other : others) {
      for (Shape flow : FLOWS) {
        all.addAll(around(other, "other/" + name(other.pattern()), flow));
      }
    }
    return all;
  }

  /** A capability of the model's own inputs and outputs begins with no operator. */
  private static boolean beginsWith(Capability capability, OpType op) {
    return capability.pattern().stream().findFirst().filter(op::equals).isPresent();
  }

  private Optional<Chain> firstBase(int index) {
    Capability capability = capabilities.get(index);
    return FLOWS.stream()
        .flatMap(
            flow ->
                base(capability, prefix(index, capability), flow, carrierFor(capability, flow))
                    .stream())
        .findFirst();
  }

  private List<Composition> changed(Chain base) {
    List<Chain> chains = new ArrayList<>();
    for (int steps = 1; steps < base.forms().size(); steps++) {
      base.shortenedTo(steps).ifPresent(chains::add);
    }
    operators().stream()
        .map(OpType::onnx)
        .forEach(op -> base.extendedBy(op).ifPresent(chains::add));
    if (!isChain(base.capability())) {
      chains.addAll(base.parts());
    }
    List<Composition> all = new ArrayList<>();
    chains.stream().filter(this::isUndeclared).forEach(c -> c.composition().ifPresent(all::add));
    for (int place = 0; base.forms().size() > 1 && place < base.forms().size(); place++) {
      all.addAll(replaced(base, place));
    }
    base.composition().ifPresent(whole -> all.addAll(readOutside(whole, true)));
    return distinct(all);
  }

  private static List<Composition> distinct(List<Composition> all) {
    Set<String> names = new HashSet<>();
    return all.stream().filter(made -> names.add(made.name())).toList();
  }

  /**
   * Returns models with another operator in one place, with which no capability is declared: of a
   * place where branches join every one that takes the same operands, of others the first.
   */
  private List<Composition> replaced(Chain base, int place) {
    List<Chain> all = new ArrayList<>();
    NodeForm form = base.forms().get(place);
    long read =
        base.capability().edges().stream()
            .filter(edge -> edge.reader() == base.order().get(place))
            .count();
    for (boolean alike : new boolean[] {true, false}) {
      operators().stream()
          .map(OpType::onnx)
          .filter(op -> all.isEmpty() || (alike && read > 1))
          .flatMap(op -> base.replaced(place, op).stream())
          .filter(chain -> !alike || chain.forms().get(place).operands().equals(form.operands()))
          .filter(this::isUndeclared)
          .forEach(all::add);
    }
    return all.stream().flatMap(chain -> chain.composition().stream()).toList();
  }

  /**
   * Returns a model for each value between two operators, with that value as another output.
   *
   * @param alone whether of the values that one operator alone may read, or of the others
   */
  private static List<Composition> readOutside(Composition whole, boolean alone) {
    return whole.capability().edges().stream()
        .filter(edge -> edge.alone() == alone)
        .map(edge -> whole.chain().get(edge.producer()))
        .distinct()
        .flatMap(
            node ->
                Variants.showing(whole.model(), node)
                    .map(model -> whole.in(model, "read-outside-" + node))
                    .stream())
        .toList();
  }

  private boolean isUndeclared(Chain chain) {
    return capabilities.stream().noneMatch(capability -> isOf(capability, chain));
  }

  private static boolean isOf(Capability capability, Chain chain) {
    return capability.pattern().equals(chain.capability().pattern())
        && ends(capability).equals(ends(chain.capability()));
  }

  private static boolean isChain(Capability capability) {
    return ends(capability).equals(ends(Capability.of(capability.pattern()).build()));
  }

  /** Returns what reads what, whichever the operand. */
  private static List<List<Integer>> ends(Capability capability) {
    return capability.edges().stream()
        .map(edge -> List.of(edge.reader(), edge.producer()))
        .toList();
  }

  private List<Composition> around(Capability capability, String prefix, Shape flow) {
    Optional<Capability> carrier = carrierFor(capability, flow);
    Optional<Chain> base = base(capability, prefix, flow, carrier);
    if (base.isEmpty()) {
      return List.of();
    }
    List<Composition> all = new ArrayList<>(base.get().composition().stream().toList());
    all.addAll(readOutside(all.get(0), false));
    for (int place = 0; place < capability.pattern().size(); place++) {
      List<NodeForm> forms = base.get().formsAt(place);
      for (NodeForm form : forms) {
        if (!form.equals(base.get().forms().get(place))) {
          Chain changed = base.get().with(place, form);
          changed.composition().ifPresent(all::add);
        }
      }
    }
    return all;
  }

  private Optional<Chain> base(
      Capability capability, String prefix, Shape flow, Optional<Capability> carrier) {
    return capability.pattern().isEmpty()
        ? Optional.empty()
        : new Search().from(Chain.of(capability, prefix, flow, carrier, seed));
  }

  /** The search for forms that meet every condition; see {@link #MOST_TRIED}. */
  private static final class Search {
    private int tried;

    /**
     * Forms with which all conditions hold so far go first. Behind those with which one does not a
     * later operator may make it hold, as one about who reads a value.
     */
    Optional<Chain> from(Chain open) {
      List<Open> later = new ArrayList<>();
      for (NodeForm form : open.formsAt(open.forms().size())) {
        if (tried++ >= MOST_TRIED) {
          return Optional.empty();
        }
        Chain next = open.followedBy(form);
        Optional<Integer> failing = next.brokenSoFar();
        if (failing.isEmpty()) {
          continue;
        }
        if (failing.get() > 0) {
          later.add(new Open(next, failing.get()));
        } else {
          Optional<Chain> found = next.isWhole() ? met(next) : from(next);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      later.sort(Comparator.comparing(Open::broken));
      return later.stream()
          .map(Open::chain)
          .filter(next -> !next.isWhole())
          .flatMap(next -> from(next).stream())
          .findFirst();
    }

    /** A chain of which some conditions do not hold yet. */
    private record Open(Chain chain, int broken) {}

    private static Optional<Chain> met(Chain whole) {
      return whole.composition().filter(made -> made.broken().isEmpty()).map(made -> whole);
    }
  }

  /** Returns a capability of one operator that can stand in front where a condition asks for it. */
  private Optional<Capability> carrierFor(Capability capability, Shape flow) {
    if (capability.conditions().stream().noneMatch(c -> c.condition().dependsOnMarks())) {
      return Optional.empty();
    }
    return capabilities.stream()
        .filter(candidate -> candidate.pattern().size() == 1)
        .filter(candidate -> candidate.activation().equals(capability.activation()))
        .filter(candidate -> candidate.activation().isPresent())
        .filter(c -> c.conditions().stream().noneMatch(s -> s.condition().dependsOnMarks()))
        .filter(candidate -> Chain.keepsSizes(candidate, flow, seed))
        .findFirst();
  }
}
