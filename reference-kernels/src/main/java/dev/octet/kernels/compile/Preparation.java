package dev.octet.kernels.compile;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;

/**
 * What is known when a node is bound to sizes: attributes, operator set, element types and sizes of
 * operands and results, and the contents of constants.
 *
 * @param node the node
 * @param opset the version of the operator set that the node's domain has in the model
 * @param operands types by operand index; empty where the optional operand is left out
 * @param constants contents by operand index; empty where only a run knows them. Others than in a
 *     {@link Compilation} may depend on the sizes. The arrays are shared: a kernel reads them and
 *     never writes
 * @param results types by result index, also of results that nobody asked for
 */
public record Preparation(
    Node node,
    long opset,
    List<Optional<ArrayType>> operands,
    List<Optional<Constant>> constants,
    List<ArrayType> results) {

  /** Copies the lists. */
  public Preparation {
    operands = List.copyOf(operands);
    constants = List.copyOf(constants);
    results = List.copyOf(results);
  }

  /** Tells whether an operand is present. */
  public boolean has(int operand) {
    return operand < operands.size() && operands.get(operand).isPresent();
  }

  /**
   * Returns the type of an operand.
   *
   * @throws ShapeMismatchException if the operand is left out
   */
  public ArrayType operand(int index) {
    if (!has(index)) {
      throw new ShapeMismatchException("operand " + index + " is left out");
    }
    return operands.get(index).orElseThrow();
  }

  /** Returns the type of a result. */
  public ArrayType result(int index) {
    return results.get(index);
  }

  /** Returns the contents of a constant operand; empty when it is left out or not constant. */
  public Optional<TensorArray> constant(int operand) {
    return known(operand).map(Constant::array);
  }

  /** Returns the contents of a constant integer operand as longs; see {@link #constant}. */
  public Optional<long[]> integers(int operand) {
    return known(operand).map(c -> c.tensor().integers());
  }

  /**
   * Returns a list that is an attribute in older operator sets and an operand in newer ones; empty
   * when it is absent or not constant.
   */
  public Optional<long[]> integers(String attribute, int operand) {
    Optional<List<Long>> stated = node.intsAttribute(attribute);
    if (stated.isEmpty()) {
      return integers(operand);
    }
    long[] values = new long[stated.get().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = stated.get().get(i);
    }
    return Optional.of(values);
  }

  /**
   * Returns the single element of a constant FLOAT operand; empty when it is left out or not
   * constant.
   */
  public Optional<Float> floatScalar(int operand) {
    return known(operand)
        .filter(c -> c.type().dataType() == DataType.FLOAT && c.type().count() == 1)
        .map(c -> ((float[]) c.array().array())[0]);
  }

  private Optional<Constant> known(int operand) {
    return operand < constants.size() ? constants.get(operand) : Optional.empty();
  }
}
