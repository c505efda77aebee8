package dev.octet.kernels.elementwise;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Max, Min, Sum and Mean of any number of operands that broadcast. Floats are combined in double
 * from the first operand to the last and rounded once; integers in 64 bits.
 */
enum Variadic {
  MAX,
  MIN,
  SUM,
  MEAN;

  Kernel prepare(Preparation preparation) {
    ArrayType z = preparation.result(0);
    int count = preparation.operands().size();
    int[][] sizes = new int[count][];
    for (int i = 0; i < count; i++) {
      sizes[i] = preparation.operand(i).sizes();
    }
    Broadcast walk = Broadcast.of(z.sizes(), sizes);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        Object target = ElementwiseOperators.present(results[0]);
        for (int i = 0; i < z.count(); i++) {
          if (Elements.isReal(z.dataType())) {
            Elements.putReal(z.dataType(), target, i, real(z.dataType(), operands, walk, i));
          } else {
            Elements.putInteger(z.dataType(), target, i, integer(z.dataType(), operands, walk, i));
          }
        }
      }
    };
  }

  private double real(DataType type, @Nullable Object[] operands, Broadcast walk, int i) {
    double value = Elements.real(type, ElementwiseOperators.present(operands[0]), walk.index(0, i));
    for (int o = 1; o < operands.length; o++) {
      Object operand = ElementwiseOperators.present(operands[o]);
      double x = Elements.real(type, operand, walk.index(o, i));
      value =
          switch (this) {
            case MAX -> Math.max(value, x);
            case MIN -> Math.min(value, x);
            case SUM, MEAN -> value + x;
          };
    }
    return this == MEAN ? value / operands.length : value;
  }

  private long integer(DataType type, @Nullable Object[] operands, Broadcast walk, int i) {
    long value =
        Elements.integer(type, ElementwiseOperators.present(operands[0]), walk.index(0, i));
    for (int o = 1; o < operands.length; o++) {
      Object operand = ElementwiseOperators.present(operands[o]);
      long x = Elements.integer(type, operand, walk.index(o, i));
      value =
          switch (this) {
            case MAX -> Arithmetic.larger(type, value, x);
            case MIN -> Arithmetic.smaller(type, value, x);
            case SUM, MEAN -> value + x;
          };
    }
    return this == MEAN ? value / operands.length : value;
  }
}
