package dev.octet.backend.onnxruntime;

import dev.octet.api.graph.Node;
import dev.octet.api.spec.Granularity;
import java.util.Optional;

/**
 * The pairs of weights whose products with uint8 activations ONNX Runtime adds in 16 bits, with
 * saturation, on x86 CPUs without VNNI: {@code vpmaddubsw}, and {@code pmaddubsw} on Windows where
 * there is no AVX2.
 *
 * <p>Every such kernel takes the weights of an output channel in one order and pairs the first with
 * the second, the third with the fourth, and so on; an odd last one has no partner. In a matrix the
 * order is that of its rows. In a convolution it is position by position of the kernel, and at each
 * position channel by channel of the group's input, as {@code QLinearConv} reorders its filter.
 * Convolutions with one input and one output channel in each group are computed in 32 bits. See
 * docs/saturation.md for the kernels. Immutable.
 */
final class WeightPairs {

  /** The largest sum of two weights of one sign: {@code 255 * 128 = 32640 <= 32767}. */
  static final int LARGEST_SUM = 128;

  private final int matrices;
  private final int channels;
  private final int depth;
  private final int axis;
  private final Place place;

  private WeightPairs(int matrices, int channels, int depth, int axis, Place place) {
    this.matrices = matrices;
    this.channels = channels;
    this.depth = depth;
    this.axis = axis;
    this.place = place;
  }

  /** Says where a weight lies in its tensor. */
  @FunctionalInterface
  private interface Place {
    /** Returns the index of the element. */
    int of(int matrix, int channel, int k);
  }

  /** Receives pairs. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Receives a pair.
     *
     * @param channel the output channel
     * @param first the index of the one weight among the elements of the tensor
     * @param second that of the other one
     */
    void pair(int channel, int first, int second);
  }

  /**
   * Returns the pairs of a layer.
   *
   * @param node the node
   * @param sizes the sizes of the weight, its operand 1, which has at most 2^31 - 1 elements
   * @return empty where no product is added in 16 bits
   */
  static Optional<WeightPairs> of(Node node, long[] sizes) {
    return switch (node.op().toString()) {
      case "Conv" -> sizes.length > 2 ? convolution(node, sizes) : Optional.empty();
      case "Gemm" ->
          sizes.length == 2
              ? Optional.of(matrices(sizes, node.intAttribute("transB", 0) != 0))
              : Optional.empty();
      case "MatMul" -> Optional.of(matrices(sizes, false));
      default -> Optional.empty();
    };
  }

  private static Optional<WeightPairs> convolution(Node node, long[] sizes) {
    int channels = Math.toIntExact(sizes[0]);
    int inputs = Math.toIntExact(sizes[1]);
    if (inputs == 1 && node.intAttribute("group", 1) == channels) {
      return Optional.empty();
    }
    int positions = product(sizes, 2, sizes.length);
    int depth = inputs * positions;
    return Optional.of(
        new WeightPairs(
            1,
            channels,
            depth,
            0,
            (matrix, channel, k) -> channel * depth + k % inputs * positions + k / inputs));
  }

  /** A vector is a matrix of one column. */
  private static WeightPairs matrices(long[] sizes, boolean transposed) {
    int rank = sizes.length;
    int rows = rank == 0 ? 1 : Math.toIntExact(sizes[Math.max(rank - 2, 0)]);
    int columns = rank < 2 ? 1 : Math.toIntExact(sizes[rank - 1]);
    int matrices = product(sizes, 0, rank - 2);
    if (transposed) {
      return new WeightPairs(1, rows, columns, 0, (matrix, channel, k) -> channel * columns + k);
    }
    return new WeightPairs(
        matrices,
        columns,
        rows,
        rank - 1,
        (matrix, channel, k) -> (matrix * rows + k) * columns + channel);
  }

  private static int product(long[] sizes, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= sizes[i];
    }
    return Math.toIntExact(product);
  }

  /**
   * Tells whether both weights of a pair share a scale: there is one for all, or one for each
   * output channel. Other weights are read as floats, and nothing is added in 16 bits.
   */
  boolean haveScalesOf(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> true,
            channel -> channel.axis() == axis,
            runs -> false,
            block -> false,
            token -> false));
  }

  /** Returns the number of output channels. */
  int channels() {
    return channels;
  }

  /** Gives every pair to a receiver, channel by channel in each matrix. */
  void forEach(Receiver receiver) {
    for (int matrix = 0; matrix < matrices; matrix++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int k = 0; k + 1 < depth; k += 2) {
          receiver.pair(channel, place.of(matrix, channel, k), place.of(matrix, channel, k + 1));
        }
      }
    }
  }
}
