package dev.octet.kernels.shape;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;

/**
 * What is known of the elements of results that hold sizes: the few operators between a Shape and a
 * Reshape.
 */
public final class ContentRules {

  private ContentRules() {}

  /** Constant: its value. */
  public static Optional<Contents> constant(ShapeContext context) {
    return ConstantValue.of(context.node()).map(Contents::of);
  }

  /** Identity: all that is known of operand 0. */
  public static Optional<Contents> first(ShapeContext context) {
    return Optional.of(known(context, 0));
  }

  /** Shape: the dimensions of operand 0. */
  public static Optional<Contents> shape(ShapeContext context) {
    return context.dimensions(0).map(d -> Contents.ofSizes(ConstantValue.shape(context.node(), d)));
  }

  /** Cast, Squeeze, Unsqueeze, Reshape: the sizes in operand 0. */
  public static Optional<Contents> sizes(ShapeContext context) {
    return context.sizes(0).map(Contents::ofSizes);
  }

  /** Concat: sizes one behind the other. */
  public static Optional<Contents> concat(ShapeContext context) {
    return joined(context).map(Contents::ofSizes);
  }

  /** Gather along axis 0. */
  public static Optional<Contents> gather(ShapeContext context) {
    return gathered(context).map(Contents::ofSizes);
  }

  /** Slice with steps of 1. */
  public static Optional<Contents> slice(ShapeContext context) {
    return sliced(context).map(Contents::ofSizes);
  }

  /** Mul. */
  public static Optional<Contents> product(ShapeContext context) {
    return binary(context, Math::multiplyExact).map(Contents::ofSizes);
  }

  /** Add. */
  public static Optional<Contents> sum(ShapeContext context) {
    return binary(context, Math::addExact).map(Contents::ofSizes);
  }

  /** Sub. */
  public static Optional<Contents> difference(ShapeContext context) {
    return binary(context, Math::subtractExact).map(Contents::ofSizes);
  }

  /** Div. */
  public static Optional<Contents> quotient(ShapeContext context) {
    return binary(context, (a, b) -> b == 0 ? -1 : a / b).map(Contents::ofSizes);
  }

  private static Contents known(ShapeContext context, int operand) {
    Optional<Tensor> tensor = context.constant(operand);
    return tensor.isPresent()
        ? Contents.of(tensor.get())
        : new Contents(Optional.empty(), context.sizes(operand));
  }

  private static Optional<List<Dimension>> joined(ShapeContext context) {
    List<Dimension> all = new ArrayList<>();
    for (int i = 0; i < context.node().operands().size(); i++) {
      Optional<List<Dimension>> part = context.sizes(i);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(part.get());
    }
    return Optional.of(all);
  }

  private static Optional<List<Dimension>> gathered(ShapeContext context) {
    Optional<List<Dimension>> from = context.sizes(0);
    Optional<long[]> indices = context.integers(1);
    if (from.isEmpty() || indices.isEmpty() || context.node().intAttribute("axis", 0) != 0) {
      return Optional.empty();
    }
    int size = from.get().size();
    List<Dimension> taken = new ArrayList<>();
    for (long index : indices.get()) {
      if (index < -size || index >= size) {
        return Optional.empty();
      }
      taken.add(from.get().get((int) (index < 0 ? index + size : index)));
    }
    return Optional.of(taken);
  }

  private static Optional<List<Dimension>> sliced(ShapeContext context) {
    Optional<List<Dimension>> from = context.sizes(0);
    Optional<long[]> starts = context.integers("starts", 1);
    Optional<long[]> ends = context.integers("ends", 2);
    Optional<long[]> steps = context.integers(4);
    boolean plain = steps.isEmpty() ? !context.has(4) : Arrays.equals(steps.get(), new long[] {1});
    if (from.isEmpty() || starts.isEmpty() || ends.isEmpty() || !plain) {
      return Optional.empty();
    }
    if (starts.get().length != 1 || ends.get().length != 1) {
      return Optional.empty();
    }
    int size = from.get().size();
    long start = starts.get()[0];
    long end = ends.get()[0];
    int first = (int) Math.max(0, Math.min(size, start < 0 ? start + size : start));
    int last = (int) Math.max(first, Math.min(size, end < 0 ? end + size : end));
    return Optional.of(from.get().subList(first, last));
  }

  private static Optional<List<Dimension>> binary(
      ShapeContext context, LongBinaryOperator function) {
    Optional<List<Dimension>> a = context.sizes(0);
    Optional<List<Dimension>> b = context.sizes(1);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    int length = Math.max(a.get().size(), b.get().size());
    if ((a.get().size() != length && a.get().size() != 1)
        || (b.get().size() != length && b.get().size() != 1)) {
      return Optional.empty();
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      Dimension x = a.get().get(a.get().size() == 1 ? 0 : i);
      Dimension y = b.get().get(b.get().size() == 1 ? 0 : i);
      result.add(apply(x, y, function));
    }
    return Optional.of(result);
  }

  private static Dimension apply(Dimension x, Dimension y, LongBinaryOperator function) {
    if (x instanceof Dimension.Known a && y instanceof Dimension.Known b) {
      long value = function.applyAsLong(a.size(), b.size());
      return value < 0 ? Dimensions.unknown() : Dimension.of(value);
    }
    return Dimensions.unknown();
  }
}
