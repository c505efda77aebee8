package dev.octet.kernels.cases;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reductions over any axes, and the places of extremes. */
final class ReductionCases {

  private static final MathContext DIGITS = new MathContext(60);
  private static final long[] SIZES = {3, 2, 4};

  private static final long[][] AXES = {{0}, {1}, {2}, {-1}, {0, 2}, {-3, -2}, {0, 1, 2}};

  private ReductionCases() {}

  static Stream<OperatorCase> cases() {
    return Stream.of(
            reduction("ReduceSum", ReductionCases::sum),
            reduction("ReduceMean", x -> sum(x).divide(count(x), DIGITS)),
            reduction("ReduceMax", x -> x.stream().reduce(BigDecimal::max).orElseThrow()),
            reduction("ReduceMin", x -> x.stream().reduce(BigDecimal::min).orElseThrow()),
            reduction("ReduceProd", x -> x.stream().reduce(BigDecimal::multiply).orElseThrow()),
            reduction("ReduceL1", x -> sum(x.stream().map(BigDecimal::abs).toList())),
            reduction("ReduceL2", x -> squares(x).sqrt(DIGITS)),
            reduction("ReduceSumSquare", ReductionCases::squares),
            reduction("ReduceLogSum", x -> BigDecimal.valueOf(Math.log(sum(x).doubleValue()))),
            reduction("ReduceLogSumExp", ReductionCases::logSumExp),
            integers(),
            ofNothing(),
            ofSpecialValues(),
            arguments())
        .flatMap(cases -> cases);
  }

  private static BigDecimal sum(List<BigDecimal> x) {
    return x.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal squares(List<BigDecimal> x) {
    return sum(x.stream().map(v -> v.multiply(v)).toList());
  }

  private static BigDecimal count(List<BigDecimal> x) {
    return BigDecimal.valueOf(x.size());
  }

  private static BigDecimal logSumExp(List<BigDecimal> x) {
    double sum = 0;
    for (BigDecimal value : x) {
      sum += Math.exp(value.doubleValue());
    }
    return BigDecimal.valueOf(Math.log(sum));
  }

  /** Positive eighths, by every set of axes, with axes as attribute and as operand. */
  private static Stream<OperatorCase> reduction(
      String op, Function<List<BigDecimal>, BigDecimal> function) {
    List<OperatorCase> cases = new ArrayList<>();
    int lastOfAttributes = op.equals("ReduceSum") ? 11 : 13;
    for (long[] axes : AXES) {
      for (int keep = 0; keep < 2; keep++) {
        Tensor x = Elementwise.fill(DataType.FLOAT, ReductionCases::value, SIZES);
        Tensor y = reduced(axes, keep == 1, function);
        cases.add(
            OperatorCase.of(op, lastOfAttributes)
                .input(x)
                .integers("axes", axes)
                .integer("keepdims", keep)
                .gives(y)
                .within(1));
        cases.add(
            OperatorCase.of(op, 18)
                .input(x)
                .constant(Tensor.of(axes, axes.length))
                .integer("keepdims", keep)
                .gives(y)
                .within(1));
      }
    }
    return cases.stream();
  }

  private static String value(int i) {
    return BigDecimal.valueOf((i * 7 % 24 + 1) * 125L, 3).toString();
  }

  /** Groups the elements by their coordinates along the axes that stay. */
  private static Tensor reduced(
      long[] axes, boolean keep, Function<List<BigDecimal>, BigDecimal> function) {
    boolean[] goes = new boolean[SIZES.length];
    for (long axis : axes) {
      goes[(int) Math.floorMod(axis, (long) SIZES.length)] = true;
    }
    TreeMap<Integer, List<BigDecimal>> groups = new TreeMap<>();
    for (int i = 0; i < Elementwise.count(SIZES); i++) {
      int rest = i;
      int group = 0;
      int stride = 1;
      for (int axis = SIZES.length - 1; axis >= 0; axis--) {
        group += goes[axis] ? 0 : rest % (int) SIZES[axis] * stride;
        stride *= goes[axis] ? 1 : (int) SIZES[axis];
        rest /= (int) SIZES[axis];
      }
      groups.computeIfAbsent(group, g -> new ArrayList<>()).add(new BigDecimal(value(i)));
    }
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < SIZES.length; axis++) {
      if (keep || !goes[axis]) {
        sizes.add(goes[axis] ? 1L : SIZES[axis]);
      }
    }
    return TensorLiteral.of(
        DataType.FLOAT,
        groups.values().stream().map(g -> function.apply(g).toString()).toArray(String[]::new),
        sizes.stream().mapToLong(Long::longValue).toArray());
  }

  private static Stream<OperatorCase> integers() {
    return Stream.of(
        OperatorCase.of("ReduceSum", 13)
            .input("UINT64[3] 18446744073709551615 1 5")
            .gives("UINT64[1] 5"),
        OperatorCase.of("ReduceMean", 18)
            .input("INT32[2,2] 2147483647 2147483645 -4 -6")
            .constant("INT64[1] 1")
            .gives("INT32[2,1] 2147483646 -5"),
        OperatorCase.of("ReduceMean", 18)
            .input("UINT64[2] 9223372036854775810 0")
            .gives("UINT64[1] 4611686018427387905"),
        OperatorCase.of("ReduceMax", 18)
            .input("UINT64[3] 18446744073709551615 1 5")
            .gives("UINT64[1] 18446744073709551615"),
        OperatorCase.of("ReduceMin", 12).input("INT8[3] 127 -128 0").gives("INT8[1] -128"),
        OperatorCase.of("ReduceProd", 13).input("INT64[3] -3 5 7").gives("INT64[1] -105"),
        OperatorCase.of("ReduceL1", 18).input("INT32[3] -3 5 -7").gives("INT32[1] 15"),
        OperatorCase.of("ReduceL1", 18)
            .input("UINT64[2] 18446744073709551614 1")
            .gives("UINT64[1] 18446744073709551615"),
        OperatorCase.of("ReduceSumSquare", 18).input("INT32[3] -3 5 0").gives("INT32[1] 34"),
        OperatorCase.of("ReduceL2", 18).input("DOUBLE[2] 3 -4").gives("DOUBLE[1] 5"),
        OperatorCase.of("ReduceSum", 13).input("FLOAT16[2] 0.5 2").gives("FLOAT16[1] 2.5"));
  }

  /** A reduction of no element is the neutral element of its function in its type. */
  private static Stream<OperatorCase> ofNothing() {
    return Stream.of(
        nothing("ReduceSum", "FLOAT[2,0]", "FLOAT[2] 0 0"),
        nothing("ReduceProd", "FLOAT[2,0]", "FLOAT[2] 1 1"),
        nothing("ReduceL1", "INT32[1,0]", "INT32[1] 0"),
        nothing("ReduceL2", "FLOAT[1,0]", "FLOAT[1] 0"),
        nothing("ReduceSumSquare", "FLOAT[1,0]", "FLOAT[1] 0"),
        nothing("ReduceLogSum", "FLOAT[1,0]", "FLOAT[1] -Infinity"),
        nothing("ReduceLogSumExp", "FLOAT[1,0]", "FLOAT[1] -Infinity"),
        nothing("ReduceMean", "FLOAT[1,0]", "FLOAT[1] NaN"),
        nothing("ReduceMax", "FLOAT[1,0]", "FLOAT[1] -Infinity"),
        nothing("ReduceMin", "DOUBLE[1,0]", "DOUBLE[1] Infinity"),
        nothing("ReduceMax", "INT8[1,0]", "INT8[1] -128"),
        nothing("ReduceMax", "UINT8[1,0]", "UINT8[1] 0"),
        nothing("ReduceMax", "INT32[1,0]", "INT32[1] -2147483648"),
        nothing("ReduceMax", "INT64[1,0]", "INT64[1] -9223372036854775808"),
        nothing("ReduceMax", "UINT64[1,0]", "UINT64[1] 0"),
        nothing("ReduceMin", "INT8[1,0]", "INT8[1] 127"),
        nothing("ReduceMin", "UINT8[1,0]", "UINT8[1] 255"),
        nothing("ReduceMin", "INT32[1,0]", "INT32[1] 2147483647"),
        nothing("ReduceMin", "UINT32[1,0]", "UINT32[1] 4294967295"),
        nothing("ReduceMin", "UINT64[1,0]", "UINT64[1] 18446744073709551615"),
        nothing("ReduceSum", "FLOAT[0,0]", "FLOAT[0]"));
  }

  private static OperatorCase nothing(String op, String x, String y) {
    return OperatorCase.of(op, 20).input(x).constant("INT64[1] 1").integer("keepdims", 0).gives(y);
  }

  private static Stream<OperatorCase> ofSpecialValues() {
    return Stream.of(
        all("ReduceSum", "FLOAT[2] Infinity -Infinity", "FLOAT[1] NaN"),
        all("ReduceMax", "FLOAT[3] 1 NaN 3", "FLOAT[1] NaN"),
        all("ReduceMin", "FLOAT[3] 1 NaN 3", "FLOAT[1] NaN"),
        all("ReduceMax", "FLOAT[2] -Infinity -3", "FLOAT[1] -3"),
        all("ReduceProd", "FLOAT[2] 0 Infinity", "FLOAT[1] NaN"),
        all("ReduceL1", "FLOAT[2] -Infinity 1", "FLOAT[1] Infinity"),
        // The squares leave the range of float32, their root does not.
        all("ReduceL2", "FLOAT[2] 3e30 4e30", "FLOAT[1] 5e30"),
        all("ReduceSumSquare", "FLOAT[1] 1e30", "FLOAT[1] Infinity"),
        all("ReduceLogSum", "FLOAT[2] 1 -2", "FLOAT[1] NaN"),
        all("ReduceLogSumExp", "FLOAT[2] -Infinity 1", "FLOAT[1] 1"),
        all("ReduceLogSumExp", "FLOAT[2] Infinity 1", "FLOAT[1] Infinity"),
        all("ReduceLogSumExp", "DOUBLE[1] 1000", "DOUBLE[1] 1000"),
        all("ReduceSum", "FLOAT[] 3", "FLOAT[] 3"),
        // No axis is named, and that means none: what is done to each element is still done.
        OperatorCase.of("ReduceL1", 18)
            .input("FLOAT[2] -1 2")
            .integer("noop_with_empty_axes", 1)
            .gives("FLOAT[2] 1 2"),
        OperatorCase.of("ReduceMean", 18)
            .input("FLOAT[1,2] -1 2")
            .constant("INT64[0]")
            .integer("noop_with_empty_axes", 1)
            .gives("FLOAT[1,2] -1 2"));
  }

  private static OperatorCase all(String op, String x, String y) {
    return OperatorCase.of(op, 13).input(x).gives(y);
  }

  private static Stream<OperatorCase> arguments() {
    return Stream.of("ArgMax", "ArgMin")
        .flatMap(
            op -> {
              boolean max = op.equals("ArgMax");
              return Stream.of(
                  OperatorCase.of(op, 13)
                      .input("FLOAT[2,3] 1 5 0 7 -7 0")
                      .gives(max ? "INT64[1,3] 1 0 0" : "INT64[1,3] 0 1 0"),
                  OperatorCase.of(op, 13)
                      .input("INT32[2,3] 1 5 0 7 -7 0")
                      .integer("axis", -1)
                      .integer("keepdims", 0)
                      .gives(max ? "INT64[2] 1 0" : "INT64[2] 2 1"),
                  OperatorCase.of(op, 13)
                      .input("UINT64[3] 2 18446744073709551615 1")
                      .gives(max ? "INT64[1] 1" : "INT64[1] 2"),
                  OperatorCase.of(op, 12)
                      .input("FLOAT[1,4] 3 0 3 0")
                      .integer("axis", 1)
                      .integer("select_last_index", 1)
                      .gives(max ? "INT64[1,1] 2" : "INT64[1,1] 3"),
                  OperatorCase.of(op, 11)
                      .input("FLOAT[4] Infinity 0 Infinity -Infinity")
                      .integer("keepdims", 0)
                      .gives(max ? "INT64[] 0" : "INT64[] 3"),
                  OperatorCase.of(op, 13)
                      .input("INT8[0,2]")
                      .integer("axis", 1)
                      .gives("INT64[0,1]"));
            });
  }
}
