package dev.octet.tck.graphs;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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

  /** A value of a rank that hardly any operator asks for; behind it the plainest form alone. */
  private static final Shape HIGH_FLOW = Shape.of(1, 4, 6, 3, 5);

  /** Values of ranks that a condition on ranks may leave out. */
  private static final List<Shape> OTHER_RANKS =
      List.of(Shape.of(), HIGH_FLOW, Shape.of(1, 2, 4, 3, 5, 6));

  /** Lengths of sums that 12 and 16 bits count just not. */
  private static final long[] LONG_SUMS = {4097, 65537};

  /** How many forms of one operator are taken to the edges of sizes. */
  private static final int MOST_FORMS = 4;

  /**
   * Chains of so many operators are composed in a few of the forms that meet the capability, behind
   * one value, and in one behind each other: their operators mostly have shorter chains in which
   * all of their forms are met. So are those that go on from a chain that is declared alone, and
   * that first in the forms of the operators that it has not.
   */
  private static final int LONG_CHAIN = 4;

  private static final int MOST_OF_CHAINS = 6;

  /** How many forms are tried for a base, each behind those before it. */
  private static final int MOST_TRIED = 1_200;

  /** As many of a long chain of which the capability gives examples. */
  private static final int MOST_TRIED_BESIDE_EXAMPLES = 60;

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
    String prefix = prefix(index, capability);
    List<Composition> all = new ArrayList<>(examples(index, capability));
    all.addAll(usual(capability, prefix));
    if (breadth == Breadth.WHOLE) {
      wide(index, capability).ifPresent(all::add);
      readTwice(all).ifPresent(all::add);
    }
    if (all.isEmpty()) {
      Examples.flows(capability, FLOWS).stream()
          .map(flow -> around(capability, prefix, flow))
          .filter(made -> !made.isEmpty())
          .findFirst()
          .ifPresent(all::addAll);
    }
    all.addAll(beyondUsual(index, capability, prefix));
    return differing(all);
  }

  /** At the edges of conditions, of other ranks, and behind what nobody quantizes. */
  private List<Composition> beyondUsual(int index, Capability capability, String prefix) {
    Optional<Chain> usual = firstBase(index);
    List<Composition> all = new ArrayList<>();
    recipe(index).ifPresent(base -> all.addAll(edges(capability, base, usual.isEmpty())));
    all.addAll(otherRanks(capability, prefix));
    usual
        .filter(base -> base.carrier().isPresent())
        .flatMap(base -> base.uncarried().composition())
        .ifPresent(all::add);
    return all;
  }

  /** Behind each usual value, or the first that the capability takes. */
  private List<Composition> usual(Capability capability, String prefix) {
    List<Composition> all = new ArrayList<>();
    Set<String> broken = new HashSet<>();
    boolean few = capability.pattern().size() >= LONG_CHAIN || shorter(capability) > 0;
    for (Shape flow : FLOWS) {
      int inside = all.isEmpty() ? 0 : MOST_OF_CHAINS - 1;
      for (Composition made : around(capability, prefix, flow)) {
        if (made.broken().isEmpty()
            ? !few || inside++ < MOST_OF_CHAINS
            : broken.add(missed(made, few))) {
          all.add(made);
        }
      }
      if (breadth == Breadth.NARROW && !all.isEmpty()) {
        return all;
      }
    }
    return all;
  }

  /**
   * Returns how many operators the longest chain has that is declared alone, of which a capability
   * is the same with more operators behind; none where there is no such chain.
   */
  private int shorter(Capability capability) {
    return capabilities.stream()
        .filter(other -> goesOn(capability, other))
        .mapToInt(other -> other.pattern().size())
        .max()
        .orElse(0);
  }

  private static boolean goesOn(Capability longer, Capability shorter) {
    int steps = shorter.pattern().size();
    return steps > 0
        && steps < longer.pattern().size()
        && longer.pattern().subList(0, steps).equals(shorter.pattern())
        && ends(longer).subList(0, steps - 1).equals(ends(shorter))
        && longer.mode() == shorter.mode()
        && longer.activationSpec().equals(shorter.activationSpec())
        && longer.weightSpec().equals(shorter.weightSpec())
        && longer.conditions().stream()
            .filter(asked -> asked.step() < steps)
            .toList()
            .equals(shorter.conditions());
  }

  /**
   * Returns what tells a composition from others that miss the same: the condition, and the ranks
   * that it is met at, of which few are enough where it does not ask for them.
   */
  private static String missed(Composition made, boolean few) {
    Capability.StepCondition broken = made.broken().orElseThrow();
    boolean anyRank = few && !Hints.of(List.of(broken)).aboutRanks();
    return broken + (anyRank ? "" : ranks(made));
  }

  /** Returns the ranks of what the node reads of which a condition does not hold. */
  private static String ranks(Composition made) {
    int step = made.broken().map(Capability.StepCondition::step).orElse(0);
    NodeView view = NodeView.of(made.model().graph(), made.chain().get(step));
    return IntStream.range(0, view.node().operands().size()).mapToObj(view::rank).toList() + "";
  }

  /**
   * Returns compositions of user's models in which a BatchNormalization is folded into the first
   * operator, of each capability that asks for that or keeps away from it.
   */
  public List<Composition> normalized() {
    List<Composition> all = new ArrayList<>();
    for (int i = 0; i < capabilities.size(); i++) {
      all.addAll(normalized(i));
    }
    return all;
  }

  private List<Composition> normalized(int index) {
    Capability capability = capabilities.get(index);
    boolean folds =
        capability.pattern().stream().findFirst().filter(op -> isNormalized(op)).isPresent()
            && !capability.conditions().isEmpty();
    for (Shape flow : folds ? FLOWS : List.<Shape>of()) {
      Chain open =
          Chain.of(capability, prefix(index, capability), flow, carrierFor(capability, flow), seed);
      Optional<Chain> apart = new Search(capability).from(open.behindNormalization());
      Optional<Chain> plain = new Search(capability).from(open);
      if (apart.isPresent() != plain.isPresent()) {
        return apart
            .map(base -> variants(base, 0))
            .orElseGet(() -> plain.get().behindNormalization().composition().stream().toList());
      }
      if (plain.isPresent()) {
        return List.of();
      }
    }
    return List.of();
  }

  /** Those that Octet folds one into. */
  private static boolean isNormalized(OpType op) {
    return op.is("Conv") || op.is("Gemm");
  }

  /**
   * Returns how a model that meets a capability is made: of usual sizes, else of sizes and
   * attributes that its conditions lead to; empty when none is found.
   */
  private Optional<Recipe> recipe(int index) {
    Capability capability = capabilities.get(index);
    return capability.pattern().isEmpty()
        ? Optional.empty()
        : firstBase(index).map(Recipe::of).or(() -> mended(index, capability));
  }

  /**
   * Returns what keeps every graph that the kit composes from meeting a capability, in words: the
   * conditions that the nearest graph breaks, or operators of which the kit knows no form.
   */
  public String obstacle(int index) {
    Capability capability = capabilities.get(index);
    String unknown =
        capability.pattern().stream()
            .map(OpType::toString)
            .filter(op -> !OperatorForms.operators().contains(op))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      return "the kit knows no form of " + unknown;
    }
    return nearest(index, capability).stream()
        .flatMap(chain -> chain.model().map(chain::broken).stream())
        .filter(broken -> !broken.isEmpty())
        .min(Comparator.comparing(List::size))
        .map(Composer::words)
        .orElse("its operators do not fit each other in any form that the kit knows");
  }

  private static String words(List<Capability.StepCondition> broken) {
    return broken.stream()
            .map(asked -> "'" + asked.condition().words() + "'")
            .collect(Collectors.joining(" and "))
        + " could not be met";
  }

  private Optional<Recipe> mended(int index, Capability capability) {
    Edges edges = new Edges(capability);
    return nearest(index, capability).stream()
        .flatMap(nearest -> edges.mended(Recipe.of(nearest), 0).stream())
        .findFirst();
  }

  /** Returns a chain behind each usual value, of forms that break few conditions. */
  private List<Chain> nearest(int index, Capability capability) {
    return FLOWS.stream()
        .flatMap(flow -> nearest(capability, prefix(index, capability), flow).stream())
        .toList();
  }

  private Optional<Chain> nearest(Capability capability, String prefix, Shape flow) {
    Chain made = Chain.of(capability, prefix, flow, carrierFor(capability, flow), seed);
    while (!made.isWhole()) {
      Chain before = made;
      Optional<Chain> next =
          before.formsAt(before.forms().size()).stream()
              .map(before::followedBy)
              .filter(chain -> chain.brokenSoFar().isPresent())
              .min(Comparator.comparing(chain -> chain.brokenSoFar().orElseThrow()));
      if (next.isEmpty()) {
        return Optional.empty();
      }
      made = next.get();
    }
    return Optional.of(made);
  }

  /**
   * Returns compositions at the edges of conditions, in each form that meets them all.
   *
   * @param unusual whether the base is none of those that are composed in any case
   */
  private List<Composition> edges(Capability capability, Recipe base, boolean unusual) {
    Edges edges = new Edges(capability);
    List<Composition> all = new ArrayList<>();
    if (unusual) {
      base.chain().ifPresent(chain -> all.addAll(variants(chain, 0)));
      all.addAll(withOtherForms(edges, base));
    }
    List<Composition> around = edges.around(base);
    all.addAll(around);
    if (!around.isEmpty()) {
      otherForms(base).forEach(other -> all.addAll(edges.around(other)));
    }
    if (breadth == Breadth.WHOLE) {
      edges.stated(base).ifPresent(all::add);
      if (capability.weight().isPresent()) {
        all.addAll(edges.deep(base, LONG_SUMS));
      }
    }
    return all;
  }

  /**
   * Returns the recipe with each other form of its first operator that all conditions but one fit.
   */
  private static List<Composition> withOtherForms(Edges edges, Recipe base) {
    return base.open().formsAt(0).stream()
        .map(
            form -> new Recipe(base.open(), base.forms(), Map.of(), List.of()).with(0, form.name()))
        .flatMap(recipe -> edges.mended(recipe, 1).stream())
        .flatMap(recipe -> recipe.chain().flatMap(Chain::composition).stream())
        .toList();
  }

  /** Returns the recipe with other forms of its first operator, as long as all conditions hold. */
  private static List<Recipe> otherForms(Recipe base) {
    return base.open().formsAt(0).stream()
        .map(NodeForm::name)
        .filter(form -> !form.equals(base.forms().get(0)))
        .map(form -> base.with(0, form))
        .filter(recipe -> Tried.of(recipe).filter(Tried::isMet).isPresent())
        .limit(MOST_FORMS)
        .toList();
  }

  /** Behind values of ranks that are met by chance alone, and of those that are left out. */
  private List<Composition> otherRanks(Capability capability, String prefix) {
    List<Composition> all = new ArrayList<>();
    if (capability.pattern().isEmpty()) {
      return all;
    }
    if (breadth == Breadth.WHOLE) {
      base(capability, prefix, HIGH_FLOW, carrierFor(capability, HIGH_FLOW))
          .flatMap(Chain::composition)
          .ifPresent(all::add);
    }
    if (Hints.of(capability.conditions()).aboutRanks()) {
      Stream.concat(FLOWS.stream(), OTHER_RANKS.stream())
          .flatMap(flow -> nearest(capability, prefix, flow).stream())
          .flatMap(chain -> chain.composition().stream())
          .forEach(all::add);
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
  private Optional<Composition> readTwice(List<Composition> all) {
    return all.stream()
        .filter(made -> made.broken().isEmpty() && !made.name().contains("/example"))
        .findFirst()
        .flatMap(this::readTwice);
  }

  private Optional<Composition> readTwice(Composition plain) {
    return ForeignOperators.to(capabilities)
        .flatMap(op -> Variants.readTwice(plain.model(), op, "reader"))
        .filter(
            model ->
                PlacedInMatch.holds(
                    plain.capability(), model.graph(), plain.chain(), Chain::isCarrier))
        .map(model -> plain.in(model, "read-twice"));
  }

  static String prefix(int index, Capability capability) {
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
    return base(capability, prefix, flow, carrierFor(capability, flow))
        .map(base -> variants(base, shorter(capability)))
        .orElse(List.of());
  }

  /**
   * Returns a chain, what reads it outside, and the chain with each other form in one place.
   *
   * @param last the number of places that come last
   */
  private static List<Composition> variants(Chain base, int last) {
    List<Composition> all = new ArrayList<>(base.composition().stream().toList());
    all.addAll(readOutside(all.get(0), false));
    int places = base.forms().size();
    for (int i = 0; i < places; i++) {
      int place = (i + last) % places;
      for (NodeForm form : base.formsAt(place)) {
        if (!form.equals(base.forms().get(place))) {
          changed(base, place, form).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** Forms behind the one that is changed follow where they do not fit it. */
  private static Optional<Composition> changed(Chain base, int place, NodeForm form) {
    Chain changed = base.with(place, form);
    return changed.model().isPresent()
        ? changed.composition()
        : Recipe.of(base).with(place, form.name()).chain().flatMap(Chain::composition);
  }

  private Optional<Chain> base(
      Capability capability, String prefix, Shape flow, Optional<Capability> carrier) {
    return capability.pattern().isEmpty()
        ? Optional.empty()
        : new Search(capability).from(Chain.of(capability, prefix, flow, carrier, seed));
  }

  /** The search for forms that meet every condition; see {@link #MOST_TRIED}. */
  private static final class Search {
    private final int most;
    private int tried;

    Search(Capability capability) {
      boolean given = !capability.examples().isEmpty() && capability.pattern().size() >= LONG_CHAIN;
      this.most = given ? MOST_TRIED_BESIDE_EXAMPLES : MOST_TRIED;
    }

    /**
     * Forms with which all conditions hold so far go first. Behind those with which one does not a
     * later operator may make it hold, as one about who reads a value.
     */
    Optional<Chain> from(Chain open) {
      List<Open> later = new ArrayList<>();
      for (NodeForm form : open.formsAt(open.forms().size())) {
        if (tried++ >= most) {
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
