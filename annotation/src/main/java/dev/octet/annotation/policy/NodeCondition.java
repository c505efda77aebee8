package dev.octet.annotation.policy;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.tree.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A predicate that is written as data: every field that is given must hold.
 *
 * <ul>
 *   <li>{@code operators}: the node's operator is one of these;
 *   <li>{@code attributes}: the attributes have these values, as the model states them;
 *   <li>{@code operandRanks}: the operands have these ranks, by operand index;
 *   <li>{@code constantOperands}: the operands at these indices are constants;
 *   <li>{@code constantElementsAtLeast}, {@code constantElementsAtMost}: the number of elements of
 *       all constants that the node reads;
 *   <li>{@code name}: what reports call the predicate; the condition itself when it is not given.
 * </ul>
 */
final class NodeCondition implements Predicate<PolicyNode> {

  /** What equals no value that a condition can have. */
  private static final List<String> ANOTHER_KIND = List.of("another kind");

  private static final String NAME = "name";
  private static final String OPERATORS = "operators";
  private static final String ATTRIBUTES = "attributes";
  private static final String RANKS = "operandRanks";
  private static final String CONSTANTS = "constantOperands";
  private static final String AT_LEAST = "constantElementsAtLeast";
  private static final String AT_MOST = "constantElementsAtMost";

  private final Tree.Mapping tree;
  private final List<Predicate<PolicyNode>> parts = new ArrayList<>();

  private NodeCondition(Tree.Mapping tree) {
    this.tree = tree;
    tree.find(OPERATORS).ifPresent(this::operators);
    tree.find(ATTRIBUTES).ifPresent(this::attributes);
    tree.find(RANKS).ifPresent(this::ranks);
    tree.find(CONSTANTS).ifPresent(this::constants);
    tree.find(AT_LEAST).map(Tree::asLong).ifPresent(n -> add(x -> x.constantElements() >= n));
    tree.find(AT_MOST).map(Tree::asLong).ifPresent(n -> add(x -> x.constantElements() <= n));
  }

  /**
   * Reads a condition.
   *
   * @throws OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} for a value that does not
   *     fit its field, {@code OCT-POL-008} for a condition without fields
   */
  static Selector.Where selector(Tree tree) {
    Tree.Mapping fields = tree.asMapping();
    fields.allowOnly(NAME, OPERATORS, ATTRIBUTES, RANKS, CONSTANTS, AT_LEAST, AT_MOST);
    NodeCondition condition = new NodeCondition(fields);
    if (condition.parts.isEmpty()) {
      throw PolicyErrors.NO_CONDITION
          .error("a predicate needs a condition")
          .at(fields.position().toString())
          .candidates(List.of(OPERATORS, ATTRIBUTES, RANKS, CONSTANTS, AT_LEAST, AT_MOST))
          .build();
    }
    return new Selector.Where(condition.name(), condition);
  }

  Tree.Mapping toTree() {
    return tree;
  }

  @Override
  public boolean test(PolicyNode node) {
    return parts.stream().allMatch(part -> part.test(node));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeCondition that && tree.equals(that.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  private String name() {
    return tree.find(NAME).map(Tree::asText).orElseGet(() -> words(tree));
  }

  private void add(Predicate<PolicyNode> part) {
    parts.add(part);
  }

  private void operators(Tree wanted) {
    Set<String> names = new TreeSet<>();
    wanted.asItems().forEach(item -> names.add(item.asText()));
    add(node -> node.operators().stream().anyMatch(op -> names.contains(op.toString())));
  }

  private void attributes(Tree wanted) {
    Map<String, Object> values = new LinkedHashMap<>();
    wanted.asMapping().entries().forEach((name, value) -> values.put(name, value(value)));
    add(
        node ->
            values.entrySet().stream()
                .allMatch(
                    e -> e.getValue().equals(value(node.node().attributes().get(e.getKey())))));
  }

  private void ranks(Tree wanted) {
    Map<Integer, Integer> ranks = new LinkedHashMap<>();
    wanted.asMapping().entries().forEach((at, rank) -> ranks.put(index(at, rank), rank.asInt()));
    add(
        node ->
            ranks.entrySet().stream()
                .allMatch(e -> node.rank(e.getKey()).orElse(-1) == e.getValue()));
  }

  private void constants(Tree wanted) {
    List<Integer> indices =
        wanted.asItems().stream().map(item -> index(Long.toString(item.asLong()), item)).toList();
    add(node -> indices.stream().allMatch(index -> node.constant(index).isPresent()));
  }

  private static int index(String text, Tree at) {
    if (!text.matches("[0-9]{1,6}")) {
      throw at.outOfRange("'" + text + "' is no operand index, from 0");
    }
    return Integer.parseInt(text);
  }

  /** Values of both sides compare as texts, exact decimals, or lists of these. */
  private static Object value(Tree tree) {
    return tree.match(
        new Tree.Cases<Object>(
            Tree::asText,
            list -> list.items().stream().map(NodeCondition::value).toList(),
            Tree::asText,
            number -> number.value().stripTrailingZeros(),
            Tree::asText,
            Tree::asText));
  }

  private static Object value(@org.jspecify.annotations.Nullable Attribute attribute) {
    if (attribute == null) {
      return List.of("absent");
    }
    return attribute
        .value()
        .match(
            new Attribute.Value.Cases<Object>(
                integer -> decimal(integer.value()),
                number -> decimal(number.value()),
                Attribute.StringValue::value,
                integers -> integers.values().stream().map(v -> (Object) decimal(v)).toList(),
                numbers -> numbers.values().stream().map(NodeCondition::decimal).toList(),
                strings -> ANOTHER_KIND,
                tensor -> ANOTHER_KIND,
                graph -> ANOTHER_KIND,
                graphs -> ANOTHER_KIND,
                opaque -> ANOTHER_KIND));
  }

  private static BigDecimal decimal(long value) {
    return BigDecimal.valueOf(value).stripTrailingZeros();
  }

  /** The shortest decimal that reads back as the same float, as people write it. */
  private static Object decimal(float value) {
    String text = Float.toString(value);
    return Float.isFinite(value) ? new BigDecimal(text).stripTrailingZeros() : text;
  }

  private static String words(Tree tree) {
    return tree.match(
        new Tree.Cases<>(
            map -> "{" + words(map) + "}",
            list ->
                list.items().stream()
                    .map(NodeCondition::words)
                    .collect(Collectors.joining(", ", "[", "]")),
            Tree::asText,
            number -> number.value().toPlainString(),
            Tree::asText,
            Tree::asText));
  }

  private static String words(Tree.Mapping map) {
    return map.entries().entrySet().stream()
        .map(e -> e.getKey() + ": " + words(e.getValue()))
        .collect(Collectors.joining(", "));
  }
}
