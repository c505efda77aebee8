package dev.octet.kernels.sequence;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues.Member;
import dev.octet.api.graph.GraphValues.Value;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.shape.ConstantValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The sizes of the parts that a SplitToSequence makes.
 *
 * @param sizes the size of each part along the axis
 * @param axis the axis, from the end where negative
 * @param squeezed whether the parts, of size 1, lose the axis
 */
record SplitSizes(List<Long> sizes, long axis, boolean squeezed) {

  private static final int SPLIT = 1;
  private static final Set<DataType> INDICES = Set.of(DataType.INT32, DataType.INT64);

  /** Copies the list. */
  SplitSizes {
    sizes = List.copyOf(sizes);
  }

  /**
   * Returns the sizes of a node's parts; empty where they are not known, or would be more parts
   * than the most.
   */
  static Optional<SplitSizes> of(Member member, int most) {
    long axis = member.node().intAttribute("axis", 0);
    boolean even = member.operand(SPLIT).isEmpty();
    boolean squeezed = even && member.node().intAttribute("keepdims", 1) == 0;
    Optional<Tensor> split = even ? Optional.of(Tensor.of(new long[] {1})) : tensor(member, SPLIT);
    return split
        .flatMap(
            stated ->
                stated.sizes().length == 0
                    ? size(member, axis).flatMap(all -> chunks(all, stated.integers()[0], most))
                    : Optional.of(stated.integers()))
        .filter(sizes -> sizes.length <= most && Arrays.stream(sizes).allMatch(size -> size >= 0))
        .map(sizes -> new SplitSizes(Arrays.stream(sizes).boxed().toList(), axis, squeezed));
  }

  /** Returns how many parts there are. */
  int count() {
    return sizes.size();
  }

  /** Returns the integers that an operand holds; empty where it is no constant. */
  static Optional<long[]> integers(Member member, int operand) {
    return tensor(member, operand).map(Tensor::integers);
  }

  private static Optional<Tensor> tensor(Member member, int operand) {
    Optional<Value> value = member.operand(operand);
    return value
        .flatMap(Value::constant)
        .or(
            () ->
                value
                    .flatMap(Value::producer)
                    .filter(producer -> producer.node().op().is("Constant"))
                    .flatMap(producer -> ConstantValue.of(producer.node())))
        .filter(constant -> INDICES.contains(constant.dataType()));
  }

  private static Optional<Long> size(Member member, long axis) {
    Optional<Shape> shape = member.operand(0).flatMap(Value::shape);
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    int rank = shape.get().rank();
    if (axis < -rank || axis >= rank) {
      return Optional.empty();
    }
    OptionalLong known =
        shape.get().dimensions().get((int) (axis < 0 ? axis + rank : axis)).known();
    return known.isPresent() ? Optional.of(known.getAsLong()) : Optional.empty();
  }

  /** Returns parts of one size, of which the last may be smaller. */
  private static Optional<long[]> chunks(long size, long each, int most) {
    if (each <= 0 || (size + each - 1) / each > most) {
      return Optional.empty();
    }
    long[] sizes = new long[(int) ((size + each - 1) / each)];
    Arrays.fill(sizes, each);
    if (size % each != 0) {
      sizes[sizes.length - 1] = size % each;
    }
    return Optional.of(sizes);
  }
}
