package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Cases of operators that work element by element, computed in decimal numbers. */
final class Elementwise {

  static final List<DataType> INTEGERS =
      List.of(
          DataType.INT8,
          DataType.UINT8,
          DataType.INT16,
          DataType.UINT16,
          DataType.INT32,
          DataType.UINT32,
          DataType.INT64,
          DataType.UINT64);

  static final List<DataType> REALS =
      List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);

  static final List<DataType> WIDE_REALS = List.of(DataType.FLOAT, DataType.DOUBLE);

  private static final long[][][] SHAPES = {
    {{0}, {0}},
    {{0, 3}, {3}},
    {{}, {}},
    {{1}, {1}},
    {{7}, {7}},
    {{8}, {8}},
    {{9}, {}},
    {{2, 3, 4}, {3, 1}},
    {{1, 4}, {6, 1, 1}},
    {{130, 40}, {40}},
    {{20_000}, {20_000}}
  };

  private static final int[] LEFT = {0, 1, -1, 11, -11, 7, 5, -3, 10, 2, -8, 4, 3};
  private static final int[] RIGHT = {3, -2, 1, 7, -5, 11, -11, 2, 5};

  private Elementwise() {}

  static List<DataType> numbers() {
    return Stream.concat(INTEGERS.stream(), REALS.stream()).toList();
  }

  /**
   * Cases of a function of two numbers that broadcast. Integers wrap around, floats are rounded
   * once; the right operand is never 0.
   */
  static Stream<OperatorCase> pairs(
      String op, long opset, List<DataType> types, BinaryOperator<BigDecimal> function) {
    return pairs(op, opset, types, SHAPES, (type, x, y) -> text(type, function.apply(x, y)), false);
  }

  /** Cases of a function of two numbers, of which the right one broadcasts to the left one. */
  static Stream<OperatorCase> pairsOfTheLeftShape(
      String op, long opset, List<DataType> types, BinaryOperator<BigDecimal> function) {
    long[][][] shapes =
        Stream.of(SHAPES)
            .filter(s -> Arrays.equals(broadcast(s[0], s[1]), s[0]))
            .toArray(long[][][]::new);
    return pairs(op, opset, types, shapes, (type, x, y) -> text(type, function.apply(x, y)), false);
  }

  /** Cases of a relation of two numbers, or truth values, that broadcast. */
  static Stream<OperatorCase> relations(
      String op, long opset, List<DataType> types, BiPredicate<BigDecimal, BigDecimal> relation) {
    return pairs(
        op, opset, types, SHAPES, (type, x, y) -> Boolean.toString(relation.test(x, y)), true);
  }

  private interface Element {
    String of(DataType type, BigDecimal x, BigDecimal y);
  }

  private static Stream<OperatorCase> pairs(
      String op,
      long opset,
      List<DataType> types,
      long[][][] shapes,
      Element element,
      boolean truth) {
    return types.stream()
        .flatMap(
            type ->
                Stream.of(shapes)
                    .map(
                        pair ->
                            pair(
                                OperatorCase.of(op, opset),
                                type,
                                pair[0],
                                pair[1],
                                element,
                                truth ? DataType.BOOL : type)));
  }

  private static OperatorCase pair(
      OperatorCase node, DataType type, long[] a, long[] b, Element element, DataType result) {
    long[] sizes = broadcast(a, b);
    String[] expected = new String[count(sizes)];
    for (int i = 0; i < expected.length; i++) {
      BigDecimal x = value(type, LEFT, index(i, sizes, a));
      BigDecimal y = value(type, RIGHT, index(i, sizes, b));
      expected[i] = element.of(type, x, y);
    }
    return node.input(fill(type, i -> text(type, value(type, LEFT, i)), a))
        .input(fill(type, i -> text(type, value(type, RIGHT, i)), b))
        .gives(TensorLiteral.of(result, expected, sizes))
        .withEqualZeros();
  }

  /** Cases of a function of one number; integers wrap around. */
  static Stream<OperatorCase> singles(
      String op, long opset, List<DataType> types, UnaryOperator<BigDecimal> function) {
    return types.stream()
        .flatMap(
            type ->
                Stream.of(new long[] {0}, new long[0], new long[] {3, 3}, new long[] {20_000})
                    .map(
                        sizes ->
                            OperatorCase.of(op, opset)
                                .input(fill(type, i -> text(type, value(type, LEFT, i)), sizes))
                                .gives(
                                    fill(
                                        type,
                                        i -> text(type, function.apply(value(type, LEFT, i))),
                                        sizes))
                                .withEqualZeros()));
  }

  /** Returns a tensor whose elements are made from their row-major index. */
  static Tensor fill(DataType type, IntFunction<String> element, long... sizes) {
    String[] elements = new String[count(sizes)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = element.apply(i);
    }
    return TensorLiteral.of(type, elements, sizes);
  }

  /** A small number that every type can hold: eighths for floats, 0 or 1 for truth values. */
  private static BigDecimal value(DataType type, int[] pattern, int i) {
    int value = pattern[i % pattern.length];
    if (type == DataType.BOOL) {
      return BigDecimal.valueOf(value > 0 ? 1 : 0);
    }
    if (!type.isInteger()) {
      return BigDecimal.valueOf(value * 125L, 3);
    }
    return BigDecimal.valueOf(type.isSignedInteger() ? value : Math.abs(value));
  }

  private static String text(DataType type, BigDecimal value) {
    if (type == DataType.BOOL) {
      return Boolean.toString(value.signum() != 0);
    }
    return type.isInteger()
        ? wrapped(type, value.toBigIntegerExact()).toString()
        : value.toPlainString();
  }

  private static BigInteger wrapped(DataType type, BigInteger value) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(type.bits());
    BigInteger rest = value.mod(modulus);
    boolean negative = type.isSignedInteger() && rest.testBit(type.bits() - 1);
    return negative ? rest.subtract(modulus) : rest;
  }

  static int count(long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    return count;
  }

  static long[] broadcast(long[] a, long[] b) {
    long[] sizes = new long[Math.max(a.length, b.length)];
    for (int back = 1; back <= sizes.length; back++) {
      long x = back <= a.length ? a[a.length - back] : 1;
      long y = back <= b.length ? b[b.length - back] : 1;
      sizes[sizes.length - back] = x == 1 ? y : x;
    }
    return sizes;
  }

  /** The index in an operand of the element that belongs to an element of the result. */
  static int index(int element, long[] sizes, long[] own) {
    int rest = element;
    int index = 0;
    int stride = 1;
    for (int back = 1; back <= own.length; back++) {
      int coordinate = (int) (rest % sizes[sizes.length - back]);
      rest /= (int) sizes[sizes.length - back];
      index += own[own.length - back] == 1 ? 0 : coordinate * stride;
      stride *= (int) own[own.length - back];
    }
    return index;
  }
}
