package dev.octet.tck.graphs;

import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
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

  /** How many combinations are tried for a base. */
  private static final int MOST_TRIED = 600;

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
    List<Composition> all = new ArrayList<>();
    Set<Capability.StepCondition> broken = new HashSet<>();
    for (Shape flow : FLOWS) {
      if (breadth == Breadth.NARROW && !all.isEmpty()) {
        return all;
      }
      for (Composition made : around(capability, prefix(index, capability), flow)) {
        if (made.broken().isEmpty() || broken.add(made.broken().get())) {
          all.add(made);
        }
      }
    }
    wide(index, capability).ifPresent(all::add);
    return all;
  }

  private Optional<Composition> wide(int index, Capability capability) {
    String prefix = prefix(index, capability);
    return WIDE_FLOWS.stream()
        .flatMap(flow -> base(capability, prefix, flow, carrierFor(capability, flow)).stream())
        .flatMap(chain -> chain.composition().stream())
        .findFirst();
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
      firstBase(i).ifPresent(base -> all.addAll(changedInLength(base)));
    }
    return all;
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

  private List<Composition> changedInLength(Chain base) {
    List<Chain> chains = new ArrayList<>();
    for (int steps = 1; steps < base.forms().size(); steps++) {
      chains.add(base.shortenedTo(steps));
    }
    OperatorForms.operators().stream()
        .map(OpType::onnx)
        .forEach(op -> base.extendedBy(op).ifPresent(chains::add));
    return chains.stream()
        .filter(chain -> capabilities.stream().noneMatch(c -> isOf(c, chain)))
        .flatMap(chain -> chain.composition().stream())
        .toList();
  }

  private static boolean isOf(Capability capability, Chain chain) {
    return capability.pattern().equals(chain.capability().pattern());
  }

  private List<Composition> around(Capability capability, String prefix, Shape flow) {
    Optional<Capability> carrier = carrierFor(capability, flow);
    Optional<Chain> base = base(capability, prefix, flow, carrier);
    if (base.isEmpty()) {
      return List.of();
    }
    List<Composition> all = new ArrayList<>(base.get().composition().stream().toList());
    for (int step = 0; step < capability.pattern().size(); step++) {
      List<NodeForm> forms = base.get().formsAt(step);
      for (NodeForm form : forms) {
        if (!form.equals(base.get().forms().get(step))) {
          Chain changed = base.get().with(step, form);
          changed.composition().ifPresent(all::add);
        }
      }
    }
    return all;
  }

  private Optional<Chain> base(
      Capability capability, String prefix, Shape flow, Optional<Capability> carrier) {
    int tried = 0;
    List<Chain> open = new ArrayList<>();
    open.add(new Chain(capability, prefix, flow, carrier, List.of(), seed));
    while (!open.isEmpty() && tried < MOST_TRIED) {
      Chain chain = open.remove(open.size() - 1);
      if (chain.isWhole()) {
        tried++;
        if (chain.composition().filter(made -> made.broken().isEmpty()).isPresent()) {
          return Optional.of(chain);
        }
      } else {
        List<NodeForm> forms = chain.formsAt(chain.forms().size());
        for (int i = forms.size() - 1; i >= 0; i--) {
          open.add(chain.followedBy(forms.get(i)));
        }
      }
    }
    return Optional.empty();
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
