package dev.octet.kernels.floats;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import java.util.List;
import java.util.Optional;

/** Det of each matrix, by elimination with the largest pivot of a column, in double. */
final class Determinant {

  private Determinant() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    context.requireRank(0, 2, Integer.MAX_VALUE);
    Optional<List<Dimension>> x = context.dimensions(0);
    x.ifPresent(d -> Dimensions.same(d.get(d.size() - 1), d.get(d.size() - 2)));
    return ShapeContext.resultOf(context.dataType(0), x.map(d -> d.subList(0, d.size() - 2)));
  }

  static RealKernel.Body prepare(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int size = x.size(x.rank() - 1);
    int count = x.product(0, x.rank() - 2);
    return (operands, results, workers) -> {
      double[] matrices = operands.reals(0);
      for (int i = 0; i < count; i++) {
        results[0][i] = determinant(matrices, i * size * size, size);
      }
    };
  }

  private static double determinant(double[] m, int begin, int size) {
    double product = 1;
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++) {
        boolean larger =
            Math.abs(m[begin + row * size + column]) > Math.abs(m[begin + pivot * size + column]);
        pivot = larger ? row : pivot;
      }
      double value = m[begin + pivot * size + column];
      product *= pivot == column ? value : -value;
      if (value == 0) {
        return 0;
      }
      eliminate(m, begin, size, column, pivot);
    }
    return product;
  }

  /** Exchanges two rows and takes the pivot's out of those below. */
  private static void eliminate(double[] m, int begin, int size, int column, int pivot) {
    for (int i = column; i < size; i++) {
      double upper = m[begin + column * size + i];
      m[begin + column * size + i] = m[begin + pivot * size + i];
      m[begin + pivot * size + i] = upper;
    }
    for (int row = column + 1; row < size; row++) {
      double factor = m[begin + row * size + column] / m[begin + column * size + column];
      for (int i = column; i < size; i++) {
        m[begin + row * size + i] -= factor * m[begin + column * size + i];
      }
    }
  }
}
