package dev.octet.api.operator;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What an operator of ONNX's default domain, or one that ONNX Runtime contributes, has over all
 * operator sets: operands, results, attributes. Read from {@code operators.txt} and {@code
 * contributed.txt}, which say of which versions of ONNX and of ONNX Runtime they are. Immutable and
 * thread-safe.
 */
public final class OperatorSignature {

  private static final SortedMap<String, OperatorSignature> ONNX =
      SignatureFile.read("operators.txt");
  private static final Map<String, OperatorSignature> BY_NAME = Map.copyOf(ONNX);
  private static final Map<String, OperatorSignature> CONTRIBUTED =
      Map.copyOf(SignatureFile.read("contributed.txt"));

  private final String name;
  private final NavigableMap<Long, Version> versions;
  private final Map<String, Set<Attribute.Value>> whenAbsent = new TreeMap<>();
  private final Map<String, SortedSet<String>> kinds = new TreeMap<>();
  private final Set<String> required = new HashSet<>();
  private final int operands;
  private final int results;

  /**
   * What one version of an operator has.
   *
   * @param operands the operands in order
   * @param results the results in order
   * @param attributes the attributes by name
   * @param types the element types that operands of a word for them may have
   */
  record Version(
      List<Parameter> operands,
      List<Parameter> results,
      SortedMap<String, AttributeSignature> attributes,
      Map<String, Set<DataType>> types) {

    /** Returns the operand of an index, from 0; empty when there is none. */
    Optional<Parameter> operand(int index) {
      return at(operands, index);
    }

    /** Returns the operand or the result of an index, from 0; empty when there is none. */
    static Optional<Parameter> at(List<Parameter> side, int index) {
      if (index < side.size()) {
        return Optional.of(side.get(index));
      }
      int last = side.size() - 1;
      return last >= 0 && side.get(last).variadic()
          ? Optional.of(side.get(last))
          : Optional.empty();
    }
  }

  /**
   * An operand or a result.
   *
   * @param name its name in the standard
   * @param optional whether it may be left out, as all of any number
   * @param variadic whether it stands for any number of them
   * @param type the word for its element type; empty for results
   * @param uniform whether all of that word have one type
   */
  record Parameter(String name, boolean optional, boolean variadic, String type, boolean uniform) {}

  /**
   * An attribute.
   *
   * @param kind the word for its type, such as {@code ints}
   * @param required whether it is always there
   * @param whenAbsent what it means when it is not; empty when nothing is stated
   */
  record AttributeSignature(String kind, boolean required, Optional<Attribute.Value> whenAbsent) {}

  OperatorSignature(String name, NavigableMap<Long, Version> versions) {
    this.name = name;
    this.versions = Collections.unmodifiableNavigableMap(versions);
    this.operands = most(Version::operands);
    this.results = most(Version::results);
    for (Version version : versions.values()) {
      version.attributes().forEach(this::add);
    }
  }

  /** Adds what the next version says of an attribute. */
  private void add(String attribute, AttributeSignature one) {
    one.whenAbsent()
        .ifPresent(
            value ->
                whenAbsent.computeIfAbsent(attribute, name -> new LinkedHashSet<>(2)).add(value));
    kinds.computeIfAbsent(attribute, name -> new TreeSet<>()).add(one.kind());
    if (one.required()) {
      required.add(attribute);
    } else {
      required.remove(attribute);
    }
  }

  /** Returns the operators of the default domain by name. */
  public static SortedMap<String, OperatorSignature> onnx() {
    return Collections.unmodifiableSortedMap(ONNX);
  }

  /** Returns an operator's signature; empty for those of other domains, and unknown ones. */
  public static Optional<OperatorSignature> of(OpType op) {
    return op.domain().isEmpty() ? Optional.ofNullable(BY_NAME.get(op.name())) : Optional.empty();
  }

  /**
   * Returns the signature that ONNX Runtime states of an operator of its domain {@code
   * com.microsoft}; empty for those of other domains, and unknown ones. Other runtimes may take
   * more types.
   */
  public static Optional<OperatorSignature> contributed(OpType op) {
    return op.domain().equals("com.microsoft")
        ? Optional.ofNullable(CONTRIBUTED.get(op.name()))
        : Optional.empty();
  }

  /** Returns the operator's name. */
  public String name() {
    return name;
  }

  /** Returns the versions of the operator set that define the operator anew. */
  public SortedSet<Long> versions() {
    return versions.navigableKeySet();
  }

  /** Returns the version that defines the operator in an operator set; empty when none does. */
  public OptionalLong since(long opset) {
    Long since = versions.floorKey(opset);
    return since == null ? OptionalLong.empty() : OptionalLong.of(since);
  }

  /** Tells whether the operator has an operand of an index, from 0, in any operator set. */
  public boolean hasOperand(int index) {
    return index < operands;
  }

  /** Tells whether the operator has a result of an index, from 0, in any operator set. */
  public boolean hasResult(int index) {
    return index < results;
  }

  /** Returns the names of its operands, those of the newest operator set, in order. */
  public List<String> operandNames() {
    return names(versions.lastEntry().getValue().operands());
  }

  /** Returns the names of its results, those of the newest operator set, in order. */
  public List<String> resultNames() {
    return names(versions.lastEntry().getValue().results());
  }

  /** Returns the names of the attributes that it has in any operator set. */
  public SortedSet<String> attributes() {
    SortedSet<String> all = new TreeSet<>();
    versions.values().forEach(version -> all.addAll(version.attributes().keySet()));
    return all;
  }

  /**
   * Returns the names of the attributes that it has in an operator set; none when no version
   * defines it there.
   */
  public SortedSet<String> attributes(long opset) {
    Map.Entry<Long, Version> version = versions.floorEntry(opset);
    return version == null
        ? new TreeSet<>()
        : new TreeSet<>(version.getValue().attributes().keySet());
  }

  /**
   * Returns the words for the types that an attribute has, such as {@code int} and {@code ints};
   * none when there is no such attribute.
   */
  public SortedSet<String> kinds(String attribute) {
    SortedSet<String> known = kinds.get(attribute);
    return known == null ? Collections.emptySortedSet() : Collections.unmodifiableSortedSet(known);
  }

  /** Tells whether the newest operator set that has an attribute requires it. */
  public boolean requires(String attribute) {
    return required.contains(attribute);
  }

  /**
   * Returns what an absent attribute means; empty when the standard does not say, or operator sets
   * say different things.
   */
  public Optional<Attribute.Value> whenAbsent(String attribute) {
    Set<Attribute.Value> said = whenAbsent.getOrDefault(attribute, Set.of());
    return said.size() == 1 ? said.stream().findFirst() : Optional.empty();
  }

  /**
   * Returns why a node is none of this operator in an operator set, as the second half of a
   * sentence: an operand or a result is missing or one too many, some operands that have one type
   * have two, an attribute is missing or is of another kind. Empty when nothing speaks against it;
   * shapes, values and which types they are is not looked at.
   *
   * @param node a node of this operator
   * @param opset the version of the operator set
   * @param types element types by operand index; empty where unknown, left out, or none of a tensor
   */
  public Optional<String> misuse(Node node, long opset, List<Optional<DataType>> types) {
    return misuseIn(node, opset, types).reason();
  }

  /**
   * Returns which operand of a node has an element type that no version of this operator takes, as
   * {@link #misuse}; runtimes may take more types than the standard.
   */
  public Optional<String> foreignType(Node node, long opset, List<Optional<DataType>> types) {
    return misuseIn(node, opset, types).otherType();
  }

  /**
   * Operator sets that are older than the operator are taken to have it in its first form, as ONNX
   * Runtime does it, which has other types there.
   */
  private NodeMisuse misuseIn(Node node, long opset, List<Optional<DataType>> types) {
    Map.Entry<Long, Version> version = versions.floorEntry(opset);
    return version == null
        ? new NodeMisuse(this, versions.firstEntry().getValue(), node, List.of())
        : new NodeMisuse(this, version.getValue(), node, types);
  }

  /** Returns the element types that an operand has in any operator set; empty when all are. */
  Set<DataType> operandTypes(int index) {
    Set<DataType> all = EnumSet.noneOf(DataType.class);
    for (Version version : versions.values()) {
      Optional<Set<DataType>> own =
          version.operand(index).map(one -> version.types().getOrDefault(one.type(), Set.of()));
      if (own.isPresent() && own.get().isEmpty()) {
        return Set.of();
      }
      own.ifPresent(all::addAll);
    }
    return all;
  }

  /** Returns how many a version has at most; {@link Integer#MAX_VALUE} for any number. */
  private int most(Function<Version, List<Parameter>> side) {
    return versions.values().stream()
        .map(side)
        .mapToInt(
            all ->
                !all.isEmpty() && all.get(all.size() - 1).variadic()
                    ? Integer.MAX_VALUE
                    : all.size())
        .max()
        .orElse(0);
  }

  private static List<String> names(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::name).toList();
  }

  /** Returns the name and the versions. */
  @Override
  public String toString() {
    return name + " " + versions.keySet();
  }
}
