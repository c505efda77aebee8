package dev.octet.api.runtime;

import dev.octet.api.graph.OpType;
import dev.octet.api.text.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A row of what a runtime declares: uses of operators, and by which rule and how exactly it
 * computes their integers. Incubating. Immutable.
 *
 * <pre>{@code
 * DeclaredUse.of("Conv", "Gemm")
 *     .operand(0, ValueForm.integers(DataType.INT8).perTensor())
 *     .operand(1, ValueForm.integers(DataType.INT8).perTensor().perChannel())
 *     .requantizedBy(RequantizationProfile.floatHalfEven())
 *     .exact();
 * }</pre>
 */
public final class DeclaredUse {

  private final Set<OpType> operators;
  private final Optional<String> domain;
  private final SortedMap<Integer, ValueForm> operands;
  private final Optional<ValueForm> everyOperand;
  private final SortedMap<Integer, ValueForm> results;
  private final Optional<String> proviso;
  private final UseSupport support;

  private DeclaredUse(Draft draft, Exactness exactness) {
    this.operators = Collections.unmodifiableSet(new TreeSet<>(draft.operators));
    this.domain = draft.domain;
    this.operands = Collections.unmodifiableSortedMap(new TreeMap<>(draft.operands));
    this.everyOperand = draft.everyOperand;
    this.results = Collections.unmodifiableSortedMap(new TreeMap<>(draft.results));
    this.proviso = draft.proviso;
    this.support = new UseSupport(exactness, draft.profile);
  }

  /**
   * Starts a row of operators of the default domain.
   *
   * @param onnxNames their names, at least one
   */
  public static Draft of(String... onnxNames) {
    return of(List.of(onnxNames).stream().map(OpType::onnx).toList());
  }

  /**
   * Starts a row of operators.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Draft of(Iterable<OpType> operators) {
    Draft draft = new Draft(Optional.empty());
    operators.forEach(draft.operators::add);
    if (draft.operators.isEmpty()) {
      throw new IllegalArgumentException("a declaration needs an operator");
    }
    return draft;
  }

  /**
   * Starts a row of every operator of a domain; rows that name the operator stand before it.
   *
   * @param domain the domain; empty for that of ONNX
   */
  public static Draft ofDomain(String domain) {
    return new Draft(Optional.of(domain));
  }

  /** Returns the operators; none where every one of a domain is meant. */
  public Set<OpType> operators() {
    return operators;
  }

  /** Returns the domain of which every operator is meant; empty where operators are named. */
  public Optional<String> domain() {
    return domain;
  }

  /** Returns what is asked of operands, by index. */
  public SortedMap<Integer, ValueForm> operands() {
    return operands;
  }

  /** Returns what is asked of every operand that {@link #operands} does not name. */
  public Optional<ValueForm> everyOperand() {
    return everyOperand;
  }

  /** Returns what is asked of results, by index. */
  public SortedMap<Integer, ValueForm> results() {
    return results;
  }

  /** Returns what else must hold, in words: what operators and types do not say. */
  public Optional<String> proviso() {
    return proviso;
  }

  /** Returns what is promised. */
  public UseSupport support() {
    return support;
  }

  /**
   * Tells whether a use is meant. What is asked of an operand that a node leaves out holds; what is
   * asked of one of which the use knows nothing does not.
   */
  boolean holds(OperatorUse use) {
    boolean named =
        domain.map(use.op().domain()::equals).orElseGet(() -> operators.contains(use.op()));
    return named
        && operands.entrySet().stream().allMatch(e -> holds(e.getValue(), use, e.getKey()))
        && everyOperand.map(form -> holdsForOthers(form, use)).orElse(true)
        && results.entrySet().stream()
            .allMatch(e -> holds(e.getValue(), use.results(), e.getKey()));
  }

  private boolean holdsForOthers(ValueForm form, OperatorUse use) {
    for (int i = 0; i < use.operands().size(); i++) {
      if (!operands.containsKey(i) && !holds(form, use, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(ValueForm form, OperatorUse use, int operand) {
    return use.leavesOut(operand) || holds(form, use.operands(), operand);
  }

  private static boolean holds(
      ValueForm form, List<Optional<OperatorUse.Value>> values, int index) {
    return index < values.size() && values.get(index).filter(form::holds).isPresent();
  }

  /** Returns how much the row asks: one that names operators asks more than any that does not. */
  int weight() {
    return (domain.isPresent() ? 0 : 1_000)
        + operands.size()
        + results.size()
        + (everyOperand.isPresent() ? 1 : 0);
  }

  /** Tells whether a use may be meant by both. */
  boolean meets(DeclaredUse other) {
    boolean sameOperator =
        domain.isPresent()
            ? domain.equals(other.domain)
            : operators.stream().anyMatch(other.operators::contains);
    Set<Integer> named = new TreeSet<>(operands.keySet());
    named.addAll(other.operands.keySet());
    return sameOperator
        && named.stream().allMatch(index -> meet(asked(index), other.asked(index)))
        && meet(everyOperand, other.everyOperand)
        && results.keySet().stream()
            .allMatch(
                index ->
                    meet(
                        Optional.ofNullable(results.get(index)),
                        Optional.ofNullable(other.results.get(index))));
  }

  private Optional<ValueForm> asked(int operand) {
    return Optional.ofNullable(operands.get(operand)).or(() -> everyOperand);
  }

  private static boolean meet(Optional<ValueForm> some, Optional<ValueForm> others) {
    return some.flatMap(form -> others.map(form::meets)).orElse(true);
  }

  /** Returns the uses in words, such as {@code Conv, operand 0: int8 per-tensor}. */
  public String uses() {
    List<String> words = new ArrayList<>();
    words.add(
        domain
            .map(d -> "every operator of " + (d.isEmpty() ? "ai.onnx" : d))
            .orElseGet(
                () -> operators.stream().map(OpType::toString).collect(Collectors.joining(", "))));
    operands.forEach((index, form) -> words.add("operand " + index + ": " + form));
    everyOperand.ifPresent(
        form -> words.add((operands.isEmpty() ? "" : "other ") + "operands: " + form));
    results.forEach((index, form) -> words.add("result " + index + ": " + form));
    return String.join("; ", words);
  }

  @Override
  public String toString() {
    return uses() + ": " + support + proviso.map(words -> ", provided that " + words).orElse("");
  }

  /** A row that is being written. Not thread-safe. */
  public static final class Draft {
    private final Set<OpType> operators = new TreeSet<>();
    private final Optional<String> domain;
    private final SortedMap<Integer, ValueForm> operands = new TreeMap<>();
    private Optional<ValueForm> everyOperand = Optional.empty();
    private final SortedMap<Integer, ValueForm> results = new TreeMap<>();
    private Optional<RequantizationProfile> profile = Optional.empty();
    private Optional<String> proviso = Optional.empty();

    private Draft(Optional<String> domain) {
      this.domain = domain;
    }

    /** Asks for the form of an operand, where the node has it. */
    public Draft operand(int index, ValueForm form) {
      operands.put(requireIndex(index), Objects.requireNonNull(form, "form"));
      return this;
    }

    private static int requireIndex(int index) {
      if (index < 0) {
        throw new IllegalArgumentException("index " + index + " is negative");
      }
      return index;
    }

    /** Asks for the form of every operand of which nothing else is asked. */
    public Draft everyOperand(ValueForm form) {
      everyOperand = Optional.of(form);
      return this;
    }

    /** Asks for the form of a result. */
    public Draft result(int index, ValueForm form) {
      results.put(requireIndex(index), Objects.requireNonNull(form, "form"));
      return this;
    }

    /** Says how integers are rounded; nothing is said of what moves them. */
    public Draft requantizedBy(RequantizationProfile rule) {
      profile = Optional.of(rule);
      return this;
    }

    /**
     * Says what else must hold for the promise.
     *
     * @param words a clause, such as {@code "weights lie in [-64, 64]"}
     */
    public Draft provided(String words) {
      proviso = Optional.of(Words.require(words, "what else must hold for a use"));
      return this;
    }

    /** Promises every integer. */
    public DeclaredUse exact() {
      return new DeclaredUse(this, new Exactness.Exact());
    }

    /**
     * Promises that no integer is further off.
     *
     * @param steps the largest difference, at least 1
     */
    public DeclaredUse bounded(int steps) {
      return new DeclaredUse(this, new Exactness.Bounded(steps));
    }

    /**
     * Says that these uses are not run on integers.
     *
     * @param reason why, as the second half of a sentence
     */
    public DeclaredUse unsupported(String reason) {
      return new DeclaredUse(this, new Exactness.Unsupported(reason));
    }
  }
}
