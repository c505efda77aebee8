package dev.octet.kernels.compile;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.Constant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a node without the sizes of a run: node, operator set, element types, and the
 * operands that are constants of the model whatever its inputs.
 *
 * @param signature the node and the element types of its operands
 * @param resultTypes element types by result index, also of results that nobody asked for
 * @param constants contents by operand index; empty where operands depend on inputs or their sizes
 */
public record Compilation(
    Signature signature, List<DataType> resultTypes, List<Optional<Constant>> constants) {

  /** Copies the lists. */
  public Compilation {
    resultTypes = List.copyOf(resultTypes);
    constants = List.copyOf(constants);
  }

  /** Returns the node. */
  public Node node() {
    return signature.node();
  }

  /** Returns the version of the operator set that the node's domain has in the model. */
  public long opset() {
    return signature.opset();
  }

  /** Tells whether an operand is present. */
  public boolean has(int operand) {
    return signature.operandType(operand).isPresent();
  }

  /** Returns the element type of an operand; empty when it is left out. */
  public Optional<DataType> operandType(int operand) {
    return signature.operandType(operand);
  }

  /** Returns the element type of a result. */
  public DataType resultType(int result) {
    return resultTypes.get(result);
  }

  /** Tells whether an operand is a constant of the model that takes no memory between runs. */
  public boolean isPassing(int operand) {
    return constant(operand).filter(Constant::isPassing).isPresent();
  }

  /** Returns an operand that is a constant of the model; empty when it is left out or is none. */
  public Optional<Constant> constant(int operand) {
    return operand < constants.size() ? constants.get(operand) : Optional.empty();
  }
}
