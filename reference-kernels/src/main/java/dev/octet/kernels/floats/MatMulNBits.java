package dev.octet.kernels.floats;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;
import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.primitive.GroupedProduct;
import dev.octet.kernels.primitive.GroupedWeights;
import dev.octet.kernels.primitive.MatrixOperand;
import dev.octet.kernels.primitive.Primitives;
import dev.octet.kernels.primitive.StoredGroups;
import dev.octet.kernels.primitive.StoredIntegers;
import dev.octet.kernels.shape.MatrixShapes;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * com.microsoft MatMulNBits: operands A, B, scales, zero_points, g_idx, bias; attributes K, N,
 * bits, block_size, accuracy_level.
 *
 * <p>A is [..., K] of FLOAT; the result is [..., N]. B is a constant [N, blocks, block_size * bits
 * / 8] of UINT8: unsigned integers of 2, 4 or 8 bits, the first in the lowest bits, in blocks of
 * neighbouring k, the last one filled up. scales is FLOAT, one for each block of each column, [N,
 * blocks]; zero_points is UINT8, as many bits each, the blocks of a column in whole bytes, and
 * {@code 2^(bits-1)} where there are none; bias is [N].
 *
 * <p>With accuracy_level 4 blocks of A become integers of 8 bits, the way ONNX Runtime does it:
 * {@code s_a = max |a| / 127; q = rne(a * (1 / s_a))}, 0 where {@code s_a} is 0, each operation in
 * float32; then {@code acc = 0; for each block: acc = acc + f32(sum (q * (b - z))) * (s_a * s_b)},
 * and {@code acc + bias}, the sums exact, see {@link GroupedProduct}. With every other level the
 * matrix is {@code f32(b - z) * s_b}, and an element is one chain of fused multiply-adds over k
 * ascending from +0.0, to which the bias is added.
 *
 * <p>Refused are operands B, scales and zero_points that are no constants, g_idx, zero points of
 * another type than UINT8, and scales of another than FLOAT.
 */
final class MatMulNBits implements OperatorKernel {

  private static final int A = 0;
  private static final int B = 1;
  private static final int SCALES = 2;
  private static final int ZERO_POINTS = 3;
  private static final int G_IDX = 4;
  private static final int BIAS = 5;

  private static final int ON_INTEGERS = 4;
  private static final float LARGEST = 127f;

  /** A float beside it has no bits for a fraction, and is rounded half to even. */
  private static final float WHOLE = 1.5f * (1 << 23);

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
        IntegerDialect.MATMUL_N_BITS, MatrixShapes::matMulNBits, new MatMulNBits());
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    for (int operand : new int[] {A, SCALES, BIAS}) {
      Optional<DataType> type = signature.operandType(operand);
      if (type.isPresent() && type.get() != DataType.FLOAT) {
        return Optional.of("operand " + operand + " of type " + type.get() + " is not FLOAT");
      }
    }
    for (int operand : new int[] {B, ZERO_POINTS}) {
      Optional<DataType> type = signature.operandType(operand);
      if (type.isPresent() && type.get() != DataType.UINT8) {
        return Optional.of("operand " + operand + " of type " + type.get() + " is not UINT8");
      }
    }
    return signature.node().operand(G_IDX).isPresent()
        ? Optional.of("its columns are in the order of g_idx")
        : Optional.empty();
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    StoredGroups weights = new Stored(compilation).weights();
    boolean onIntegers = compilation.node().intAttribute("accuracy_level", 0) == ON_INTEGERS;
    return onIntegers ? new OnIntegers(new GroupedWeights(weights)) : new OnFloats(weights);
  }

  /** The constants of a node. */
  private static final class Stored {
    private final Compilation compilation;
    private final int depth;
    private final int columns;
    private final int bits;
    private final int block;
    private final int blocks;

    Stored(Compilation compilation) {
      this.compilation = compilation;
      Node node = compilation.node();
      this.depth = size(node, "K");
      this.columns = size(node, "N");
      this.bits = (int) Math.max(0, Math.min(Integer.MAX_VALUE, node.intAttribute("bits", 4)));
      this.block = size(node, "block_size");
      this.blocks = depth / block + (depth % block == 0 ? 0 : 1);
      if (bits < 2 || bits > Byte.SIZE) {
        throw new ShapeMismatchException("weights of " + bits + " bits");
      }
      if (bits != 2 && bits != 4 && bits != Byte.SIZE) {
        throw new UnsupportedNodeException("its weights have " + bits + " bits, not 2, 4 or 8");
      }
    }

    private static int size(Node node, String name) {
      long size = node.intAttribute(name, 0);
      boolean tooLong =
          size > (name.equals("block_size") ? IntegerDialect.LONGEST_BLOCK : Integer.MAX_VALUE);
      if (size < 1 || tooLong) {
        throw new ShapeMismatchException("its attribute " + name + " is " + size);
      }
      return Math.toIntExact(size);
    }

    /** The rows of the matrix are filled up to whole blocks, and so is A. */
    StoredGroups weights() {
      DataType type =
          switch (bits) {
            case 2 -> DataType.UINT2;
            case 4 -> DataType.UINT4;
            default -> DataType.UINT8;
          };
      long bytes = (long) columns * blocks * block * bits / Byte.SIZE;
      float[] scales = constant(SCALES, (long) columns * blocks).tensor().floats();
      return new StoredGroups(
          StoredIntegers.packed(type, constant(B, bytes).tensor()),
          scales,
          Optional.of(StoredIntegers.of(type, zeroPoints(type))),
          new GroupedWeights.Layout(blocks * block, columns, block, true));
    }

    private Constant constant(int operand, long count) {
      Constant constant =
          compilation
              .constant(operand)
              .orElseThrow(
                  () -> new UnsupportedNodeException("operand " + operand + " is no constant"));
      if (constant.type().count() != count) {
        throw new ShapeMismatchException(
            "operand " + operand + " has " + constant.type().count() + " elements, not " + count);
      }
      return constant;
    }

    private byte[] zeroPoints(DataType type) {
      byte[] all = new byte[columns * blocks];
      if (!compilation.has(ZERO_POINTS)) {
        Arrays.fill(all, (byte) (1 << (bits - 1)));
        return all;
      }
      int bytes = (blocks * bits + Byte.SIZE - 1) / Byte.SIZE;
      Tensor packed = constant(ZERO_POINTS, (long) columns * bytes).tensor();
      StoredIntegers stored = StoredIntegers.packed(type, packed);
      byte[] row = new byte[blocks];
      for (int column = 0; column < columns; column++) {
        stored.read(column * bytes * Byte.SIZE / bits, blocks, row);
        System.arraycopy(row, 0, all, column * blocks, blocks);
      }
      return all;
    }
  }

  private static float[] bias(Preparation preparation, @Nullable Object[] operands) {
    return preparation.has(BIAS)
        ? Arrays.copyOf(
            (float[]) Objects.requireNonNull(operands[BIAS]), preparation.operand(BIAS).count())
        : new float[0];
  }

  private static int rows(Preparation preparation) {
    ArrayType a = preparation.operand(A);
    return a.product(0, a.rank() - 1);
  }

  private static boolean isRead(int operand) {
    return operand == A || operand == BIAS;
  }

  /** Level 4. */
  private record OnIntegers(GroupedWeights weights) implements CompiledNode {

    @Override
    public Kernel bind(Preparation preparation) {
      int rows = rows(preparation);
      int depth = preparation.operand(A).size(preparation.operand(A).rank() - 1);
      return (operands, results, workers) -> {
        float[] a = (float[]) Objects.requireNonNull(operands[A]);
        byte[] integers = new byte[Math.multiplyExact(rows, weights.layout().depth())];
        float[] scales = new float[rows * weights.layout().groups()];
        workers.forRange(
            rows,
            Math.max(1, FloatUnary.GRAIN / depth),
            (from, to) -> {
              for (int row = from; row < to; row++) {
                quantize(a, row, depth, integers, scales);
              }
            });
        Primitives.chosen()
            .multiply(
                new GroupedProduct(
                    rows,
                    new MatrixOperand(DataType.INT8, integers, new int[] {0}),
                    scales,
                    weights,
                    bias(preparation, operands),
                    new GroupedProduct.Result.Floats((float[]) Objects.requireNonNull(results[0]))),
                workers);
      };
    }

    private void quantize(float[] a, int row, int depth, byte[] integers, float[] scales) {
      GroupedWeights.Layout layout = weights.layout();
      for (int group = 0; group < layout.groups(); group++) {
        int from = group * layout.size();
        int to = Math.min(depth, from + layout.size());
        float scale = scale(a, row * depth + from, row * depth + to);
        scales[row * layout.groups() + group] = scale;
        float reciprocal = scale == 0f ? 0f : 1f / scale;
        for (int k = from; k < to; k++) {
          float steps = a[row * depth + k] * reciprocal;
          float inside = steps > LARGEST ? LARGEST : steps < -LARGEST ? -LARGEST : steps;
          integers[row * layout.depth() + k] = (byte) (inside + WHOLE - WHOLE);
        }
      }
    }

    private static float scale(float[] a, int from, int to) {
      float largest = 0f;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(a[i]));
      }
      return largest / LARGEST;
    }

    @Override
    public boolean reads(int operand) {
      return isRead(operand);
    }
  }

  /** Every other level. */
  private static final class OnFloats implements CompiledNode {
    private final float[] matrix;
    private final int depth;
    private final int columns;

    /** Widens the matrix, [N, K] with rows that are filled up. */
    OnFloats(StoredGroups weights) {
      this.depth = weights.layout().depth();
      this.columns = weights.layout().columns();
      this.matrix = weights.dequantized();
    }

    @Override
    public Kernel bind(Preparation preparation) {
      int rows = rows(preparation);
      int terms = preparation.operand(A).size(preparation.operand(A).rank() - 1);
      MatrixProduct product =
          new MatrixProduct(
              rows,
              terms,
              columns,
              MatrixProduct.Layout.rows(terms),
              MatrixProduct.Layout.transposed(depth));
      return (operands, results, workers) -> {
        float[] a = (float[]) Objects.requireNonNull(operands[A]);
        float[] y = (float[]) Objects.requireNonNull(results[0]);
        workers.forEach(
            product.tasks(),
            (task, worker) ->
                product.run(task, a, 0, matrix, 0, null, y, 0, workers.scratch(worker)));
        add(bias(preparation, operands), y, rows, workers);
      };
    }

    private void add(float[] bias, float[] y, int rows, Workers workers) {
      if (bias.length == 0) {
        return;
      }
      workers.forRange(
          rows,
          Math.max(1, FloatUnary.GRAIN / columns),
          (from, to) -> {
            for (int row = from; row < to; row++) {
              for (int j = 0; j < columns; j++) {
                y[row * columns + j] += bias[j];
              }
            }
          });
    }

    @Override
    public boolean reads(int operand) {
      return isRead(operand);
    }
  }
}
