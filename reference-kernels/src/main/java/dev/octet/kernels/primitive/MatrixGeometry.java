package dev.octet.kernels.primitive;

import dev.octet.kernels.registry.ArrayType;
import dev.octet.kernels.registry.Preparation;
import java.util.Arrays;

/**
 * The sizes of a (stacked) matrix product [..., M, K] x [..., K, N] with stacks that broadcast, as
 * in NumPy's matmul; a vector on the left is a row, on the right a column.
 *
 * @param stacks number of products
 * @param aMatrix for each product, the number of the left matrix
 * @param bMatrix for each product, the number of the right matrix
 * @param rows M
 * @param depth K
 * @param columns N
 * @param aTransposed whether the left matrices are stored [K, M]
 * @param bTransposed whether the right matrices are stored [N, K]
 */
@SuppressWarnings("ArrayRecordComponent") // Internal: never compared, never handed out.
public record MatrixGeometry(
    int stacks,
    int[] aMatrix,
    int[] bMatrix,
    int rows,
    int depth,
    int columns,
    boolean aTransposed,
    boolean bTransposed) {

  /** Returns the sizes of a MatMul of two operands. */
  public static MatrixGeometry ofMatMul(Preparation preparation, int a, int b) {
    int[] left = preparation.operand(a).sizes();
    int[] right = preparation.operand(b).sizes();
    left = left.length == 1 ? new int[] {1, left[0]} : left;
    right = right.length == 1 ? new int[] {right[0], 1} : right;
    int[] leftStack = Arrays.copyOf(left, left.length - 2);
    int[] rightStack = Arrays.copyOf(right, right.length - 2);
    int[] stack = broadcast(leftStack, rightStack);
    return new MatrixGeometry(
        count(stack),
        indices(leftStack, stack),
        indices(rightStack, stack),
        left[left.length - 2],
        left[left.length - 1],
        right[right.length - 1],
        false,
        false);
  }

  /** Returns the sizes of a Gemm of two operands with the attributes transA and transB. */
  public static MatrixGeometry ofGemm(Preparation preparation, int a, int b) {
    boolean aTransposed = preparation.node().intAttribute("transA", 0) != 0;
    boolean bTransposed = preparation.node().intAttribute("transB", 0) != 0;
    ArrayType left = preparation.operand(a);
    ArrayType right = preparation.operand(b);
    return new MatrixGeometry(
        1,
        new int[1],
        new int[1],
        left.size(aTransposed ? 1 : 0),
        left.size(aTransposed ? 0 : 1),
        right.size(bTransposed ? 0 : 1),
        aTransposed,
        bTransposed);
  }

  /** Returns the index of an element of a left matrix. */
  public int a(int matrix, int row, int k) {
    int base = matrix * rows * depth;
    return base + (aTransposed ? k * rows + row : row * depth + k);
  }

  /** Returns the index of an element of a right matrix. */
  public int b(int matrix, int k, int column) {
    int base = matrix * depth * columns;
    return base + (bTransposed ? column * depth + k : k * columns + column);
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
    int[] indices = new int[count(stack)];
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

  private static int count(int[] sizes) {
    int count = 1;
    for (int size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }
}
