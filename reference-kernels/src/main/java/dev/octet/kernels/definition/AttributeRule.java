package dev.octet.kernels.definition;

import dev.octet.api.graph.Attribute;
import java.util.ArrayList;
import java.util.List;

/** What the attributes of a node on floats become on integers. Stateless and thread-safe. */
@FunctionalInterface
public interface AttributeRule {

  /** The attributes stay as they are. */
  AttributeRule KEEP = FloatNode::attributes;

  /** The integer node has none: what they say is in its operands or bounds. */
  AttributeRule NONE = node -> List.of();

  /**
   * Returns the attributes of the integer node.
   *
   * @throws StaysFloatException if the node has no meaning on integers
   */
  List<Attribute> attributes(FloatNode node);

  /** Returns this rule with one attribute more. */
  default AttributeRule with(Attribute attribute) {
    return node -> {
      List<Attribute> all = new ArrayList<>(attributes(node));
      all.add(attribute);
      return all;
    };
  }
}
