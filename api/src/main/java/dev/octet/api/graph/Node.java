package dev.octet.api.graph;

import dev.octet.api.text.Brief;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One operator of a graph. Immutable.
 *
 * @param name the node's stable name, unique in the whole model, subgraphs included
 * @param op the operator
 * @param operands names of the values it reads, by operand index; an empty name is an optional
 *     operand that is left out
 * @param results names of the values it defines, by result index; an empty name is a result that
 *     nobody asked for
 * @param attributes the attributes by name, in the order of the model
 * @param metadata free text by key, such as {@code pkg.torch.onnx.name_scopes}, in the order of the
 *     model
 * @param origin what the format keeps of it; empty for nodes that Octet made
 */
public record Node(
    String name,
    OpType op,
    List<String> operands,
    List<String> results,
    Map<String, Attribute> attributes,
    Map<String, String> metadata,
    Optional<Origin> origin) {

  /** Copies the collections, keeping their order. */
  public Node {
    if (Objects.requireNonNull(name, "name").isEmpty()) {
      throw new IllegalArgumentException("a node needs a name");
    }
    Objects.requireNonNull(op, "op");
    operands = List.copyOf(operands);
    results = List.copyOf(results);
    attributes = inOrder(attributes);
    metadata = inOrder(metadata);
    Objects.requireNonNull(origin, "origin");
  }

  /** Returns a node that Octet made. */
  public static Node of(
      String name,
      OpType op,
      List<String> operands,
      List<String> results,
      Attribute... attributes) {
    Map<String, Attribute> byName = new LinkedHashMap<>();
    for (Attribute attribute : attributes) {
      byName.put(attribute.name(), attribute);
    }
    return new Node(name, op, operands, results, byName, Map.of(), Optional.empty());
  }

  /** Returns the name of the value at an operand index; empty when the operand is left out. */
  public Optional<String> operand(int index) {
    boolean present = index < operands.size() && !operands.get(index).isEmpty();
    return present ? Optional.of(operands.get(index)) : Optional.empty();
  }

  /** Returns this node with other operands. */
  public Node withOperands(List<String> newOperands) {
    return new Node(name, op, newOperands, results, attributes, metadata, origin);
  }

  /** Returns this node with other results. */
  public Node withResults(List<String> newResults) {
    return new Node(name, op, operands, newResults, attributes, metadata, origin);
  }

  /** Returns this node with other metadata. */
  public Node withMetadata(Map<String, String> newMetadata) {
    return new Node(name, op, operands, results, attributes, newMetadata, origin);
  }

  /** Returns this node with one attribute added or replaced. */
  public Node withAttribute(Attribute attribute) {
    Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
    changed.put(attribute.name(), attribute);
    return new Node(name, op, operands, results, changed, metadata, origin);
  }

  /** Returns this node without an attribute. */
  public Node withoutAttribute(String attributeName) {
    Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
    changed.remove(attributeName);
    return new Node(name, op, operands, results, changed, metadata, origin);
  }

  /** Returns an integer attribute, or the default when it is absent. */
  public long intAttribute(String attributeName, long defaultValue) {
    return value(attributeName, Attribute.IntValue.class)
        .map(Attribute.IntValue::value)
        .orElse(defaultValue);
  }

  /** Returns a float32 attribute, or the default when it is absent. */
  public float floatAttribute(String attributeName, float defaultValue) {
    return value(attributeName, Attribute.FloatValue.class)
        .map(Attribute.FloatValue::value)
        .orElse(defaultValue);
  }

  /** Returns a string attribute, or the default when it is absent. */
  public String stringAttribute(String attributeName, String defaultValue) {
    return value(attributeName, Attribute.StringValue.class)
        .map(Attribute.StringValue::value)
        .orElse(defaultValue);
  }

  /** Returns an attribute of integers; empty when it is absent. */
  public Optional<List<Long>> intsAttribute(String attributeName) {
    return value(attributeName, Attribute.IntsValue.class).map(Attribute.IntsValue::values);
  }

  /** Returns an attribute of float32 numbers; empty when it is absent. */
  public Optional<List<Float>> floatsAttribute(String attributeName) {
    return value(attributeName, Attribute.FloatsValue.class).map(Attribute.FloatsValue::values);
  }

  /** Returns the subgraph of an attribute that holds exactly one; empty when it is absent. */
  public Optional<Graph> graphAttribute(String attributeName) {
    return value(attributeName, Attribute.GraphValue.class).map(Attribute.GraphValue::graph);
  }

  /** Returns a tensor attribute; empty when it is absent. */
  public Optional<Tensor> tensorAttribute(String attributeName) {
    return value(attributeName, Attribute.TensorValue.class).map(Attribute.TensorValue::value);
  }

  /** Returns the subgraphs of all attributes, in the order of the attributes. */
  public List<Graph> subgraphs() {
    if (attributes.isEmpty()) {
      return List.of();
    }
    List<Graph> graphs = new ArrayList<>();
    for (Attribute attribute : attributes.values()) {
      graphs.addAll(attribute.value().graphs());
    }
    return graphs;
  }

  /**
   * Returns this node with other subgraphs in the place of {@link #subgraphs}, in the same order.
   *
   * @param others as many subgraphs as this node has
   * @throws IllegalArgumentException if they are more or fewer
   */
  public Node withSubgraphs(List<Graph> others) {
    int count = subgraphs().size();
    if (others.size() != count) {
      throw new IllegalArgumentException(
          others.size() + " subgraphs in the place of " + count + " of node '" + name + "'");
    }
    Map<String, Attribute> changed = new LinkedHashMap<>(attributes);
    Iterator<Graph> next = others.iterator();
    for (Attribute attribute : attributes.values()) {
      List<Graph> graphs = attribute.value().graphs().stream().map(graph -> next.next()).toList();
      if (!graphs.isEmpty()) {
        Attribute.Value value = attribute.value().withGraphs(graphs);
        changed.put(attribute.name(), new Attribute(attribute.name(), value, attribute.origin()));
      }
    }
    return new Node(name, op, operands, results, changed, metadata, origin);
  }

  private static <V> Map<String, V> inOrder(Map<String, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(Graph.inOrder(map));
  }

  private <T extends Attribute.Value> Optional<T> value(String attributeName, Class<T> kind) {
    Attribute attribute = attributes.get(attributeName);
    return attribute != null && kind.isInstance(attribute.value())
        ? Optional.of(kind.cast(attribute.value()))
        : Optional.empty();
  }

  /** Returns operator and name, in one line. */
  @Override
  public String toString() {
    return "%s '%s' of %s operands and %s results"
        .formatted(op, Brief.text(name), operands.size(), results.size());
  }
}
