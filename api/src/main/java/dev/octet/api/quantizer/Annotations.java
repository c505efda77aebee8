package dev.octet.api.quantizer;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Optional;

/**
 * Where a quantizer puts its marks. Given by the caller for one graph; not thread-safe.
 *
 * <p>Every node has at most one owner: the rule that claimed it first. Points can be marked on
 * claimed nodes only.
 */
public interface Annotations {

  /**
   * Claims the nodes of one match for a rule.
   *
   * @param rule the rule's name, as reports show it
   * @param nodes the nodes of the match, at least one
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-001} if a node has an owner; {@code
   *     OCT-ANN-002} if a node is not of the graph; {@code OCT-ANN-006} if the caller's policy
   *     excludes a node
   */
  void claim(String rule, List<Node> nodes);

  /**
   * Marks an operand of a claimed node.
   *
   * @param node a claimed node
   * @param index the operand's index; the operand must be present
   * @param spec how the operand is quantized
   * @throws dev.octet.api.error.OctetException {@code OCT-ANN-003} if the node is not claimed;
   *     {@code OCT-ANN-007} if the point does not exist; {@code OCT-ANN-004} if the point is marked
   *     already
   */
  void markOperand(Node node, int index, QuantizationSpec spec);

  /** Marks a result of a claimed node; see {@link #markOperand}. */
  void markResult(Node node, int index, QuantizationSpec spec);

  /**
   * Keeps a marked point out of sharing parameters with other uses of its value just because their
   * specs are equal.
   */
  void optOutOfImplicitSharing(Point point);

  /**
   * Says why a node stays float. A later reason for the same node is ignored; so is a reason for a
   * claimed node.
   *
   * @param node the node
   * @param reason why, in plain words, for the report
   */
  void explain(Node node, String reason);

  /** Tells whether a rule owns the node. */
  boolean isClaimed(Node node);

  /** Tells whether the node can be claimed: no rule owns it, and the caller's policy permits it. */
  boolean isFree(Node node);

  /** Returns what the caller's policy says of a node; empty when it says nothing. */
  Optional<Directive> directive(Node node);

  /**
   * Says who decided on a node, for a quantizer with a policy of its own. The latest call counts;
   * where the caller's policy says something of the node, that is what reports show.
   *
   * @param node the node
   * @param who which selector, such as {@code operator type 'Conv'}
   */
  void decidedBy(Node node, String who);

  /**
   * Returns the names in the user's model of the nodes whose work a node does: its own, and those
   * of nodes that were folded into it. Selectors match any of them.
   */
  List<String> userNames(Node node);

  /**
   * Returns the nodes of the user's model whose work a node does, as far as the user's model is
   * known: with the operators and the metadata that the user's model has. Without it, the node
   * itself.
   */
  List<Node> userNodes(Node node);
}
