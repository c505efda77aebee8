package dev.octet.kernels.integer;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.primitive.ChannelWeights;
import dev.octet.kernels.primitive.MatrixGeometry;
import dev.octet.kernels.primitive.MatrixOperand;
import dev.octet.kernels.primitive.MatrixWeights;
import dev.octet.kernels.primitive.StoredIntegers;
import dev.octet.kernels.primitive.WideWeights;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads scales, zero points and other small operands of a node: in a run, or ahead of all runs. */
final class OperandReader {

  private static final int[] ZERO = {0};

  private final IntFunction<Optional<DataType>> dataTypes;
  private final IntFunction<ArrayType> types;
  private final IntFunction<@Nullable Object> arrays;
  private final IntFunction<StoredIntegers> stored;
  private final boolean constant;

  private OperandReader(
      IntFunction<Optional<DataType>> dataTypes,
      IntFunction<ArrayType> types,
      IntFunction<@Nullable Object> arrays,
      IntFunction<StoredIntegers> stored,
      boolean constant) {
    this.dataTypes = dataTypes;
    this.types = types;
    this.arrays = arrays;
    this.stored = stored;
    this.constant = constant;
  }

  /** Returns a reader of the operands of one run. */
  OperandReader(Preparation preparation, @Nullable Object[] operands) {
    this(
        i -> preparation.has(i) ? Optional.of(preparation.operand(i).dataType()) : Optional.empty(),
        preparation::operand,
        i -> operands[i],
        i ->
            StoredIntegers.of(
                preparation.operand(i).dataType(),
                (byte[]) Objects.requireNonNull(operands[i], "operand")),
        false);
  }

  /**
   * Returns a reader of the operands that are constants of the model; of others it knows the
   * element type.
   */
  static OperandReader ofConstants(Compilation compilation) {
    return new OperandReader(
        compilation::operandType,
        i -> compilation.constant(i).map(Constant::type).orElseThrow(),
        i -> compilation.constant(i).map(Constant::array).map(TensorArray::array).orElse(null),
        i -> StoredIntegers.of(compilation.constant(i).map(Constant::tensor).orElseThrow()),
        true);
  }

  /** Returns the integers of an operand of at most 8 bits that is present, as they are stored. */
  StoredIntegers stored(int index) {
    return stored.apply(index);
  }

  /** Returns the array of an operand that is present. */
  Object array(int index) {
    Object array = has(index) ? arrays.apply(index) : null;
    if (array == null) {
      throw new ShapeMismatchException("operand " + index + " is left out");
    }
    return array;
  }

  /** Returns the element type of an operand that is present. */
  DataType dataType(int index) {
    return dataTypes.apply(index).orElseThrow();
  }

  /** Returns the number of elements of an operand that is present. */
  int count(int index) {
    return types.apply(index).count();
  }

  /** Returns the elements of a float operand. */
  float[] floats(int index) {
    return Arrays.copyOf((float[]) array(index), count(index));
  }

  /** Returns the first element of a float operand. */
  float scale(int index) {
    return ((float[]) array(index))[0];
  }

  /** Returns the elements of an integer operand; a single 0 when it is left out. */
  int[] zeroPoints(int index) {
    return has(index) ? integers(index) : ZERO;
  }

  /** Returns the elements of an integer operand that is present. */
  int[] integers(int index) {
    int[] elements = new int[count(index)];
    IntegerArrays.widen(dataType(index), array(index), 0, elements.length, 0, elements, 0);
    return elements;
  }

  /**
   * Returns the elements of an operand of at most 16 bits, each less its zero point.
   *
   * @param slot the operand; a zero point that is left out is 0
   * @param channel for the index of an element, that of its zero point where there are several; it
   *     may run on over the number of zero points
   */
  int[] differences(QuantizedSlot slot, IntUnaryOperator channel) {
    int[] zeros = zeroPoints(slot.zeroPoint());
    int[] elements = integers(slot.value());
    for (int i = 0; i < elements.length; i++) {
      elements[i] -= zeros[zeros.length == 1 ? 0 : channel.applyAsInt(i) % zeros.length];
    }
    return elements;
  }

  /** Returns the elements of an operand of 32 or 64 bits that is present. */
  long[] longs(int index) {
    if (dataType(index) == DataType.INT64) {
      return Arrays.copyOf((long[]) array(index), count(index));
    }
    return Arrays.stream(integers(index)).asLongStream().toArray();
  }

  /** Returns type and sizes of an operand that is present. */
  ArrayType type(int index) {
    return types.apply(index);
  }

  /** Returns the first element of an integer operand; 0 when it is left out. */
  int zeroPoint(int index) {
    return has(index) ? IntegerArrays.element(dataType(index), array(index), 0) : 0;
  }

  /** Tells whether an operand is present. */
  boolean has(int index) {
    return dataTypes.apply(index).isPresent();
  }

  /**
   * Returns the weights of a convolution.
   *
   * @param w operand index of the weights, output channel outermost
   * @param zero operand index of one zero point, or one for each output channel
   */
  ChannelWeights channelWeights(int w, int zero) {
    ArrayType type = types.apply(w);
    return new ChannelWeights(
        stored.apply(w), type.size(0), type.product(1, type.rank()), zeroPoints(zero));
  }

  /**
   * Returns the left matrices of a product.
   *
   * @param a operand index of the matrices
   * @param zero operand index of their zero points
   */
  MatrixOperand leftMatrices(int a, int zero) {
    return new MatrixOperand(dataType(a), (byte[]) array(a), zeroPoints(zero));
  }

  /**
   * Returns the right matrices of a product.
   *
   * @param b operand index of the matrices
   * @param zero operand index of their zero points
   * @param sizes how the matrices lie in the operand
   */
  MatrixWeights rightMatrices(int b, int zero, Function<ArrayType, MatrixGeometry.Right> sizes) {
    return rightMatrices(b, zeroPoints(zero), sizes);
  }

  /**
   * Returns the right matrices of a product.
   *
   * @param b operand index of the matrices
   * @param zeros their zero points, as {@link MatrixWeights#of} takes them
   * @param sizes how the matrices lie in the operand
   */
  MatrixWeights rightMatrices(int b, int[] zeros, Function<ArrayType, MatrixGeometry.Right> sizes) {
    MatrixGeometry.Right right = sizes.apply(types.apply(b));
    return constant
        ? MatrixWeights.constant(stored.apply(b), zeros, right)
        : MatrixWeights.of(stored.apply(b), zeros, right);
  }

  /**
   * Returns the right matrices of a product with sums of 64 bits.
   *
   * @param slot the operand; a zero point that is left out is 0
   * @param sizes how the matrices lie in the operand
   */
  WideWeights wideMatrices(QuantizedSlot slot, Function<ArrayType, MatrixGeometry.Right> sizes) {
    return WideWeights.of(
        dataType(slot.value()),
        integers(slot.value()),
        zeroPoints(slot.zeroPoint()),
        sizes.apply(type(slot.value())));
  }
}
