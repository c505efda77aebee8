package dev.octet.kernels.scatter;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operators whose results are as long as some elements say: NonZero and Compress. */
final class Selection {

  private Selection() {}

  /** NonZero: {@code [rank, n]}. */
  static List<Optional<TensorType>> nonZeroShape(ShapeContext context) {
    Dimension count =
        context
            .constant(0)
            .filter(x -> isNumber(x.dataType()))
            .map(x -> Dimension.of(nonZeros(TensorArray.of(x)).length))
            .orElse(Dimensions.unknown());
    return ShapeContext.resultOf(
        Optional.of(DataType.INT64),
        context.dimensions(0).map(d -> List.of(Dimension.of(d.size()), count)));
  }

  /** Tells whether elements of a type can be compared with 0. */
  static boolean isNumber(DataType type) {
    return Elements.isReal(type) || type.isInteger() || type == DataType.BOOL;
  }

  private static int[] nonZeros(TensorArray x) {
    DataType type = x.type().dataType();
    boolean real = Elements.isReal(type);
    int[] found = new int[x.type().count()];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      boolean zero =
          real ? Elements.real(type, x.array(), i) == 0 : Elements.integer(type, x.array(), i) == 0;
      found[count] = i;
      count += zero ? 0 : 1;
    }
    return Arrays.copyOf(found, count);
  }

  /** NonZero: the places of elements other than 0, in row-major order, one to a column. */
  static Kernel nonZero(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Objects.requireNonNull(operands[0], "data");
        long[] target = (long[]) Objects.requireNonNull(results[0], "result");
        int[] found = nonZeros(new TensorArray(x, source));
        for (int i = 0; i < found.length; i++) {
          int rest = found[i];
          for (int axis = x.rank() - 1; axis >= 0; axis--) {
            target[axis * found.length + i] = rest % x.size(axis);
            rest /= x.size(axis);
          }
        }
      }
    };
  }

  /** Compress: as many slices as the condition has truths; without an axis, elements of a list. */
  static List<Optional<TensorType>> compressShape(ShapeContext context) {
    context.requireRank(1, 1, 1);
    Optional<List<Dimension>> data = context.dimensions(0);
    if (data.isEmpty()) {
      return ShapeContext.result(context.dataType(0), Optional.empty());
    }
    List<Dimension> result = new ArrayList<>(data.get());
    int axis = 0;
    if (hasAxis(context.node())) {
      axis = Dimensions.axis(context.node().intAttribute("axis", 0), result.size());
    } else {
      result = new ArrayList<>(List.of(Dimensions.product(result)));
    }
    Dimension size = result.get(axis);
    result.set(
        axis,
        context
            .constant(1)
            .filter(condition -> condition.dataType() == DataType.BOOL)
            .map(condition -> Dimensions.map(size, n -> chosen(condition, n).length))
            .orElse(Dimensions.unknown()));
    return ShapeContext.resultOf(context.dataType(0), Optional.of(result));
  }

  private static boolean hasAxis(Node node) {
    return node.attributes().containsKey("axis");
  }

  private static int[] chosen(Tensor condition, long size) {
    return chosen(condition.bytes(), Math.toIntExact(condition.elementCount()), size);
  }

  private static int[] chosen(byte[] condition, int length, long size) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      if (condition[i] != 0) {
        if (i >= size) {
          throw new ShapeMismatchException("a condition chooses slice " + i + " of " + size);
        }
        found.add(i);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  static Kernel compress(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int length = preparation.operand(1).count();
    int axis =
        hasAxis(preparation.node())
            ? Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank())
            : -1;
    int outer = axis < 0 ? 1 : x.product(0, axis);
    int block = axis < 0 ? 1 : x.product(axis + 1, x.rank());
    int size = axis < 0 ? x.count() : x.size(axis);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object source = Objects.requireNonNull(operands[0], "data");
        Object target = Objects.requireNonNull(results[0], "result");
        int[] slices =
            chosen((byte[]) Objects.requireNonNull(operands[1], "condition"), length, size);
        for (int i = 0; i < outer * slices.length; i++) {
          int slice = i / slices.length * size + slices[i % slices.length];
          System.arraycopy(source, slice * block, target, i * block, block);
        }
      }
    };
  }

  /** EyeLike: ones on the diagonal {@code column - row = k}, zeros elsewhere. */
  static List<Optional<TensorType>> eyeShape(ShapeContext context) {
    context.requireRank(0, 2, 2);
    long stated = context.node().intAttribute("dtype", 0);
    Optional<DataType> type = stated == 0 ? context.dataType(0) : DataType.ofOnnxNumber(stated);
    return ShapeContext.result(type, context.shape(0));
  }

  static Kernel eye(Preparation preparation) {
    ArrayType y = preparation.result(0);
    long k = preparation.node().intAttribute("k", 0);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object target = Objects.requireNonNull(results[0], "result");
        for (int i = 0; i < y.count(); i++) {
          int one = (long) (i % y.size(1)) - i / y.size(1) == k ? 1 : 0;
          if (Elements.isReal(y.dataType())) {
            Elements.putReal(y.dataType(), target, i, one);
          } else {
            Elements.putInteger(y.dataType(), target, i, one);
          }
        }
      }
    };
  }
}
