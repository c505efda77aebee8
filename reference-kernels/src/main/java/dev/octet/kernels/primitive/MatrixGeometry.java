package dev.octet.kernels.primitive;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Preparation;
import java.util.Arrays;

/**
 * The sizes of a (stacked) matrix product [..., M, K] x [..., K, N] with stacks that broadcast, as
 * in NumPy's matmul; a vector on the left is a row, on the right a column.
 *
 * @param stacks number of products
 * @param aMatrix for each product, the number of the left matrix
 * @param bMatrix for each product, the number of the right matrix
 * @param rows M
 * @param aTransposed whether the left matrices are stored [K, M]
 * @param right the right matrices
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
public record MatrixGeometry(
    int stacks, int[] aMatrix, int[] bMatrix, int rows, boolean aTransposed, Right right) {

  /**
   * The right matrices of a product, whatever stands on the left.
   *
   * @param matrices how many
   * @param depth K
   * @param columns N
   * @param transposed whether they are stored [N, K]
   */
  public record Right(int matrices, int depth, int columns, boolean transposed) {

    /** Returns the matrices of the right operand of a MatMul. */
    public static Right ofMatMul(ArrayType type) {
      int rank = type.rank();
      return rank == 1
          ? new Right(1, type.size(0), 1, false)
          : new Right(type.product(0, rank - 2), type.size(rank - 2), type.size(rank - 1), false);
    }

    /** Returns the right matrix of a Gemm with the attribute transB. */
    public static Right ofGemm(Node node, ArrayType type) {
      boolean transposed = node.intAttribute("transB", 0) != 0;
      return new Right(1, type.size(transposed ? 1 : 0), type.size(transposed ? 0 : 1), transposed);
    }
  }

  /** Returns the sizes of a MatMul of two operands. */
  public static MatrixGeometry ofMatMul(Preparation preparation, int a, int b) {
    int[] left = preparation.operand(a).sizes();
    left = left.length == 1 ? new int[] {1, left[0]} : left;
    int[] leftStack = Arrays.copyOf(left, left.length - 2);
    int[] right = preparation.operand(b).sizes();
    int[] rightStack = Arrays.copyOf(right, Math.max(0, right.length - 2));
    int[] stack = broadcast(leftStack, rightStack);
    return new MatrixGeometry(
        ArrayType.product(stack),
        indices(leftStack, stack),
        indices(rightStack, stack),
        left[left.length - 2],
        false,
        Right.ofMatMul(preparation.operand(b)));
  }

  /** Returns the sizes of a Gemm of two operands with the attributes transA and transB. */
  public static MatrixGeometry ofGemm(Preparation preparation, int a, int b) {
    boolean transposed = preparation.node().intAttribute("transA", 0) != 0;
    return new MatrixGeometry(
        1,
        new int[1],
        new int[1],
        preparation.operand(a).size(transposed ? 1 : 0),
        transposed,
        Right.ofGemm(preparation.node(), preparation.operand(b)));
  }

  /** Returns K. */
  public int depth() {
    return right.depth;
  }

  /** Returns N. */
  public int columns() {
    return right.columns;
  }

  /** Returns the index of an element of a left matrix. */
  public int a(int matrix, int row, int k) {
    int base = matrix * rows * depth();
    return base + (aTransposed ? k * rows + row : row * depth() + k);
  }

  private static int[] broadcast(int[] a, int[] b) {
    int[] sizes = new int[Math.max(a.length, b.length)];
    for (int axis = 0; axis < sizes.length; axis++) {
      int fromA = axis - sizes.length + a.length;
      int fromB = axis - sizes.length + b.length;
      int sizeA = fromA < 0 ? 1 : a[fromA];
      int sizeB = fromB < 0 ? 1 : b[fromB];
      sizes[axis] = sizeA == 1 ? sizeB : sizeA;
    }
    return sizes;
  }

  /** For each index of a stack, the number of the operand's matrix. */
  private static int[] indices(int[] operand, int[] stack) {
    int[] indices = new int[ArrayType.product(stack)];
    for (int i = 0; i < indices.length; i++) {
      int rest = i;
      int weight = 1;
      for (int axis = stack.length - 1; axis >= 0; axis--) {
        int own = axis - stack.length + operand.length;
        int size = own < 0 ? 1 : operand[own];
        indices[i] += size == 1 ? 0 : rest % stack[axis] * weight;
        weight *= size;
        rest /= stack[axis];
      }
    }
    return indices;
  }
}
