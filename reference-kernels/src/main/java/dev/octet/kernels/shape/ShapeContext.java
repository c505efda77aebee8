package dev.octet.kernels.shape;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of a node when a shape rule is asked.
 *
 * @param node the node
 * @param opset the version of the operator set that the node's domain has in the model
 * @param operands types by operand index; empty where unknown or left out
 * @param contents contents by operand index, as far as they are known
 */
public record ShapeContext(
    Node node, long opset, List<Optional<TensorType>> operands, List<Contents> contents) {

  /** Copies the lists. */
  public ShapeContext {
    operands = List.copyOf(operands);
    contents = List.copyOf(contents);
  }

  /** Tells whether an operand is present. */
  public boolean has(int operand) {
    return node.operand(operand).isPresent();
  }

  /** Returns the element type of an operand; empty where unknown or left out. */
  public Optional<DataType> dataType(int operand) {
    return type(operand).map(TensorType::dataType);
  }

  /** Returns the shape of an operand; empty where unknown or left out. */
  public Optional<Shape> shape(int operand) {
    return type(operand).flatMap(TensorType::shape);
  }

  /** Returns the dimensions of an operand; empty where unknown or left out. */
  public Optional<List<Dimension>> dimensions(int operand) {
    return shape(operand).map(Shape::dimensions);
  }

  /** Returns the contents of a constant operand; empty where unknown or left out. */
  public Optional<Tensor> constant(int operand) {
    return content(operand).flatMap(Contents::tensor);
  }

  /** Returns the integers of a constant operand; empty where unknown, left out or no integers. */
  public Optional<long[]> integers(int operand) {
    return constant(operand).filter(t -> t.dataType().isInteger()).map(Tensor::integers);
  }

  /**
   * Returns the elements of an integer operand that holds sizes; an element that is only known by
   * its symbol is a symbol. Empty where unknown, left out or holding a negative number.
   */
  public Optional<List<Dimension>> sizes(int operand) {
    return content(operand).flatMap(Contents::sizes);
  }

  /**
   * Returns the elements of an operand that holds sizes, as {@link #sizes}.
   *
   * @throws ShapeMismatchException if it is no list, or is known to hold a negative number
   */
  public Optional<List<Dimension>> requireSizes(int operand) {
    requireRank(operand, 1, 1);
    integers(operand)
        .filter(sizes -> Arrays.stream(sizes).anyMatch(size -> size < 0))
        .ifPresent(
            sizes -> {
              throw new ShapeMismatchException("a shape of " + Arrays.toString(sizes));
            });
    return sizes(operand);
  }

  /**
   * Returns a list that is an attribute in older operator sets and an operand in newer ones; empty
   * when it is absent or its contents are unknown.
   *
   * @throws ShapeMismatchException if the operand is no list
   */
  public Optional<long[]> integers(String attribute, int operand) {
    return integers(attribute, operand, 1);
  }

  /** Returns a list, as {@link #integers(String, int)}, or the one number of an operand. */
  Optional<long[]> oneOrSeveralIntegers(String attribute, int operand) {
    return integers(attribute, operand, 0);
  }

  private Optional<long[]> integers(String attribute, int operand, int leastRank) {
    Optional<long[]> stated =
        node.intsAttribute(attribute).map(v -> v.stream().mapToLong(Long::longValue).toArray());
    if (stated.isPresent()) {
      return stated;
    }
    requireRank(operand, leastRank, 1);
    return integers(operand);
  }

  /**
   * Requires an operand whose shape is known to have a number of dimensions.
   *
   * @throws ShapeMismatchException if it has fewer or more
   */
  public void requireRank(int operand, int least, int most) {
    dimensions(operand)
        .filter(d -> d.size() < least || d.size() > most)
        .ifPresent(
            d -> {
              throw new ShapeMismatchException("operand " + operand + " has the shape " + d);
            });
  }

  /**
   * Requires an operand whose shape is known to have some sizes; those that are not known fit.
   *
   * @throws ShapeMismatchException if it has others
   */
  public void requireSizes(int operand, Dimension... sizes) {
    requireRank(operand, sizes.length, sizes.length);
    dimensions(operand)
        .ifPresent(
            d -> {
              for (int i = 0; i < sizes.length; i++) {
                Dimensions.same(d.get(i), sizes[i]);
              }
            });
  }

  /**
   * Requires an operand of one element, of any rank, where its shape is known and it is there.
   *
   * @throws ShapeMismatchException if it has others
   */
  public void requireOne(int operand) {
    requireOneOr(operand, Dimension.of(1));
  }

  /**
   * Requires an operand of one element, of any rank, or of as many as a size says, as far as both
   * are known and it is there.
   *
   * @throws ShapeMismatchException if it has others
   */
  public void requireOneOr(int operand, Dimension count) {
    Optional<Dimension> elements = dimensions(operand).map(Dimensions::product);
    if (elements.isPresent() && !Dimensions.is(elements.get(), 1)) {
      boolean unknown = elements.get().known().isEmpty() || count.known().isEmpty();
      if (!unknown && !elements.get().equals(count)) {
        throw new ShapeMismatchException(
            "operand "
                + operand
                + " has the shape "
                + dimensions(operand).orElseThrow()
                + ", neither one element nor "
                + count);
      }
    }
  }

  /**
   * Requires an attribute to be one of the words that the operator knows.
   *
   * @param absent what it is where it is left out
   * @throws ShapeMismatchException if it is another
   */
  public void requireChoice(String attribute, String absent, Set<String> known) {
    String stated = node.stringAttribute(attribute, absent);
    if (!known.contains(stated)) {
      throw new ShapeMismatchException(
          attribute + " '" + stated + "', where it is one of " + new TreeSet<>(known));
    }
  }

  /** Returns one result with an element type and a shape; empty if the element type is unknown. */
  public static List<Optional<TensorType>> result(
      Optional<DataType> dataType, Optional<Shape> shape) {
    return List.of(type(dataType, shape));
  }

  /** Returns one result with an element type and dimensions; see {@link #result}. */
  public static List<Optional<TensorType>> resultOf(
      Optional<DataType> dataType, Optional<List<Dimension>> dimensions) {
    return result(dataType, dimensions.map(Shape::new));
  }

  /** Returns a tensor type; empty if the element type is unknown. */
  public static Optional<TensorType> type(Optional<DataType> dataType, Optional<Shape> shape) {
    return dataType.map(d -> new TensorType(d, shape));
  }

  /** Returns this context with other operands in the place of the first ones, for derived rules. */
  public ShapeContext withOperands(int... sources) {
    List<String> names = new ArrayList<>();
    List<Optional<TensorType>> types = new ArrayList<>();
    List<Contents> values = new ArrayList<>();
    for (int source : sources) {
      names.add(node.operand(source).orElse(""));
      types.add(type(source));
      values.add(content(source).orElse(Contents.UNKNOWN));
    }
    return new ShapeContext(node.withOperands(names), opset, types, values);
  }

  private Optional<TensorType> type(int operand) {
    return operand < operands.size() ? operands.get(operand) : Optional.empty();
  }

  private Optional<Contents> content(int operand) {
    return operand < contents.size() ? Optional.of(contents.get(operand)) : Optional.empty();
  }
}
