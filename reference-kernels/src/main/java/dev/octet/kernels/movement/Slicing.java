package dev.octet.kernels.movement;

import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.MovedIntegers;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.index.StridedCopy;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.SliceRange;
import dev.octet.kernels.thread.Workers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Slice and Pad: copies whose bounds are attributes in older operator sets, operands in newer. */
final class Slicing {

  private static final String CONSTANT = "constant";
  private static final int PAD_VALUE = 2;

  /** The first operator set whose Pad takes its value as an operand. */
  private static final long VALUE_BY_OPERAND = 11;

  private Slicing() {}

  /** Slice: elements start, start + step, ... along each named axis. */
  static Kernel slice(Preparation preparation) {
    ArrayType x = preparation.operand(0);
    long[] starts = required(preparation, "starts", 1);
    long[] ends = required(preparation, "ends", 2);
    int[] axes = axes(preparation.integers("axes", 3), starts.length, x.rank());
    Optional<long[]> steps = preparation.integers(4);
    int[] strides = StridedCopy.rowMajor(x.sizes());
    int base = 0;
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i];
      long step = steps.isPresent() ? steps.get()[i] : 1;
      SliceRange range = SliceRange.of(starts[i], ends[i], step, x.size(axis));
      if (range.count() > 0) {
        base += (int) range.start() * strides[axis];
        // Where one element is taken the step does not matter and may leave an int.
        strides[axis] *= range.count() == 1 ? 0 : (int) step;
      }
    }
    StridedCopy copy = StridedCopy.toRows(preparation.result(0).sizes(), strides, base);
    return new Kernel() {
      @Override
      public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
        copy.run(x.kind(), Copies.present(operands[0]), Copies.present(results[0]), workers);
      }
    };
  }

  /** Pad, in the modes constant, edge, reflect and wrap. */
  static Kernel pad(Preparation preparation) {
    long[] pads = required(preparation, "pads", 1);
    ArrayType x = preparation.operand(0);
    int[] axes = axes(preparation.integers(3), pads.length / 2, x.rank());
    int[] begins = new int[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      begins[axes[i]] = Math.toIntExact(pads[i]);
    }
    String mode = mode(preparation.node());
    return mode.equals(CONSTANT)
        ? new ConstantPad(preparation, begins)
        : PadByIndex.of(mode, x, preparation.result(0), begins);
  }

  /** Pads integers with the integer of the pad value. */
  static void padIntegers(FloatNode pad, MovedIntegers integers) {
    if (!mode(pad.node()).equals(CONSTANT)) {
      return;
    }
    if (pad.opset() < VALUE_BY_OPERAND) {
      throw new StaysFloatException("its pad value is an attribute");
    }
    float value = pad.scalar(PAD_VALUE).orElse(0f);
    if (value != 0f && !integers.keepTheirMeaning()) {
      throw new StaysFloatException("its pad value " + value + " would be rounded twice");
    }
    integers.put(PAD_VALUE, value);
  }

  private static String mode(Node pad) {
    return pad.stringAttribute("mode", CONSTANT);
  }

  private static long[] required(Preparation preparation, String name, int operand) {
    return preparation
        .integers(name, operand)
        .orElseThrow(() -> new UnsupportedNodeException(name + " is not known"));
  }

  private static int[] axes(Optional<long[]> stated, int count, int rank) {
    return stated.map(a -> Dimensions.axes(a, rank)).orElseGet(() -> Copies.firstAxes(count));
  }

  /** Pad with a constant: fills the result, then copies what is not cropped away. */
  private static final class ConstantPad implements Kernel {
    private final ArrayKind kind;
    private final Object zero;
    private final int count;
    private final StridedCopy copy;

    ConstantPad(Preparation preparation, int[] begins) {
      ArrayType x = preparation.operand(0);
      ArrayType y = preparation.result(0);
      this.kind = x.kind();
      this.count = y.count();
      this.zero = kind.allocate(1);
      if (Elements.isReal(x.dataType())) {
        float value = preparation.node().floatAttribute("value", 0f);
        Elements.putReal(x.dataType(), zero, 0, value);
      }
      int[] from = StridedCopy.rowMajor(x.sizes());
      int[] to = StridedCopy.rowMajor(y.sizes());
      int[] sizes = new int[x.rank()];
      int fromBase = 0;
      int toBase = 0;
      for (int i = 0; i < sizes.length; i++) {
        int cropped = Math.max(0, -begins[i]);
        int shifted = Math.max(0, begins[i]);
        sizes[i] = Math.max(0, Math.min(x.size(i) - cropped, y.size(i) - shifted));
        fromBase += cropped * from[i];
        toBase += shifted * to[i];
      }
      this.copy = StridedCopy.of(sizes, from, fromBase, to, toBase);
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      Object given = operands.length > PAD_VALUE ? operands[PAD_VALUE] : null;
      Object y = Copies.present(results[0]);
      Elements.fill(kind, y, count, given == null ? zero : given);
      copy.run(kind, Copies.present(operands[0]), y, workers);
    }
  }
}
