package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.ConditionReasons.fail;
import static dev.octet.annotation.rules.ConditionReasons.oneOf;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.pattern.PlacedNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which attributes a node has. */
sealed interface AttributeCondition extends StatedCondition {

  /**
   * Every number of an integer attribute is one of these. An absent attribute means what ONNX says;
   * where it says nothing, an absent attribute does not fulfil the condition.
   *
   * @param attribute the attribute's name
   * @param values the numbers, at least one
   */
  record AttributeIn(String attribute, List<Long> values) implements AttributeCondition {
    /** Copies the list, which must not be empty. */
    public AttributeIn {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("attribute-in needs a value");
      }
    }

    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("int", "ints"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + oneOf(values);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      Optional<Node> given = withAttribute(node, attribute);
      if (given.isEmpty()) {
        return Optional.of(attribute + " is absent");
      }
      List<Long> found =
          given
              .get()
              .intsAttribute(attribute)
              .orElseGet(() -> List.of(given.get().intAttribute(attribute, values.get(0))));
      return fail(
          values.containsAll(found),
          () ->
              attribute
                  + " is "
                  + (found.size() == 1 ? found.get(0) : found)
                  + ", not "
                  + oneOf(values));
    }
  }

  /**
   * An attribute is absent.
   *
   * @param attribute the attribute's name
   */
  record AbsentAttribute(String attribute) implements AttributeCondition {
    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of(), false);
    }

    @Override
    public String words() {
      return attribute + " is absent";
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return fail(node.view().attribute(attribute).isEmpty(), () -> attribute + " is given");
    }

    @Override
    public Set<String> absent() {
      return Set.of(attribute);
    }
  }

  /**
   * A float attribute has this value. An absent one means what ONNX says, see {@link AttributeIn}.
   *
   * @param attribute the attribute's name
   * @param value the value
   */
  record FloatAttributeIs(String attribute, float value) implements AttributeCondition {
    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("float"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + value;
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return withAttribute(node, attribute)
          .map(given -> given.floatAttribute(attribute, value))
          .map(found -> fail(found == value, () -> attribute + " is " + found + ", not " + value))
          .orElseGet(() -> Optional.of(attribute + " is absent"));
    }
  }

  /**
   * A text attribute has one of these values. An absent one means what ONNX says, see {@link
   * AttributeIn}.
   *
   * @param attribute the attribute's name
   * @param values the values, at least one
   */
  record TextAttributeIn(String attribute, List<String> values) implements AttributeCondition {
    /** Copies the list, which must not be empty. */
    public TextAttributeIn {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("text-attribute-in needs a value");
      }
    }

    @Override
    public void name(Names names) {
      names.attribute(attribute, Set.of("string"), true);
    }

    @Override
    public String words() {
      return attribute + " is " + oneOf(values);
    }

    @Override
    public Optional<String> failure(PlacedNode node) {
      return withAttribute(node, attribute)
          .map(given -> given.stringAttribute(attribute, values.get(0)))
          .map(
              found ->
                  fail(
                      values.contains(found),
                      () -> attribute + " is " + found + ", not " + oneOf(values)))
          .orElseGet(() -> Optional.of(attribute + " is absent"));
    }
  }

  /** Returns the node with what an absent attribute means; empty where nobody says it. */
  private static Optional<Node> withAttribute(PlacedNode placed, String attribute) {
    Node node = placed.view().node();
    return node.attributes().containsKey(attribute)
        ? Optional.of(node)
        : OperatorSignature.of(node.op())
            .flatMap(known -> known.whenAbsent(attribute))
            .map(value -> node.withAttribute(new Attribute(attribute, value, Optional.empty())));
  }
}
