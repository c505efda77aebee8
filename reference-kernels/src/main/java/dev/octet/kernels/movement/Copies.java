package dev.octet.kernels.movement;

import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.index.StridedCopy;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.thread.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators that are copies along a grid: every element of the result is one of the operand. */
final class Copies {

  private Copies() {}

  /** A copy from operand 0 to result 0. */
  private static Kernel kernel(ArrayKind kind, StridedCopy copy) {
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        copy.run(kind, present(operands[0]), present(results[0]), workers);
      }
    };
  }

  /** Returns an array that must be there. */
  static Object present(@Nullable Object array) {
    if (array == null) {
      throw new IllegalStateException("a required operand or result has no array");
    }
    return array;
  }

  /** Transpose: the result's axis i is the operand's axis perm[i]. */
  static Kernel transpose(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int[] strides = StridedCopy.rowMajor(x.sizes());
    int rank = x.rank();
    int[] permuted = new int[rank];
    List<Long> perm = preparation.node().intsAttribute("perm").orElse(List.of());
    for (int i = 0; i < rank; i++) {
      int source = perm.isEmpty() ? rank - 1 - i : Dimensions.axis(perm.get(i), rank);
      permuted[i] = strides[source];
    }
    return kernel(x.kind(), StridedCopy.toRows(preparation.result(0).sizes(), permuted, 0));
  }

  /** Expand: axes of size 1 are repeated. */
  static Kernel expand(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int[] sizes = preparation.result(0).sizes();
    int[] own = StridedCopy.rowMajor(x.sizes());
    int[] strides = new int[sizes.length];
    for (int i = 0; i < x.rank(); i++) {
      strides[sizes.length - x.rank() + i] = x.size(i) == 1 ? 0 : own[i];
    }
    return kernel(x.kind(), StridedCopy.toRows(sizes, strides, 0));
  }

  /** Tile: the operand, repeated along every axis. */
  static Kernel tile(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int rank = x.rank();
    int[] own = StridedCopy.rowMajor(x.sizes());
    int[] sizes = new int[2 * rank];
    int[] strides = new int[2 * rank];
    for (int i = 0; i < rank; i++) {
      sizes[2 * i] = x.size(i) == 0 ? 0 : preparation.result(0).size(i) / x.size(i);
      sizes[2 * i + 1] = x.size(i);
      strides[2 * i + 1] = own[i];
    }
    return kernel(x.kind(), StridedCopy.toRows(sizes, strides, 0));
  }

  /** Concat: each operand fills its part of the axis. */
  static Kernel concat(Preparation preparation) {
    ArrayType y = preparation.result(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), y.rank());
    List<StridedCopy> copies = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < preparation.operands().size(); i++) {
      ArrayType x = preparation.operand(i);
      int block = x.product(axis, x.rank());
      copies.add(blocks(y.product(0, axis), block, block, 0, y.product(axis, y.rank()), begin));
      begin += block;
    }
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        for (int i = 0; i < copies.size(); i++) {
          copies.get(i).run(y.kind(), present(operands[i]), present(results[0]), workers);
        }
      }
    };
  }

  /** Split: each result is its part of the axis. */
  static Kernel split(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int axis = Dimensions.axis(preparation.node().intAttribute("axis", 0), x.rank());
    List<StridedCopy> copies = new ArrayList<>();
    int begin = 0;
    for (ArrayType y : preparation.results()) {
      int block = y.product(axis, y.rank());
      copies.add(blocks(x.product(0, axis), block, x.product(axis, x.rank()), begin, block, 0));
      begin += block;
    }
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        for (int i = 0; i < copies.size(); i++) {
          Object part = results[i];
          if (part != null) {
            copies.get(i).run(x.kind(), present(operands[0]), part, workers);
          }
        }
      }
    };
  }

  private static StridedCopy blocks(
      int count, int block, int from, int fromBase, int to, int toBase) {
    return StridedCopy.of(
        new int[] {count, block}, new int[] {from, 1}, fromBase, new int[] {to, 1}, toBase);
  }

  /** DepthToSpace: blocks of channels become blocks of pixels. */
  static Kernel depthToSpace(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int block = Math.toIntExact(preparation.node().intAttribute("blocksize", 1));
    boolean depthFirst = preparation.node().stringAttribute("mode", "DCR").equals("DCR");
    int c = x.size(1) / (block * block);
    int plane = x.size(2) * x.size(3);
    int channel = depthFirst ? plane : plane * block * block;
    int blockStep = depthFirst ? plane * c : plane;
    int[] sizes = {x.size(0), c, x.size(2), block, x.size(3), block};
    int[] strides = {x.size(1) * plane, channel, x.size(3), block * blockStep, 1, blockStep};
    return kernel(x.kind(), StridedCopy.toRows(sizes, strides, 0));
  }

  /** SpaceToDepth: blocks of pixels become blocks of channels. */
  static Kernel spaceToDepth(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    int block = Math.toIntExact(preparation.node().intAttribute("blocksize", 1));
    int width = x.size(3);
    int plane = x.size(2) * width;
    int[] sizes = {x.size(0), block, block, x.size(1), x.size(2) / block, width / block};
    int[] strides = {x.size(1) * plane, width, 1, plane, width * block, block};
    return kernel(x.kind(), StridedCopy.toRows(sizes, strides, 0));
  }

  /** Returns axes 0, 1, ... in number. */
  static int[] firstAxes(int count) {
    int[] axes = new int[count];
    Arrays.setAll(axes, i -> i);
    return axes;
  }
}
