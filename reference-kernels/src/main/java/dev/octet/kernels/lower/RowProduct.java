package dev.octet.kernels.lower;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.DynamicValue;
import dev.octet.api.qdq.QdqLayout;
import dev.octet.api.qdq.QdqValue;
import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.operators.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A MatMul or Gemm of integers whose scales are computed while the model runs, one for all of them
 * or one for each row, and of a constant matrix of integers: its result is float.
 */
final class RowProduct {

  private final Node node;
  private final Lowering lowering;
  private final Optional<Node> turned;

  private RowProduct(Node node, Lowering lowering) {
    this.node = node;
    this.lowering = lowering;
    this.turned =
        node.operand(1)
            .flatMap(name -> lowering.graph().graph().producer(name))
            .filter(RowProduct::turnsMatrix);
  }

  /** Tells whether a node exchanges the rows and columns of what may be a stored matrix. */
  static boolean turnsMatrix(Node node) {
    return node.op().is("Transpose")
        && node.intsAttribute("perm").map(order -> order.equals(List.of(1L, 0L))).orElse(false);
  }

  /**
   * Returns the node on integers; empty when the node's left operand is nothing of that kind.
   *
   * @throws StaysFloatException if it is, and the rest of the node does not fit
   */
  static Optional<IntegerForm> form(Node node, Lowering lowering) {
    boolean product = node.op().is("MatMul") || node.op().is("Gemm");
    Optional<DynamicValue> left =
        product
            ? lowering
                .graph()
                .operand(node, 0)
                .flatMap(
                    value ->
                        value.match(
                            new QdqValue.Cases<Optional<DynamicValue>>(
                                constant -> Optional.empty(), Optional::of)))
            : Optional.empty();
    return left.map(value -> new RowProduct(node, lowering).form(value));
  }

  private IntegerForm form(DynamicValue a) {
    QuantizedValue b = right();
    long[] sizes =
        lowering
            .graph()
            .constant(b.value())
            .filter(matrix -> matrix.rank() == 2)
            .map(Tensor::sizes)
            .orElseThrow(() -> new StaysFloatException("operand 1 is no constant matrix"));
    boolean rows = node.intAttribute("transB", 0) != 0;
    int inputAxis = rows != turned.isPresent() ? 1 : 0;
    long depth = sizes[inputAxis];
    requireRows(a, depth);
    long block = block(b, inputAxis, depth);
    if (block > IntegerDialect.LONGEST_BLOCK) {
      throw new StaysFloatException("sums of " + block + " products may leave int32");
    }
    SlotOperands operands = new SlotOperands(lowering);
    Slots slots = Operators.find(IntegerDialect.MATMUL_TO_FLOAT).orElseThrow().slots();
    QuantizedSlot left = slots.quantized("a");
    operands.put(left.value(), a.value());
    operands.put(left.scale(), a.scaleName());
    operands.put(left.zeroPoint(), a.zeroName());
    QuantizedSlot right = slots.quantized("b");
    operands.put(right.value(), b.value());
    operands.put(right.scale(), b.scaleName());
    operands.put(right.zeroPoint(), b.zeroName());
    bias(sizes[1 - inputAxis]).ifPresent(name -> operands.put(slots.index("bias"), name));
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.of(IntegerDialect.BLOCK_SIZE, block));
    attributes.add(Attribute.of(IntegerDialect.TRANSPOSED_RIGHT, (long) inputAxis));
    return new IntegerForm(IntegerDialect.MATMUL_TO_FLOAT, operands.names(), attributes);
  }

  private QuantizedValue right() {
    QdqValue value =
        lowering
            .graph()
            .operand(turned.orElse(node), turned.isPresent() ? 0 : 1)
            .orElseThrow(
                () -> new StaysFloatException("operand 1 is not dequantized from integers"));
    QuantizedValue b = Lowering.requireConstant(value, "operand 1");
    if (!b.isAtMostEightBits()) {
      throw new StaysFloatException("operand 1 is " + b.type());
    }
    return b;
  }

  private void requireRows(DynamicValue a, long depth) {
    if (a.type().bits() != Byte.SIZE) {
      throw new StaysFloatException("operand 0 is " + a.type() + ", which has not 8 bits");
    }
    if (node.intAttribute("transA", 0) != 0) {
      throw new StaysFloatException("operand 0 is transposed");
    }
    int rank =
        node.operand(0)
            .flatMap(lowering::rank)
            .orElseThrow(() -> new StaysFloatException("the rank of operand 0 is unknown"));
    QdqLayout layout =
        a.layout()
            .orElseThrow(() -> new StaysFloatException("the scales of operand 0 are unknown"));
    boolean rows =
        layout.match(
            new QdqLayout.Cases<Boolean>(
                whole -> true,
                channels -> false,
                blocks ->
                    (blocks.axis() == -1 || blocks.axis() == rank - 1) && blocks.size() >= depth));
    if (rank < 1 || !rows) {
      throw new StaysFloatException("operand 0 has other scales than one, or one for each row");
    }
  }

  private static long block(QuantizedValue b, int inputAxis, long depth) {
    return b.layout()
        .match(
            new QdqLayout.Cases<>(
                whole -> depth,
                channels -> {
                  requireAxis(channels.axis(), 1 - inputAxis);
                  return depth;
                },
                blocks -> {
                  requireAxis(blocks.axis(), inputAxis);
                  return Math.min(depth, blocks.size());
                }));
  }

  private static void requireAxis(long stated, int axis) {
    long along = stated < 0 ? stated + 2 : stated;
    if (along != axis) {
      throw new StaysFloatException("operand 1 has scales along axis " + along + ", not " + axis);
    }
  }

  /** The addend of a Gemm: one float for each column. */
  private Optional<String> bias(long columns) {
    if (!node.op().is("Gemm")) {
      return Optional.empty();
    }
    boolean scaled =
        node.floatAttribute("alpha", 1f) != 1f
            || (node.operand(2).isPresent() && node.floatAttribute("beta", 1f) != 1f);
    if (scaled) {
      throw new StaysFloatException("its alpha or beta is not 1");
    }
    Optional<String> name = node.operand(2);
    boolean row =
        name.isEmpty()
            || name.flatMap(n -> lowering.graph().constant(n))
                .filter(c -> c.elementCount() == columns && c.sizes()[c.rank() - 1] == columns)
                .isPresent();
    if (!row) {
      throw new StaysFloatException("its addend is no constant of one number for each column");
    }
    return name;
  }
}
