package dev.octet.workflow.source;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.TensorArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A weight that a DequantizeLinear reads, on its way into a MatMulNBits: signed integers become
 * unsigned ones of as many bits, {@code q + 2^(bits-1)}, N outermost, in blocks along K.
 *
 * @param integers the integers as they are stored
 * @param scales one, [N], or one for each group
 * @param zeroPoints as many; empty where all are 0
 * @param inputAxis the axis of the integers along which K runs
 * @param group how many neighbouring inputs share a scale; K where all of a row do
 */
record NBitsWeight(
    Tensor integers, Tensor scales, Optional<Tensor> zeroPoints, int inputAxis, long group) {

  private static final List<Long> BLOCKS = List.of(16L, 32L, 64L, 128L, 256L);

  /** The initializers that hold it; the zero points have no name where there are none. */
  record Stored(String integers, String scales, String zeroPoints, List<Attribute> attributes) {}

  /** Returns what a node reads; empty when the node is no DequantizeLinear of such a weight. */
  static Optional<NBitsWeight> of(Node node, Map<String, Tensor> constants, int inputAxis) {
    if (!node.op().is("DequantizeLinear")) {
      return Optional.empty();
    }
    Tensor integers = constants.get(node.operands().get(0));
    Tensor scales = constants.get(node.operands().get(1));
    if (integers == null || scales == null || scales.dataType() != DataType.FLOAT) {
      return Optional.empty();
    }
    long depth = integers.sizes()[inputAxis];
    long group = node.intAttribute("block_size", 0);
    return Optional.of(
            new NBitsWeight(
                integers,
                scales,
                node.operand(2).map(constants::get),
                inputAxis,
                group == 0 ? depth : group))
        .filter(NBitsWeight::hasBlocks);
  }

  private boolean hasBlocks() {
    DataType type = integers.dataType();
    boolean taken = type == DataType.INT2 || type == DataType.INT4 || type == DataType.INT8;
    return taken && !blocks().isEmpty();
  }

  private List<Long> blocks() {
    return BLOCKS.stream().filter(block -> group >= depth() || group % block == 0).toList();
  }

  /** Returns N. */
  long columns() {
    return integers.sizes()[1 - inputAxis];
  }

  private long depth() {
    return integers.sizes()[inputAxis];
  }

  private int bits() {
    return integers.dataType().bits();
  }

  /** Returns the block that needs the fewest bytes, the largest of equal ones. */
  private long block() {
    long best = 0;
    for (long block : blocks()) {
      best = best == 0 || bytes(block) <= bytes(best) ? block : best;
    }
    return best;
  }

  private long bytes(long block) {
    long blocks = count(block);
    return blocks * (block * bits() / Byte.SIZE + Float.BYTES)
        + (zeroPoints.isPresent() ? (blocks * bits() + Byte.SIZE - 1) / Byte.SIZE : 0);
  }

  private long count(long block) {
    return (depth() + block - 1) / block;
  }

  /** Adds its initializers beside a node. */
  Stored store(GraphEditor editor, String node) {
    long block = block();
    long blocks = count(block);
    String packed = editor.freshValueName(node + "_packed");
    editor.putInitializerBeside(
        node, packed, packed(block).remadeFrom(integers, () -> packed(block)));
    String scale = editor.freshValueName(node + "_scales");
    editor.putInitializerBeside(node, scale, Tensor.of(scales(block), columns(), blocks));
    String zero = "";
    if (zeroPoints.isPresent()) {
      zero = editor.freshValueName(node + "_zero_points");
      byte[] bytes = zeros(block, zeroPoints.get().integers());
      editor.putInitializerBeside(node, zero, Tensor.of(DataType.UINT8, bytes, bytes.length));
    }
    return new Stored(
        packed,
        scale,
        zero,
        List.of(
            Attribute.of("K", depth()),
            Attribute.of("N", columns()),
            Attribute.of("bits", (long) bits()),
            Attribute.of("block_size", block)));
  }

  /** What fills up the last block of a row is 0. */
  private Tensor packed(long block) {
    int row = Math.toIntExact(count(block) * block);
    byte[] all = (byte[]) TensorArray.of(integers).array();
    Packed packed = new Packed(bits(), (int) columns(), row);
    for (int column = 0; column < columns(); column++) {
      for (int k = 0; k < row; k++) {
        packed.put(column, k, k < depth() ? all[element(k, column)] : 0);
      }
    }
    return Tensor.of(
        DataType.UINT8, packed.bytes, columns(), count(block), block * bits() / Byte.SIZE);
  }

  private int element(int k, int column) {
    return Math.toIntExact(inputAxis == 1 ? column * depth() + k : k * columns() + column);
  }

  private float[] scales(long block) {
    float[] all = scales.floats();
    int blocks = (int) count(block);
    float[] repeated = new float[Math.toIntExact(columns() * blocks)];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = all[parameter(i / blocks, i % blocks, block, all.length)];
    }
    return repeated;
  }

  private byte[] zeros(long block, long[] all) {
    int blocks = (int) count(block);
    Packed packed = new Packed(bits(), (int) columns(), blocks);
    for (int column = 0; column < columns(); column++) {
      for (int i = 0; i < blocks; i++) {
        packed.put(column, i, all[parameter(column, i, block, all.length)]);
      }
    }
    return packed.bytes;
  }

  /** Returns the index of the parameters of a block. */
  private int parameter(int column, int index, long block, int count) {
    if (count == 1) {
      return 0;
    }
    if (group >= depth()) {
      return column;
    }
    long groups = (depth() + group - 1) / group;
    long own = index * block / group;
    return Math.toIntExact(inputAxis == 1 ? column * groups + own : own * columns() + column);
  }

  /** Rows of unsigned integers, the first in the lowest bits, each row in whole bytes. */
  private static final class Packed {
    private final int bits;
    private final int rowBytes;
    private final byte[] bytes;

    Packed(int bits, int rows, int row) {
      this.bits = bits;
      this.rowBytes = (row * bits + Byte.SIZE - 1) / Byte.SIZE;
      this.bytes = new byte[Math.multiplyExact(rows, rowBytes)];
    }

    void put(int row, int index, long signed) {
      int unsigned = (int) signed + (1 << (bits - 1));
      int bit = index * bits;
      bytes[row * rowBytes + bit / Byte.SIZE] |= (byte) (unsigned << bit % Byte.SIZE);
    }
  }
}
